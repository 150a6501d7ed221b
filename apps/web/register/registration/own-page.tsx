import type { Conference, Registration } from '@plenary/contracts';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation, useSearch } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { useLanguage } from '../../shell/language-context';
import { usePageTitle } from '../../shell/page-title';
import { useOnline } from '../../shell/use-online';
import { dayAt, dayName, secondOf } from '../../shell/venue-time';
import { Banner } from '../../ui/banner';
import { classNames } from '../../ui/class-names';
import { Skeleton } from '../../ui/loading';
import { subForumsQuery } from '../programme/use-programme';
import { Overview } from './overview';
import { Status } from './status';
import type { OwnRegistration } from './use-registration';

const AmendChoices = lazy(() => import('./amend-choices'));
const AmendDetails = lazy(() => import('./amend-details'));

/** My registration, or (`?change=`) what of it is being changed. */
export function OwnPage({
  token,
  own,
  registration,
  conference,
}: {
  token: string;
  own: OwnRegistration;
  registration: Registration;
  /** Undefined where it is not among the published ones any more. */
  conference: Conference | undefined;
}) {
  const t = useTranslations('register.own');
  const { locale } = useLanguage();
  const [path, navigate] = useLocation();
  const justSent = (useHistoryState() as { sent?: boolean } | null)?.sent === true;
  const change = new URLSearchParams(useSearch()).get('change');
  const { data: subForums } = useQuery({
    ...subForumsQuery(conference?.slug ?? ''),
    enabled: conference !== undefined,
  });
  const [saved, setSaved] = useState(false);
  const timeZone = conference?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const active = registration.status === 'approved' || registration.status === 'pending';
  const view = active && conference && (change === 'choices' || change === 'details') ? change : undefined;
  const { createdAt } = registration;
  const received = t('receivedAt', {
    day: dayName(dayAt(createdAt, timeZone), locale),
    time: secondOf(createdAt, timeZone),
  });
  const title = t(view === 'choices' ? 'changeChoices' : view === 'details' ? 'changeDetails' : 'title');
  usePageTitle(title);

  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(view);
  useEffect(() => {
    if (shown.current === view) return;
    shown.current = view;
    scrollTo({ top: 0, behavior: 'instant' });
    heading.current?.focus({ preventScroll: true });
  }, [view]);
  // The stream may tell of it before the answer does.
  const [cancelledHere, setCancelledHere] = useState(false);
  useEffect(() => {
    // What had the focus is gone with the seats.
    if (registration.status === 'cancelled' && cancelledHere) heading.current?.focus();
  }, [registration.status, cancelledHere]);
  const back = () => navigate(`${path}${location.hash}`);
  const amending = {
    token,
    onBack: back,
    onSaved: () => {
      setSaved(true);
      back();
    },
  };
  const go = (to: 'choices' | 'details', filter = '') => {
    setSaved(false);
    navigate(`${path}?change=${to}${filter}${location.hash}`);
  };

  return (
    <div
      className={classNames(
        'mx-auto grid grid-cols-[minmax(0,1fr)] gap-5',
        view === 'choices' ? 'max-w-none' : 'max-w-5xl',
      )}
    >
      <div>
        <h1 ref={heading} tabIndex={-1} className="text-2xl font-bold outline-none">
          {title}
        </h1>
        <div role="status" className="grid gap-3 not-empty:mt-5">
          <Age own={own} timeZone={timeZone} />
          {saved && !view && <Banner tone="ok">{t('saved')}</Banner>}
          {!view && <Status status={registration.status} received={justSent ? received : undefined} />}
        </div>
      </div>
      {view && conference ? (
        <Suspense fallback={<Skeleton />}>
          {view === 'details' ? (
            <AmendDetails {...amending} conference={conference} />
          ) : subForums ? (
            <AmendChoices {...amending} programme={{ conference, subForums }} />
          ) : (
            <Skeleton />
          )}
        </Suspense>
      ) : (
        <Overview
          token={token}
          registration={registration}
          conference={conference}
          subForums={subForums ?? []}
          received={received}
          justSent={justSent}
          timeZone={timeZone}
          onCancelled={() => setCancelledHere(true)}
          onChange={active && conference ? go : undefined}
          addressOf={
            active && conference
              ? (subForum) => {
                  const day = subForum ? `&day=${dayAt(subForum.startsAt, timeZone)}` : '';
                  const track = subForum?.track ? `&track=${encodeURIComponent(subForum.track)}` : '';
                  return `${path}?change=choices${day}${track}${location.hash}`;
                }
              : undefined
          }
        />
      )}
    </div>
  );
}

/** How old it is, while nothing newer can be had. */
function Age({ own, timeZone }: { own: OwnRegistration; timeZone: string }) {
  const t = useTranslations('register.own');
  const isOnline = useOnline();
  const lost = !own.live && own.error !== undefined;
  if (isOnline && !lost) return null;
  return <Banner tone="info">{t(isOnline ? 'lost' : 'offline', { at: secondOf(own.heardAt, timeZone) })}</Banner>;
}
