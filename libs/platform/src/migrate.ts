import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ServiceName, services } from '@plenary/contracts';
import { messagingMigrations } from '@plenary/messaging';
import { Client } from 'pg';
import { AbstractLogger, DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';

/** The Postgres schema of a service: `check-in` -> `check_in`. */
export const schemaOf = (service: ServiceName): string => service.replaceAll('-', '_');
/** The login role of a service: `check-in` -> `plenary_check_in`. */
export const roleOf = (service: ServiceName): string => `plenary_${schemaOf(service)}`;
/** The variable that names a role's password: `check-in` -> `CHECK_IN_DB_PASSWORD`. */
export const passwordVariableOf = (service: ServiceName): string => `${schemaOf(service).toUpperCase()}_DB_PASSWORD`;

export interface MigrateOptions {
  /** Connection of a role that may create roles and schemas. */
  adminUrl: string;
  /**
   * Login passwords. Roles belong to the whole cluster: where none is given, an existing role keeps the one it has,
   * and a new one cannot sign in.
   */
  passwords: Partial<Record<ServiceName, string>>;
  services?: readonly ServiceName[];
  log?: (line: string) => void;
}

/** Any 64-bit number of our own; two runs in one database wait for each other. */
const LOCK = '8315161819140515';

/**
 * Brings a database to the present: roles, schemas, rights, then each schema's own migrations.
 * Safe to repeat and to run twice at once. Throws at the first statement that fails; what was applied before it stays.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const log = options.log ?? (() => {});
  const client = new Client({ connectionString: options.adminUrl });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await closeToOthers(client);
    for (const service of options.services ?? services) {
      await createSchema(client, service, options.passwords[service]);
      const applied = await applyMigrations(options.adminUrl, service);
      log(`${schemaOf(service)}: ${applied.length === 0 ? 'up to date' : `applied ${applied.join(', ')}`}`);
    }
  } finally {
    await client.end();
  }
}

/** Only roles that are named may connect, and nobody shares the schema `public`. */
async function closeToOthers(client: Client): Promise<void> {
  await atomically(client, async () => {
    await client.query(`REVOKE ALL ON DATABASE ${await databaseName(client)} FROM PUBLIC`);
    await client.query('REVOKE ALL ON SCHEMA public FROM PUBLIC');
  });
}

async function createSchema(client: Client, service: ServiceName, password: string | undefined): Promise<void> {
  const schema = schemaOf(service);
  const role = roleOf(service);
  const database = await databaseName(client);
  await atomically(client, async () => {
    const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
    if (known.rowCount === 0) {
      await client.query(`CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS`);
    }
    if (password !== undefined) {
      await client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
    }
  });
  await atomically(client, async () => {
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    await client.query(`REVOKE ALL ON SCHEMA ${schema} FROM PUBLIC`);
    await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${role}`);
    await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
    const defaults = `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT`;
    await client.query(`${defaults} SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role}`);
    await client.query(`${defaults} USAGE, SELECT ON SEQUENCES TO ${role}`);
    // So that every connection of the role, whoever opens it, finds its tables.
    await client.query(`ALTER ROLE ${role} IN DATABASE ${database} SET search_path = ${schema}`);
  });
}

/**
 * Roles and their rights live in catalogues of the whole cluster, where databases that are migrated at the same time
 * (tests are) meet in spite of the lock: such a collision is tried again.
 */
async function atomically(client: Client, work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await client.query('BEGIN');
    try {
      await work();
      await client.query('COMMIT');
      return;
    } catch (error) {
      await client.query('ROLLBACK');
      const { code, message } = error as { code?: string; message: string };
      const collided =
        code === '42710' ||
        code === '23505' ||
        code === '40P01' ||
        /tuple concurrently (updated|deleted)/.test(message);
      if (!collided || attempt === 20) throw error;
      await new Promise((resume) => setTimeout(resume, Math.random() * 20 * attempt));
    }
  }
}

async function databaseName(client: Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>('SELECT quote_ident(current_database()) AS name');
  return rows[0]?.name as string;
}

/** Runs what is new for one schema through TypeORM's executor; answers the names of what ran. */
async function applyMigrations(adminUrl: string, service: ServiceName): Promise<string[]> {
  const schema = schemaOf(service);
  const source = new DataSource({
    type: 'postgres',
    url: adminUrl,
    schema,
    migrations: migrationsOf(service),
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    logger: new Quiet(),
    extra: { max: 1, options: `-c search_path=${schema}` },
  });
  await source.initialize();
  try {
    // The service reads nothing of this table, and must not be able to rewrite history.
    await source.query(
      'CREATE TABLE IF NOT EXISTS migrations ("id" SERIAL PRIMARY KEY, "timestamp" bigint NOT NULL, "name" varchar NOT NULL)',
    );
    await source.query(`REVOKE ALL ON migrations FROM ${roleOf(service)}`);
    return (await source.runMigrations()).map(({ name }) => name);
  } finally {
    await source.destroy();
  }
}

/** What fails is thrown: it need not be printed as well. */
class Quiet extends AbstractLogger {
  protected writeLog(): void {}
}

type MigrationClass = new () => MigrationInterface;

/** All that belongs in the schema, in the order: messaging's, platform's, the service's own. */
function migrationsOf(service: ServiceName): MigrationClass[] {
  const root = repositoryRoot();
  return [
    messagingMigrations(),
    sqlIn(join(root, 'libs/platform/src/migrations'), 'platform'),
    sqlIn(join(root, 'apps', service, 'src/migrations'), service),
  ].flatMap((files, index) => files.map((file) => migrationClass(file, index + 1)));
}

function sqlIn(folder: string, origin: string): { name: string; sql: string }[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ name: `${origin}/${file.slice(0, -4)}`, sql: readFileSync(join(folder, file), 'utf8') }));
}

function migrationClass({ name, sql }: { name: string; sql: string }, order: number): MigrationClass {
  const number = /\/(\d{4})-[\w-]+$/.exec(name)?.[1];
  if (!number) throw new Error(`${name}.sql is not named like 0001-title.sql`);
  /** TypeORM orders by the 13 digits at the end: the origin, then the file's number. */
  const title = `${name}-${order}${number.padStart(12, '0')}`;
  return class implements MigrationInterface {
    readonly name = title;
    async up(runner: QueryRunner): Promise<void> {
      try {
        await runner.query(sql);
      } catch (error) {
        throw new Error(`${name}.sql: ${(error as Error).message}`, { cause: error });
      }
    }
    async down(): Promise<void> {
      throw new Error('Migrations go forward only: write a new one.');
    }
  };
}

/** The checkout (or image) that this file runs in, from `libs/` as from `dist/libs/`. */
export function repositoryRoot(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${__dirname}`);
    folder = parent;
  }
  return folder;
}
