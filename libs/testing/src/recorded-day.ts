import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import type { ServiceName } from '@plenary/contracts';
import { Database, type RecordedEvent, RecordedEvents } from '@plenary/messaging';
import { createApp, schemaOf } from '@plenary/platform';
import { pino } from 'pino';
import { testDatabase } from './database';

/** Every event of a small conference's day, as it lay in Kafka; tests/data/README.md says how it was recorded. */
export function recordedDay(): RecordedEvent[] {
  const lines = readFileSync(join(process.cwd(), 'tests/data/recorded-day.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as RecordedEvent);
}

/** An order in which a service may come to hear a day: what lies in one partition stays in order. */
export type Hearing = (day: readonly RecordedEvent[]) => RecordedEvent[];

/** Topic by topic, each whole, in the given order. */
export const topicByTopic =
  (order: (topics: string[]) => string[]): Hearing =>
  (day) => {
    const byTopic = Map.groupBy(day, ({ topic }) => topic);
    return order([...byTopic.keys()].sort()).flatMap((topic) => byTopic.get(topic) ?? []);
  };

/** All partitions of all topics mixed, the same way for the same seed. */
export const mixed =
  (seed: number): Hearing =>
  (day) => {
    const queues = [...Map.groupBy(day, ({ topic, partition }) => `${topic}/${partition}`).values()].map((one) => [
      ...one,
    ]);
    const order: RecordedEvent[] = [];
    for (let state = seed; order.length < day.length; ) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const left = queues.filter((queue) => queue.length > 0);
      order.push(left[state % left.length]?.shift() as RecordedEvent);
    }
    return order;
  };

/**
 * What a service holds after it has heard the day in this order, in a fresh database: the rows of these tables, sorted,
 * without the named columns. `before` brings in what the service itself had decided. Throws where anything was parked.
 */
export async function heldAfter(
  service: ServiceName,
  module: Type,
  hearing: Hearing,
  tables: Readonly<Record<string, readonly string[]>>,
  before: (database: Database) => Promise<void> = async () => {},
): Promise<Record<string, string[]>> {
  const test = await testDatabase(service);
  const secret = randomBytes(32).toString('base64url');
  Object.assign(process.env, {
    PORT: '0',
    DATABASE_URL: test.url,
    KAFKA_BROKERS: '127.0.0.1:1',
    IDENTITY_URL: 'http://127.0.0.1:1',
    LINK_KEY: secret,
    BADGE_KEY: secret,
    IDENTITY_KEY: secret,
  });
  const app = await createApp(module, service, pino({ level: 'silent' }));
  try {
    const database = app.get(Database);
    const recorded = new RecordedEvents(database, service);
    app.connectMicroservice({ strategy: recorded });
    await app.startAllMicroservices();
    await before(database);
    const day = recordedDay().filter(({ topic }) => recorded.topics.includes(topic));
    for (const event of hearing(day)) {
      const { parked } = await recorded.hear([event]);
      if (parked.length > 0) throw new Error(`${event.topic}/${event.partition}@${event.offset}: ${parked[0]?.cause}`);
    }
    const held: Record<string, string[]> = {};
    for (const [table, leftOut] of Object.entries(tables)) {
      const rows = await database.query<{ row: string }>(
        `SELECT (to_jsonb(t) - $1::text[])::text AS row FROM ${schemaOf(service)}.${table} t`,
        [leftOut],
      );
      held[table] = rows.map(({ row }) => row).sort();
    }
    return held;
  } finally {
    await app.close();
    await test.close();
  }
}
