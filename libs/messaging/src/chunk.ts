import type { EventDefinition, ServiceName, Topic } from '@plenary/contracts';
import { type Database, hasPublished, rows, type Tx } from './database';
import type { EventContext, Received } from './handlers';
import { type Incoming, parse } from './incoming';
import { publishAll } from './outbox';
import { acceptGap, notices, type Parking, park, saveVersions, subjectStates, unpark } from './parking';
import { traceparent } from './trace';
import { after, judge, type SubjectState } from './versions';

/** A handler as the strategy collected it from Nest. */
export interface Handler {
  /** What it takes, by type. */
  readonly definitions: ReadonlyMap<string, EventDefinition>;
  readonly chunk: boolean;
  /** What a rebuild of the topic empties. */
  readonly tables: readonly string[];
  readonly call: (payload: unknown, context: EventContext) => Promise<unknown>;
}

/** Where the offset row of a partition stands before and after a chunk. */
export interface Span {
  readonly partition: number;
  readonly from: string;
  readonly to: string;
}

/** Consecutive messages of a partition, or of several partitions of one topic. */
export interface Chunk {
  readonly topic: Topic;
  readonly spans: readonly Span[];
  /** Those of a partition in offset order. A subject has one partition, so the order between partitions says nothing. */
  readonly events: readonly Incoming[];
  /** Set once the (only) event of the chunk has failed often enough. */
  readonly failed?: { readonly error: string; readonly tries: number };
}

/** Somebody else has moved the offset row: this replica has lost the partition, or had committed without hearing so. */
export class OffsetLost extends Error {
  override readonly name = 'OffsetLost';
}

export interface Outcome {
  applied: number;
  dropped: number;
  parked: Parking[];
}

/**
 * Handles a chunk in one transaction: move the offset rows on (by compare-and-set, which also locks the partitions
 * against other replicas and replay), sort events by the version rule, hand over, remember versions, park, commit.
 * Whatever is thrown has left nothing behind.
 *
 * A chunk that published nothing commits without waiting for the disk: should the server crash, the offset row is lost
 * together with what it stands for, and the same events are handled again.
 */
export async function handleChunk(
  database: Database,
  service: ServiceName,
  handlers: readonly Handler[],
  chunk: Chunk,
): Promise<Outcome> {
  return database.transaction(async (tx) => {
    const { topic } = chunk;
    await moveOffsets(tx, chunk);
    const states = await subjectStates(tx, topic, [...new Set(chunk.events.map((event) => event.subject))]);
    const plan = sort(chunk, states, handlers);
    await unpark(tx, topic, [...plan.superseded]);
    await handOver(tx, topic, handlers, plan.apply);
    await saveVersions(tx, topic, plan.versions, { durable: hasPublished(tx) });
    await park(tx, topic, plan.parked);
    for (const subject of plan.gapsAccepted) await acceptGap(tx, topic, subject, service);
    await publishAll(tx, notices(service, topic, plan.parked));
    return { applied: plan.apply.length, dropped: plan.dropped, parked: plan.parked };
  });
}

async function moveOffsets(tx: Tx, { topic, spans }: Chunk): Promise<void> {
  const moved = await rows(
    tx,
    `WITH asked AS (
       SELECT * FROM unnest($2::int[], $3::bigint[], $4::bigint[]) AS asked (partition, from_offset, to_offset)
     ), locked AS (
       SELECT partition FROM consumer_offsets
       WHERE topic = $1 AND partition = ANY($2::int[]) ORDER BY partition FOR UPDATE
     )
     UPDATE consumer_offsets SET next_offset = asked.to_offset, updated_at = now()
     FROM asked JOIN locked USING (partition)
     WHERE topic = $1 AND consumer_offsets.partition = asked.partition AND next_offset = asked.from_offset
     RETURNING 1`,
    [topic.name, spans.map((span) => span.partition), spans.map((span) => span.from), spans.map((span) => span.to)],
  );
  if (moved.length < spans.length) {
    const places = spans.map(({ partition, from }) => `${partition}@${from}`).join(', ');
    throw new OffsetLost(`${topic.name} does not stand at ${places} any more`);
  }
}

/** Decides for each event, in order, as if the ones before it had been handled. */
function sort(chunk: Chunk, known: ReadonlyMap<string, SubjectState>, handlers: readonly Handler[]) {
  const states = new Map(known);
  const apply: Received<EventDefinition>[] = [];
  const versions = new Map<string, number>();
  const superseded = new Set<string>();
  const gapsAccepted = new Set<string>();
  let parked: Parking[] = [];
  let dropped = 0;
  for (const event of chunk.events) {
    const state = states.get(event.subject) ?? { version: undefined, parked: undefined };
    const definition = definitionOf(handlers, event.type);
    const handled = definition !== undefined;
    const verdict = judge(state, { version: event.version, kind: event.kind, handled });
    let next = after(state, verdict);
    if (verdict.do === 'apply' || verdict.do === 'supersede') {
      const received = definition && parse(event, definition);
      const failure = chunk.failed
        ? ({ event, cause: 'handler_failed', ...chunk.failed } as const)
        : !received && (handled || event.type === '')
          ? ({ event, cause: 'unparsable', error: 'unparsable', tries: 1 } as const)
          : undefined;
      if (failure) {
        next = { version: state.version, parked: state.parked ?? failure.cause };
        parked.push(failure);
      } else {
        if (verdict.do === 'supersede') {
          superseded.add(event.subject);
          parked = parked.filter((parking) => parking.event.subject !== event.subject);
        }
        if (received) apply.push(received);
        if (next.version !== undefined) versions.set(event.subject, next.version);
      }
    } else if (verdict.do === 'park') {
      parked.push({ event, cause: verdict.cause, error: verdict.cause, tries: 0 });
    } else if (verdict.do === 'accept_gap') {
      gapsAccepted.add(event.subject);
    } else {
      dropped++;
    }
    states.set(event.subject, next);
  }
  return { apply, versions, superseded, gapsAccepted, parked, dropped };
}

export function definitionsByType(definitions: readonly unknown[]): ReadonlyMap<string, EventDefinition> {
  return new Map((definitions as readonly EventDefinition[]).map((definition) => [definition.type, definition]));
}

/** The contract of a type that a handler takes; undefined: none does. */
export function definitionOf(handlers: readonly Handler[], type: string): EventDefinition | undefined {
  return handlers.find((handler) => handler.definitions.has(type))?.definitions.get(type);
}

/** Gives each handler its events, in order: all at once, or one by one within the event's trace. */
export async function handOver(
  tx: Tx,
  topic: Topic,
  handlers: readonly Handler[],
  events: readonly Received<EventDefinition>[],
): Promise<void> {
  const context: EventContext = { tx, topic };
  for (const handler of handlers) {
    const own = events.filter((event) => handler.definitions.has(event.type));
    if (own.length === 0) continue;
    if (handler.chunk) {
      await handler.call(own, context);
      continue;
    }
    for (const event of own) {
      const call = () => handler.call(event, context);
      await (event.traceparent ? traceparent.run(event.traceparent, call) : call());
    }
  }
}
