import { type Stay, type StaysOfPerson, staysChanged } from '@plenary/contracts';
import type { FoldedStay } from '@plenary/door-rules';
import { type OutgoingEvent, outgoing, rows, type Tx } from '@plenary/messaging';
import type { Ledger } from './ledger';

/**
 * Brings the stored stays of people to what the fold says. Answers the events that tell it, for those whose stays
 * changed; raises their versions.
 */
export async function writeStays(
  tx: Tx,
  folded: readonly { ledger: Ledger; stays: readonly FoldedStay[] }[],
  now: number,
): Promise<OutgoingEvent[]> {
  const changed = folded.filter(({ ledger, stays }) => !sameStays(ledger.stored, stays));
  if (changed.length === 0) return [];
  const gone: string[] = [];
  const fresh: (FoldedStay & { ledger: Ledger })[] = [];
  for (const { ledger, stays } of changed) {
    const after = new Map(stays.map((stay) => [stay.scanId, stay]));
    const before = new Map(ledger.stored.map((stay) => [stay.scanId, stay]));
    for (const stay of ledger.stored) if (!sameStay(stay, after.get(stay.scanId))) gone.push(stay.scanId);
    for (const stay of stays) if (!sameStay(stay, before.get(stay.scanId))) fresh.push({ ...stay, ledger });
    ledger.staysVersion += 1;
  }
  // Gone first, so that one that is open now never meets one that was.
  if (gone.length > 0) await rows(tx, 'DELETE FROM stays WHERE scan_id = ANY($1::uuid[])', [gone]);
  if (fresh.length > 0) {
    await rows(
      tx,
      `INSERT INTO stays (scan_id, registration_id, conference_id, level, sub_forum_id, gate_id, entered_at, detail,
         exited_at, exit)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[],
         $7::timestamptz[], $8::text[], $9::timestamptz[], $10::text[])`,
      [
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
      ],
    );
  }
  await rows(
    tx,
    `UPDATE badge_states b SET stays_version = c.version
     FROM unnest($1::uuid[], $2::int[]) AS c (registration_id, version) WHERE b.registration_id = c.registration_id`,
    [changed.map(({ ledger }) => ledger.registrationId), changed.map(({ ledger }) => ledger.staysVersion)],
  );
  return changed.map(({ ledger, stays }) => outgoing(staysChanged, staysOf(ledger, stays, now)));
}

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
