import type { Category, Registration, SubForumCard } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { inkOn } from '../../shell/contrast';
import { LocalText } from '../../shell/local-text';
import { Chip, shapes, type Tone, textColours } from '../../ui/chip';

const statusTones: Record<Registration['status'], Tone> = {
  pending: 'warn',
  approved: 'ok',
  declined: 'bad',
  cancelled: 'neutral',
};

export function StatusChip({ status }: { status: Registration['status'] }) {
  const t = useTranslations('organiser.registrations.status');
  return <Chip tone={statusTones[status]}>{t(status)}</Chip>;
}

const badgeTones: Record<Registration['badge']['state'], Tone> = { none: 'neutral', valid: 'ok', revoked: 'bad' };

export function BadgeChip({ state }: { state: Registration['badge']['state'] }) {
  const t = useTranslations('organiser.registrations.badges');
  return <Chip tone={badgeTones[state]}>{t(state)}</Chip>;
}

/** A category as its badge shows it: its letter on its colour, and its name. */
export function CategoryChip({ category, fallback }: { category: Category | undefined; fallback: string }) {
  if (!category) return fallback;
  const { colour, letter, name } = category;
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <span
        aria-hidden="true"
        className="grid size-6 flex-none place-items-center rounded-chip text-sm font-bold forced-color-adjust-none"
        style={{ backgroundColor: colour, color: inkOn(colour) }}
      >
        {letter}
      </span>
      <LocalText of={name} />
    </span>
  );
}

type Choice = Registration['choices'][number];
export const seatTones: Record<Choice['state'], Tone> = {
  awaiting_approval: 'neutral',
  pending: 'info',
  confirmed: 'ok',
  waitlisted: 'warn',
  refused: 'bad',
  released: 'neutral',
};

/** The state of a seat in words; a place in the waitlist with its number. */
export function useSeatWords(): (choice: Choice) => string {
  const t = useTranslations('organiser.registrations.seats');
  return ({ state, position }) =>
    state === 'waitlisted' && position !== undefined ? t('waitlistedAt', { position }) : t(state);
}

/** A seat on one line of a table: shape and word of its state, and the sub-forum, cut where there is no room. */
export function SeatLine({ choice, subForum }: { choice: Choice; subForum: SubForumCard | undefined }) {
  const words = useSeatWords();
  const tone = seatTones[choice.state];
  return (
    <span className="flex min-w-0 items-baseline gap-1.5">
      <span className={`flex-none font-semibold whitespace-nowrap ${textColours[tone]}`}>
        <span aria-hidden="true">{shapes[tone]} </span>
        {words(choice)}
      </span>
      <span className="min-w-0 truncate">{subForum && <LocalText of={subForum.title} />}</span>
    </span>
  );
}
