import type { Registration, SubForumCard } from '@plenary/contracts';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { useLanguage } from '../../shell/language-context';
import { inLanguage, LocalText } from '../../shell/local-text';
import { dayAt, dayName, spanOf, zoneName } from '../../shell/venue-time';
import { Chip, type Tone } from '../../ui/chip';
import { isActive } from './amend-plan';

type Held = Registration['choices'][number];
/** After so long the person is told not to wait for it. */
const LONG_MS = 5000;
/** Given up by the person: of no news. */
const OWN_ACTS: readonly unknown[] = ['withdrawn', 'swapped', 'registration_cancelled'];

/** What has become of each choice, by itself: the list is a live region. Two that are swapped stand together until it is settled. */
export function ChoiceList({
  choices,
  subForums,
  timeZone,
  addressOf,
}: {
  choices: readonly Held[];
  subForums: readonly SubForumCard[];
  timeZone: string;
  /** Where another sub-forum is chosen instead; nowhere where nothing can be changed any more. */
  addressOf?: ((subForum: SubForumCard | undefined) => string) | undefined;
}) {
  const t = useTranslations('register.own');
  const common = useTranslations('common');
  const { locale } = useLanguage();
  const asking = choices.some((one) => one.state === 'pending');
  const long = useLong(asking);
  const cardOf = (id: string) => subForums.find((one) => one.id === id);
  const nameOf = (id: string) => inLanguage(cardOf(id)?.title, locale).text || t('unknownSubForum');

  const shown = choices.filter((one) => isActive(one) || !OWN_ACTS.includes(one.reason));
  const swapped = new Map(shown.flatMap((one) => (one.replaces && isActive(one) ? [[one.replaces, one]] : [])));
  const rowOf = (choice: Held) => (
    <Row
      choice={choice}
      subForum={cardOf(choice.subForumId)}
      timeZone={timeZone}
      otherAt={choice.state === 'refused' ? addressOf?.(cardOf(choice.subForumId)) : undefined}
    />
  );
  return (
    <>
      <ul aria-live="polite" className="grid">
        {shown.length === 0 && <li className="py-2">{t('noChoices')}</li>}
        {shown
          .filter((one) => !swapped.has(one.subForumId))
          .map((choice) => {
            const old = choice.replaces && shown.find((one) => one.subForumId === choice.replaces);
            return (
              <li key={choice.subForumId} className="border-t border-line py-3 first:border-t-0">
                {old ? (
                  <div className="grid gap-3 border-s-4 border-info ps-3">
                    {rowOf(choice)}
                    {rowOf(old)}
                    <p className="font-semibold text-info">
                      {t('keepsUntil', { old: nameOf(old.subForumId), new: nameOf(choice.subForumId) })}
                    </p>
                  </div>
                ) : (
                  rowOf(choice)
                )}
              </li>
            );
          })}
      </ul>
      <p role="status" className="text-info">
        {long && t('stillAsking')}
      </p>
      {shown.length > 0 && <p className="text-sm text-ink-2">{common('zone', { zone: zoneName(timeZone, locale) })}</p>}
    </>
  );
}

function Row({
  choice,
  subForum,
  timeZone,
  otherAt,
}: {
  choice: Held;
  subForum: SubForumCard | undefined;
  timeZone: string;
  otherAt: string | undefined;
}) {
  const t = useTranslations('register.own');
  const { locale } = useLanguage();
  return (
    <div className="grid gap-1">
      <p className="font-semibold">{subForum ? <LocalText of={subForum.title} /> : t('unknownSubForum')}</p>
      {subForum && (
        <p className="text-sm text-ink-2">
          {`${dayName(dayAt(subForum.startsAt, timeZone), locale)} ${spanOf(subForum.startsAt, subForum.endsAt, timeZone, locale)} · `}
          <bdi>{subForum.room}</bdi>
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <StateChip choice={choice} open={subForum?.admission === 'open'} />
        {otherAt && (
          <Link href={otherAt} className="inline-flex min-h-11 items-center">
            {t('chooseOther')}
          </Link>
        )}
      </div>
      {choice.state === 'waitlisted' && <p className="text-sm text-ink-2">{t('waitlistedWhat')}</p>}
    </div>
  );
}

const tones: Record<Held['state'], Tone> = {
  awaiting_approval: 'info',
  pending: 'info',
  confirmed: 'ok',
  waitlisted: 'warn',
  refused: 'bad',
  released: 'neutral',
};

function StateChip({ choice, open }: { choice: Held; open: boolean }) {
  const t = useTranslations('register.own');
  const { state, position } = choice;
  const reason = t(`reason.${choice.reason ?? 'unknown'}`);
  const words: Record<Held['state'], string> = {
    awaiting_approval: t('awaiting'),
    pending: t('asking'),
    confirmed: t(open ? 'noSeatNeeded' : 'confirmed'),
    waitlisted: position === undefined ? t('waitlistedPlain') : t('waitlisted', { position }),
    refused: t('refused', { reason }),
    released: t('released', { reason }),
  };
  return <Chip tone={tones[state]}>{words[state]}</Chip>;
}

/** Whether `waiting` has been true for long. */
function useLong(waiting: boolean): boolean {
  const [long, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (!waiting) return undefined;
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  return long;
}
