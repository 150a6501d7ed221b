import { type Stay, type StaysOfPerson, staysChanged } from '@plenary/contracts';
import type { FoldedStay } from '@plenary/door-rules';
import { type OutgoingEvent, outgoing, rows, type Tx } from '@plenary/messaging';
import type { Ledger } from './ledger';
import { lockRooms, type RoomChanges, type RoomState } from './rooms';

/**
 * Brings the stored stays of people, and the counts of the places, to what the fold says. The places' locks are held, or
 * taken now, sorted. Answers the events that tell it, for those whose stays changed; raises their versions. `moved` is told of each place whose count changes.
 */
export async function writeStays(
  tx: Tx,
  folded: readonly { ledger: Ledger; stays: readonly FoldedStay[] }[],
  rooms: { changes: RoomChanges; held: ReadonlyMap<string, RoomState>; moved: (placeId: string) => void },
  now: number,
): Promise<OutgoingEvent[]> {
  const changed = folded.filter(({ ledger, stays }) => !sameStays(ledger.stored, stays));
  if (changed.length === 0) return [];
  const gone: string[] = [];
  const fresh: (FoldedStay & { ledger: Ledger })[] = [];
  for (const { ledger, stays } of changed) {
    const after = new Set(stays.map((stay) => stay.scanId));
    const before = new Map(ledger.stored.map((stay) => [stay.scanId, stay]));
    for (const { scanId } of ledger.stored) if (!after.has(scanId)) gone.push(scanId);
    for (const stay of stays) if (!sameStay(stay, before.get(stay.scanId))) fresh.push({ ...stay, ledger });
    ledger.staysVersion += 1;
  }
  const moved = [...rooms.changes].filter(([, change]) => change.inside !== 0 || change.admitted !== 0);
  await lockRooms(
    tx,
    moved.flatMap(([place]) => (rooms.held.has(place) ? [] : [place])),
  );
  // Gone and ended ones first, so that one that is open now never meets one that was.
  if (gone.length > 0) await rows(tx, 'DELETE FROM stays WHERE scan_id = ANY($1::uuid[])', [gone]);
  fresh.sort((a, b) => Number(a.exitedAt === null) - Number(b.exitedAt === null));
  await rows(tx, writeSql, [
    fresh.map((stay) => stay.scanId),
    fresh.map((stay) => stay.ledger.registrationId),
    fresh.map((stay) => stay.ledger.conferenceId),
    fresh.map((stay) => stay.level),
    fresh.map((stay) => stay.subForumId),
    fresh.map((stay) => stay.gateId),
    fresh.map((stay) => new Date(stay.enteredAt)),
    fresh.map((stay) => stay.detail),
    fresh.map((stay) => (stay.exitedAt === null ? null : new Date(stay.exitedAt))),
    fresh.map((stay) => stay.exit),
    changed.map(({ ledger }) => ledger.registrationId),
    changed.map(({ ledger }) => ledger.staysVersion),
    moved.map(([place]) => place),
    moved.map(([, change]) => change.inside),
    moved.map(([, change]) => change.admitted),
  ]);
  for (const [place] of moved) rooms.moved(place);
  return changed.map(({ ledger, stays }) => outgoing(staysChanged, staysOf(ledger, stays, now)));
}

const writeSql = `
  WITH told AS (
    UPDATE badge_states b SET stays_version = c.version
    FROM unnest($11::uuid[], $12::int[]) AS c (registration_id, version) WHERE b.registration_id = c.registration_id
  ), counted AS (
    UPDATE room_states r SET inside = r.inside + c.inside, admitted = r.admitted + c.admitted
    FROM unnest($13::uuid[], $14::int[], $15::int[]) AS c (place_id, inside, admitted) WHERE r.place_id = c.place_id
  )
  INSERT INTO stays (scan_id, registration_id, conference_id, level, sub_forum_id, gate_id, entered_at, detail,
    exited_at, exit)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[],
    $7::timestamptz[], $8::text[], $9::timestamptz[], $10::text[])
  ON CONFLICT (scan_id) DO UPDATE SET level = excluded.level, sub_forum_id = excluded.sub_forum_id,
    gate_id = excluded.gate_id, entered_at = excluded.entered_at, detail = excluded.detail,
    exited_at = excluded.exited_at, exit = excluded.exit`;

/** The whole list of a person's stays, as it is told. */
export function staysOf(
  person: Pick<Ledger, 'registrationId' | 'conferenceId' | 'staysVersion'>,
  stays: readonly FoldedStay[],
  now: number,
): StaysOfPerson {
  return {
    version: person.staysVersion,
    registrationId: person.registrationId,
    conferenceId: person.conferenceId,
    stays: stays.map(
      (stay): Stay => ({
        level: stay.level,
        subForumId: stay.subForumId,
        scanId: stay.scanId,
        gateId: stay.gateId,
        enteredAt: new Date(stay.enteredAt).toISOString(),
        detail: stay.detail,
        exitedAt: stay.exitedAt === null ? null : new Date(stay.exitedAt).toISOString(),
        exit: stay.exit,
      }),
    ),
    at: new Date(now).toISOString(),
  };
}

function sameStays(before: readonly FoldedStay[], after: readonly FoldedStay[]): boolean {
  return before.length === after.length && before.every((stay, index) => sameStay(stay, after[index]));
}

function sameStay(one: FoldedStay, other: FoldedStay | undefined): boolean {
  return (
    one.scanId === other?.scanId &&
    one.subForumId === other.subForumId &&
    one.gateId === other.gateId &&
    one.enteredAt === other.enteredAt &&
    one.detail === other.detail &&
    one.exitedAt === other.exitedAt &&
    one.exit === other.exit
  );
}
