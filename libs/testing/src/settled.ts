import { services, topics } from '@plenary/contracts';
import { groupLag, readTopic, type TopicRecord, topicEnds } from '@plenary/messaging';
import { Client } from 'pg';
import { stack } from './stack';
import { until } from './until';
import { verifyAt } from './verify/verify';

const schemas = services.map((service) => service.replaceAll('-', '_'));

async function asAdmin<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: stack().databaseUrl });
  // The server is among what tests end.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** How many events the outboxes of all services hold. */
function waitingEvents(): Promise<number> {
  const sums = schemas.map((schema) => `(SELECT count(*) FROM ${schema}.outbox)`).join(' + ');
  return asAdmin(async (client) => Number((await client.query(`SELECT ${sums} AS waiting`)).rows[0].waiting));
}

export async function outboxesEmpty(): Promise<boolean> {
  return (await waitingEvents()) === 0;
}

/** How many events lie behind the offset rows of all services: what Kafka knows of them may be newer than what is stored. */
async function unheard(): Promise<number> {
  const ends = await topicEnds({ brokers: stack().brokers, topics: Object.values(topics).map(({ name }) => name) });
  const rows = schemas.map((schema) => `SELECT topic, partition, next_offset FROM ${schema}.consumer_offsets`);
  const stored = await asAdmin(async (client) => (await client.query(rows.join(' UNION ALL '))).rows);
  return stored.reduce((sum, { topic, partition, next_offset }) => {
    const end = ends.get(`${topic}/${partition}`) ?? BigInt(next_offset);
    return sum + Number(end - BigInt(next_offset));
  }, 0);
}

/** Until everything that was said has been heard: no outbox holds anything, no consumer is behind, twice in a row. */
export async function settled(timeoutMs = 30_000): Promise<void> {
  const { brokers } = stack();
  let calm = 0;
  await until(
    async () => {
      const open = (await waitingEvents()) || (await unheard());
      const lags = open > 0 ? [] : await Promise.all(services.map((service) => groupLag({ brokers, service })));
      calm = open === 0 && lags.every((lag) => lag.total === 0) ? calm + 1 : 0;
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
