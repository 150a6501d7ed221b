import type { SubForum } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { Meter } from '../../ui/meter';
import { SeatLabel } from '../programme/seat-label';
import { seatsOf } from '../programme/seat-state';

/** How full it is, who waits apart from it, and what choosing it would mean. */
export function SeatCard({ subForum, now }: { subForum: SubForum; now: number }) {
  const t = useTranslations('programme.page');
  const seats = seatsOf(subForum, now);
  const { capacity, seatsLeft, admission, waitlisted } = subForum;
  const counted = admission === 'seat' && capacity !== null && seatsLeft !== null;
  const ended =
    seats.state === 'cancelled' || seats.state === 'closed' || seats.state === 'over' ? seats.state : undefined;
  // What is held back for guests is taken for everybody else: the meter and "seats left" say the same.
  const taken = counted ? Math.max(0, capacity - seatsLeft) : 0;
  return (
    <section className="grid gap-2 rounded-card border border-line bg-paper p-4">
      <h2 className="text-lg font-bold">{t('seats')}</h2>
      <SeatLabel seats={{ ...seats, waiting: 0 }} />
      {ended && <p>{t(ended)}</p>}
      {counted && <Meter max={capacity} promised={Math.min(taken, capacity)} label={t('taken', { taken, capacity })} />}
      {counted && (
        <p aria-hidden="true" className="text-sm text-ink-2">
          {t('taken', { taken, capacity })}
        </p>
      )}
      {!ended && !counted && <p>{admission === 'open' ? t('noSeatNeeded') : t('noLimit')}</p>}
      {counted && !ended && (seats.state === 'full' || waitlisted > 0) && <p>{t('waiting', { w: waitlisted })}</p>}
      {seats.state === 'full' && <p className="text-sm text-ink-2">{t('waitHint')}</p>}
    </section>
  );
}
