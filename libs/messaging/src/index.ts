import type { ServiceName } from '@plenary/contracts';

export { afterCommit, Database, rows, type Tx } from './database';
export { isInfrastructureFailure, isSerialisationFailure, nameOf } from './failures';
export { type EventContext, OnEventChunk, OnEvents, type Received } from './handlers';
export { messagingMigrations } from './migrations';
export { type OutgoingEvent, outgoing, publish, publishAll } from './outbox';
export type { SnapshotSource } from './resync';
export { traceparent } from './trace';

export interface MessagingOptions {
  readonly service: ServiceName;
  readonly brokers: readonly string[];
  /** The service's own connection string: the relay and LISTEN take direct connections. */
  readonly databaseUrl: string;
  readonly schema: string;
}
