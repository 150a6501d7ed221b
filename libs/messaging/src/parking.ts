import { eventParked, resyncRequested, type ServiceName, type Topic, topics } from '@plenary/contracts';
import { v7 } from 'uuid';
import { rows, type Tx } from './database';
import { decode, type Incoming } from './incoming';
import { type OutgoingEvent, outgoing } from './outbox';
import type { ParkCause, SubjectState } from './versions';

/** An event to be set aside, and why. `error` is a class or code, never a message: those may hold personal data. */
export interface Parking {
  readonly event: Incoming;
  readonly cause: ParkCause;
  readonly error: string;
  readonly tries: number;
}

/** What is known of these subjects. Read it after the partition's offset row is locked, in a statement of its own. */
export async function subjectStates(
  tx: Tx,
  topic: Topic,
  subjects: readonly string[],
): Promise<Map<string, SubjectState>> {
  const known = await rows<{ subject: string; version: number | null; cause: ParkCause | null }>(
    tx,
    `SELECT asked.subject, known.version, head.cause
     FROM unnest($2::text[]) AS asked (subject)
     -- LIMIT keeps the planner from a join over the whole table, which it prefers while it believes that to be small.
     LEFT JOIN LATERAL (
       SELECT version FROM subject_versions
       WHERE subject_versions.topic = $1 AND subject_versions.subject = asked.subject LIMIT 1
     ) known ON true
     LEFT JOIN LATERAL (
       SELECT cause FROM parked WHERE parked.topic = $1 AND parked.subject = asked.subject ORDER BY "offset" LIMIT 1
     ) head ON true`,
    [topic.name, subjects],
  );
  return new Map(
    known.map((row) => [row.subject, { version: row.version ?? undefined, parked: row.cause ?? undefined }]),
  );
}

/** Remembers how far each subject is. Not durable: this transaction's commit does not wait for the disk. */
export async function saveVersions(
  tx: Tx,
  topic: Topic,
  versions: ReadonlyMap<string, number>,
  { durable }: { durable: boolean } = { durable: true },
): Promise<void> {
  if (versions.size === 0) return;
  await rows(
    tx,
    `INSERT INTO subject_versions (topic, subject, version)
     SELECT $1, heard.* FROM unnest($2::text[], $3::int[]) AS heard
     ${durable ? '' : `, set_config('synchronous_commit', 'off', true)`}
     ON CONFLICT (topic, subject) DO UPDATE SET version = EXCLUDED.version`,
    [topic.name, [...versions.keys()], [...versions.values()]],
  );
}

export async function park(tx: Tx, topic: Topic, parkings: readonly Parking[]): Promise<void> {
  for (const { event, cause, error, tries } of parkings) {
    await rows(
      tx,
      `INSERT INTO parked (topic, partition, "offset", key, subject, type, version, headers, body, cause, error, tries)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        topic.name,
        event.partition,
        event.offset,
        event.key,
        event.subject,
        event.type,
        event.version ?? null,
        JSON.stringify(event.headers),
        event.value,
        cause,
        error,
        tries,
      ],
    );
  }
}

/** Deletes all that is parked of these subjects: a newer state stands above it. */
export async function unpark(tx: Tx, topic: Topic, subjects: readonly string[]): Promise<void> {
  if (subjects.length === 0) return;
  await rows(tx, 'DELETE FROM parked WHERE topic = $1 AND subject = ANY($2::text[])', [topic.name, subjects]);
}

/** The first parked event of a subject, as it came. */
export async function headOfParked(tx: Tx, topicName: string, subject: string): Promise<Parking | undefined> {
  const [row] = await rows<{
    partition: number;
    offset: string;
    key: Buffer | null;
    headers: Record<string, string>;
    body: Buffer | null;
    cause: ParkCause;
    error: string;
    tries: number;
  }>(
    tx,
    `SELECT partition, "offset", key, headers, body, cause, error, tries FROM parked
     WHERE topic = $1 AND subject = $2 ORDER BY "offset" LIMIT 1`,
    [topicName, subject],
  );
  if (!row) return undefined;
  const { partition, offset, key, headers, body, cause, error, tries } = row;
  return { event: { ...decode(partition, { offset, key, value: body, headers }), subject }, cause, error, tries };
}

/** Asks this service to hand over what is parked of a subject. */
export async function queueReplay(tx: Tx, topicName: string, subject: string, requestedBy: string): Promise<void> {
  await rows(tx, `INSERT INTO repairs (id, kind, topic, subject, requested_by) VALUES ($1, 'replay', $2, $3, $4)`, [
    v7(),
    topicName,
    subject,
    requestedBy,
  ]);
}

/** The versions before the first parked one will never come: as if they had been heard, the parked ones are handed over. */
export async function acceptGap(tx: Tx, topic: Topic, subject: string, requestedBy: string): Promise<void> {
  const head = await headOfParked(tx, topic.name, subject);
  if (head?.event.version === undefined) return;
  await saveVersions(tx, topic, new Map([[subject, head.event.version - 1]]));
  await queueReplay(tx, topic.name, subject, requestedBy);
}

/** What the rest of the world hears: a notice for each, and a request to the owner for each new gap. */
export function notices(service: ServiceName, topic: Topic, parkings: readonly Parking[]): OutgoingEvent[] {
  // A notice about a notice would make the next one.
  if (topic.name === topics.deadLetters.name) return [];
  const at = new Date().toISOString();
  return parkings.flatMap(({ event, cause, error, tries }) => {
    const notice = outgoing(eventParked, {
      version: 1,
      noticeId: v7(),
      service,
      sourceTopic: topic.name,
      sourcePartition: event.partition,
      sourceOffset: event.offset,
      subject: event.subject,
      eventType: event.type,
      cause,
      tries,
      error,
      at,
    });
    return cause === 'version_gap' ? [notice, resyncOf(service, topic, event.subject)] : [notice];
  });
}

export function resyncOf(requestedBy: string, topic: Topic, subject: string | null): OutgoingEvent {
  return outgoing(resyncRequested, {
    version: 1,
    requestId: v7(),
    topic: topic.name,
    subject,
    requestedBy,
    at: new Date().toISOString(),
  });
}
