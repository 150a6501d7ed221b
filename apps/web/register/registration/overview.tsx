import type { Conference, Registration, SubForumCard } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { PersonName } from '../../shell/local-text';
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
  received,
  justSent,
  timeZone,
  onChange,
  onCancelled,
  addressOf,
}: {
  token: string;
  registration: Registration;
  conference: Conference | undefined;
  subForums: readonly SubForumCard[];
  /** When it was received, in words. */
  received: string;
  justSent: boolean;
  timeZone: string;
  onChange: ((what: 'choices' | 'details') => void) | undefined;
  onCancelled: () => void;
  addressOf: ((subForum: SubForumCard | undefined) => string) | undefined;
}) {
  const t = useTranslations('register.own');
  const badge = registration.status === 'approved' && (
    <Badge token={token} registration={registration} conference={conference} />
  );
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
          <Cancelling token={token} onCancelled={onCancelled} />
        </div>
      )}
      {!justSent && <p className="text-sm text-ink-2">{received}</p>}
    </div>
  );
  return (
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
      <div className="pb-3">
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
