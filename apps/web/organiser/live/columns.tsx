import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { useLanguage } from '../../shell/language-context';
import { LocalText } from '../../shell/local-text';
import { dayAt, dayName, timeOf } from '../../shell/venue-time';
import type { Column } from '../../ui/data-table';
import { Meter } from '../../ui/meter';
import { useConference } from '../frame/conference-context';
import { addressOf } from '../frame/pages';
import { useStaff } from '../session/session';
import { fillStateOf, fillStates, minutesToFull, phaseOf } from './board';
import { placeOf, titleText } from './filters';
import { StateWord } from './state-word';
import { Trend } from './trend';
import type { BoardRow } from './use-board';

/** The columns of the board. `now`, ms, moves in steps of a quarter minute: what it changes is told in minutes. */
export function useColumns(now: number): readonly Column<BoardRow>[] {
  const t = useTranslations('organiser.live');
  const { locale } = useLanguage();
  const { slug, timeZone } = useConference();
  const { can } = useStaff();
  return useMemo(() => {
    const count = (
      id: 'confirmed' | 'waitlisted' | 'admitted' | 'inside' | 'noShows' | 'walkIns',
    ): Column<BoardRow> => ({
      id,
      header: t(`column.${id}`),
      title: t(`means.${id}`),
      cell: (row) => <Count of={row[id]} strong={id === 'inside' || (id === 'waitlisted' && row[id] > 0)} />,
      sortBy: (row) => row[id],
      numeric: true,
      descFirst: true,
      className: 'w-20',
    });
    return [
      {
        id: 'state',
        header: t('column.state'),
        cell: (row) => <StateWord state={fillStateOf(row, now)} />,
        sortBy: (row) => fillStates.indexOf(fillStateOf(row, now)),
        className: 'w-24 whitespace-nowrap',
      },
      {
        id: 'title',
        header: t('column.title'),
        rowHeader: true,
        cell: (row) => (
          <span className="block truncate" title={titleText(row.title, locale)}>
            {can('changeSubForum', row.subForumId) ? (
              <Link
                href={addressOf(slug, `sub-forums/${row.subForumId}`)}
                className="-my-1 inline-block max-w-full truncate py-1 align-bottom font-semibold no-underline hover:underline"
              >
                <LocalText of={row.title} />
              </Link>
            ) : (
              <span className="font-semibold">
                <LocalText of={row.title} />
              </span>
            )}
          </span>
        ),
        sortBy: (row) => titleText(row.title, locale),
        className: 'min-w-52 max-w-0 w-full',
      },
      {
        id: 'room',
        header: t('column.room'),
        cell: (row) => (
          <span className="block max-w-32 truncate" title={placeOf(row)}>
            {placeOf(row)}
          </span>
        ),
        sortBy: (row) => placeOf(row),
      },
      {
        id: 'when',
        header: t('column.when'),
        cell: (row) => {
          const phase = phaseOf(row, now);
          const today = dayAt(row.startsAt, timeZone) === dayAt(now, timeZone);
          if (phase === 'now') return t('until', { time: timeOf(row.endsAt, timeZone) });
          const time = timeOf(row.startsAt, timeZone);
          return today ? time : `${dayName(dayAt(row.startsAt, timeZone), locale)} ${time}`;
        },
        sortBy: (row) => Date.parse(row.startsAt),
        className: 'whitespace-nowrap',
      },
      {
        id: 'fill',
        header: t('column.fill'),
        title: t('means.fill'),
        cell: (row) => (
          <Meter
            max={row.capacity}
            promised={row.confirmed}
            taken={row.inside}
            cap={row.roomCap}
            label={
              row.capacity === null
                ? t('meterNoLimit', { confirmed: row.confirmed, inside: row.inside })
                : t('meter', { confirmed: row.confirmed, capacity: row.capacity, inside: row.inside })
            }
            className="min-w-24"
          />
        ),
        sortBy: (row) => (row.capacity ? row.confirmed / row.capacity : null),
        descFirst: true,
        className: 'w-36',
      },
      {
        id: 'capacity',
        header: t('column.capacity'),
        cell: (row) => (row.capacity === null ? <span className="text-ink-2">{t('noLimit')}</span> : row.capacity),
        sortBy: (row) => row.capacity,
        numeric: true,
        descFirst: true,
        className: 'whitespace-nowrap',
      },
      count('confirmed'),
      count('waitlisted'),
      count('admitted'),
      count('inside'),
      count('noShows'),
      count('walkIns'),
      {
        id: 'trend',
        header: t('column.trend'),
        title: t('means.trend'),
        cell: (row) => <Trend values={row.trend} />,
        className: 'w-16',
      },
      {
        id: 'fullIn',
        header: t('column.fullIn'),
        title: t('means.fullIn'),
        cell: (row) => {
          const minutes = minutesToFull(row, now);
          return minutes === undefined ? (
            <span className="text-ink-2">{t('none')}</span>
          ) : (
            <span className="font-semibold text-warn">{t('minutes', { minutes })}</span>
          );
        },
        sortBy: (row) => minutesToFull(row, now) ?? null,
        numeric: true,
        className: 'whitespace-nowrap',
      },
    ];
  }, [t, locale, slug, timeZone, can, now]);
}

function Count({ of, strong }: { of: number; strong: boolean }) {
  return <span className={strong ? 'font-semibold' : of === 0 ? 'text-ink-2' : ''}>{of}</span>;
}
