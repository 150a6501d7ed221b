import { Database } from '@plenary/messaging';
import { DataSource } from 'typeorm';

/**
 * For commands beside the running service: the schema of identity through `DATABASE_URL`, which names the service's
 * own role or the administrator's connection.
 */
export async function withOwnDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const url = process.env.DATABASE_URL;
  if (!url) throw new Error('DATABASE_URL is not set: it names the database with the schema of identity');
  const source = new DataSource({
    type: 'postgres',
    url,
    schema: 'identity',
    applicationName: 'plenary-identity-command',
    extra: { max: 2, options: '-c search_path=identity', connectionTimeoutMillis: 5000 },
  });
  await source.initialize();
  try {
    return await work(new Database(source));
  } finally {
    await source.destroy();
  }
}
