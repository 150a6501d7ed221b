import type { Registration } from '@plenary/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { useSearch } from 'wouter';
import { routes } from '../../shell/api';
import { useLanguage } from '../../shell/language-context';
import { usePageTitle } from '../../shell/page-title';
import { useSearchState } from '../../shell/search-state';
import { zoneName } from '../../shell/venue-time';
import { ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { useConference } from '../frame/conference-context';
import { useStaff } from '../session/session';
import { Bulk } from './bulk';
import { ClearFilters, Filters } from './filters';
import { countsKey, listKey } from './list-keys';
import { isNarrowed, queryOf, type Tab, tabs, viewOf } from './list-query';
import { RegistrationTable } from './registration-table';
import { TabLinks } from './tab-links';
import { useChosen } from './use-chosen';
import { useSubForums } from './use-sub-forums';

const PAGE = 100;
/** What the desk gets at most. */
const DESK_ROWS = 20;

/** Everybody who registered: looked through by organisers, searched by the desk. */
export default function RegistrationsPage({ slug }: { slug: string }) {
  const t = useTranslations('organiser.registrations');
  const common = useTranslations('common');
  const { locale } = useLanguage();
  const conference = useConference();
  const { client, can } = useStaff();
  const [search, change] = useSearchState();
  const address = useSearch();
  const view = viewOf(search);
  const subForums = useSubForums(slug);
  const [chosen, setChosen] = useChosen(slug);
  const decides = can('approveRegistration');
  usePageTitle(t('title'));

  const counts = useQuery({
    queryKey: countsKey(slug),
    queryFn: () => client.call(routes.registrationCounts, { params: { slug } }),
    enabled: decides,
    refetchInterval: 10_000,
  });
  const pending = counts.data?.byStatus.pending;
  // Nothing chosen: those who wait for us, if there are any. It is written down, so that the list stays when they are few.
  const first: Tab | undefined =
    pending === undefined ? (counts.isError ? 'all' : undefined) : pending > 0 ? 'pending' : 'all';
  const untold = decides && view.tab === undefined;
  useEffect(() => {
    if (untold && first) change({ status: first });
  }, [untold, first, change]);
  const tab = decides ? (view.tab ?? first) : 'all';

  const query = queryOf({ ...view, tab });
  const list = useInfiniteQuery({
    queryKey: [...listKey(slug), query],
    queryFn: ({ pageParam, signal }) =>
      client.call(
        routes.listRegistrations,
        {
          params: { slug },
          query: { ...query, limit: decides ? PAGE : DESK_ROWS, ...(pageParam && { cursor: pageParam }) },
        },
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    enabled: tab !== undefined && (decides || view.q !== ''),
  });
  const rows: Registration[] | undefined = list.data?.pages.flatMap(({ items }) => items);
  const numberOf = (one: Tab): number | undefined =>
    counts.data &&
    (one === 'all' ? counts.data.total : one === 'waitlisted' ? counts.data.waitlisted : counts.data.byStatus[one]);
  // Those who wait for us come first, but only while there are any, or while they are looked at.
  const shownTabs = tabs.filter((one) => one !== 'pending' || (pending ?? 0) > 0 || tab === 'pending');
  const asksFirst = !decides && view.q === '';

  return (
    <main id="content" className="mx-auto grid w-full max-w-[1440px] gap-4 p-4">
      <h1 className="text-2xl font-bold">{t('title')}</h1>
      {decides && (
        <TabLinks
          label={t('byStatus')}
          parameter="status"
          current={tab}
          tabs={shownTabs.map((one) => ({
            value: one,
            name: t(`tabs.${one}`),
            count: numberOf(one)?.toLocaleString(locale),
          }))}
        />
      )}
      <Filters
        view={{ ...view, tab }}
        change={change}
        conference={conference}
        subForums={subForums}
        searchOnly={!decides}
      />
      {decides && (
        <Bulk
          slug={slug}
          rows={rows ?? []}
          chosen={chosen}
          onChoose={setChosen}
          all={list.hasNextPage ? 'some' : 'loaded'}
          total={isNarrowed(view) || tab === undefined ? undefined : numberOf(tab)}
          loadAll={async () => {
            let page = await list.fetchNextPage();
            while (page.hasNextPage && !page.isError) page = await page.fetchNextPage();
            if (page.isError) throw page.error;
            return page.data?.pages.flatMap(({ items }) => items) ?? [];
          }}
        />
      )}
      {!decides && <p className="text-ink-2">{t('deskHint')}</p>}
      {list.isError && <ProblemBanner error={list.error} onRetry={() => void list.refetch()} busy={list.isFetching} />}
      {!asksFirst && !(list.isError && !rows) && (
        <RegistrationTable
          slug={slug}
          search={address}
          rows={rows}
          subForums={subForums}
          selected={chosen}
          onSelect={decides ? setChosen : undefined}
          empty={
            decides && !isNarrowed(view) ? (
              <p>{t(`empty.${tab ?? 'all'}`)}</p>
            ) : (
              <div className="flex flex-wrap items-center gap-2">
                <p>{t('empty.narrowed')}</p>
                {decides && <ClearFilters change={change} />}
              </div>
            )
          }
        />
      )}
      <div className="flex flex-wrap items-center gap-3">
        <p role="status">
          {rows && t(list.hasNextPage ? 'shownSome' : 'shown', { count: rows.length })}
          {!decides && rows?.length === DESK_ROWS && ` ${t('deskMost')}`}
        </p>
        {list.hasNextPage && (
          <Button size="small" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('more')}
          </Button>
        )}
      </div>
      <p className="text-sm text-ink-2">{common('zone', { zone: zoneName(conference.timeZone, locale) })}</p>
    </main>
  );
}
