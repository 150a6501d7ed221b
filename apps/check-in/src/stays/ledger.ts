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

interface HappeningRow {
  registrationId: string;
  scanId: string;
  correctedAt: Date;
  outcome: Happening['did'];
  gateId: string;
  subForumId: string | null;
  detail: Happening['detail'];
}
interface StayRow {
  registrationId: string;
  level: FoldedStay['level'];
  subForumId: string | null;
  scanId: string;
  gateId: string;
  enteredAt: Date;
  detail: FoldedStay['detail'];
  exitedAt: Date | null;
  exit: FoldedStay['exit'];
}

/**
 * Reads what happened to people who are locked, in statements of its own: a statement that locks and reads at once
 * sees what was there before it waited.
 */
export async function readLedgers(
  tx: Tx,
  locked: readonly { registrationId: string; conferenceId: string; staysVersion: number }[],
): Promise<Map<string, Ledger>> {
  const ids = locked.map((person) => person.registrationId);
  if (ids.length === 0) return new Map();
  const happenings = await rows<HappeningRow>(
    tx,
    `SELECT l.registration_id AS "registrationId", l.scan_id AS "scanId", l.corrected_at AS "correctedAt",
       coalesce(a.outcome, l.outcome) AS outcome, l.gate_id AS "gateId", l.sub_forum_id AS "subForumId", l.detail
     FROM scan_log l LEFT JOIN scan_acts a USING (scan_id) LEFT JOIN scan_undos u USING (scan_id)
     WHERE l.registration_id = ANY($1::uuid[]) AND u.scan_id IS NULL AND coalesce(a.outcome, l.outcome) <> 'none'`,
    [ids],
  );
  const stays = await rows<StayRow>(
    tx,
    `SELECT registration_id AS "registrationId", level, sub_forum_id AS "subForumId", scan_id AS "scanId",
       gate_id AS "gateId", entered_at AS "enteredAt", detail, exited_at AS "exitedAt", exit
     FROM stays WHERE registration_id = ANY($1::uuid[]) ORDER BY entered_at, scan_id`,
    [ids],
  );
  const doubles = await rows<KnownDouble & { registrationId: string }>(
    tx,
    `SELECT registration_id AS "registrationId", conflict_id AS "conflictId", state, scan_ids AS "scanIds", version
     FROM conflicts WHERE kind = 'offline_double' AND registration_id = ANY($1::uuid[])`,
    [ids],
  );
  const zones = await rows<{ conferenceId: string; timeZone: string }>(
    tx,
    'SELECT conference_id AS "conferenceId", time_zone AS "timeZone" FROM known_conferences WHERE conference_id = ANY($1::uuid[])',
    [[...new Set(locked.map((person) => person.conferenceId))]],
  );
  const zoneOf = new Map(zones.map((row) => [row.conferenceId, row.timeZone]));
  const [happeningsOf, staysOf, doublesOf] = [happenings, stays, doubles].map((list) =>
    Map.groupBy(list as { registrationId: string }[], (row) => row.registrationId),
  ) as [Map<string, HappeningRow[]>, Map<string, StayRow[]>, Map<string, KnownDouble[]>];
  return new Map(
    locked.map((person) => [
      person.registrationId,
      {
        ...person,
        timeZone: zoneOf.get(person.conferenceId) ?? 'UTC',
        happenings: (happeningsOf.get(person.registrationId) ?? []).map((row) => ({
          scanId: row.scanId,
          at: row.correctedAt.getTime(),
          did: row.outcome,
          gateId: row.gateId,
          subForumId: row.subForumId,
          detail: row.detail,
        })),
        stored: (staysOf.get(person.registrationId) ?? []).map(({ registrationId: _, ...row }) => ({
          ...row,
          enteredAt: row.enteredAt.getTime(),
          exitedAt: row.exitedAt?.getTime() ?? null,
          endedBy: null,
        })),
        doubles: doublesOf.get(person.registrationId) ?? [],
      },
    ]),
  );
}

/** When the rooms of these sub-forums are shut. */
export async function closingsOf(tx: Tx, subForumIds: readonly string[]): Promise<Closings> {
  const found = await rows<{ subForumId: string; closing: Date }>(
    tx,
    `SELECT s.sub_forum_id AS "subForumId",
       s.ends_at + coalesce((SELECT max(g.closes_after_minutes) FROM gates g
                             WHERE g.sub_forum_id = s.sub_forum_id), 0) * interval '1 minute' AS closing
     FROM known_sub_forums s WHERE s.sub_forum_id = ANY($1::uuid[])`,
    [[...new Set(subForumIds)]],
  );
  return new Map(found.map((row) => [row.subForumId, row.closing.getTime()]));
}

/** The fold over a ledger, as far as `until`. */
export function foldOf(ledger: Ledger, closings: Closings, until: number, happenings = ledger.happenings): Fold {
  return foldStays(happenings, {
    until,
    closingOf: (subForumId) => closings.get(subForumId) ?? null,
    midnightAfter: (at) => dayOf(at, ledger.timeZone).ends,
  });
}
