import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { routes } from '../../shell/api';
import { useLanguage } from '../../shell/language-context';
import { usePageTitle } from '../../shell/page-title';
import { useSearchState } from '../../shell/search-state';
import { zoneName } from '../../shell/venue-time';
import { ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { LiveState } from '../../ui/live-state';
import { Empty, Skeleton } from '../../ui/loading';
import { useDevices, useGates } from '../devices/lists';
import { useConference } from '../frame/conference-context';
import { TabLinks } from '../registrations/tab-links';
import { useSubForums } from '../registrations/use-sub-forums';
import { useStaff } from '../session/session';
import { ConflictCard } from './conflict-card';
import { usePolled, useRefreshed } from './polled';

const states = ['open', 'resolved', 'withdrawn', 'all'] as const;

/** Scans that contradict each other, newest first, looked at anew every 5 s. */
export default function ConflictsPage({ slug }: { slug: string }) {
  const t = useTranslations('organiser.conflicts');
  const common = useTranslations('common');
  const { locale } = useLanguage();
  const { timeZone } = useConference();
  const { client } = useStaff();
  const [search] = useSearchState();
  const state = states.find((one) => one === search.get('state')) ?? 'open';
  usePageTitle(t('title'));

  const list = useInfiniteQuery({
    queryKey: ['conflicts', slug, 'list', state],
    queryFn: ({ pageParam }) =>
      client.call(routes.listConflicts, {
        params: { slug },
        query: { limit: 50, ...(state !== 'all' && { state }), ...(pageParam && { cursor: pageParam }) },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: 5_000,
  });
  const live = usePolled(list);
  const subForums = useSubForums(slug);
  const gates = useGates(slug);
  const devices = useDevices(slug);
  const found = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const scans = found.flatMap((conflict) => conflict.scans);
  useRefreshed(gates, new Set(scans.map(({ gateId }) => gateId)));
  useRefreshed(devices, new Set(scans.flatMap(({ deviceId }) => deviceId ?? [])));
  const gateNames = new Map(gates.data?.map(({ id, name }) => [id, name]));
  const deviceNames = new Map(devices.data?.map(({ id, name }) => [id, name]));

  return (
    <main id="content" className="mx-auto grid w-full max-w-[1440px] gap-4 p-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-2xl font-bold">{t('title')}</h1>
        <LiveState live={live} timeZone={timeZone} />
      </div>
      <p className="max-w-prose text-ink-2">{t('about')}</p>
      <TabLinks
        label={t('byState')}
        parameter="state"
        current={state}
        tabs={states.map((one) => ({ value: one, name: t(`states.${one}`) }))}
      />
      {list.isError && <ProblemBanner error={list.error} onRetry={() => void list.refetch()} busy={list.isFetching} />}
      {list.isPending && <Skeleton lines={4} />}
      {list.isSuccess && found.length === 0 && <Empty>{t(`empty.${state}`)}</Empty>}
      <ul aria-label={t('title')} className="grid gap-4">
        {found.map((conflict) => (
          <li key={conflict.id}>
            <ConflictCard
              slug={slug}
              conflict={conflict}
              subForum={conflict.subForumId ? subForums.get(conflict.subForumId) : undefined}
              gateNames={gateNames}
              deviceNames={deviceNames}
            />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button className="justify-self-start" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
      <p className="text-sm text-ink-2">{common('zone', { zone: zoneName(timeZone, locale) })}</p>
    </main>
  );
}
