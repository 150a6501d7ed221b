import { topics } from '@plenary/contracts';
import type { History, LoggedEvent } from './history';
import type { Check, Db } from './invariants';

const seatKey = `registration_id || '/' || sub_forum_id`;
const stayKey = (level: string) => `registration_id || ' ' || ${level} || ' ' || coalesce(sub_forum_id::text, 'null')`;

/** Counters that attendance keeps beside the rows they count: rows only where the two differ. */
const countChecks = {
  'seat counts at attendance': `
    SELECT sub_forum_id, kept.confirmed, kept.waitlisted, seats.confirmed AS confirmed_rows, seats.waitlisted AS waitlisted_rows
    FROM (SELECT sub_forum_id, sum(confirmed) AS confirmed, sum(waitlisted) AS waitlisted
          FROM attendance.known_seat_counts GROUP BY 1) kept
    FULL JOIN (SELECT sub_forum_id, count(*) FILTER (WHERE state = 'confirmed') AS confirmed,
                      count(*) FILTER (WHERE state = 'waitlisted') AS waitlisted
               FROM attendance.known_seats GROUP BY 1) seats USING (sub_forum_id)
    WHERE coalesce(kept.confirmed, 0) <> coalesce(seats.confirmed, 0)
       OR coalesce(kept.waitlisted, 0) <> coalesce(seats.waitlisted, 0)`,
  'stay counts at attendance': `
    SELECT conference_id, sub_forum_id, kept.open, kept.first_here, stays.open AS open_rows, stays.first_here AS first_rows
    FROM (SELECT conference_id, coalesce(sub_forum_id::text, 'venue') AS sub_forum_id, sum(open) AS open, sum(first_here) AS first_here
          FROM attendance.known_stay_counts GROUP BY 1, 2) kept
    FULL JOIN (SELECT conference_id, coalesce(sub_forum_id::text, 'venue') AS sub_forum_id,
                      count(*) FILTER (WHERE exited_at IS NULL) AS open, count(*) FILTER (WHERE first_here) AS first_here
               FROM attendance.known_stays GROUP BY 1, 2) stays USING (conference_id, sub_forum_id)
    WHERE coalesce(kept.open, 0) <> coalesce(stays.open, 0) OR coalesce(kept.first_here, 0) <> coalesce(stays.first_here, 0)`,
};

/**
 * Invariant 7: what a service holds is what the owners told last. The topics are folded here anew, by code that shares
 * nothing with the projections.
 */
export async function projections(db: Db, history: History): Promise<Check> {
  const latest = (topic: { name: string }): LoggedEvent[] =>
    [...history.latest].filter(([key]) => key.startsWith(`${topic.name} `)).map(([, event]) => event);
  const violations: string[] = [];
  let checked = 0;
  const compare = async (what: string, key: string, value: string, from: string, expected: Map<string, string>) => {
    const rows = await db(`SELECT ${key} AS key, ${value} AS value FROM ${from}`);
    const held = new Map(rows.map((row) => [row.key as string, row.value as string]));
    checked += expected.size;
    for (const [subject, told] of expected) {
      if (held.get(subject) !== told) {
        violations.push(`${what} ${subject}: holds ${held.get(subject) ?? 'nothing'}, was told ${told}`);
      }
    }
    for (const subject of held.keys()) if (!expected.has(subject)) violations.push(`${what} ${subject}: never told`);
  };

  const seats = new Map(latest(topics.seats).map((event) => [event.subject, event.body.state as string]));
  await compare('seat', seatKey, 'state', 'sub_forum.seats', seats);
  await compare('seat at check-in', seatKey, 'state', 'check_in.known_seats', seats);
  await compare('seat at attendance', seatKey, 'state', 'attendance.known_seats', seats);

  const badges = new Map(
    latest(topics.badges)
      .filter((event) => event.type.startsWith('badge.'))
      .map((event) => [event.subject, `${event.body.revision} ${event.body.state}`]),
  );
  for (const table of [
    'badge.badges',
    'check_in.known_badges',
    'registration.known_badges',
    'attendance.known_badges',
  ]) {
    await compare(`badge in ${table}`, 'registration_id::text', `revision || ' ' || state`, table, badges);
  }

  const registrations = new Map(
    latest(topics.registrations)
      .filter((event) => event.type !== 'registration.erased.v1')
      .map((event) => [event.subject, event.body.status as string]),
  );
  await compare('registration', 'id::text', 'status', 'registration.registrations', registrations);
  for (const table of [
    'check_in.known_registrations WHERE NOT erased',
    `attendance.known_registrations WHERE status <> 'erased'`,
  ]) {
    await compare(`registration in ${table}`, 'registration_id::text', 'status', table, registrations);
  }

  const open = new Map(
    latest(topics.checkIns)
      .filter((event) => event.type.startsWith('stays.'))
      .flatMap((event) =>
        (event.body.stays as { level: string; subForumId: string | null; exitedAt: string | null }[])
          .filter((stay) => stay.exitedAt === null)
          .map((stay) => [`${event.subject} ${stay.level} ${stay.subForumId}`, 'open'] as const),
      ),
  );
  await compare('open stay', stayKey('level'), `'open'`, 'check_in.stays WHERE exited_at IS NULL', open);
  const level = `CASE WHEN sub_forum_id IS NULL THEN 'venue' ELSE 'room' END`;
  await compare(
    'open stay at attendance',
    stayKey(level),
    `'open'`,
    'attendance.known_stays WHERE exited_at IS NULL',
    open,
  );
  for (const [counts, wrong] of Object.entries(countChecks)) {
    const rows = await db(wrong);
    checked += 1;
    for (const row of rows) violations.push(`${counts}: ${JSON.stringify(row)}`);
  }
  return { checked, violations };
}
