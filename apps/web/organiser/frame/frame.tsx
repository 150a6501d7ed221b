import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { routes } from '../../shell/api';
import { useOnline } from '../../shell/use-online';
import { Banner, ProblemBanner } from '../../ui/banner';
import { Skeleton } from '../../ui/loading';
import { useStaff } from '../session/session';
import { ConferenceContext } from './conference-context';
import { FrameHeader } from './frame-header';

/** What stands around every page of a conference; `bare`: nothing, for a screen on the wall. */
export function Frame({ slug, bare = false, children }: { slug: string; bare?: boolean; children: ReactNode }) {
  const t = useTranslations('organiser.frame');
  const { client } = useStaff();
  const online = useOnline();
  const conference = useQuery({
    queryKey: ['conference', slug],
    queryFn: () => client.call(routes.getConference, { params: { slug } }),
    staleTime: 5 * 60_000,
  });
  if (!conference.data) {
    return (
      <>
        <FrameHeader />
        <main id="content" className="mx-auto grid w-full max-w-[1440px] gap-4 p-4">
          {conference.isError ? (
            <ProblemBanner
              error={conference.error}
              onRetry={() => void conference.refetch()}
              busy={conference.isFetching}
            />
          ) : (
            <Skeleton />
          )}
        </main>
      </>
    );
  }
  return (
    <ConferenceContext value={conference.data}>
      {bare ? (
        children
      ) : (
        <>
          <FrameHeader />
          <div aria-live="polite">
            {!online && (
              <div className="mx-auto max-w-[1440px] px-4 pt-3">
                <Banner tone="info">{t('offline')}</Banner>
              </div>
            )}
          </div>
          {children}
        </>
      )}
    </ConferenceContext>
  );
}
