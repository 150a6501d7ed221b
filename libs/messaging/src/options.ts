import type { ServiceName } from '@plenary/contracts';

export interface MessagingOptions {
  readonly service: ServiceName;
  readonly brokers: readonly string[];
  /** The service's own connection string: the relay and LISTEN take direct connections. */
  readonly databaseUrl: string;
  readonly schema: string;
  /**
   * How long a fetch waits for events, 2 s if left out. What arrives ends it at once, but a stop, a seek and a rebalance
   * wait for it; and more of them cost an idle system more than all else.
   */
  readonly fetchWaitMs?: number;
}

/** What messaging writes its log to; a pino logger is one. */
export interface MessagingLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** For tools that tell what they do in their own way. */
export const silent: MessagingLogger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
