import { useTranslations } from 'use-intl';
import { StateText, type Tone } from '../../ui/chip';
import { classNames } from '../../ui/class-names';
import type { Held } from './entry';
import type { SeatState, Seats } from './seat-state';

const looks: Record<SeatState, { shape: string; tone: Tone }> = {
  open: { shape: '●', tone: 'ok' },
  filling: { shape: '◆', tone: 'warn' },
  full: { shape: '■', tone: 'bad' },
  no_seat: { shape: '○', tone: 'ok' },
  closed: { shape: '–', tone: 'neutral' },
  cancelled: { shape: '×', tone: 'bad' },
  over: { shape: '–', tone: 'neutral' },
};

/** How it stands with the seats: shape, word and colour together; a number only where it is small. */
export function SeatLabel({ seats: { state, left, waiting }, className }: { seats: Seats; className?: string }) {
  const t = useTranslations('programme.seats');
  const { shape, tone } = looks[state];
  const few = left !== undefined && (state === 'open' || state === 'filling');
  const text = few
    ? t('left', { n: left })
    : state === 'full' && waiting > 0
      ? t('fullWaiting', { w: waiting })
      : t(state);
  return (
    <StateText tone={tone} shape={shape} className={classNames('text-sm', className)}>
      {text}
    </StateText>
  );
}

const heldLooks: Record<Held['state'], { shape: string; tone: Tone }> = {
  awaiting_approval: { shape: '…', tone: 'info' },
  pending: { shape: '…', tone: 'info' },
  confirmed: { shape: '●', tone: 'ok' },
  waitlisted: { shape: '◆', tone: 'warn' },
  refused: { shape: '■', tone: 'bad' },
  released: { shape: '–', tone: 'neutral' },
};

/** What has become of a choice that was sent. */
export function HeldLabel({ held, className }: { held: Held; className?: string }) {
  const t = useTranslations('programme.held');
  const { shape, tone } = heldLooks[held.state];
  const text = held.state === 'waitlisted' ? t('waitlisted', { n: held.position ?? 0 }) : t(held.state);
  return (
    <StateText tone={tone} shape={shape} className={classNames('text-sm', className)}>
      {text}
    </StateText>
  );
}
