import type { Registration } from '@plenary/contracts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { routes } from '../../shell/api';
import { LocalText, PersonName } from '../../shell/local-text';
import { ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { type Column, DataTable } from '../../ui/data-table';
import { useConference } from '../frame/conference-context';
import { SearchBox } from '../live/filter-bar';
import { useStaff } from '../session/session';

/** Who has a seat, by name; found by the server, 200 at a time. */
export function Roster({ slug, subForumId }: { slug: string; subForumId: string }) {
  const t = useTranslations('organiser.subForums');
  const { client } = useStaff();
  const { categories } = useConference();
  const [typed, setTyped] = useState('');
  const q = useDeferredValue(typed.trim());
  const list = useInfiniteQuery({
    queryKey: ['roster', subForumId, q],
    queryFn: ({ pageParam }) =>
      client.call(routes.listRegistrations, {
        params: { slug },
        query: {
          subForum: subForumId,
          seat: 'confirmed',
          limit: 200,
          ...(q && { q }),
          ...(pageParam && { cursor: pageParam }),
        },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: (before) => before,
    refetchInterval: 30_000,
  });
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.items), [list.data]);
  const columns = useMemo((): readonly Column<Registration>[] => {
    const categoryOf = ({ category }: Registration) => categories.find(({ key }) => key === category)?.name;
    return [
      {
        id: 'person',
        header: t('person'),
        rowHeader: true,
        className: 'min-w-44',
        cell: ({ person }) => (
          <span className="font-semibold">
            <PersonName name={person.name} />
          </span>
        ),
        sortBy: ({ person }) => person.name,
      },
      {
        id: 'organisation',
        header: t('organisation'),
        className: 'min-w-44',
        cell: ({ person }) => <bdi>{person.organisation}</bdi>,
        sortBy: ({ person }) => person.organisation ?? null,
      },
      {
        id: 'category',
        header: t('category'),
        cell: (row) => <LocalText of={categoryOf(row) ?? { en: row.category }} />,
        sortBy: (row) => row.category,
      },
    ];
  }, [t, categories]);
  return (
    <section aria-labelledby="roster" className="grid min-w-0 gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <h2 id="roster" className="text-lg font-bold">
          {t('roster')}
        </h2>
        <search className="ms-auto">
          <SearchBox label={t('searchRoster')} value={typed} onChange={setTyped} />
        </search>
      </div>
      {list.isError && <ProblemBanner error={list.error} onRetry={() => void list.refetch()} busy={list.isFetching} />}
      {!(list.isError && !rows) && (
        <DataTable
          caption={t('roster')}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.id}
          empty={q ? t('nobodyFound') : t('nobodyYet')}
          height="max-h-[600px]"
        />
      )}
      {list.hasNextPage && (
        <div>
          <Button size="small" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('more')}
          </Button>
        </div>
      )}
    </section>
  );
}
