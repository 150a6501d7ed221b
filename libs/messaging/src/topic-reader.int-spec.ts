import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Topic } from '@plenary/contracts';
import { testKafka } from '@plenary/testing';
import { ensureTopics, readTopic, topicEnds } from './index';
import { putMessage } from './messages';

describe('reading a topic', () => {
  let brokers: string[];
  let topic: Topic;
  beforeAll(async () => {
    ({ brokers } = await testKafka());
    topic = { name: `test.reader.${randomUUID()}`, partitions: 6, owners: [] };
    await ensureTopics({ brokers, topics: [topic] });
    for (let n = 0; n < 24; n++) await putMessage(brokers, topic, { key: `${n}`, value: `{"n":${n}}` });
  }, 30_000);

  it('gives all there is, each partition in order, and tells where it ends', async () => {
    const found: number[] = [];
    const next = new Map<string, bigint>();
    for await (const { partition, offset, body } of readTopic({ brokers, topic: topic.name })) {
      const place = `${topic.name}/${partition}`;
      expect(BigInt(offset)).toBe(next.get(place) ?? 0n);
      next.set(place, BigInt(offset) + 1n);
      found.push((body as { n: number }).n);
    }
    expect(found.sort((one, other) => one - other)).toEqual(Array.from({ length: 24 }, (_, n) => n));
    const ends = await topicEnds({ brokers, topics: [topic.name] });
    expect(ends.size).toBe(6);
    for (const [place, end] of ends) expect(end).toBe(next.get(place) ?? 0n);
  }, 20_000);

  it('ends where the reader has seen enough', async () => {
    let read = 0;
    for await (const _ of readTopic({ brokers, topic: topic.name })) {
      read++;
      // Slow enough for the next partition's batch to be waiting by now.
      await delay(300);
      break;
    }
    expect(read).toBe(1);
  }, 20_000);
});
