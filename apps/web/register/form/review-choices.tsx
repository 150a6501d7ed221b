import type { Category, SubForumCard } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../shell/language-context';
import { inLanguage, LocalText } from '../../shell/local-text';
import { useNow } from '../../shell/use-now';
import { dayAt, dayName, secondOf, spanOf } from '../../shell/venue-time';
import { Button } from '../../ui/button';
import { Chip, type Tone } from '../../ui/chip';
import { clashesOf } from '../plan/plan';
import { mayBeChosen, seatsOf } from '../programme/seat-state';
import type { Programme } from '../programme/use-programme';

/** What was chosen and what will come of it, by seats read anew: who will wait is told before sending, not after. */
export function ReviewChoices({
  programme: { conference, subForums },
  category,
  chosen,
  onDrop,
  readAt,
  fresh,
  failed,
}: {
  programme: Programme;
  category: Category | undefined;
  chosen: readonly string[];
  onDrop: (id: string) => void;
  readAt: number;
  /** Read since the step was opened. */
  fresh: boolean;
  failed: boolean;
}) {
  const t = useTranslations('register.form');
  const { locale } = useLanguage();
  const { timeZone } = conference;
  const now = useNow(30_000);
  const known = subForums.filter(({ id }) => chosen.includes(id));
  if (chosen.length === 0) return <p>{t('noChoices')}</p>;
  return (
    <div className="grid gap-2">
      <p role="status" className="text-sm text-ink-2">
        {fresh ? '' : failed ? t('seatsOld', { at: secondOf(readAt, timeZone) }) : t('checkingSeats')}
      </p>
      <ul className="grid">
        {chosen.map((id) => {
          const subForum = subForums.find((one) => one.id === id);
          const name = subForum ? inLanguage(subForum.title, locale).text : t('gone');
          return (
            <li key={id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line py-3">
              <div className="min-w-0 flex-1 basis-64">
                {subForum ? (
                  <>
                    <p className="font-semibold">
                      <LocalText of={subForum.title} />
                    </p>
                    <p className="text-sm text-ink-2">
                      {`${dayName(dayAt(subForum.startsAt, timeZone), locale)} ${spanOf(subForum.startsAt, subForum.endsAt, timeZone, locale)} · `}
                      <bdi>{subForum.room}</bdi>
                    </p>
                  </>
                ) : (
                  <p>{name}</p>
                )}
              </div>
              {subForum && <Outlook subForum={subForum} category={category} others={known} now={now} />}
              <Button look="quiet" aria-label={t('removeWhat', { name })} onClick={() => onDrop(id)}>
                {t('remove')}
              </Button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** What is to be expected of a choice as the seats stand. */
function Outlook({
  subForum,
  category,
  others,
  now,
}: {
  subForum: SubForumCard;
  category: Category | undefined;
  others: readonly SubForumCard[];
  now: number;
}) {
  const t = useTranslations('register.form');
  const { locale } = useLanguage();
  const { state, waiting } = seatsOf(subForum, now);
  const [clash] = clashesOf(subForum, others);
  const closedTo = category && subForum.categories.length > 0 && !subForum.categories.includes(category.key);
  const [tone, text]: [Tone, string] = clash
    ? ['bad', t('clashesWith', { name: inLanguage(clash.title, locale).text })]
    : !mayBeChosen(state)
      ? ['bad', t('notChoosable')]
      : closedTo
        ? ['bad', t('notForCategory', { category: inLanguage(category.name, locale).text })]
        : state === 'full'
          ? ['warn', t('willWait', { waiting })]
          : state === 'no_seat'
            ? ['neutral', t('noSeatNeeded')]
            : ['ok', t('free')];
  return (
    <Chip tone={tone} {...(state === 'no_seat' && tone === 'neutral' && { shape: '○' })}>
      {text}
    </Chip>
  );
}
