import type { z } from 'zod';

/** The services that own a schema, in the order in which they are started. */
export const services = ['identity', 'sub-forum', 'registration', 'badge', 'check-in', 'attendance'] as const;
export type ServiceName = (typeof services)[number];

/** A Kafka topic. The partition count is fixed for life: changing it would break the order per key. */
export interface Topic {
  readonly name: string;
  readonly partitions: number;
  /** The services that may publish to it. */
  readonly owners: readonly ServiceName[];
}

/**
 * One event type: what it is called, where it goes and what its body holds.
 *
 * `key` decides the partition (and so what is kept in order), `subject` names the versioned unit:
 * versions are contiguous per (topic, subject). Events of one subject always share a key.
 */
export interface EventDefinition<Type extends string = string, Body extends z.ZodObject = z.ZodObject> {
  readonly type: Type;
  readonly topic: Topic;
  readonly body: Body;
  /** A snapshot repeats state with an unchanged version; it is only sent by a resync. */
  readonly snapshot: boolean;
  readonly key: (body: z.output<Body>) => string;
  readonly subject: (body: z.output<Body>) => string;
}

/** The body type of an event definition. */
export type BodyOf<Event extends EventDefinition> = z.output<Event['body']>;

/** Defines an event. `type` is past tense with a version (`seat.confirmed.v1`), or `*.snapshot.v1`. */
export function defineEvent<Type extends string, Body extends z.ZodObject>(definition: {
  type: Type;
  topic: Topic;
  body: Body;
  key: (body: z.output<Body>) => string;
  subject: (body: z.output<Body>) => string;
}): EventDefinition<Type, Body> {
  return { ...definition, snapshot: /\.snapshot\.v\d+$/.test(definition.type) };
}
