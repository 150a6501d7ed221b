import type { Registration, SubForumCard } from '@plenary/contracts';
import { useEffect, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../shell/language-context';
import { inLanguage } from '../../shell/local-text';
import { useSearchState } from '../../shell/search-state';
import { useNow } from '../../shell/use-now';
import { dayAt, dayName, zoneName } from '../../shell/venue-time';
import { Button } from '../../ui/button';
import { classNames } from '../../ui/class-names';
import { Empty } from '../../ui/loading';
import { daysOf, groupsOf, openingDay } from './days';
import type { Picking } from './entry';
import { FilterBar } from './filter-bar';
import { filtered, filtersIn, isFiltered, noFilters } from './filters';
import { Freshness } from './freshness';
import { Grid } from './grid';
import { List } from './list';
import type { Programme } from './use-programme';
import { useWide } from './use-wide';

export interface PickerProps {
  programme: Programme;
  /** Ids of the chosen sub-forums. */
  chosen: readonly string[];
  /** Choices that a registration has already, with their states; only where it is amended. */
  held?: Registration['choices'];
  onChoose: (id: string) => void;
  onDrop: (id: string) => void;
  /** `next` is wanted in the place of those it clashes with (one, seldom more). */
  onSwap: (old: readonly string[], next: string) => void;
  /** To look at only: nothing can be chosen. */
  readOnly?: boolean;
}

const noChoices: Registration['choices'] = [];

/**
 * The programme as something to choose from: filters, a grid where there is room and else a list, live seats, clashes with a way
 * out. What is filtered stands in the address (`day`, `q`, `track`, `room`, `fits`); other parameters are left alone. Its groups
 * have headings of the third level.
 */
export function ProgrammePicker({
  programme,
  chosen,
  held = noChoices,
  onChoose,
  onDrop,
  onSwap,
  readOnly,
}: PickerProps) {
  const t = useTranslations('programme');
  const common = useTranslations('common');
  const { locale } = useLanguage();
  const wide = useWide(900);
  const now = useNow(30_000);
  const [search, change] = useSearchState();
  const [said, setSaid] = useState('');
  const { conference, subForums } = programme;
  const { timeZone } = conference;
  const cards = useMemo(
    () => chosen.map((id) => subForums.find((one) => one.id === id)).filter((one) => one !== undefined),
    [chosen, subForums],
  );
  const name = (one: SubForumCard) => inLanguage(one.title, locale).text;
  const picking: Picking = {
    conference,
    now,
    chosen: cards,
    held,
    acts: readOnly
      ? undefined
      : {
          choose: (one) => {
            onChoose(one.id);
            setSaid(t('said.chosen', { name: name(one), n: cards.length + 1 }));
          },
          drop: (one) => {
            onDrop(one.id);
            setSaid(t('said.dropped', { name: name(one), n: cards.length - 1 }));
          },
          swap: (old, next) => {
            onSwap(
              old.map(({ id }) => id),
              next.id,
            );
            const n = cards.length - old.length + 1;
            setSaid(t('said.swapped', { name: name(next), old: old.map(name).join(', '), n }));
          },
        },
  };

  const filters = filtersIn(search);
  const days = useMemo(() => daysOf(subForums, timeZone), [subForums, timeZone]);
  // The day that was opened first stays open when another one begins meanwhile.
  const [first] = useState(now);
  const day = openingDay(days, search.get('day'), subForums, timeZone, first);
  const found = filtered(subForums, filters, cards, now);
  // Words are looked for on all days; the rest narrows the day that is open.
  const searching = filters.words.trim() !== '';
  const shown = searching ? days : days.filter((one) => one === day);
  const parts = shown
    .map((one) => ({ day: one, subForums: found.filter((each) => dayAt(each.startsAt, timeZone) === one) }))
    .filter((part) => part.subForums.length > 0);
  const count = parts.reduce((sum, part) => sum + part.subForums.length, 0);

  useEffect(() => {
    // A link to a day that is not in the programme shows another one: the address says which.
    const wished = search.get('day');
    if (wished && day && wished !== day) change({ day });
  }, [search, day, change]);

  const standing = (
    <>
      {!searching && <span className="text-sm text-ink-2">{t('found', { n: count })}</span>}
      <Freshness slug={conference.slug} timeZone={timeZone} />
    </>
  );
  if (subForums.length === 0) return <Empty>{t('empty')}</Empty>;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <FilterBar programme={programme} filters={filters} change={change} wide={wide} />
      <div className="sticky top-0 z-20 -mx-4 bg-canvas px-4 py-2">
        <div className="flex min-h-12 items-center gap-x-4">
          {searching ? (
            <p className="font-semibold">{t('foundIn', { n: count })}</p>
          ) : (
            <Days days={days} open={day} onOpen={(one) => change({ day: one })} />
          )}
          {wide && <div className="ms-auto flex shrink-0 items-center gap-4">{standing}</div>}
        </div>
      </div>
      {!wide && <div className="flex items-center justify-between gap-4">{standing}</div>}
      {parts.map((part) => (
        <section key={part.day} aria-label={dayName(part.day, locale)} className="grid grid-cols-[minmax(0,1fr)] gap-2">
          {searching && <h3 className="text-lg font-bold">{dayName(part.day, locale)}</h3>}
          {wide ? (
            <Grid
              subForums={part.subForums}
              breaks={breaksAmong(part.subForums, conference.breaks)}
              picking={picking}
              label={dayName(part.day, locale)}
            />
          ) : (
            <List subForums={part.subForums} breaks={conference.breaks} picking={picking} />
          )}
        </section>
      ))}
      {count === 0 && (
        <Empty action={isFiltered(filters) && <Button onClick={() => change(noFilters)}>{t('clear')}</Button>}>
          {t('nothing')}
        </Empty>
      )}
      <p className="text-sm text-ink-2">{common('zone', { zone: zoneName(timeZone, locale) })}</p>
      <p role="status" className="sr-only">
        {said}
      </p>
    </div>
  );
}

/** The breaks between the first start and the last end of these. */
const breaksAmong = (subForums: readonly SubForumCard[], breaks: Parameters<typeof groupsOf>[1]) =>
  groupsOf(subForums, breaks).flatMap((group) => (group.kind === 'break' ? [group.pause] : []));

function Days({ days, open, onOpen }: { days: string[]; open: string | undefined; onOpen: (day: string) => void }) {
  const t = useTranslations('programme');
  const { locale } = useLanguage();
  return (
    <fieldset
      aria-label={t('days')}
      className="flex flex-wrap gap-2 max-[899px]:grid max-[899px]:flex-1 max-[899px]:grid-cols-[repeat(auto-fit,minmax(5rem,1fr))]"
    >
      {days.map((day) => (
        <button
          key={day}
          type="button"
          aria-pressed={day === open}
          onClick={() => onOpen(day)}
          className={classNames(
            'min-h-11 rounded-control border px-3 text-sm leading-tight font-semibold min-[900px]:px-4 min-[900px]:text-base',
            day === open
              ? 'border-transparent bg-accent text-accent-ink'
              : 'border-edge bg-paper text-ink hover:border-accent hover:text-accent',
          )}
        >
          {/* A narrow tab breaks between the date and the weekday, never inside one. */}
          {dayName(day, locale)
            .split(' ')
            .flatMap((part, index) => [
              index > 0 && ' ',
              <span key={part} className="whitespace-nowrap">
                {part}
              </span>,
            ])}
        </button>
      ))}
    </fieldset>
  );
}
