import type { SubForumCard, Text } from '@plenary/contracts';
import { clashesOf } from '../plan/plan';
import { mayBeChosen, seatsOf } from './seat-state';

/** What narrows the programme; all of it stands in the address. */
export interface Filters {
  words: string;
  track: string | null;
  room: string | null;
  /** Only what can be added to the plan without a clash, and what is in it. */
  fits: boolean;
}

export const filtersIn = (search: URLSearchParams): Filters => ({
  words: search.get('q') ?? '',
  track: search.get('track'),
  room: search.get('room'),
  fits: search.get('fits') === '1',
});

/** Search parameters that forget every filter; the day stays. */
export const noFilters = { q: undefined, track: undefined, room: undefined, fits: undefined };

export const isFiltered = ({ words, track, room, fits }: Filters): boolean =>
  Boolean(words.trim() || track || room || fits);

/** What is left of the programme. Words are looked for in both languages, without regard to case and accents; each must be found. */
export function filtered(
  subForums: readonly SubForumCard[],
  filters: Filters,
  chosen: readonly SubForumCard[],
  now: number,
): SubForumCard[] {
  const words = plain(filters.words).split(/\s+/).filter(Boolean);
  return subForums.filter((one) => {
    if (filters.track && one.track !== filters.track) return false;
    if (filters.room && one.room !== filters.room) return false;
    if (filters.fits && !chosen.includes(one)) {
      if (!mayBeChosen(seatsOf(one, now).state) || clashesOf(one, chosen).length > 0) return false;
    }
    if (words.length === 0) return true;
    const text = plain([both(one.title), one.track, one.room, one.floor, one.code].join(' '));
    return words.every((word) => text.includes(word));
  });
}

const both = (text: Text) => `${text.en ?? ''} ${text['zh-CN'] ?? ''}`;

/** Without case and accents; full-width letters as plain ones. */
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** The different values, in order of the alphabet with numbers as numbers. */
export function valuesOf(values: readonly (string | null)[], locale: string): string[] {
  const { compare } = new Intl.Collator(locale, { numeric: true });
  return [...new Set(values.filter((one) => one !== null))].sort(compare);
}
