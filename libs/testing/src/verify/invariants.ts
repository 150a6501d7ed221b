import type { Client } from 'pg';
import type { History, LoggedEvent } from './history';
import { projections } from './projections';

/** One of the eight things that must always hold (ARCHITECTURE.md): how much was looked at, and what was found. */
export interface Finding {
  invariant: string;
  checked: number;
  violations: string[];
}
export type Check = { checked: number; violations: string[] };
export type Row = Record<string, unknown>;

/** All eight, at rest. `database` is an administrator's connection: it reads every schema. */
export async function checkInvariants(database: Client, history: History): Promise<Finding[]> {
  const db = async (sql: string): Promise<Row[]> => (await database.query(sql)).rows as Row[];
  const found: [string, Check][] = [
    ['1 seats never rise at or above capacity', merge(await seatLimits(db), risesOf(history))],
    ['2 requests add up, counters equal rows', await countersAddUp(db)],
    ['3 one open stay per person and level, contradictions in a conflict', await stays(db)],
    ['4 first come, first served', await order(db)],
    ['5 one outcome for every acknowledged command', await outcomes(db, history)],
    ['6 versions in Kafka are contiguous', contiguous(history)],
    ['7 projections equal their rebuild', await projections(db, history)],
    ['8 nothing waits: outboxes, lag, parked', await atRest(db)],
  ];
  return found.map(([invariant, check]) => ({
    invariant,
    checked: check.checked,
    violations: check.violations.slice(0, 20),
  }));
}

export type Db = (sql: string) => Promise<Row[]>;

const merge = (...checks: Check[]): Check => ({
  checked: checks.reduce((sum, one) => sum + one.checked, 0),
  violations: checks.flatMap((one) => one.violations),
});
const violated = (rows: Row[], what: string) => rows.map((row) => `${what}: ${JSON.stringify(row)}`);
const count = async (db: Db, sql: string) => Number((await db(`SELECT count(*) AS n FROM ${sql}`))[0]?.n ?? 0);

/** The ceiling that the database itself enforces is neither below capacity nor above what is allowed. */
async function seatLimits(db: Db): Promise<Check> {
  const rows = await db(
    `SELECT id, capacity, confirmed, seat_limit FROM sub_forum.sub_forums
     WHERE (capacity IS NOT NULL AND (seat_limit IS DISTINCT FROM greatest(capacity, confirmed) OR confirmed > seat_limit))
        OR (capacity IS NULL AND seat_limit IS NOT NULL)`,
  );
  return { checked: await count(db, 'sub_forum.sub_forums'), violations: violated(rows, 'seat limit') };
}

/**
 * Plays seats and capacities of each sub-forum back by the instant at which they were decided. What shares an instant is
 * one step: after a step in which confirmed rose, it is within the largest capacity of that step.
 */
function risesOf(history: History): Check {
  const steps = new Map<string, { at: string; delta: number; capacity?: number | null }[]>();
  const add = (id: string, step: { at: string; delta: number; capacity?: number | null }) =>
    steps.set(id, [...(steps.get(id) ?? []), step]);
  for (const event of history.subForums) {
    add(event.body.subForumId as string, {
      at: event.body.at as string,
      delta: 0,
      capacity: event.body.capacity as number | null,
    });
  }
  const holds = new Map<string, boolean>();
  const seats = [...once(history.seats)].sort(
    (one, other) => one.subject.localeCompare(other.subject) || one.version - other.version,
  );
  for (const event of seats) {
    const now = event.body.state === 'confirmed';
    const delta = Number(now) - Number(holds.get(event.subject) ?? false);
    holds.set(event.subject, now);
    if (delta !== 0) add(event.body.subForumId as string, { at: event.body.at as string, delta });
  }
  const violations: string[] = [];
  let checked = 0;
  for (const [id, all] of steps) {
    all.sort((one, other) => one.at.localeCompare(other.at));
    let confirmed = 0;
    let capacity: number | null | undefined;
    for (let from = 0; from < all.length; ) {
      const at = all[from]?.at;
      const step = all.slice(from).filter((one) => one.at === at);
      from += step.length;
      const capacities = step.flatMap((one) => (one.capacity === undefined ? [] : [one.capacity]));
      const ceilings = [...(capacity === undefined ? [] : [capacity]), ...capacities];
      const ceiling =
        ceilings.includes(null) || ceilings.length === 0
          ? Number.POSITIVE_INFINITY
          : Math.max(...(ceilings as number[]));
      const after = confirmed + step.reduce((sum, one) => sum + one.delta, 0);
      if (after > confirmed && after > ceiling) violations.push(`${id} rose to ${after} of ${ceiling} at ${at}`);
      confirmed = after;
      capacity = capacities.length > 0 ? capacities.at(-1) : capacity;
      checked += 1;
    }
  }
  return { checked, violations };
}

async function countersAddUp(db: Db): Promise<Check> {
  const counters = await db(
    `SELECT f.id, f.confirmed, f.waitlisted, s.confirmed AS seats_confirmed, s.waitlisted AS seats_waitlisted
     FROM sub_forum.sub_forums f
     LEFT JOIN LATERAL (
       SELECT count(*) FILTER (WHERE state = 'confirmed') AS confirmed, count(*) FILTER (WHERE state = 'waitlisted') AS waitlisted
       FROM sub_forum.seats WHERE sub_forum_id = f.id) s ON true
     WHERE f.confirmed <> s.confirmed OR f.waitlisted <> s.waitlisted`,
  );
  const requests = await db(
    `SELECT c.registration_id, c.sub_forum_id, c.state AS wished, s.state AS seat
     FROM (SELECT * FROM registration.choices WHERE request_id IS NOT NULL) c
     FULL JOIN sub_forum.seats s USING (registration_id, sub_forum_id)
     WHERE c.registration_id IS NULL OR s.registration_id IS NULL OR c.state <> s.state`,
  );
  return {
    checked: (await count(db, 'sub_forum.sub_forums')) + (await count(db, 'registration.choices')),
    violations: [...violated(counters, 'counter'), ...violated(requests, 'request without its seat')],
  };
}

async function stays(db: Db): Promise<Check> {
  const doubled = await db(
    `SELECT registration_id, level, count(*) FROM check_in.stays WHERE exited_at IS NULL GROUP BY 1, 2 HAVING count(*) > 1`,
  );
  const silent = await db(
    `SELECT l.scan_id, l.verdict, coalesce(a.acted, l.acted) AS acted
     FROM check_in.scan_log l LEFT JOIN check_in.scan_acts a USING (scan_id) LEFT JOIN check_in.scan_undos u USING (scan_id)
     WHERE coalesce(a.acted, l.acted) NOT IN (l.verdict, 'undecided') AND u.scan_id IS NULL
       AND NOT EXISTS (SELECT 1 FROM check_in.conflicts c WHERE l.scan_id = ANY (c.scan_ids))
       -- A double whose explanation (an exit, an earlier admission) came in the same group: it opened a stay after all.
       AND NOT (l.reason = 'already_inside' AND coalesce(a.acted, l.acted) = 'admitted'
                AND EXISTS (SELECT 1 FROM check_in.stays s WHERE s.scan_id = l.scan_id))`,
  );
  const rooms = await db(
    `SELECT r.place_id, r.inside, s.inside AS open_stays FROM check_in.room_states r
     LEFT JOIN LATERAL (
       SELECT count(*) AS inside FROM check_in.stays s
       WHERE s.exited_at IS NULL
         AND ((s.level = 'room' AND s.sub_forum_id = r.place_id) OR (s.level = 'venue' AND s.conference_id = r.place_id))) s ON true
     WHERE r.inside <> s.inside`,
  );
  return {
    checked: (await count(db, 'check_in.stays')) + (await count(db, 'check_in.scan_log')),
    violations: [
      ...violated(doubled, 'two open stays'),
      ...violated(silent, 'contradiction without a conflict'),
      ...violated(rooms, 'room count'),
    ],
  };
}

async function order(db: Db): Promise<Check> {
  const passed = await db(
    `SELECT s.sub_forum_id, max(s.place) AS promoted_place, w.place AS waiting_place
     FROM sub_forum.seats s
     JOIN LATERAL (
       SELECT min(place) AS place FROM sub_forum.seats
       WHERE sub_forum_id = s.sub_forum_id AND state = 'waitlisted' AND from_reserve = s.from_reserve) w ON true
     WHERE s.state = 'confirmed' AND s.promoted AND NOT s.out_of_turn
     GROUP BY s.sub_forum_id, w.place HAVING max(s.place) > w.place`,
  );
  const idle = await db(
    `SELECT id, capacity, confirmed, waitlisted FROM sub_forum.sub_forums
     WHERE state <> 'cancelled' AND ends_at > now() AND waitlisted > 0
       AND (capacity IS NULL
            OR confirmed < capacity - CASE WHEN reserved_until IS NULL OR reserved_until > now() THEN greatest(reserved - reserved_used, 0) ELSE 0 END)`,
  );
  return {
    checked: await count(db, 'sub_forum.seats'),
    violations: [
      ...violated(passed, 'promoted past an earlier waiter'),
      ...violated(idle, 'a free seat beside a waiter'),
    ],
  };
}

async function outcomes(db: Db, history: History): Promise<Check> {
  const pending = await db(`SELECT registration_id, sub_forum_id FROM registration.choices WHERE state = 'pending'`);
  const answered = new Set(history.seats.map((event) => event.body.requestId));
  const asked = new Map(
    history.seatRequests
      .sort((one, other) => one.version - other.version)
      .map((event) => [event.subject, event.body.requestId as string]),
  );
  const unanswered = [...asked].filter(([, requestId]) => !answered.has(requestId));
  const badges = await db(
    `SELECT r.id FROM registration.registrations r
     LEFT JOIN badge.badges b ON b.registration_id = r.id
     WHERE r.status = 'approved' AND b.registration_id IS NULL`,
  );
  const scans = await db('SELECT scan_id FROM check_in.scan_log');
  const logged = new Set(scans.map((row) => row.scan_id as string));
  return {
    checked: asked.size + scans.length + (await count(db, 'registration.registrations')),
    violations: [
      ...violated(pending, 'a choice without an outcome'),
      ...unanswered.map(([subject, requestId]) => `request ${requestId} of ${subject} was never answered`),
      ...violated(badges, 'approved without a badge'),
      ...[...logged].filter((id) => !history.scanIds.has(id)).map((id) => `scan ${id} was never told`),
      ...[...history.scanIds].filter((id) => !logged.has(id)).map((id) => `scan ${id} was told but is not in the log`),
    ],
  };
}

function contiguous(history: History): Check {
  const violations = [...history.strange];
  for (const [subject, versions] of history.versions) {
    const sorted = [...versions.keys()].sort((one, other) => one - other);
    // A tombstone stands above all versions; retention may have taken the first ones.
    sorted.forEach((version, index) => {
      const before = sorted[index - 1];
      if (before !== undefined && version !== before + 1)
        violations.push(`${subject}: ${before} is followed by ${version}`);
    });
    for (const [version, ids] of versions) {
      if (ids.size > 1) violations.push(`${subject}: version ${version} was told by ${ids.size} different events`);
    }
  }
  return { checked: history.versions.size, violations };
}

const schemas = ['identity', 'sub_forum', 'registration', 'badge', 'check_in', 'attendance'];

async function atRest(db: Db): Promise<Check> {
  const violations: string[] = [];
  for (const schema of schemas) {
    for (const table of ['outbox', 'parked']) {
      const waiting = await count(db, `${schema}.${table}`);
      if (waiting > 0) violations.push(`${schema}.${table} holds ${waiting}`);
    }
  }
  return { checked: schemas.length * 2, violations };
}

/** At-least-once: the same event may lie in Kafka twice. */
function once(events: readonly LoggedEvent[]): LoggedEvent[] {
  return [...new Map(events.map((event) => [`${event.subject} ${event.version}`, event])).values()];
}
