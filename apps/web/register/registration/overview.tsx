import type { Conference, Registration, SubForumCard } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { useHistoryState } from 'wouter/use-browser-location';
import { useLanguage } from '../../shell/language-context';
import { PersonName } from '../../shell/local-text';
import { dayAt, dayName, secondOf } from '../../shell/venue-time';
import { Banner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { classNames } from '../../ui/class-names';
import { CategoryBand } from '../form/badge-preview';
import { BadgeCode } from './badge-code';
import { Calendar } from './calendar';
import { Cancelling } from './cancelling';
import { ChoiceList } from './choice-list';
import { KeepLink } from './keep-link';

/** The badge first, then what has become of the choices; right after sending it is the other way round. */
export function Overview({
  token,
  registration,
  conference,
  subForums,
  timeZone,
  onChange,
  addressOf,
}: {
  token: string;
  registration: Registration;
  conference: Conference | undefined;
  subForums: readonly SubForumCard[];
  timeZone: string;
  onChange: ((what: 'choices' | 'details') => void) | undefined;
  addressOf: ((subForum: SubForumCard | undefined) => string) | undefined;
}) {
  const t = useTranslations('register.own');
  const { locale } = useLanguage();
  const { status, createdAt } = registration;
  const justSent = (useHistoryState() as { sent?: boolean } | null)?.sent === true;
  const received = t('receivedAt', {
    day: dayName(dayAt(createdAt, timeZone), locale),
    time: secondOf(createdAt, timeZone),
  });
  const badge = status === 'approved' && <Badge token={token} registration={registration} conference={conference} />;
  const rest = (
    <div className="grid content-start gap-5">
      <section className="grid gap-2 rounded-card border border-line bg-paper p-4">
        <h2 className="text-lg font-bold">{t('choices')}</h2>
        <ChoiceList choices={registration.choices} subForums={subForums} timeZone={timeZone} addressOf={addressOf} />
        {onChange && (
          <div className="flex flex-wrap items-center gap-3">
            <Button look="primary" onClick={() => onChange('choices')}>
              {t('changeChoices')}
            </Button>
            <Calendar token={token} name={conference?.slug ?? 'plenary'} />
          </div>
        )}
      </section>
      <KeepLink />
      {onChange && (
        <div className="flex flex-wrap gap-3">
          <Button onClick={() => onChange('details')}>{t('changeDetails')}</Button>
          <Cancelling token={token} />
        </div>
      )}
      <p className="text-sm text-ink-2">{received}</p>
    </div>
  );
  return (
    <>
      <div role="status" className="empty:-mt-5">
        <Status status={status} received={justSent ? received : undefined} />
      </div>
      <div
        className={classNames(
          'grid grid-cols-[minmax(0,1fr)] gap-5',
          badge && (justSent ? 'lg:grid-cols-[minmax(0,1fr)_400px]' : 'lg:grid-cols-[400px_minmax(0,1fr)]'),
        )}
      >
        {justSent ? (
          <>
            {rest}
            {badge}
          </>
        ) : (
          <>
            {badge}
            {rest}
          </>
        )}
      </div>
    </>
  );
}

/** How it stands with the registration as a whole, where that is worth a word. */
function Status({ status, received }: { status: Registration['status']; received: string | undefined }) {
  const t = useTranslations('register.own');
  if (status === 'approved') {
    if (!received) return null;
    return (
      <Banner tone="ok">
        <p className="font-bold">{t('received')}</p>
        <p>{received}</p>
      </Banner>
    );
  }
  return (
    <Banner tone={status === 'pending' ? 'info' : 'bad'}>
      <p className="font-bold">{t(`${status}Title`)}</p>
      <p>{t(`${status}What`)}</p>
      {received && <p>{received}</p>}
    </Banner>
  );
}

function Badge({
  token,
  registration: { person, badge, category: key },
  conference,
}: {
  token: string;
  registration: Registration;
  conference: Conference | undefined;
}) {
  const t = useTranslations('register.own');
  const category = conference?.categories.find((one) => one.key === key);
  return (
    <section
      aria-label={t('badgeTitle')}
      className="self-start overflow-hidden rounded-card border border-line bg-paper"
    >
      <div className="pb-3 sm:px-4 sm:pt-4">
        <BadgeCode token={token} badge={badge} name={person.name} />
      </div>
      <div className="grid gap-0.5 px-4 pb-4 text-center">
        <p className="text-2xl leading-tight font-bold">
          <PersonName name={person.name} />
        </p>
        {person.latinName && (
          <p className="text-lg">
            <bdi lang="en" dir="auto">
              {person.latinName}
            </bdi>
          </p>
        )}
        {person.organisation && (
          <p className="text-ink-2">
            <bdi dir="auto">{person.organisation}</bdi>
          </p>
        )}
      </div>
      {category && <CategoryBand category={category} />}
    </section>
  );
}
