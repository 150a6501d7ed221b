import { dayOf, type Fold, type FoldedStay, foldStays, type Happening } from '@plenary/door-rules';
import { rows, type Tx } from '@plenary/messaging';

/** An `offline_double` that was found before. */
export interface KnownDouble {
  conflictId: string;
  state: 'open' | 'resolved' | 'withdrawn';
  scanIds: string[];
  version: number;
}

/** All that happened to one person at the doors of a conference, held under the person's lock. */
export interface Ledger {
  readonly registrationId: string;
  readonly conferenceId: string;
  readonly timeZone: string;
  /** Version of the stays told last; 0: none. */
  staysVersion: number;
  /** As the schema has them. */
  readonly stored: readonly FoldedStay[];
  readonly doubles: readonly KnownDouble[];
  /** Recorded or acted, not undone; in no order. What is decided now is added. */
  happenings: Happening[];
}

/** When a sub-forum's room is shut: its end plus the closing minutes of the gate that closes last. Epoch ms. */
export type Closings = ReadonlyMap<string, number>;

/** Locks people, sorted; makes the lock's row of those who were never at a door. Ids in the order of the locks. */
export async function lockPeople(tx: Tx, people: readonly { registrationId: string; conferenceId: string }[]) {
  const sorted = [...new Map(people.map((person) => [person.registrationId, person])).values()].sort((a, b) =>
    a.registrationId < b.registrationId ? -1 : 1,
  );
  if (sorted.length === 0) return [];
  const ids = sorted.map((person) => person.registrationId);
  const lock = () =>
    rows<{ registrationId: string; conferenceId: string; staysVersion: number }>(
      tx,
      `SELECT registration_id AS "registrationId", conference_id AS "conferenceId", stays_version AS "staysVersion"
       FROM badge_states WHERE registration_id = ANY($1::uuid[]) ORDER BY registration_id FOR UPDATE`,
      [ids],
    );
  const locked = await lock();
  if (locked.length === ids.length) return locked;
  // The first scan of somebody. Inserted in the order of the locks; whoever inserts first holds the lock.
  await rows(
    tx,
    `INSERT INTO badge_states (registration_id, conference_id)
     SELECT * FROM unnest($1::uuid[], $2::uuid[]) ON CONFLICT DO NOTHING`,
    [ids, sorted.map((person) => person.conferenceId)],
  );
  return lock();
}

/**
 * Reads what happened to people who are locked, and when the rooms are shut: those of the happenings and of
 * `subForumIds`. A statement of its own: one that locks and reads at once sees what was there before it waited. One for
 * all of it, since a scan waits for each.
 */
export async function readLedgers(
  tx: Tx,
  locked: readonly { registrationId: string; conferenceId: string; staysVersion: number }[],
  subForumIds: readonly string[] = [],
): Promise<{ ledgers: Map<string, Ledger>; closings: Closings }> {
  const [read] = await rows<{
    happenings: (Happening & Owned)[];
    stays: (Omit<FoldedStay, 'endedBy'> & Owned)[];
    doubles: (KnownDouble & Owned)[];
    zones: { conferenceId: string; timeZone: string }[];
    closings: { subForumId: string; closing: number }[];
  }>(tx, ledgerSql, [
    locked.map((person) => person.registrationId),
    [...new Set(locked.map((person) => person.conferenceId))],
    subForumIds,
  ]);
  const { happenings = [], stays = [], doubles = [], zones = [], closings = [] } = read ?? {};
  const of = <Row extends Owned>(list: Row[]) => Map.groupBy(list, (row) => row.registrationId);
  const [happeningsOf, staysOf, doublesOf] = [of(happenings), of(stays), of(doubles)];
  const zoneOf = new Map(zones.map((row) => [row.conferenceId, row.timeZone]));
  const ledgers = locked.map((person): [string, Ledger] => [
    person.registrationId,
    {
      ...person,
      timeZone: zoneOf.get(person.conferenceId) ?? 'UTC',
      happenings: happeningsOf.get(person.registrationId) ?? [],
      stored: (staysOf.get(person.registrationId) ?? []).map((stay) => ({ ...stay, endedBy: null })),
      doubles: doublesOf.get(person.registrationId) ?? [],
    },
  ]);
  return {
    ledgers: new Map(ledgers),
    closings: new Map(closings.map((row) => [row.subForumId, row.closing])),
  };
}

interface Owned {
  registrationId: string;
}

/** A column of instants as epoch milliseconds. */
export const milliseconds = (column: string) => `(extract(epoch FROM ${column}) * 1000)::bigint`;
/** Rows as one JSON list, so that several lists come with one answer. */
export const listOf = (select: string) => `(SELECT coalesce(json_agg(row), '[]') FROM (${select}) AS row)`;

const ledgerSql = `
  WITH happening AS MATERIALIZED (
    SELECT l.registration_id AS "registrationId", l.scan_id AS "scanId", ${milliseconds('l.corrected_at')} AS at,
      coalesce(a.outcome, l.outcome) AS did, l.gate_id AS "gateId", l.sub_forum_id AS "subForumId", l.detail
    FROM scan_log l LEFT JOIN scan_acts a USING (scan_id) LEFT JOIN scan_undos u USING (scan_id)
    WHERE l.registration_id = ANY($1::uuid[]) AND u.scan_id IS NULL AND coalesce(a.outcome, l.outcome) <> 'none'
  )
  SELECT ${listOf('SELECT * FROM happening')} AS happenings,
    ${listOf(`SELECT registration_id AS "registrationId", level, sub_forum_id AS "subForumId", scan_id AS "scanId",
      gate_id AS "gateId", ${milliseconds('entered_at')} AS "enteredAt", detail,
      ${milliseconds('exited_at')} AS "exitedAt", exit
      FROM stays WHERE registration_id = ANY($1::uuid[]) ORDER BY entered_at, scan_id`)} AS stays,
    ${listOf(`SELECT registration_id AS "registrationId", conflict_id AS "conflictId", state, scan_ids AS "scanIds",
      version FROM conflicts WHERE kind = 'offline_double' AND registration_id = ANY($1::uuid[])`)} AS doubles,
    ${listOf(`SELECT conference_id AS "conferenceId", time_zone AS "timeZone"
      FROM known_conferences WHERE conference_id = ANY($2::uuid[])`)} AS zones,
    ${listOf(`SELECT s.sub_forum_id AS "subForumId", ${milliseconds(`s.ends_at + coalesce((
        SELECT max(g.closes_after_minutes) FROM gates g WHERE g.sub_forum_id = s.sub_forum_id), 0) * interval '1 minute'`)} AS closing
      FROM known_sub_forums s
      WHERE s.sub_forum_id = ANY($3::uuid[]) OR s.sub_forum_id IN (SELECT "subForumId" FROM happening)`)} AS closings`;

/** The fold over a ledger, as far as `until`. */
export function foldOf(ledger: Ledger, closings: Closings, until: number, happenings = ledger.happenings): Fold {
  return foldStays(happenings, {
    until,
    closingOf: (subForumId) => closings.get(subForumId) ?? null,
    midnightAfter: (at) => dayOf(at, ledger.timeZone).ends,
  });
}
