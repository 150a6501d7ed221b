import { setTimeout as delay } from 'node:timers/promises';
import { topics as contracted, type Topic } from '@plenary/contracts';
import type { Admin } from 'kafkajs';
import { kafkaClient } from './kafka-client';
import { type MessagingLogger, silent } from './options';

/** How long Kafka keeps an event: 30 days. Never longer than the erasure promise. */
export const retentionMs = 30 * 24 * 3_600_000;

export interface TopicsOptions {
  readonly brokers: readonly string[];
  readonly logger?: MessagingLogger;
  /** All topics of the contracts if left out. */
  readonly topics?: readonly Topic[];
  /** How long to wait for the broker and for leaders, 30 s if left out. */
  readonly timeoutMs?: number;
}

/**
 * Creates the topics that are missing and waits until every partition is served; may run any number of times.
 * A topic that exists with another partition count is refused: its keys would move to other partitions, and the order
 * per key would be lost.
 */
export async function ensureTopics(options: TopicsOptions): Promise<{ created: string[] }> {
  const wanted = options.topics ?? Object.values(contracted);
  const deadline = Date.now() + (options.timeoutMs ?? 30_000);
  return withAdmin(options.brokers, options.logger ?? silent, deadline, async (admin) => {
    const existing = new Set(await admin.listTopics());
    const missing = wanted.filter((topic) => !existing.has(topic.name));
    await admin.createTopics({
      waitForLeaders: false,
      topics: missing.map((topic) => ({
        topic: topic.name,
        numPartitions: topic.partitions,
        configEntries: [{ name: 'retention.ms', value: String(retentionMs) }],
      })),
    });
    for (let problem = ''; ; ) {
      try {
        problem = await unusable(admin, wanted);
        if (!problem) return { created: missing.map((topic) => topic.name) };
      } catch (error) {
        if (error instanceof PartitionMismatch) throw error;
        problem = error instanceof Error ? error.message : String(error);
      }
      if (Date.now() > deadline) throw new Error(`The topics are not usable yet: ${problem}`);
      await delay(100);
    }
  });
}

export class PartitionMismatch extends Error {
  override readonly name = 'PartitionMismatch';
}

/** The first reason why these topics cannot be used; empty: they can. */
async function unusable(admin: Admin, wanted: readonly Topic[]): Promise<string> {
  const { topics } = await admin.fetchTopicMetadata({ topics: wanted.map((topic) => topic.name) });
  for (const topic of wanted) {
    const found = topics.find(({ name }) => name === topic.name);
    if (!found || found.partitions.length === 0) return `${topic.name} is not there`;
    if (found.partitions.length !== topic.partitions) {
      throw new PartitionMismatch(
        `The topic ${topic.name} has ${found.partitions.length} partitions, the contract says ${topic.partitions}. ` +
          'Partition counts are fixed for life: keep the count of the contract, or start with new topics.',
      );
    }
    if (found.partitions.some(({ leader }) => leader < 0)) return `${topic.name} waits for a leader`;
    // A broker tells who leads a new partition a moment before it does so itself; until then it refuses this.
    await admin.fetchTopicOffsets(topic.name);
  }
  return '';
}

/** Runs `work` with an admin client, waiting for the broker until the deadline (Date.now() ms). */
export async function withAdmin<T>(
  brokers: readonly string[],
  logger: MessagingLogger,
  deadline: number,
  work: (admin: Admin) => Promise<T>,
): Promise<T> {
  for (;;) {
    const admin = kafkaClient('plenary-admin', brokers, logger).admin();
    try {
      await admin.connect();
      try {
        return await work(admin);
      } finally {
        await admin.disconnect().catch(() => {});
      }
    } catch (error) {
      // createTopics may fail while another process creates the same ones, or while the controller is still starting.
      if (error instanceof PartitionMismatch || Date.now() > deadline) throw error;
      await delay(250);
    }
  }
}
