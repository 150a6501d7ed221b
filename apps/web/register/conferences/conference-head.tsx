import type { Conference } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { useLanguage } from '../../shell/language-context';
import { inOtherLanguage, LocalText } from '../../shell/local-text';
import { dayName } from '../../shell/venue-time';
import { buttonClass } from '../../ui/button';
import { type Form, RegistrationState } from './registration-state';

/** What a conference is, where and when, and how to register for it. */
export function ConferenceHead({ conference, form }: { conference: Conference; form: Form | undefined }) {
  const t = useTranslations('programme.register');
  const { locale } = useLanguage();
  const other = inOtherLanguage(conference.name, locale);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-x-8 gap-y-4 min-[900px]:grid-cols-[minmax(0,1fr)_auto]">
      <div className="grid gap-2">
        <h1 className="text-2xl leading-tight font-bold min-[900px]:text-3xl">
          <LocalText of={conference.name} />
        </h1>
        {other && (
          <p className="text-lg text-ink-2">
            <bdi lang={other.lang}>{other.text}</bdi>
          </p>
        )}
        <p className="flex flex-wrap gap-x-4 font-semibold">
          <Dates conference={conference} />
          <LocalText of={conference.venue} />
        </p>
        {conference.summary && (
          <p className="max-w-prose whitespace-pre-line">
            <LocalText of={conference.summary} />
          </p>
        )}
      </div>
      {/* Its place is kept while it is not known yet, so that nothing moves when it comes. */}
      <div className="grid min-h-24 content-start justify-items-start gap-2 min-[900px]:min-h-32 min-[900px]:justify-items-end">
        {form && (
          <>
            <RegistrationState form={form} timeZone={conference.timeZone} />
            {form.open && (
              <Link href={`/c/${conference.slug}/register`} className={buttonClass('primary')}>
                {t('now')}
              </Link>
            )}
            {form.open && <p className="text-sm text-ink-2">{t('fairness')}</p>}
          </>
        )}
      </div>
    </div>
  );
}

/** `Thu 21 May to Fri 22 May` */
export function Dates({ conference: { startsOn, endsOn } }: { conference: Conference }) {
  const t = useTranslations('programme');
  const { locale } = useLanguage();
  const [from, to] = [dayName(startsOn, locale), dayName(endsOn, locale)];
  return <span>{startsOn === endsOn ? from : t('dates', { from, to })}</span>;
}
