import { setTimeout as pause } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import type { Config } from './config';
import { schemaOf } from './migrate';
import { PreparingClient } from './preparing-client';

/** Longest statement that a service may run, in ms: a hung one must not hold its connection. */
const STATEMENT_MS = 15_000;
/** How long a starting service waits for its database. */
const BOOT_MS = 30_000;

/** The service's own schema by its own role, with a bounded pool. */
export async function connect(config: Config): Promise<DataSource> {
  const schema = schemaOf(config.service);
  const until = Date.now() + BOOT_MS;
  for (;;) {
    const source = new DataSource({
      type: 'postgres',
      url: config.databaseUrl,
      schema,
      applicationName: `plenary-${config.service}`,
      // A connection that breaks while idle is replaced by the pool: nothing to do.
      poolErrorHandler: () => {},
      extra: {
        Client: PreparingClient,
        max: config.databasePool,
        options: `-c search_path=${schema}`,
        connectionTimeoutMillis: 3000,
        idleTimeoutMillis: 60_000,
        keepAlive: true,
        statement_timeout: STATEMENT_MS,
        // A server that was stopped applies no timeout of its own.
        query_timeout: STATEMENT_MS + 5_000,
        idle_in_transaction_session_timeout: STATEMENT_MS,
      },
    });
    try {
      return await source.initialize();
    } catch (error) {
      if (Date.now() > until) throw error;
      await pause(250);
    }
  }
}
