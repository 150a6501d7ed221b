import type { SubForumCard } from '@plenary/contracts';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { routes } from '../../shell/api';
import { useLanguage } from '../../shell/language-context';
import { LocalText } from '../../shell/local-text';
import { usePageTitle } from '../../shell/page-title';
import { useSearchState } from '../../shell/search-state';
import { useNow } from '../../shell/use-now';
import { dayAt, dayName, spanOf, zoneName } from '../../shell/venue-time';
import { ProblemBanner } from '../../ui/banner';
import { type Column, DataTable } from '../../ui/data-table';
import { Meter } from '../../ui/meter';
import { useConference } from '../frame/conference-context';
import { NotFound } from '../frame/not-found';
import { addressOf } from '../frame/pages';
import { fillStateOf, fillStates } from '../live/board';
import { Pick, SearchBox } from '../live/filter-bar';
import { placeOf, sortInAddress, titleText, valuesOf } from '../live/filters';
import { StateWord } from '../live/state-word';
import { ownSubForums } from '../session/may';
import { useStaff } from '../session/session';

/** All sub-forums of somebody's own, to find one and open it. */
export default function SubForumsPage({ slug }: { slug: string }) {
  const t = useTranslations('organiser.subForums');
  const common = useTranslations('common');
  const { locale } = useLanguage();
  const { me, can, client } = useStaff();
  const { id: conferenceId, timeZone } = useConference();
  usePageTitle(t('title'));
  const [search, change] = useSearchState();
  const q = search.get('q') ?? '';
  const day = search.get('day') ?? undefined;
  const sorting = search.get('sort') ?? '';
  const now = useNow(60_000);
  const may = can('changeSubForum');
  const list = useQuery({
    queryKey: ['sub-forums', slug, 'cards'],
    queryFn: async () => {
      const found: SubForumCard[] = [];
      const query = { fields: 'card', limit: 200 } as const;
      for await (const one of client.all(routes.listSubForums, { params: { slug }, query })) found.push(one);
      return found;
    },
    enabled: may,
    refetchInterval: 15_000,
  });
  const mine = useMemo(() => {
    const own = ownSubForums(me, conferenceId);
    return list.data?.filter((one) => own?.has(one.id) ?? true);
  }, [list.data, me, conferenceId]);
  const days = valuesOf(mine?.map((one) => dayAt(one.startsAt, timeZone)) ?? []);
  const rows = useMemo(() => {
    const words = q.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    return mine?.filter((one) => {
      const text = [one.title.en, one.title['zh-CN'], one.code, one.room, one.track].join(' ').toLocaleLowerCase();
      return (!day || dayAt(one.startsAt, timeZone) === day) && words.every((word) => text.includes(word));
    });
  }, [mine, q, day, timeZone]);
  const columns = useColumns(slug, now);
  if (!may) return <NotFound />;
  return (
    <main id="content" className="mx-auto grid w-full max-w-[1440px] gap-3 px-4 pt-3 pb-8">
      <h1 className="text-xl font-bold">{t('title')}</h1>
      <search className="flex flex-wrap items-center gap-2">
        <SearchBox label={t('search')} value={q} onChange={(text) => change({ q: text })} />
        <Pick label={t('day')} all={t('allDays')} value={day} onChange={(wanted) => change({ day: wanted })}>
          {days.map((one) => (
            <option key={one} value={one}>
              {dayName(one, locale)}
            </option>
          ))}
        </Pick>
        <span role="status" className="text-sm text-ink-2">
          {rows && t('shown', { shown: rows.length, all: mine?.length ?? 0 })}
        </span>
      </search>
      {list.isError && <ProblemBanner error={list.error} onRetry={() => void list.refetch()} busy={list.isFetching} />}
      {!(list.isError && rows === undefined) && (
        <DataTable
          caption={t('title')}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          sort={sorting ? { id: sorting.replace(/^-/, ''), desc: sorting.startsWith('-') } : undefined}
          onSort={(sort) => change({ sort: sortInAddress(sort) })}
          empty={mine?.length ? t('nothingMatches') : t('none')}
          fitsFrom="lg"
        />
      )}
      <p className="text-sm text-ink-2">{common('zone', { zone: zoneName(timeZone, locale) })}</p>
    </main>
  );
}

function useColumns(slug: string, now: number): readonly Column<SubForumCard>[] {
  const t = useTranslations('organiser.subForums');
  const live = useTranslations('organiser.live');
  const { locale } = useLanguage();
  const { timeZone } = useConference();
  return useMemo(() => {
    const stateOf = (row: SubForumCard) => fillStateOf({ ...row, inside: 0 }, now);
    return [
      {
        id: 'code',
        header: t('code'),
        cell: (row) => <span className="text-ink-2">{row.code}</span>,
        sortBy: (row) => row.code,
        className: 'whitespace-nowrap max-w-32 truncate',
      },
      {
        id: 'title',
        header: live('column.title'),
        rowHeader: true,
        cell: (row) => (
          <span className="block truncate" title={titleText(row.title, locale)}>
            <Link
              href={addressOf(slug, `sub-forums/${row.id}`)}
              className="-my-1 inline-block max-w-full truncate py-1 align-bottom font-semibold no-underline hover:underline"
            >
              <LocalText of={row.title} />
            </Link>
          </span>
        ),
        sortBy: (row) => titleText(row.title, locale),
        className: 'min-w-52 max-w-0 w-full',
      },
      {
        id: 'when',
        header: live('column.when'),
        cell: (row) =>
          `${dayName(dayAt(row.startsAt, timeZone), locale)} ${spanOf(row.startsAt, row.endsAt, timeZone, locale)}`,
        sortBy: (row) => Date.parse(row.startsAt),
        className: 'whitespace-nowrap',
      },
      {
        id: 'room',
        header: live('column.room'),
        cell: (row) => (
          <span className="block max-w-32 truncate" title={placeOf(row)}>
            {placeOf(row)}
          </span>
        ),
        sortBy: (row) => placeOf(row),
      },
      {
        id: 'state',
        header: live('column.state'),
        cell: (row) => <StateWord state={stateOf(row)} />,
        sortBy: (row) => fillStates.indexOf(stateOf(row)),
        className: 'whitespace-nowrap',
      },
      {
        id: 'fill',
        header: live('column.fill'),
        cell: (row) => (
          <span className="flex items-center gap-2">
            <Meter
              max={row.capacity}
              promised={row.confirmed}
              label={t('seats', { confirmed: row.confirmed })}
              className="min-w-24"
            />
            <span className="w-24 flex-none text-end tabular-nums">
              {row.capacity === null ? `${row.confirmed} / ${live('noLimit')}` : `${row.confirmed} / ${row.capacity}`}
            </span>
          </span>
        ),
        sortBy: (row) => (row.capacity ? row.confirmed / row.capacity : null),
        descFirst: true,
        className: 'w-60',
      },
      {
        id: 'waitlisted',
        header: live('column.waitlisted'),
        cell: (row) => <span className={row.waitlisted > 0 ? 'font-semibold' : 'text-ink-2'}>{row.waitlisted}</span>,
        sortBy: (row) => row.waitlisted,
        numeric: true,
        descFirst: true,
      },
    ];
  }, [slug, now, t, live, locale, timeZone]);
}
