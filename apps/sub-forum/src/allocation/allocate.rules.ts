/**
 * Who gets a seat: ARCHITECTURE, section 4, as pure functions over what one sub-forum's row lock protects.
 * First come, first served is the order of the requests; the same requests in any split into batches give the same
 * outcomes.
 */
export type ReleaseReason = 'withdrawn' | 'swapped' | 'no_show' | 'sub_forum_cancelled' | 'registration_cancelled';
export type RefusalReason = 'closed' | 'sub_forum_cancelled' | 'category' | 'ended';

export interface Seat {
  readonly registrationId: string;
  /** The latest request, or release request, that it answers. */
  requestId: string;
  category: string;
  state: 'confirmed' | 'waitlisted' | 'released' | 'refused';
  /** Drawn when the waitlist is joined; lower is earlier. */
  place: number | null;
  /** Rank when the waitlist was joined. */
  position: number | null;
  reason: ReleaseReason | RefusalReason | null;
  promoted: boolean;
  outOfTurn: boolean;
  /** Sits on a reserved seat, which goes back to the reserve when it is released. */
  fromReserve: boolean;
  /** Raised by one for each outcome; 0: nothing told yet. */
  version: number;
  /** Of the latest request, RFC 3339. */
  requestedAt: string;
}

/** What must be known of a sub-forum to decide. Times are ms since the epoch. */
export interface SeatQueue {
  admission: 'seat' | 'open';
  state: 'scheduled' | 'closed' | 'cancelled';
  endsAt: number;
  /** null: no limit. */
  capacity: number | null;
  reserved: number;
  /** null: until the end. */
  reservedUntil: number | null;
  /** Empty: all. */
  categories: readonly string[];
  confirmed: number;
  waitlisted: number;
  reservedUsed: number;
  nextPlace: number;
  /** The seats named by the requests, by registration, and every loaded waiter. */
  seats: Map<string, Seat>;
  /** By place: all waiters, or at least the first `headsNeeded`. */
  waiters: Seat[];
}

export type QueueItem =
  | { kind: 'request'; requestId: string; registrationId: string; category: string; at: string }
  | {
      kind: 'release';
      requestId: string;
      registrationId: string;
      reason: 'withdrawn' | 'swapped' | 'registration_cancelled' | 'no_show';
      at: string;
    };

export interface Allocation {
  queue: SeatQueue;
  /** A copy of the seat after each thing that happened to it, in order. */
  outcomes: Seat[];
}

/** Handles `items` in order; anything that is due (a passed `reservedUntil`, the end) is settled first. */
export function allocate(before: SeatQueue, items: readonly QueueItem[], now: number): Allocation {
  return working(before, (queue, tell) => {
    settleIn(queue, now, tell);
    for (const item of items) {
      if (item.kind === 'request') request(queue, item, now, tell);
      else release(queue, item, now, tell);
    }
  });
}

/** Promotes from the head while a seat is free; refuses all who wait where nothing is granted any more. */
export function settle(before: SeatQueue, now: number): Allocation {
  return working(before, (queue, tell) => settleIn(queue, now, tell));
}

/** Releases every seat of a sub-forum that has been cancelled and refuses its waiters; all seats must be loaded. */
export function releaseAll(before: SeatQueue, now: number): Allocation {
  return working(before, (queue, tell) => {
    for (const seat of queue.seats.values()) {
      if (seat.state === 'confirmed') end(queue, seat, 'released', 'sub_forum_cancelled', tell);
    }
    settleIn(queue, now, tell);
  });
}

export type OutOfTurn = Allocation & { verdict: 'promoted' | 'in_turn' | 'not_waiting' | 'full' };

/**
 * Confirms one waiter past earlier ones. Since no public seat is free while anybody waits, what it takes is a seat of
 * the reserve; without one the sub-forum is full.
 */
export function promoteOutOfTurn(before: SeatQueue, registrationId: string, now: number): OutOfTurn {
  let verdict: OutOfTurn['verdict'] = 'not_waiting';
  const allocation = working(before, (queue, tell) => {
    const waited = queue.seats.get(registrationId)?.state === 'waitlisted';
    settleIn(queue, now, tell);
    const seat = queue.seats.get(registrationId);
    if (!waited || !seat) return;
    if (seat.state === 'confirmed') verdict = 'in_turn';
    else if (seat.state === 'waitlisted' && queue.capacity !== null && queue.confirmed >= queue.capacity)
      verdict = 'full';
    else if (seat.state === 'waitlisted') {
      verdict = 'promoted';
      leaveWaitlist(queue, seat);
      seat.fromReserve = true;
      queue.reservedUsed += 1;
      seat.outOfTurn = true;
      confirm(queue, seat, true, tell);
    }
  });
  return { ...allocation, verdict };
}

/** Seats that the public may have now, Infinity without limit; never below 0. */
export function freeSeats(
  queue: Pick<SeatQueue, 'admission' | 'capacity' | 'reserved' | 'reservedUntil' | 'confirmed' | 'reservedUsed'>,
  now: number,
): number {
  if (queue.admission === 'open' || queue.capacity === null) return Number.POSITIVE_INFINITY;
  const held = queue.reservedUntil === null || now < queue.reservedUntil ? queue.reserved - queue.reservedUsed : 0;
  return Math.max(0, queue.capacity - queue.confirmed - Math.max(0, held));
}

/** How many heads of the waitlist deciding may touch: each release, and each free seat, uses up one at most. */
export function headsNeeded(queue: Omit<SeatQueue, 'seats' | 'waiters'>, releases: number, now: number): number {
  return shut(queue, now) ? queue.waitlisted : Math.min(queue.waitlisted, freeSeats(queue, now) + releases);
}

type Tell = (seat: Seat) => void;

function working(before: SeatQueue, work: (queue: SeatQueue, tell: Tell) => void): Allocation {
  const seats = new Map<string, Seat>();
  for (const [registrationId, seat] of before.seats) seats.set(registrationId, { ...seat });
  const waiters = before.waiters.map((waiter) => {
    const seat = seats.get(waiter.registrationId) ?? { ...waiter };
    seats.set(seat.registrationId, seat);
    return seat;
  });
  const queue = { ...before, seats, waiters };
  const outcomes: Seat[] = [];
  work(queue, (seat) => {
    seat.version += 1;
    outcomes.push({ ...seat });
  });
  return { queue, outcomes };
}

/** Why nothing is granted or promoted any more. */
function shut(queue: Pick<SeatQueue, 'state' | 'endsAt'>, now: number): 'sub_forum_cancelled' | 'ended' | undefined {
  if (queue.state === 'cancelled') return 'sub_forum_cancelled';
  return now >= queue.endsAt ? 'ended' : undefined;
}

function settleIn(queue: SeatQueue, now: number, tell: Tell): void {
  const reason = shut(queue, now);
  if (reason) {
    for (const seat of [...queue.waiters]) end(queue, seat, 'refused', reason, tell);
    return;
  }
  while (queue.waiters.length > 0 && freeSeats(queue, now) > 0) {
    const head = queue.waiters[0] as Seat;
    leaveWaitlist(queue, head);
    confirm(queue, head, true, tell);
  }
}

function request(queue: SeatQueue, item: QueueItem & { kind: 'request' }, now: number, tell: Tell): void {
  const known = queue.seats.get(item.registrationId);
  // Asked again, or asked anew for what it has: the answer stands, and is told once more under the newest request.
  if (known && (known.requestId === item.requestId || known.state === 'confirmed' || known.state === 'waitlisted')) {
    known.requestId = item.requestId;
    tell(known);
    return;
  }
  const seat = known ?? newSeat(item.registrationId);
  Object.assign(seat, { requestId: item.requestId, category: item.category, requestedAt: item.at });
  Object.assign(seat, { place: null, position: null, promoted: false, outOfTurn: false, fromReserve: false });
  queue.seats.set(seat.registrationId, seat);

  const refusal = shut(queue, now) ?? refusalOf(queue, item);
  if (refusal) {
    seat.state = 'refused';
    seat.reason = refusal;
    tell(seat);
  } else if (queue.waitlisted === 0 && freeSeats(queue, now) > 0) {
    confirm(queue, seat, false, tell);
  } else {
    seat.state = 'waitlisted';
    seat.reason = null;
    seat.place = queue.nextPlace++;
    queue.waitlisted += 1;
    seat.position = queue.waitlisted;
    queue.waiters.push(seat);
    tell(seat);
  }
}

function refusalOf(queue: SeatQueue, item: QueueItem & { kind: 'request' }): RefusalReason | undefined {
  if (queue.state === 'closed') return 'closed';
  return queue.categories.length > 0 && !queue.categories.includes(item.category) ? 'category' : undefined;
}

function release(queue: SeatQueue, item: QueueItem & { kind: 'release' }, now: number, tell: Tell): void {
  const seat = queue.seats.get(item.registrationId) ?? newSeat(item.registrationId);
  if (seat.version === 0) {
    seat.requestedAt = item.at;
    queue.seats.set(seat.registrationId, seat);
  }
  seat.requestId = item.requestId;
  // Released before (by a no-show, say): that reason stays, and is the answer to this request too.
  if (seat.state === 'released' && seat.version > 0) {
    tell(seat);
    return;
  }
  end(queue, seat, 'released', item.reason, tell);
  settleIn(queue, now, tell);
}

function confirm(queue: SeatQueue, seat: Seat, promoted: boolean, tell: Tell): void {
  seat.state = 'confirmed';
  seat.reason = null;
  seat.promoted = promoted;
  queue.confirmed += 1;
  tell(seat);
}

/** Takes a seat out of whatever it was. */
function end(
  queue: SeatQueue,
  seat: Seat,
  state: 'released' | 'refused',
  reason: ReleaseReason | RefusalReason,
  tell: Tell,
): void {
  if (seat.state === 'waitlisted') leaveWaitlist(queue, seat);
  else if (seat.state === 'confirmed') {
    queue.confirmed -= 1;
    if (seat.fromReserve) queue.reservedUsed -= 1;
  }
  Object.assign(seat, { state, reason, position: null, promoted: false, outOfTurn: false, fromReserve: false });
  tell(seat);
}

function leaveWaitlist(queue: SeatQueue, seat: Seat): void {
  queue.waitlisted -= 1;
  const at = queue.waiters.indexOf(seat);
  if (at >= 0) queue.waiters.splice(at, 1);
}

function newSeat(registrationId: string): Seat {
  return {
    registrationId,
    requestId: '',
    category: '',
    state: 'released',
    place: null,
    position: null,
    reason: null,
    promoted: false,
    outOfTurn: false,
    fromReserve: false,
    version: 0,
    requestedAt: '',
  };
}
