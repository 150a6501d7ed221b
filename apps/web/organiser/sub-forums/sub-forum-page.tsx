import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { ApiError, routes } from '../../shell/api';
import { useLanguage } from '../../shell/language-context';
import { inOtherLanguage, LocalText } from '../../shell/local-text';
import { usePageTitle } from '../../shell/page-title';
import { useLive } from '../../shell/use-live';
import { useNow } from '../../shell/use-now';
import { dayAt, dayName, spanOf, zoneName } from '../../shell/venue-time';
import { ProblemBanner } from '../../ui/banner';
import { Skeleton } from '../../ui/loading';
import { useConference } from '../frame/conference-context';
import { NotFound } from '../frame/not-found';
import { addressOf } from '../frame/pages';
import { fillStateOf } from '../live/board';
import { DataAge } from '../live/data-age';
import { placeOf, titleText } from '../live/filters';
import { StateWord } from '../live/state-word';
import { useStaff } from '../session/session';
import { CancelSubForum } from './cancel-sub-forum';
import { Figures } from './figures';
import { Roster } from './roster';
import { SettingsForm } from './settings-form';
import { useSubForum } from './use-sub-forum';
import { Waitlist } from './waitlist';

/** One sub-forum: its numbers, its settings, who waits, who has a seat. */
export default function SubForumPage({ slug, id }: { slug: string; id: string }) {
  const t = useTranslations('organiser.subForums');
  const common = useTranslations('common');
  const { locale } = useLanguage();
  const { can, client } = useStaff();
  const { id: conferenceId, timeZone } = useConference();
  const stored = useSubForum(id);
  const subForum = stored.data?.subForum;
  usePageTitle(subForum ? titleText(subForum.title, locale) : t('title'));
  const live = useLive(can('watchAttendance') ? client : undefined, routes.watchAttendance, { params: { slug } });
  const now = useNow(15_000);
  const missing = stored.error instanceof ApiError && (stored.error.status === 404 || stored.error.status === 400);
  if (!can('changeSubForum', id) || missing || (subForum && subForum.conferenceId !== conferenceId))
    return <NotFound />;
  const figures = live.data?.subForums.find((row) => row.subForumId === id);
  const other = subForum && inOtherLanguage(subForum.title, locale);
  return (
    <main id="content" className="mx-auto grid w-full max-w-[1440px] gap-4 px-4 pt-3 pb-12">
      <p className="text-sm">
        <Link href={addressOf(slug, 'sub-forums')} className="inline-flex min-h-8 items-center">
          {t('all')}
        </Link>
      </p>
      {stored.isError && !subForum && (
        <ProblemBanner error={stored.error} onRetry={() => void stored.refetch()} busy={stored.isFetching} />
      )}
      {!subForum && !stored.isError && <Skeleton />}
      {subForum && (
        <>
          <header className="grid gap-1">
            <div className="flex flex-wrap items-center gap-3">
              <h1 className="min-w-0 text-2xl font-bold">
                <LocalText of={subForum.title} />
              </h1>
              <StateWord state={fillStateOf({ ...subForum, inside: figures?.inside ?? 0 }, now)} />
              <div className="ms-auto">{can('watchAttendance') && <DataAge live={live} timeZone={timeZone} />}</div>
            </div>
            {other && (
              <p lang={other.lang} className="text-lg text-ink-2">
                {other.text}
              </p>
            )}
            <p className="text-ink-2">
              {[
                `${dayName(dayAt(subForum.startsAt, timeZone), locale)} ${spanOf(subForum.startsAt, subForum.endsAt, timeZone, locale)}`,
                placeOf(subForum),
                subForum.track,
                subForum.code,
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
            <p className="text-sm text-ink-2">{common('zone', { zone: zoneName(timeZone, locale) })}</p>
          </header>
          <Figures subForum={subForum} live={figures} now={now} />
          <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
            <div className="grid gap-6">
              <SettingsForm id={id} />
              {can('cancelSubForum') && subForum.state !== 'cancelled' && <CancelSubForum subForum={subForum} />}
            </div>
            <div className="grid min-w-0 gap-6">
              <Waitlist slug={slug} subForum={subForum} />
              {can('listRegistrations') && <Roster slug={slug} subForumId={id} />}
            </div>
          </div>
        </>
      )}
    </main>
  );
}
