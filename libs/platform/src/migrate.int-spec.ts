import { randomBytes } from 'node:crypto';
import { services } from '@plenary/contracts';
import { Client } from 'pg';
import { migrate, roleOf, schemaOf } from './migrate';

const cluster = process.env.TEST_DATABASE_URL as string;
const created: string[] = [];

async function asking<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function emptyDatabase(): Promise<string> {
  const name = `test_migrate_${randomBytes(6).toString('hex')}`;
  await asking(cluster, (client) => client.query(`CREATE DATABASE ${name}`));
  created.push(name);
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return url.href;
}

/** The rights of a role without its password: other checkouts may share the cluster, and its roles. */
const as = (url: string, role: string): string => {
  const changed = new URL(url);
  changed.searchParams.set('options', `-c role=${role}`);
  return changed.href;
};

afterAll(async () => {
  for (const name of created) {
    await asking(cluster, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  }
}, 60_000);

describe('migrate', () => {
  it('makes every schema with its tables, and a repeat changes nothing', async () => {
    const adminUrl = await emptyDatabase();
    const first: string[] = [];
    const second: string[] = [];
    await migrate({ adminUrl, passwords: {}, log: (line) => first.push(line) });
    await migrate({ adminUrl, passwords: {}, log: (line) => second.push(line) });

    expect(first).toHaveLength(services.length);
    expect(first.every((line) => line.includes('platform/0001-platform'))).toBe(true);
    expect(second).toEqual(services.map((service) => `${schemaOf(service)}: up to date`));
    const { rows } = await asking(adminUrl, (client) =>
      client.query(
        `SELECT table_schema FROM information_schema.tables WHERE table_name = 'idempotency_keys' ORDER BY table_schema`,
      ),
    );
    expect(rows.map((row) => row.table_schema)).toEqual(services.map(schemaOf).sort());
  }, 60_000);

  it('may run twice at once, also in two databases of one cluster', async () => {
    const [one, other] = await Promise.all([emptyDatabase(), emptyDatabase()]);
    const runs = [one, one, other, other].map((adminUrl) =>
      migrate({ adminUrl, passwords: {}, services: ['badge', 'identity'] }),
    );
    await expect(Promise.all(runs)).resolves.toHaveLength(4);
  }, 60_000);

  it('lets a role work in its own schema and nowhere else', async () => {
    const adminUrl = await emptyDatabase();
    await migrate({ adminUrl, passwords: {} });
    const role = roleOf('badge');
    await asking(as(adminUrl, role), async (client) => {
      await client.query('SET search_path = badge');
      await client.query("INSERT INTO idempotency_keys (scope, key, request_hash) VALUES ('a', 'b', 'c')");
      expect((await client.query('DELETE FROM badge.idempotency_keys')).rowCount).toBe(1);

      const refused = { code: '42501' };
      await expect(client.query('SELECT * FROM check_in.idempotency_keys')).rejects.toMatchObject(refused);
      await expect(client.query('INSERT INTO registration.outbox DEFAULT VALUES')).rejects.toMatchObject(refused);
      await expect(client.query('CREATE TABLE public.mine (id int)')).rejects.toMatchObject(refused);
      await expect(client.query('CREATE TABLE badge.mine (id int)')).rejects.toMatchObject(refused);
      await expect(client.query('CREATE SCHEMA mine')).rejects.toMatchObject(refused);
      await expect(client.query('SELECT * FROM badge.migrations')).rejects.toMatchObject(refused);
      await expect(client.query('DROP TABLE badge.outbox')).rejects.toMatchObject(refused);
    });
  }, 60_000);

  it('names the file that fails, and keeps what came before it', async () => {
    const adminUrl = await emptyDatabase();
    await asking(adminUrl, (client) => client.query('CREATE SCHEMA badge; CREATE TABLE badge.rate_limits (other int)'));
    await expect(migrate({ adminUrl, passwords: {}, services: ['badge'] })).rejects.toThrow(
      /platform\/0001-platform.*already exists/,
    );
    const { rows } = await asking(adminUrl, (client) => client.query('SELECT name FROM badge.migrations'));
    expect(rows.map((row) => row.name.replace(/-\d{13}$/, ''))).toEqual([
      'messaging/0001-messaging',
      'messaging/0002-rebuild',
    ]);
  }, 60_000);
});
