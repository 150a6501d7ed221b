import type { Registration } from '@plenary/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link, useSearch } from 'wouter';
import { routes } from '../../shell/api';
import { useLanguage } from '../../shell/language-context';
import { PersonName } from '../../shell/local-text';
import { usePageTitle } from '../../shell/page-title';
import { zoneName } from '../../shell/venue-time';
import { ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { Skeleton } from '../../ui/loading';
import { useConference } from '../frame/conference-context';
import { useStaff } from '../session/session';
import { type Act, actsFor } from './acts';
import { BadgeCard } from './badge-card';
import { StatusChip } from './chips';
import { decide } from './decide';
import { countsKey, listKey, registrationKey } from './list-keys';
import { PersonCard } from './person-card';
import { ReasonDialog } from './reason-dialog';
import { SeatsCard } from './seats-card';
import { useSubForums } from './use-sub-forums';

const actLooks: Record<Act, 'primary' | 'plain' | 'danger'> = {
  approve: 'primary',
  reinstate: 'primary',
  decline: 'plain',
  reset: 'plain',
  cancel: 'danger',
};

/** One registration: the person, the seats, the badge, and what may be decided. Looked at anew while something is awaited. */
export default function RegistrationDetailPage({ slug, id }: { slug: string; id: string }) {
  const t = useTranslations('organiser.registrations');
  const common = useTranslations('common');
  const { locale } = useLanguage();
  const { timeZone } = useConference();
  const { client, can } = useStaff();
  const queries = useQueryClient();
  const address = useSearch();
  const [asking, setAsking] = useState<Act>();
  const [news, setNews] = useState('');
  const registration = useQuery({
    queryKey: registrationKey(id),
    queryFn: () => client.call(routes.getRegistration, { params: { id } }),
    refetchInterval: ({ state }) => (state.data && isAwaited(state.data) ? 1_500 : 15_000),
  });
  const subForums = useSubForums(slug);
  const found = registration.data;
  usePageTitle(found?.person.name ?? t('title'));

  async function act(what: Act, reason: string) {
    const stored = await decide(client, what, id, reason || undefined);
    queries.setQueryData(registrationKey(id), stored);
    void queries.invalidateQueries({ queryKey: listKey(slug) });
    void queries.invalidateQueries({ queryKey: countsKey(slug) });
    setNews(t(`detail.acts.${what}.done`));
  }

  return (
    <main id="content" className="mx-auto grid w-full max-w-[1440px] gap-4 p-4">
      <p>
        <Link
          href={`/organiser/${slug}/registrations${address && `?${address}`}`}
          className="inline-flex min-h-11 items-center gap-2"
        >
          <BackArrow />
          {t('detail.back')}
        </Link>
      </p>
      {registration.isError && (
        <ProblemBanner
          error={registration.error}
          onRetry={() => void registration.refetch()}
          busy={registration.isFetching}
        />
      )}
      {!found && !registration.isError && (
        <>
          <h1 className="sr-only">{t('title')}</h1>
          <Skeleton />
        </>
      )}
      {!found && registration.isError && <h1 className="sr-only">{t('title')}</h1>}
      <p role="status" className={news ? 'rounded-control bg-ok-soft px-4 py-2 font-semibold text-ok' : 'sr-only'}>
        {news}
      </p>
      {found && (
        <>
          <header className="flex flex-wrap items-center gap-x-4 gap-y-3">
            <div className="min-w-0">
              <h1 className="text-2xl font-bold">
                <PersonName name={found.person.name} />
              </h1>
              {found.person.latinName && (
                <p className="text-ink-2">
                  <PersonName name={found.person.latinName} />
                </p>
              )}
            </div>
            <StatusChip status={found.status} />
            {can('approveRegistration') && (
              <div className="flex flex-wrap gap-2 sm:ms-auto">
                {actsFor(found.status).map((what) => (
                  <Button key={what} size="small" look={actLooks[what]} onClick={() => setAsking(what)}>
                    {t(`acts.${what}`)}
                  </Button>
                ))}
              </div>
            )}
          </header>
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <PersonCard slug={slug} registration={found} />
            <div className="grid gap-4">
              <SeatsCard slug={slug} choices={found.choices} subForums={subForums} />
              <BadgeCard registration={found} onNews={setNews} />
            </div>
          </div>
          <p className="text-sm text-ink-2">{common('zone', { zone: zoneName(timeZone, locale) })}</p>
        </>
      )}
      {asking && found && (
        <ReasonDialog
          title={t.rich(`detail.acts.${asking}.title`, { name: () => <PersonName name={found.person.name} /> })}
          action={t(`acts.${asking}`)}
          danger={actLooks[asking] === 'danger'}
          reason={asking === 'approve' || asking === 'reinstate' ? 'none' : 'optional'}
          onConfirm={(reason) => act(asking, reason)}
          onClose={() => setAsking(undefined)}
        >
          <p>{t(`detail.acts.${asking}.means`)}</p>
        </ReasonDialog>
      )}
    </main>
  );
}

/** Whether a seat is being asked for, or a badge is on its way. */
function isAwaited({ choices, status, badge }: Registration): boolean {
  return choices.some(({ state }) => state === 'pending') || (status === 'approved' && badge.state === 'none');
}

function BackArrow() {
  return (
    <svg
      viewBox="0 0 24 24"
      className="size-5 rtl:-scale-x-100"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      aria-hidden="true"
    >
      <path d="M20 12H5m6-6-6 6 6 6" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
