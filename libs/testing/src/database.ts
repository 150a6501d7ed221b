import { randomBytes } from 'node:crypto';
import type { ServiceName } from '@plenary/contracts';
import { Database } from '@plenary/messaging';
import { migrate, roleOf, schemaOf } from '@plenary/platform';
import { Client } from 'pg';
import { DataSource } from 'typeorm';

export interface TestDatabase {
  /** Connected as the service's own role. */
  readonly database: Database;
  /** For more connections as the service's own role. */
  readonly url: string;
  /** The superuser's, in the same database. */
  readonly adminUrl: string;
  /** Closes `database` and drops the database, whoever is still connected. */
  close(): Promise<void>;
}

/** A fresh database with the schema, role and migrations of `service`. */
export async function testDatabase(service: ServiceName): Promise<TestDatabase> {
  const cluster = process.env.TEST_DATABASE_URL;
  if (!cluster) {
    throw new Error('No PostgreSQL for tests: run through the jest project "integration" or set TEST_DATABASE_URL');
  }
  const schema = schemaOf(service);
  const name = `test_${schema}_${randomBytes(6).toString('hex')}`;
  const adminUrl = withDatabase(cluster, name);

  await asAdmin(cluster, (admin) => admin.query(`CREATE DATABASE ${name}`));
  await migrate({ adminUrl, passwords: {}, services: [service] });

  const url = asRole(adminUrl, roleOf(service), schema);
  const source = await new DataSource({ type: 'postgres', url, schema, extra: { max: 10 } }).initialize();
  return {
    database: new Database(source),
    url,
    adminUrl,
    close: async () => {
      if (source.isInitialized) await source.destroy();
      await asAdmin(cluster, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

async function asAdmin<T>(url: string, work: (admin: Client) => Promise<T>): Promise<T> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/**
 * Roles belong to the whole cluster, and tests of several checkouts may share one. So a test signs in as the superuser
 * and takes the service's role for the whole session: the rights are the role's, and no password is changed under
 * anybody's feet.
 */
function asRole(url: string, role: string, schema: string): string {
  const changed = new URL(url);
  changed.searchParams.set('options', `-c role=${role} -c search_path=${schema}`);
  return changed.href;
}
