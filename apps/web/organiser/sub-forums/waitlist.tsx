import type { AnswerOf, Registration, SubForum } from '@plenary/contracts';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { routes } from '../../shell/api';
import { useLanguage } from '../../shell/language-context';
import { LocalText, PersonName } from '../../shell/local-text';
import { dayAt, dayName, secondOf } from '../../shell/venue-time';
import { Banner, ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { type Column, DataTable } from '../../ui/data-table';
import { useConference } from '../frame/conference-context';
import { useStaff } from '../session/session';
import { PromoteDialog } from './promote-dialog';

export type Waiter = AnswerOf<typeof routes.listWaitlist>['items'][number];

/** Who waits, in the order in which they asked; that order has no handle to drag. */
export function Waitlist({ slug, subForum }: { slug: string; subForum: SubForum }) {
  const t = useTranslations('organiser.subForums');
  const { client, can } = useStaff();
  const { id } = subForum;
  const [chosen, setChosen] = useState<Waiter>();
  const [told, setTold] = useState<string>();
  const list = useInfiniteQuery({
    queryKey: ['waitlist', id],
    queryFn: ({ pageParam }) =>
      client.call(routes.listWaitlist, {
        params: { id },
        query: { limit: 200, ...(pageParam && { cursor: pageParam }) },
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 0,
    refetchInterval: 10_000,
  });
  const waiters = useMemo(() => list.data?.pages.flatMap((page) => page.items), [list.data]);
  const people = usePeople(slug, id, waiters?.length ?? 0);
  const nameOf = (waiter: Waiter) => people.get(waiter.registrationId)?.person.name;
  const columns = useColumns(people, can('promoteOutOfTurn', id) && subForum.state !== 'cancelled', setChosen);
  return (
    <section aria-labelledby="waitlist" className="grid min-w-0 gap-3">
      <div>
        <h2 id="waitlist" className="text-lg font-bold">
          {t('waitlist')}
        </h2>
        <p className="text-sm text-ink-2">{t('waitlistText')}</p>
      </div>
      <div role="status">{told && <Banner tone="ok">{told}</Banner>}</div>
      {list.isError && <ProblemBanner error={list.error} onRetry={() => void list.refetch()} busy={list.isFetching} />}
      {!(list.isError && !waiters) && (
        <DataTable
          caption={t('waitlist')}
          columns={columns}
          rows={waiters}
          rowKey={(row) => row.registrationId}
          empty={t('nobodyWaits')}
          holdOrder
          height="max-h-[480px]"
        />
      )}
      {list.hasNextPage && (
        <div>
          <Button size="small" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('more')}
          </Button>
        </div>
      )}
      <PromoteDialog
        subForumId={id}
        waiter={chosen}
        name={chosen && nameOf(chosen)}
        onClose={() => setChosen(undefined)}
        onDone={(words) => {
          setTold(words);
          setChosen(undefined);
        }}
      />
    </section>
  );
}

/** Names, for those who may see them. */
function usePeople(slug: string, subForumId: string, waiting: number): ReadonlyMap<string, Registration> {
  const { client, can } = useStaff();
  const { data } = useQuery({
    queryKey: ['waitlist', subForumId, 'people', waiting],
    queryFn: async () => {
      const found: Registration[] = [];
      const query = { subForum: subForumId, seat: 'waitlisted', limit: 200 } as const;
      for await (const one of client.all(routes.listRegistrations, { params: { slug }, query })) found.push(one);
      return found;
    },
    enabled: can('listRegistrations') && waiting > 0,
    placeholderData: (before) => before,
  });
  return useMemo(() => new Map(data?.map((one) => [one.id, one])), [data]);
}

function useColumns(
  people: ReadonlyMap<string, Registration>,
  promotes: boolean,
  choose: (waiter: Waiter) => void,
): readonly Column<Waiter>[] {
  const t = useTranslations('organiser.subForums');
  const { locale } = useLanguage();
  const { timeZone, categories } = useConference();
  return useMemo(() => {
    const category = (row: Waiter) => {
      const known = categories.find(({ key }) => key === row.category);
      return known ? <LocalText of={known.name} /> : row.category;
    };
    const columns: Column<Waiter>[] = [
      { id: 'position', header: t('position'), cell: (row) => row.position, numeric: true, className: 'w-16' },
      {
        id: 'person',
        header: t('person'),
        rowHeader: true,
        className: 'min-w-44',
        cell: (row) => {
          const person = people.get(row.registrationId)?.person;
          return person ? (
            <>
              <span className="font-semibold">
                <PersonName name={person.name} />
              </span>
              {person.organisation && <bdi className="block text-ink-2">{person.organisation}</bdi>}
            </>
          ) : (
            <span className="text-ink-2">{t('somebody', { id: row.registrationId.slice(-8) })}</span>
          );
        },
      },
      { id: 'category', header: t('category'), cell: category },
      {
        id: 'asked',
        header: t('asked'),
        cell: (row) => `${dayName(dayAt(row.requestedAt, timeZone), locale)} ${secondOf(row.requestedAt, timeZone)}`,
        className: 'whitespace-nowrap',
      },
    ];
    if (promotes)
      columns.push({
        id: 'promote',
        header: <span className="sr-only">{t('promote')}</span>,
        cell: (row) => (
          <Button
            size="small"
            look="quiet"
            className="whitespace-nowrap"
            aria-label={t('promoteNamed', {
              name: people.get(row.registrationId)?.person.name ?? t('somebody', { id: row.registrationId.slice(-8) }),
            })}
            onClick={() => choose(row)}
          >
            {t('promote')}
          </Button>
        ),
        className: 'text-end',
      });
    return columns;
  }, [people, promotes, choose, t, locale, timeZone, categories]);
}
