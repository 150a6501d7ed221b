import { randomUUID } from 'node:crypto';
import type { ServiceName } from '@plenary/contracts';
import { decode } from './incoming';
import { consumerGroup, kafkaClient } from './kafka-client';
import { silent } from './options';
import { withAdmin } from './topics-admin';

/** A message as it lies in its topic. */
export interface TopicRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | undefined;
  /** When the relay handed it to the broker, ms since the epoch. */
  readonly sentAt: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as JSON; undefined where it is none. */
  readonly body: unknown;
}

/**
 * Reads a topic from its start to where it ended when reading began, each partition in order, without leaving a
 * consumer group behind. For the checker and for tests: it keeps at most one fetch in memory.
 */
export async function* readTopic(options: {
  brokers: readonly string[];
  topic: string;
}): AsyncGenerator<TopicRecord, void, undefined> {
  const { brokers, topic } = options;
  const kafka = kafkaClient('plenary-reader', brokers, silent);
  const admin = kafka.admin();
  const groupId = `plenary.reader.${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 200, allowAutoTopicCreation: false });
  const batches = handOver<TopicRecord[]>();
  try {
    await admin.connect();
    const ends = new Map<number, bigint>();
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      if (BigInt(high) > BigInt(low)) ends.set(partition, BigInt(high));
    }
    if (ends.size === 0) return;

    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) batches.fail(payload.error);
    });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch, isRunning }) => {
        if (!ends.has(batch.partition) || !isRunning()) return;
        await batches.give(
          batch.messages.map((message) => {
            const { offset, key, headers, json } = decode(batch.partition, message);
            const sentAt = Number(message.timestamp);
            return { topic, partition: batch.partition, offset, key: key?.toString(), sentAt, headers, body: json };
          }),
        );
      },
    });
    while (ends.size > 0) {
      for (const record of await batches.take()) {
        const end = ends.get(record.partition);
        if (end === undefined || BigInt(record.offset) >= end) continue;
        if (BigInt(record.offset) === end - 1n) ends.delete(record.partition);
        yield record;
      }
    }
  } finally {
    // Also where the reader has left early: a batch that nobody takes would hold up the leaving.
    batches.fail(new Error('Reading has ended'));
    await consumer.disconnect().catch(() => {});
    await admin.deleteGroups([groupId]).catch(() => {});
    await admin.disconnect().catch(() => {});
  }
}

/** How far the consumer group of a service is behind, in events: in all, and of each partition that is. */
export async function groupLag(options: {
  brokers: readonly string[];
  service: ServiceName;
}): Promise<{ total: number; partitions: { topic: string; partition: number; lag: number }[] }> {
  return withAdmin(options.brokers, silent, Date.now() + 5_000, async (admin) => {
    const partitions: { topic: string; partition: number; lag: number }[] = [];
    const committed = await admin.fetchOffsets({ groupId: consumerGroup(options.service) });
    for (const { topic, partitions: offsets } of committed) {
      // -1: this service does not consume the partition (it commits at once what it takes up).
      const own = new Map(offsets.filter(({ offset }) => offset !== '-1').map((one) => [one.partition, one.offset]));
      if (own.size === 0) continue;
      for (const { partition, high } of await admin.fetchTopicOffsets(topic)) {
        const offset = own.get(partition);
        const lag = offset === undefined ? 0 : Number(BigInt(high) - BigInt(offset));
        if (lag !== 0) partitions.push({ topic, partition, lag });
      }
    }
    return { total: partitions.reduce((sum, { lag }) => sum + lag, 0), partitions };
  });
}

/** Where the logs of these topics end: the next offset of each partition, by `topic/partition`. */
export async function topicEnds(options: {
  brokers: readonly string[];
  topics: readonly string[];
}): Promise<Map<string, bigint>> {
  return withAdmin(options.brokers, silent, Date.now() + 5_000, async (admin) => {
    const ends = new Map<string, bigint>();
    for (const topic of options.topics) {
      for (const { partition, high } of await admin.fetchTopicOffsets(topic))
        ends.set(`${topic}/${partition}`, BigInt(high));
    }
    return ends;
  });
}

/** A hand-over of one thing at a time: the giver waits until it is taken. */
function handOver<T>() {
  let waiting: { value: T; taken: () => void }[] = [];
  let taker: ((value: T) => void) | undefined;
  let refuse: ((error: Error) => void) | undefined;
  let failure: Error | undefined;
  return {
    give: (value: T): Promise<void> =>
      new Promise((taken) => {
        if (failure) taken();
        else if (taker) {
          taker(value);
          taker = undefined;
          taken();
        } else waiting.push({ value, taken });
      }),
    take: (): Promise<T> =>
      new Promise((resolve, reject) => {
        const next = waiting.shift();
        if (next) {
          next.taken();
          resolve(next.value);
        } else if (failure) reject(failure);
        else [taker, refuse] = [resolve, reject];
      }),
    /** Lets every giver go and refuses the taker. */
    fail: (error: Error): void => {
      failure = error;
      for (const { taken } of waiting) taken();
      waiting = [];
      refuse?.(error);
    },
  };
}
