import type { BodyOf, EventDefinition } from '@plenary/contracts';
import { v7 } from 'uuid';
import { notePublished, rows, type Tx } from './database';
import { traceparent } from './trace';

/** Kafka's default limit is 1 MiB for all that goes to one partition in one request, headers included. */
const maxBodyBytes = 900_000;

export interface OutgoingEvent {
  readonly definition: EventDefinition;
  readonly body: Record<string, unknown>;
  /** Which trace it belongs to; the current one if left out. */
  readonly traceparent?: string | undefined;
}

/** Pairs an event with a body, type-checked. */
export function outgoing<Event extends EventDefinition>(
  definition: Event,
  body: BodyOf<Event>,
  trace?: string,
): OutgoingEvent {
  return { definition: definition as unknown as EventDefinition, body, traceparent: trace };
}

/**
 * Writes an event into the outbox. Throws outside an open transaction, and when the body does not fit the contract.
 * Lock the subject's row first: only then is the order in the outbox the order of the commits.
 */
export async function publish<Event extends EventDefinition>(
  tx: Tx,
  definition: Event,
  body: BodyOf<Event>,
): Promise<void> {
  await publishAll(tx, [outgoing(definition, body)]);
}

/** The same for many, in the given order, in one statement. */
export async function publishAll(tx: Tx, events: readonly OutgoingEvent[]): Promise<void> {
  if (events.length === 0) return;
  notePublished(tx);
  const now = new Date();
  const trace = traceparent.getStore() ?? null;
  const columns = {
    topic: [] as string[],
    key: [] as string[],
    eventId: [] as string[],
    type: [] as string[],
    subject: [] as string[],
    traceparent: [] as (string | null)[],
    body: [] as string[],
  };
  for (const event of events) {
    const { definition } = event;
    const parsed = definition.body.safeParse(event.body);
    if (!parsed.success) {
      const where = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
      throw new Error(`The body of ${definition.type} does not fit its contract: ${where}`);
    }
    const body = JSON.stringify(parsed.data);
    if (Buffer.byteLength(body) > maxBodyBytes) {
      throw new Error(`The body of ${definition.type} is larger than ${maxBodyBytes} bytes, which no broker takes`);
    }
    columns.topic.push(definition.topic.name);
    columns.key.push(definition.key(parsed.data));
    columns.eventId.push(v7());
    columns.type.push(definition.type);
    columns.subject.push(definition.subject(parsed.data));
    columns.traceparent.push(event.traceparent ?? trace);
    columns.body.push(body);
  }
  // Sorted before the identity is drawn, so that ids follow the given order.
  await rows(
    tx,
    `INSERT INTO outbox (topic, key, event_id, type, subject, traceparent, body, time)
     SELECT topic, key, event_id, type, subject, traceparent, body::json, $8
     FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
          WITH ORDINALITY AS event (topic, key, event_id, type, subject, traceparent, body, n)
     ORDER BY n`,
    [...Object.values(columns), now],
  );
}
