import { readFileSync, statSync } from 'node:fs';
import type { ServiceName } from '@plenary/contracts';
import { metricAt, type Sample, stack, until } from '@plenary/testing';
import { Client } from 'pg';
import { logFileOf, replicasOf } from './chaos';

/** What the delivery tests see from inside: the database as its superuser, and each replica's own metrics. */

export class Superuser {
  private constructor(private readonly client: Client) {}

  /** A session of its own, also for holding locks. */
  static async connect(): Promise<Superuser> {
    const client = new Client({ connectionString: stack().databaseUrl, application_name: 'delivery-test' });
    // PostgreSQL itself is among what is killed.
    client.on('error', () => {});
    await client.connect();
    return new Superuser(client);
  }

  /** Runs `work` in a session that is closed afterwards, whatever happens. */
  static async session<T>(work: (session: Superuser) => Promise<T>): Promise<T> {
    const session = await Superuser.connect();
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }

  async rows<Row = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.client.query(sql, parameters)).rows as Row[];
  }

  /** Rolls back what is open and gives its locks up. */
  async close(): Promise<void> {
    await this.client.end().catch(() => {});
  }
}

/** One query in a session of its own. */
export const asSuperuser = <Row = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> =>
  Superuser.session((session) => session.rows<Row>(sql, parameters));

/** The samples of one metric of a replica by its name. */
const metricOf = (service: ServiceName, replica: string, name: string): Promise<Sample[]> =>
  metricAt(stack().urls[service][replicasOf(service).indexOf(replica)] as string, name);

/** The first of the replicas (by name; all of the service unless said otherwise) for which `applies`. */
async function firstOf(
  service: ServiceName,
  what: string,
  applies: (replica: string) => Promise<boolean>,
  { but = '', timeoutMs = 30_000 }: { but?: string; timeoutMs?: number } = {},
): Promise<string> {
  // One that stands still would hold up the question.
  const asked = replicasOf(service).filter((replica) => replica !== but);
  return until(
    async () => {
      const answers = await Promise.all(asked.map((replica) => applies(replica).catch(() => false)));
      return asked.find((_, index) => answers[index]);
    },
    { what: `a replica of ${service} that ${what}`, timeoutMs },
  );
}

/** The replica, other than `but`, whose relay publishes the outbox of a service. */
export const relayOf = (service: ServiceName, more: { but?: string; timeoutMs?: number } = {}): Promise<string> =>
  firstOf(
    service,
    'is the active relay',
    async (replica) => (await metricOf(service, replica, 'plenary_relay_active')).some(({ value }) => value === 1),
    more,
  );

/** The replica, other than `but`, that consumes a partition. `topic`: its name in Kafka. */
export const holderOf = (
  service: ServiceName,
  topic: string,
  partition: number,
  more: { but?: string; timeoutMs?: number } = {},
): Promise<string> =>
  firstOf(
    service,
    `has ${topic}/${partition}`,
    async (replica) =>
      (await metricOf(service, replica, 'plenary_consumer_position')).some(
        ({ labels }) => labels.topic === topic && labels.partition === String(partition),
      ),
    more,
  );

/** The backends that wait for a lock with a statement that begins so. `application`: `plenary-…`. */
export async function waitingForLock(session: Superuser, application: string, statement = ''): Promise<number[]> {
  // Inside a transaction PostgreSQL shows the same picture again and again.
  await session.rows('SELECT pg_stat_clear_snapshot()');
  const found = await session.rows<{ pid: number }>(
    `SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock' AND query LIKE $2`,
    [application, `${statement}%`],
  );
  return found.map(({ pid }) => pid);
}

/** What a process has logged since now, asked for later. */
export function logFrom(replica: string): () => string {
  const file = logFileOf(replica);
  const from = statSync(file).size;
  return () => readFileSync(file).subarray(from).toString();
}
