// Interface agreed before the implementation; each part moves to a file of its own.
import type { BodyOf, EventDefinition, ServiceName, Topic } from '@plenary/contracts';
import type { DataSource, EntityManager } from 'typeorm';

/** An open transaction. */
export type Tx = EntityManager;

/** database.ts: a service's own schema. */
export declare class Database {
  readonly source: DataSource;
  constructor(source: DataSource);
  /**
   * Runs `work` in one transaction. A deadlock or serialisation failure runs the whole of it again (up to 5 times).
   * After the commit the relay is woken when `work` published, then `afterCommit` callbacks run.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A read outside a transaction. */
  query<Row = Record<string, unknown>>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** Is called after each commit that published something. */
  onPublished(listener: () => void): void;
}
/** Runs a statement; always the rows (TypeORM alone answers `[rows, count]` for UPDATE and DELETE). */
export declare function rows<Row = Record<string, unknown>>(
  tx: Tx,
  sql: string,
  parameters?: unknown[],
): Promise<Row[]>;
/** Runs `callback` once the transaction of `tx` has committed; never if it rolls back. */
export declare function afterCommit(tx: Tx, callback: () => void): void;

/** outbox.ts */
export interface OutgoingEvent {
  readonly definition: EventDefinition;
  readonly body: Record<string, unknown>;
}
/** Pairs an event with a body, type-checked. */
export declare function outgoing<Event extends EventDefinition>(definition: Event, body: BodyOf<Event>): OutgoingEvent;
/** Writes an event into the outbox. Throws outside an open transaction, and when the body does not fit the contract. */
export declare function publish<Event extends EventDefinition>(
  tx: Tx,
  definition: Event,
  body: BodyOf<Event>,
): Promise<void>;
/** The same for many, in the given order, in one statement. */
export declare function publishAll(tx: Tx, events: readonly OutgoingEvent[]): Promise<void>;

/** handlers.ts */
export type Received<Event extends EventDefinition> = Event extends EventDefinition
  ? {
      readonly id: string;
      readonly type: Event['type'];
      readonly definition: EventDefinition;
      readonly body: BodyOf<Event>;
      readonly subject: string;
      readonly time: Date;
      readonly partition: number;
      readonly offset: string;
      readonly traceparent: string | undefined;
    }
  : never;
export interface EventContext {
  readonly tx: Tx;
  readonly topic: Topic;
}
/** Declares a method `(event: Received<…>, context: EventContext)` as handler of these events of the topic, one by one. */
export declare function OnEvents(topic: Topic, definitions: readonly EventDefinition[]): MethodDecorator;
/** The same for a hot path: `(events: Received<…>[], context: EventContext)`, in offset order, at most 500 at once. */
export declare function OnEventChunk(topic: Topic, definitions: readonly EventDefinition[]): MethodDecorator;

/** resync.ts: how an owner repeats its state. */
export interface SnapshotSource {
  readonly topic: Topic;
  /** The next page of snapshots after a cursor (null: from the start); rows are locked so that no change slips between. */
  page(tx: Tx, after: string | null, limit: number): Promise<{ events: OutgoingEvent[]; next: string | null }>;
  /** Snapshot(s) of one subject; empty where it does not exist. */
  one(tx: Tx, subject: string): Promise<OutgoingEvent[]>;
}

export interface MessagingOptions {
  readonly service: ServiceName;
  readonly brokers: readonly string[];
  /** The service's own connection string: the relay and LISTEN take direct connections. */
  readonly databaseUrl: string;
  readonly schema: string;
}
