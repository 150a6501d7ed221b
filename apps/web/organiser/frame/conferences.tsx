import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Link, Redirect } from 'wouter';
import { routes } from '../../shell/api';
import { useLanguage } from '../../shell/language-context';
import { LocalText } from '../../shell/local-text';
import { usePageTitle } from '../../shell/page-title';
import { dayName } from '../../shell/venue-time';
import { ProblemBanner } from '../../ui/banner';
import { Chip } from '../../ui/chip';
import { Empty, Skeleton } from '../../ui/loading';
import { useStaff } from '../session/session';
import { FrameHeader } from './frame-header';
import { addressOf } from './pages';

/** The conferences somebody works for; whoever has one is led to it. */
export function Conferences() {
  const t = useTranslations('organiser.frame');
  const { me, client } = useStaff();
  const { locale } = useLanguage();
  usePageTitle(t('conferences'));
  const found = useQuery({
    queryKey: ['conferences', me.id],
    queryFn: async () => {
      const mine = [];
      for await (const one of client.all(routes.listConferences, { query: { limit: '200' } })) {
        if (me.admin || me.grants.some(({ conferenceId }) => conferenceId === one.id)) mine.push(one);
      }
      return mine.sort(
        (one, other) => other.startsOn.localeCompare(one.startsOn) || one.slug.localeCompare(other.slug),
      );
    },
  });
  const [only, ...more] = found.data ?? [];
  // Led on once, at the start: whoever asks for the list by its link gets the list.
  const asked = new URLSearchParams(location.search).has('all');
  if (only && more.length === 0 && !asked) return <Redirect to={addressOf(only.slug)} replace />;
  return (
    <>
      <FrameHeader />
      <main id="content" className="mx-auto grid w-full max-w-3xl gap-4 p-4 pt-8">
        <h1 className="text-2xl font-bold">{t('conferences')}</h1>
        {found.isPending && <Skeleton lines={3} />}
        {found.isError && (
          <ProblemBanner error={found.error} onRetry={() => void found.refetch()} busy={found.isFetching} />
        )}
        {found.data?.length === 0 && <Empty>{t('noConferences')}</Empty>}
        <ul className="grid gap-3">
          {found.data?.map((one) => (
            <li key={one.id}>
              <Link
                href={addressOf(one.slug)}
                className="grid gap-1 rounded-card border border-line bg-paper p-4 text-ink no-underline hover:border-accent"
              >
                <span className="flex flex-wrap items-center gap-2 text-lg font-bold text-accent">
                  <LocalText of={one.name} />
                  {one.state !== 'published' && <Chip tone="neutral">{t(`state.${one.state}`)}</Chip>}
                  {one.mode === 'rehearsal' && <Chip tone="warn">{t('rehearsal')}</Chip>}
                </span>
                <span className="text-sm text-ink-2">
                  {t('days', { from: dayName(one.startsOn, locale), to: dayName(one.endsOn, locale) })}
                  {' · '}
                  <LocalText of={one.venue} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </main>
    </>
  );
}
