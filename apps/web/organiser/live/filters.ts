import { inLanguage } from '../../shell/local-text';
import type { Sort } from '../../ui/data-table';
import { type AtSubForum, type FillState, fillStateOf, fillStates, phaseOf } from './board';

export interface Filters {
  floor: string | undefined;
  track: string | undefined;
  state: FillState | undefined;
  when: 'now' | 'later' | undefined;
  q: string;
  sort: Sort | undefined;
}

/** What the address asks for; what it says wrong is left out. */
export function filtersOf(search: URLSearchParams): Filters {
  const when = search.get('when');
  const sort = search.get('sort') ?? '';
  return {
    floor: search.get('floor') ?? undefined,
    track: search.get('track') ?? undefined,
    state: fillStates.find((state) => state === search.get('state')),
    when: when === 'now' || when === 'later' ? when : undefined,
    q: search.get('q') ?? '',
    sort: sort ? { id: sort.replace(/^-/, ''), desc: sort.startsWith('-') } : undefined,
  };
}

export const sortInAddress = (sort: Sort | undefined): string | undefined =>
  sort && `${sort.desc ? '-' : ''}${sort.id}`;

/** The rows that pass every filter; words are looked for in both titles, code, room and track. */
export function filtered<Row extends AtSubForum>(rows: readonly Row[], filters: Filters, now: number): Row[] {
  const words = filters.q.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (filters.floor !== undefined && row.floor !== filters.floor) return false;
    if (filters.track !== undefined && row.track !== filters.track) return false;
    if (filters.state !== undefined && fillStateOf(row, now) !== filters.state) return false;
    if (filters.when !== undefined && phaseOf(row, now) !== filters.when) return false;
    const text = [row.title.en, row.title['zh-CN'], row.code, row.room, row.track].join(' ').toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Each value once, in order, without nothing. */
export const valuesOf = (values: readonly (string | null)[]): string[] =>
  [...new Set(values.filter((value) => value !== null))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));

/** A room by its name, with the floor where the name does not begin with it. */
export const placeOf = ({ room, floor }: { room: string; floor: string | null }): string =>
  floor && !room.startsWith(floor) ? `${floor} ${room}` : room;

export const titleText = (title: AtSubForum['title'], locale: 'en' | 'zh-CN'): string => inLanguage(title, locale).text;
