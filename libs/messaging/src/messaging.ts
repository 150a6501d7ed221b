import type { Database } from './database';
import { kafkaClient } from './kafka-client';
import { KafkaEventStrategy } from './kafka-strategy';
import type { MessagingLogger, MessagingOptions } from './options';
import { Relay } from './relay';
import type { SnapshotSource } from './resync';

/** All that a service needs to tell and to hear. */
export interface Messaging {
  /** `relay.start()` after the database is reachable; it needs no Kafka to start. */
  readonly relay: Relay;
  /** For `app.connectMicroservice({ strategy })`; `listen` returns at once and consumes in the background. */
  readonly strategy: KafkaEventStrategy;
  /** After HTTP has stopped: finishes the chunk in hand, leaves the group, empties the outbox (3 s at most), closes. */
  close(): Promise<void>;
  stats(): { relay: ReturnType<Relay['stats']>; consumer: ReturnType<KafkaEventStrategy['stats']> };
}

/**
 * Puts the parts together. `onFatal` is called at most once, when the consumer is dead for any reason but
 * infrastructure: end the process, it will be started again.
 */
export function createMessaging(
  options: MessagingOptions,
  database: Database,
  logger: MessagingLogger,
  snapshotSources: readonly SnapshotSource[],
  onFatal: (error: Error) => void,
): Messaging {
  const kafka = kafkaClient(`plenary-${options.service}`, options.brokers, logger);
  const relay = new Relay(options, database, kafka, logger);
  const strategy = new KafkaEventStrategy(options, kafka, database, logger, snapshotSources, onFatal);
  let closed: Promise<void> | undefined;
  return {
    relay,
    strategy,
    close: () => {
      closed ??= strategy.close().then(() => relay.stop());
      return closed;
    },
    stats: () => ({ relay: relay.stats(), consumer: strategy.stats() }),
  };
}
