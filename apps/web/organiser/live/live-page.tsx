import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { routes } from '../../shell/api';
import { useLanguage } from '../../shell/language-context';
import { usePageTitle } from '../../shell/page-title';
import { useSearchState } from '../../shell/search-state';
import { useLive } from '../../shell/use-live';
import { useNow } from '../../shell/use-now';
import { dayAt, timeOf, zoneName } from '../../shell/venue-time';
import { ProblemBanner } from '../../ui/banner';
import { Button, buttonClass } from '../../ui/button';
import { DataTable } from '../../ui/data-table';
import { useConference } from '../frame/conference-context';
import { NotFound } from '../frame/not-found';
import { addressOf } from '../frame/pages';
import { ownSubForums } from '../session/may';
import { useStaff } from '../session/session';
import { byTrouble, fillStateOf } from './board';
import { useColumns } from './columns';
import { csvOf, download } from './csv';
import { DataAge } from './data-age';
import { DelegationsTable } from './delegations-table';
import { FilterBar } from './filter-bar';
import { filtered, filtersOf, sortInAddress, titleText, valuesOf } from './filters';
import { GatesTable } from './gates-table';
import { Totals } from './totals';
import { type BoardRow, useBoard } from './use-board';

/** Who is in which room, now: a row for each sub-forum, trouble first. */
export default function LivePage({ slug }: { slug: string }) {
  const { can } = useStaff();
  const [attempt, setAttempt] = useState(0);
  if (!can('watchAttendance')) return <NotFound />;
  return <Board key={attempt} slug={slug} again={() => setAttempt(attempt + 1)} />;
}

function Board({ slug, again }: { slug: string; again: () => void }) {
  const t = useTranslations('organiser.live');
  const common = useTranslations('common');
  const { locale } = useLanguage();
  const { me, client } = useStaff();
  const conference = useConference();
  const { timeZone } = conference;
  usePageTitle(t('title'));
  const [search, change] = useSearchState();
  const filters = useMemo(() => filtersOf(search), [search]);
  const now = useNow(15_000);

  const live = useLive(client, routes.watchAttendance, { params: { slug } });
  const { data } = live;
  const board = useBoard(data);
  const rows = useMemo(() => board && filtered(board, filters, now).sort(byTrouble(now)), [board, filters, now]);
  const columns = useColumns(now);
  const seesAll = ownSubForums(me, conference.id) === undefined;

  const exportCsv = () => {
    const state = (row: BoardRow) => t(`state.${fillStateOf(row, now)}`);
    const head = ['code', 'title', 'room', 'floor', 'track', 'start', 'end', 'state', 'capacity', 'roomCap'] as const;
    const counts = ['confirmed', 'waitlisted', 'admitted', 'inside', 'noShows', 'walkIns'] as const;
    const text = csvOf([
      [...head.map((name) => t(`csv.${name}`)), ...counts.map((name) => t(`column.${name}`))],
      ...(rows ?? []).map((row) => [
        ...[
          row.code,
          titleText(row.title, locale),
          row.room,
          row.floor,
          row.track,
          row.startsAt,
          row.endsAt,
          state(row),
        ],
        ...[row.capacity, row.roomCap],
        ...counts.map((name) => row[name]),
      ]),
    ]);
    const at = live.heardAt ?? now;
    download(`${slug}-${dayAt(at, timeZone)}-${timeOf(at, timeZone).replace(':', '')}.csv`, text);
  };

  return (
    <main id="content" className="mx-auto grid w-full max-w-[1440px] gap-2 px-4 pt-2 pb-8">
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <h1 className="text-lg font-bold">{t('title')}</h1>
        <Totals data={data} now={now} />
        <div className="ms-auto flex flex-wrap items-center gap-2">
          <DataAge live={live} timeZone={timeZone} />
        </div>
      </div>
      {live.state === 'ended' && <ProblemBanner error={live.error} onRetry={again} />}
      {!(live.state === 'ended' && !data) && (
        <>
          <FilterBar
            filters={filters}
            floors={valuesOf(board?.map((row) => row.floor) ?? [])}
            tracks={valuesOf(board?.map((row) => row.track) ?? [])}
            change={change}
          >
            <div className="ms-auto flex flex-wrap gap-2">
              {seesAll && (
                <Link href={addressOf(slug, 'wall')} className={buttonClass('plain', 'small')}>
                  {t('wall')}
                </Link>
              )}
              <Button size="small" disabled={!rows?.length} onClick={exportCsv}>
                {t('exportCsv')}
              </Button>
            </div>
          </FilterBar>
          <DataTable
            caption={t('caption')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.subForumId}
            sort={filters.sort}
            onSort={(sort) => change({ sort: sortInAddress(sort) })}
            empty={board?.length ? t('nothingMatches') : t('noSubForums')}
            holdOrder
            fitsFrom="xl"
          />
          <p className="text-sm text-ink-2">
            {t('order')} {common('zone', { zone: zoneName(timeZone, locale) })}
          </p>
          <div className="mt-4 grid items-start gap-6 xl:grid-cols-[3fr_2fr]">
            <section aria-labelledby="gates" className="grid min-w-0 gap-2">
              <h2 id="gates" className="sr-only">
                {t('gates.caption')}
              </h2>
              <GatesTable data={data} now={now} />
            </section>
            {seesAll && (
              <section aria-labelledby="delegations" className="grid min-w-0 gap-2">
                <h2 id="delegations" className="sr-only">
                  {t('delegations.caption')}
                </h2>
                <DelegationsTable rows={data?.delegations} />
              </section>
            )}
          </div>
        </>
      )}
    </main>
  );
}
