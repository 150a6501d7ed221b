import type { Topic } from '@plenary/contracts';
import { Partitioners } from 'kafkajs';
import { kafkaClient } from './kafka-client';
import { silent } from './options';

/** Bytes for a topic, of whatever kind. */
export interface BareMessage {
  readonly key: string | null;
  readonly value: string | Buffer | null;
  readonly headers?: Record<string, string>;
}

/**
 * Puts a message onto a topic as it is, past every outbox and every contract, and answers where it lies. Tests do so:
 * a service only publishes.
 */
export async function putMessage(
  brokers: readonly string[],
  topic: Topic,
  message: BareMessage,
): Promise<{ partition: number; offset: string }> {
  const producer = kafkaClient('plenary-test', brokers, silent).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  try {
    const [placed] = await producer.send({ topic: topic.name, acks: -1, messages: [message] });
    return { partition: placed?.partition ?? -1, offset: placed?.baseOffset ?? '-1' };
  } finally {
    await producer.disconnect();
  }
}
