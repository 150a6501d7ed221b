import type { ServiceName } from '@plenary/contracts';
import { stack, until } from '@plenary/testing';
import { Client } from 'pg';
import { replicasOf } from './chaos';

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

/** The samples of one metric of a replica, each by its labels. */
export async function metricOf(
  service: ServiceName,
  replica: string,
  name: string,
): Promise<{ labels: Record<string, string>; value: number }[]> {
  const url = stack().urls[service][replicasOf(service).indexOf(replica)];
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(3_000) });
  if (!answer.ok) throw new Error(`${replica} answers ${answer.status} for its metrics`);
  const samples = [];
  for (const line of (await answer.text()).split('\n')) {
    const [, found, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (found !== name) continue;
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, text]) => [key, text]);
    samples.push({ labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) });
  }
  return samples;
}

/** The one replica for which `applies`; those that do not answer (frozen, down) count as not. */
async function theReplica(
  service: ServiceName,
  what: string,
  applies: (replica: string) => Promise<boolean>,
  timeoutMs = 30_000,
): Promise<string> {
  return until(
    async () => {
      const asked = await Promise.all(
        replicasOf(service).map(async (replica) => ((await applies(replica).catch(() => false)) ? [replica] : [])),
      );
      const found = asked.flat();
      return found.length === 1 ? found[0] : undefined;
    },
    { what: `one replica of ${service} that ${what}`, timeoutMs },
  );
}

/** The replica whose relay publishes the outbox of a service. */
export const relayOf = (service: ServiceName): Promise<string> =>
  theReplica(service, 'is the active relay', async (replica) =>
    (await metricOf(service, replica, 'plenary_relay_active')).some(({ value }) => value === 1),
  );

/** The replica that consumes a partition. `topic`: its name in Kafka. */
export const holderOf = (service: ServiceName, topic: string, partition: number): Promise<string> =>
  theReplica(service, `has ${topic}/${partition}`, async (replica) =>
    (await metricOf(service, replica, 'plenary_consumer_position')).some(
      ({ labels }) => labels.topic === topic && labels.partition === String(partition),
    ),
  );
