import { useTranslations } from 'use-intl';
import { classNames } from '../../ui/class-names';
import type { Held } from './entry';
import type { SeatState, Seats } from './seat-state';

const looks: Record<SeatState, { shape: string; colour: string }> = {
  open: { shape: '●', colour: 'text-ok' },
  filling: { shape: '◆', colour: 'text-warn' },
  full: { shape: '■', colour: 'text-bad' },
  no_seat: { shape: '○', colour: 'text-ok' },
  closed: { shape: '–', colour: 'text-ink-2' },
  cancelled: { shape: '×', colour: 'text-bad' },
  over: { shape: '–', colour: 'text-ink-2' },
};

/** How it stands with the seats: shape, word and colour together; a number only where it is small. */
export function SeatLabel({ seats: { state, left, waiting }, className }: { seats: Seats; className?: string }) {
  const t = useTranslations('programme.seats');
  const { shape, colour } = looks[state];
  const few = left !== undefined && (state === 'open' || state === 'filling');
  const text = few
    ? t('left', { n: left })
    : state === 'full' && waiting > 0
      ? t('fullWaiting', { w: waiting })
      : t(state);
  return <Labelled shape={shape} colour={colour} text={text} className={className} />;
}

const heldLooks: Record<Held['state'], { shape: string; colour: string }> = {
  awaiting_approval: { shape: '…', colour: 'text-info' },
  pending: { shape: '…', colour: 'text-info' },
  confirmed: { shape: '●', colour: 'text-ok' },
  waitlisted: { shape: '◆', colour: 'text-warn' },
  refused: { shape: '■', colour: 'text-bad' },
  released: { shape: '–', colour: 'text-ink-2' },
};

/** What has become of a choice that was sent. */
export function HeldLabel({ held, className }: { held: Held; className?: string }) {
  const t = useTranslations('programme.held');
  const { shape, colour } = heldLooks[held.state];
  const text = held.state === 'waitlisted' ? t('waitlisted', { n: held.position ?? 0 }) : t(held.state);
  return <Labelled shape={shape} colour={colour} text={text} className={className} />;
}

function Labelled({
  shape,
  colour,
  text,
  className,
}: {
  shape: string;
  colour: string;
  text: string;
  className: string | undefined;
}) {
  return (
    <span className={classNames('inline-flex items-baseline gap-1.5 text-sm font-semibold', colour, className)}>
      <span aria-hidden="true">{shape}</span>
      <span>{text}</span>
    </span>
  );
}
