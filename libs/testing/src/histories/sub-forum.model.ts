import type { Model } from './operation';

/**
 * The seats of one sub-forum by the rules of ARCHITECTURE, section 4, written anew and as plainly as can be: what the
 * allocation is held against must not be the allocation.
 */
export interface SubForumSeats {
  readonly capacity: number;
  readonly state: 'scheduled' | 'closed' | 'cancelled';
  /** Of everybody who ever asked. */
  readonly seats: Readonly<Record<string, SeatWord>>;
  /** In the order of asking. */
  readonly waiting: readonly string[];
}
export type SeatWord = 'confirmed' | 'waitlisted' | 'released' | 'refused';

/** What is left out was not told. */
export type SeatDeed =
  /** Joins the queue; whoever has a seat or a place keeps it. */
  | { readonly kind: 'asks'; readonly who: string }
  | { readonly kind: 'releases'; readonly who: string }
  /** `position`: the rank in the waitlist. */
  | { readonly kind: 'reads'; readonly who: string; readonly seat: SeatWord; readonly position?: number | undefined }
  | { readonly kind: 'counts'; readonly capacity: number; readonly confirmed: number; readonly waitlisted: number }
  | { readonly kind: 'lists'; readonly waiting: readonly string[] }
  | { readonly kind: 'resizes'; readonly capacity: number; readonly promoted?: readonly string[] | undefined }
  | { readonly kind: 'sets'; readonly state: SubForumSeats['state'] };

/** A sub-forum that nobody has asked yet. */
export function subForumModel(capacity: number): Model<SubForumSeats, SeatDeed> {
  return {
    initial: { capacity, state: 'scheduled', seats: {}, waiting: [] },
    step,
    keyOf: ({ capacity, state, seats, waiting }) =>
      JSON.stringify([capacity, state, Object.entries(seats).sort(([a], [b]) => (a < b ? -1 : 1)), waiting]),
    unanswered: (deed) => {
      if (deed.kind === 'reads' || deed.kind === 'counts' || deed.kind === 'lists') return undefined;
      return deed.kind === 'resizes' ? { kind: 'resizes', capacity: deed.capacity } : deed;
    },
    tell,
    show: (seats) =>
      `${seats.state}, capacity ${seats.capacity}, confirmed ${holders(seats).join(' ') || 'nobody'}, waiting ${seats.waiting.join(' ') || 'nobody'}`,
  };
}

/** Who has a seat. */
export function holders({ seats }: SubForumSeats): string[] {
  return Object.keys(seats).filter((who) => seats[who] === 'confirmed');
}

function step(before: SubForumSeats, deed: SeatDeed): SubForumSeats | undefined {
  switch (deed.kind) {
    case 'asks':
      return ask(before, deed.who);
    case 'releases':
      return promote({ ...without(before, deed.who), seats: { ...before.seats, [deed.who]: 'released' } });
    case 'reads':
      return before.seats[deed.who] === deed.seat && fits(deed.position, before.waiting.indexOf(deed.who) + 1)
        ? before
        : undefined;
    case 'counts': {
      const { capacity, waiting } = before;
      const same =
        capacity === deed.capacity && holders(before).length === deed.confirmed && waiting.length === deed.waitlisted;
      return same ? before : undefined;
    }
    case 'lists':
      return before.waiting.join() === deed.waiting.join() ? before : undefined;
    case 'resizes': {
      const after = promote({ ...before, capacity: deed.capacity });
      const promoted = before.waiting.filter((who) => !after.waiting.includes(who));
      return fits(deed.promoted?.join(), promoted.join()) ? after : undefined;
    }
    case 'sets':
      return deed.state === 'cancelled' ? cancel(before) : { ...before, state: deed.state };
  }
}

function ask(before: SubForumSeats, who: string): SubForumSeats {
  const { seats, waiting } = before;
  if (seats[who] === 'confirmed' || seats[who] === 'waitlisted') return before;
  if (before.state !== 'scheduled') return { ...before, seats: { ...seats, [who]: 'refused' } };
  // The tail of the queue; whoever stands there alone before a free seat has it.
  return promote({ ...before, seats: { ...seats, [who]: 'waitlisted' }, waiting: [...waiting, who] });
}

/** Gives free seats to the heads of the waitlist; a sub-forum that is closed still does. */
function promote(before: SubForumSeats): SubForumSeats {
  const [head, ...rest] = before.waiting;
  if (head === undefined || before.state === 'cancelled' || holders(before).length >= before.capacity) return before;
  return promote({ ...before, seats: { ...before.seats, [head]: 'confirmed' }, waiting: rest });
}

function without(before: SubForumSeats, who: string): SubForumSeats {
  return { ...before, waiting: before.waiting.filter((one) => one !== who) };
}

function cancel(before: SubForumSeats): SubForumSeats {
  const over = { confirmed: 'released', waitlisted: 'refused', released: 'released', refused: 'refused' } as const;
  const seats = Object.fromEntries(Object.entries(before.seats).map(([who, seat]) => [who, over[seat]]));
  return { ...before, state: 'cancelled', seats, waiting: [] };
}

/** What was not told fits anything. */
function fits<Value>(told: Value | undefined, is: Value): boolean {
  return told === undefined || told === is;
}

function tell(deed: SeatDeed): string {
  switch (deed.kind) {
    case 'asks':
      return `${deed.who} asks`;
    case 'releases':
      return `${deed.who} gives up`;
    case 'reads':
      return `${deed.who} reads ${deed.seat}${deed.position === undefined ? '' : ` at ${deed.position}`}`;
    case 'counts':
      return `capacity ${deed.capacity}, ${deed.confirmed} confirmed, ${deed.waitlisted} waiting`;
    case 'lists':
      return `the waitlist is ${deed.waiting.join(' ') || 'empty'}`;
    case 'resizes':
      return `capacity becomes ${deed.capacity}${deed.promoted ? `, promoted ${deed.promoted.join(' ') || 'nobody'}` : ''}`;
    case 'sets':
      return `becomes ${deed.state}`;
  }
}
