import type { Conference, SubForum } from '@plenary/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { useLanguage } from '../../shell/language-context';
import { inLanguage, inOtherLanguage, LocalText } from '../../shell/local-text';
import { usePageTitle } from '../../shell/page-title';
import { useNow } from '../../shell/use-now';
import { dayAt, dayName, spanOf, zoneName } from '../../shell/venue-time';
import { ProblemBanner } from '../../ui/banner';
import { Skeleton } from '../../ui/loading';
import { hasNotOpened } from '../conferences/registration-state';
import { usePlan } from '../plan/use-plan';
import { categoryNames } from '../programme/categories';
import { StaleBanner } from '../programme/freshness';
import { conferenceQuery, formQuery, subForumQuery, subForumsQuery } from '../programme/use-programme';
import { ActionBar } from './action-bar';
import { Organisations } from './organisations';
import { SeatCard } from './seat-card';
import { Sessions } from './sessions';

/** One sub-forum: what, when, where, by whom, its sessions and its seats, and the one thing to do about it. */
export default function SubForumPage({ slug, id }: { slug: string; id: string }) {
  const t = useTranslations('programme');
  const { locale } = useLanguage();
  const conference = useQuery(conferenceQuery(slug));
  const subForum = useQuery(subForumQuery(id));
  usePageTitle(subForum.data && inLanguage(subForum.data.title, locale).text);
  const error = conference.error ?? subForum.error ?? conference.failureReason ?? subForum.failureReason;
  const shown = conference.data && subForum.data;
  const retry = () => {
    if (!conference.data) void conference.refetch();
    void subForum.refetch();
  };
  return (
    <div className="mx-auto grid w-full max-w-5xl grid-cols-[minmax(0,1fr)] gap-4">
      <Link
        href={`/c/${slug}`}
        className="inline-flex min-h-11 items-center gap-2 justify-self-start no-underline hover:underline"
      >
        <svg aria-hidden="true" viewBox="0 0 24 24" className="size-5 fill-none stroke-current stroke-2">
          <path d="m15 6-6 6 6 6" strokeLinecap="round" strokeLinejoin="round" />
        </svg>
        {t('page.back')}
      </Link>
      <StaleBanner
        readAt={subForum.dataUpdatedAt}
        error={shown && error}
        timeZone={conference.data?.timeZone}
        what="subForum"
      />
      {shown ? (
        <Shown conference={conference.data} subForum={subForum.data} />
      ) : error ? (
        <>
          <h1 className="text-2xl font-bold">{t('subForum')}</h1>
          <ProblemBanner error={error} onRetry={retry} busy={conference.isFetching || subForum.isFetching} />
        </>
      ) : (
        <Skeleton lines={8} />
      )}
    </div>
  );
}

function Shown({ conference, subForum }: { conference: Conference; subForum: SubForum }) {
  const t = useTranslations('programme.page');
  const common = useTranslations('common');
  const { locale } = useLanguage();
  const now = useNow(30_000);
  const plan = usePlan(conference.slug);
  const { data: all } = useQuery({ ...subForumsQuery(conference.slug), refetchInterval: false });
  const { data: form } = useQuery(formQuery(conference.slug));
  const known = [subForum, ...(all ?? [])];
  const chosen = plan.chosen.map((id) => known.find((one) => one.id === id)).filter((one) => one !== undefined);
  const { timeZone } = conference;
  const other = inOtherLanguage(subForum.title, locale);
  const mayChoose = form !== undefined && (form.open || hasNotOpened(form, now));
  return (
    <>
      <header className="grid gap-2">
        {subForum.track && <p className="font-semibold text-ink-2">{subForum.track}</p>}
        <h1 className="text-2xl leading-tight font-bold">
          <LocalText of={subForum.title} />
        </h1>
        {other && (
          <p className="text-lg text-ink-2">
            <bdi lang={other.lang} dir="auto">
              {other.text}
            </bdi>
          </p>
        )}
        <dl className="mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1">
          <Fact name={t('when')}>
            {t('dayAndTime', {
              day: dayName(dayAt(subForum.startsAt, timeZone), locale),
              time: spanOf(subForum.startsAt, subForum.endsAt, timeZone, locale),
            })}
          </Fact>
          <Fact name={t('where')}>
            {subForum.floor && !subForum.room.includes(subForum.floor)
              ? t('floor', { room: subForum.room, floor: subForum.floor })
              : subForum.room}
          </Fact>
          {subForum.categories.length > 0 && (
            <Fact name={t('only')}>{categoryNames(subForum, conference, locale)}</Fact>
          )}
        </dl>
        <p className="text-sm text-ink-2">{common('zone', { zone: zoneName(timeZone, locale) })}</p>
      </header>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 min-[900px]:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-6 max-[899px]:order-last">
          {subForum.abstract && (
            <section className="grid gap-2">
              <h2 className="text-xl font-bold">{t('about')}</h2>
              <p className="max-w-prose whitespace-pre-line">
                <LocalText of={subForum.abstract} />
              </p>
            </section>
          )}
          <Sessions sessions={subForum.sessions} timeZone={timeZone} />
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
          <SeatCard subForum={subForum} now={now} />
          <Organisations title={t('hosts')} of={subForum.hosts} />
          <Organisations title={t('supporters')} of={subForum.supporters} />
        </div>
      </div>
      <ActionBar
        subForum={subForum}
        picking={{
          conference,
          now,
          chosen,
          held: [],
          acts: mayChoose
            ? {
                choose: (one) => plan.choose(one.id),
                drop: (one) => plan.drop(one.id),
                swap: (old, next) =>
                  plan.swap(
                    old.map((one) => one.id),
                    next.id,
                  ),
              }
            : undefined,
        }}
        form={form}
      />
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt className="text-ink-2">{name}</dt>
      <dd className="font-semibold">{children}</dd>
    </>
  );
}
