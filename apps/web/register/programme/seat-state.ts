import type { SubForumCard } from '@plenary/contracts';

export type SeatState = 'open' | 'filling' | 'full' | 'no_seat' | 'closed' | 'cancelled' | 'over';

/** At so many seats or fewer the number is told: above, it would be stale before it is read. */
const FEW = 20;
/** From this part of the seats on, a sub-forum is filling. */
const FILLING = 0.75;

export interface Seats {
  state: SeatState;
  /** Seats left, only where they are few. */
  left: number | undefined;
  waiting: number;
}

/** How it stands with the seats of a sub-forum at `now`, ms. */
export function seatsOf(
  subForum: Pick<SubForumCard, 'state' | 'admission' | 'capacity' | 'seatsLeft' | 'waitlisted' | 'endsAt'>,
  now: number,
): Seats {
  const { capacity, seatsLeft, waitlisted: waiting } = subForum;
  const told = (state: SeatState, left?: number): Seats => ({ state, left, waiting });
  if (subForum.state === 'cancelled') return told('cancelled');
  if (Date.parse(subForum.endsAt) <= now) return told('over');
  if (subForum.state === 'closed') return told('closed');
  if (subForum.admission === 'open') return told('no_seat');
  if (capacity === null || seatsLeft === null) return told('open');
  if (seatsLeft <= 0) return told('full');
  const left = seatsLeft <= FEW ? seatsLeft : undefined;
  return told(capacity - seatsLeft >= capacity * FILLING ? 'filling' : 'open', left);
}

/** Whether a seat (or a place on the waitlist) may still be asked for. */
export const mayBeChosen = (state: SeatState): boolean => !['closed', 'cancelled', 'over'].includes(state);
