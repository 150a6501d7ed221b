import { type EventDefinition, seatConfirmed, seatRefused, seatReleased, seatWaitlisted } from '@plenary/contracts';
import { type OutgoingEvent, outgoing, publishAll, rows, type Tx } from '@plenary/messaging';
import { type Allocation, headsNeeded, type Seat, type SeatQueue } from './allocate.rules';

/** A seat row, as both this store and the snapshots read it. */
export interface SeatRow {
  sub_forum_id: string;
  conference_id: string;
  registration_id: string;
  version: number;
  request_id: string;
  category: string;
  state: Seat['state'];
  place: number | null;
  position: number | null;
  reason: Seat['reason'];
  promoted: boolean;
  out_of_turn: boolean;
  from_reserve: boolean;
  requested_at: Date;
  changed_at: Date;
}

/** A locked sub-forum: all of the queue but the seats themselves. */
export interface LockedQueue extends Omit<SeatQueue, 'seats' | 'waiters'> {
  id: string;
  conferenceId: string;
}

/** Locks the sub-forums' rows, sorted, and reads what allocation must know; the settings' long texts stay where they are. */
export async function lockQueues(tx: Tx, ids: readonly string[]): Promise<LockedQueue[]> {
  const found = await rows<
    Omit<LockedQueue, 'endsAt' | 'reservedUntil'> & { endsAt: Date; reservedUntil: Date | null }
  >(
    tx,
    `SELECT id, conference_id AS "conferenceId", admission, state, ends_at AS "endsAt", capacity, reserved,
            reserved_until AS "reservedUntil", categories, confirmed, waitlisted, reserved_used AS "reservedUsed",
            next_place AS "nextPlace"
     FROM sub_forums WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`,
    [ids],
  );
  return found.map((row) => ({
    ...row,
    endsAt: row.endsAt.getTime(),
    reservedUntil: row.reservedUntil?.getTime() ?? null,
  }));
}

/** What is going to be asked of a queue: which registrations are named, and how many of the requests are releases. */
export interface Demand {
  registrationIds: Iterable<string>;
  releases: number;
}

/** Reads the seats that deciding needs, for all queues in two statements. */
export async function withSeats(
  tx: Tx,
  queues: readonly LockedQueue[],
  demands: ReadonlyMap<string, Demand>,
  now: number,
): Promise<Map<string, SeatQueue & LockedQueue>> {
  const whole = new Map(queues.map((queue) => [queue.id, { ...queue, seats: new Map(), waiters: [] as Seat[] }]));
  const named = { subForums: [] as string[], registrations: [] as string[] };
  const heads = { subForums: [] as string[], counts: [] as number[] };
  for (const queue of queues) {
    const demand = demands.get(queue.id);
    for (const registrationId of demand?.registrationIds ?? []) {
      named.subForums.push(queue.id);
      named.registrations.push(registrationId);
    }
    const count = headsNeeded(queue, demand?.releases ?? 0, now);
    if (count > 0) {
      heads.subForums.push(queue.id);
      heads.counts.push(count);
    }
  }
  if (named.subForums.length > 0) {
    const seats = await rows<SeatRow>(
      tx,
      `SELECT seats.* FROM seats
       JOIN unnest($1::uuid[], $2::uuid[]) AS named (sub_forum_id, registration_id)
         USING (sub_forum_id, registration_id)`,
      [named.subForums, named.registrations],
    );
    for (const row of seats) whole.get(row.sub_forum_id)?.seats.set(row.registration_id, toSeat(row));
  }
  if (heads.subForums.length > 0) {
    const waiters = await rows<SeatRow>(
      tx,
      `SELECT waiter.* FROM unnest($1::uuid[], $2::int[]) AS wanted (sub_forum_id, heads)
       CROSS JOIN LATERAL (
         SELECT * FROM seats WHERE seats.sub_forum_id = wanted.sub_forum_id AND state = 'waitlisted'
         ORDER BY place LIMIT wanted.heads
       ) AS waiter`,
      [heads.subForums, heads.counts],
    );
    // Sorted here as well: SQL promises an order for the outermost SELECT only.
    for (const row of waiters.sort((a, b) => (a.place as number) - (b.place as number)))
      whole.get(row.sub_forum_id)?.waiters.push(toSeat(row));
  }
  return whole;
}

/** Writes what was decided for locked queues: seats, counters and events, each in one statement. */
export async function write(
  tx: Tx,
  decided: readonly { queue: LockedQueue; allocation: Allocation }[],
  now: number,
): Promise<void> {
  const at = new Date(now).toISOString();
  const events: OutgoingEvent[] = [];
  const latest: { subForumId: string; seat: Seat }[] = [];
  for (const { queue, allocation } of decided) {
    const touched = new Map<string, Seat>();
    for (const seat of allocation.outcomes) {
      touched.set(seat.registrationId, seat);
      events.push(toEvent(queue, seat, at));
    }
    for (const seat of touched.values()) latest.push({ subForumId: queue.id, seat });
  }
  if (events.length === 0) return;
  await writeSeats(tx, latest, at);
  await writeCounters(tx, decided);
  await publishAll(tx, events);
}

async function writeSeats(tx: Tx, latest: readonly { subForumId: string; seat: Seat }[], at: string): Promise<void> {
  const column = <T>(of: (seat: Seat) => T): T[] => latest.map(({ seat }) => of(seat));
  await rows(
    tx,
    `INSERT INTO seats (sub_forum_id, registration_id, version, request_id, category, state, place, position, reason,
                        promoted, out_of_turn, from_reserve, requested_at, changed_at)
     SELECT *, $14::timestamptz
     FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::text[], $7::int[], $8::int[],
                 $9::text[], $10::boolean[], $11::boolean[], $12::boolean[], $13::timestamptz[])
     ON CONFLICT (sub_forum_id, registration_id) DO UPDATE
     SET version = excluded.version, request_id = excluded.request_id, category = excluded.category,
         state = excluded.state, place = excluded.place, position = excluded.position, reason = excluded.reason,
         promoted = excluded.promoted, out_of_turn = excluded.out_of_turn, from_reserve = excluded.from_reserve,
         requested_at = excluded.requested_at, changed_at = excluded.changed_at`,
    [
      latest.map(({ subForumId }) => subForumId),
      column((seat) => seat.registrationId),
      column((seat) => seat.version),
      column((seat) => seat.requestId),
      column((seat) => seat.category),
      column((seat) => seat.state),
      column((seat) => seat.place),
      column((seat) => seat.position),
      column((seat) => seat.reason),
      column((seat) => seat.promoted),
      column((seat) => seat.outOfTurn),
      column((seat) => seat.fromReserve),
      column((seat) => seat.requestedAt),
      at,
    ],
  );
}

/** `seat_limit` only ever falls here, so `never_oversold` refuses what a mistaken rule would grant. */
async function writeCounters(
  tx: Tx,
  decided: readonly { queue: LockedQueue; allocation: Allocation }[],
): Promise<void> {
  const column = (of: (queue: SeatQueue) => number): number[] => decided.map(({ allocation }) => of(allocation.queue));
  await rows(
    tx,
    `UPDATE sub_forums
     SET confirmed = now_is.confirmed, waitlisted = now_is.waitlisted, reserved_used = now_is.reserved_used,
         next_place = now_is.next_place,
         seat_limit = CASE WHEN admission = 'open' OR capacity IS NULL THEN NULL
                           ELSE least(seat_limit, greatest(capacity, now_is.confirmed)) END
     FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[])
          AS now_is (id, confirmed, waitlisted, reserved_used, next_place)
     WHERE sub_forums.id = now_is.id`,
    [
      decided.map(({ queue }) => queue.id),
      column((queue) => queue.confirmed),
      column((queue) => queue.waitlisted),
      column((queue) => queue.reservedUsed),
      column((queue) => queue.nextPlace),
    ],
  );
}

const told: Record<Seat['state'], EventDefinition> = {
  confirmed: seatConfirmed as unknown as EventDefinition,
  waitlisted: seatWaitlisted as unknown as EventDefinition,
  released: seatReleased as unknown as EventDefinition,
  refused: seatRefused as unknown as EventDefinition,
};

function toEvent(queue: LockedQueue, seat: Seat, at: string): OutgoingEvent {
  return outgoing(told[seat.state], {
    version: seat.version,
    requestId: seat.requestId,
    registrationId: seat.registrationId,
    subForumId: queue.id,
    conferenceId: queue.conferenceId,
    state: seat.state,
    position: seat.position,
    place: seat.place,
    reason: seat.reason,
    promoted: seat.promoted,
    outOfTurn: seat.outOfTurn,
    at,
  });
}

export function toSeat(row: SeatRow): Seat {
  return {
    registrationId: row.registration_id,
    requestId: row.request_id,
    category: row.category,
    state: row.state,
    place: row.place,
    position: row.position,
    reason: row.reason,
    promoted: row.promoted,
    outOfTurn: row.out_of_turn,
    fromReserve: row.from_reserve,
    version: row.version,
    requestedAt: row.requested_at.toISOString(),
  };
}
