import { services, topics } from '@plenary/contracts';
import { groupLag, readTopic, type TopicRecord } from '@plenary/messaging';
import { Client } from 'pg';
import { stack } from './stack';
import { until } from './until';
import { verifyAt } from './verify/verify';

const schemas = services.map((service) => service.replaceAll('-', '_'));

/** How many events the outboxes of all services hold. */
async function waitingEvents(databaseUrl: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const sums = schemas.map((schema) => `(SELECT count(*) FROM ${schema}.outbox)`).join(' + ');
    return Number((await client.query(`SELECT ${sums} AS waiting`)).rows[0].waiting);
  } finally {
    await client.end();
  }
}

export async function outboxesEmpty(): Promise<boolean> {
  return (await waitingEvents(stack().databaseUrl)) === 0;
}

/** Until everything that was said has been heard: no outbox holds anything, no consumer is behind, twice in a row. */
export async function settled(timeoutMs = 30_000): Promise<void> {
  const { brokers, databaseUrl } = stack();
  let calm = 0;
  await until(
    async () => {
      const waiting = await waitingEvents(databaseUrl);
      const lags = waiting > 0 ? [] : await Promise.all(services.map((service) => groupLag({ brokers, service })));
      calm = waiting === 0 && lags.every((lag) => lag.total === 0) ? calm + 1 : 0;
      return calm >= 2 || undefined;
    },
    { what: 'outboxes empty and no lag', timeoutMs },
  );
}

/** How far a service is behind as Kafka knows it: from the offsets that its group has committed there. */
export function lagOf(service: (typeof services)[number]): ReturnType<typeof groupLag> {
  return groupLag({ brokers: stack().brokers, service });
}

/** Every event of a topic as it lies in Kafka now. */
export function topicEvents(topic: keyof typeof topics): AsyncGenerator<TopicRecord, void, undefined> {
  return readTopic({ brokers: stack().brokers, topic: topics[topic].name });
}

/** What must always hold, checked against the system under test. */
export function verify() {
  return verifyAt(stack());
}
