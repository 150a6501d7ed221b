import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import { isDeadlock, isSerialisationFailure } from './failures';

/** An open transaction. */
export type Tx = EntityManager;

const maxAttempts = 5;

/** What a transaction does once it has committed; kept per query runner, so a retry starts with an empty one. */
interface AfterCommit {
  published: boolean;
  readonly callbacks: (() => void)[];
}
const pending = new WeakMap<QueryRunner, AfterCommit>();

/** A service's own schema. */
export class Database {
  private readonly publishedListeners: (() => void)[] = [];
  private readonly logger = new Logger(Database.name);

  /** For /metrics: transactions that PostgreSQL gave up for another's sake, since the start; each was run again. */
  private readonly met = { deadlocks: 0, serialisationFailures: 0 };

  constructor(readonly source: DataSource) {}

  stats(): { deadlocks: number; serialisationFailures: number } {
    return this.met;
  }

  /**
   * Runs `work` in one transaction. A deadlock (40P01) or serialisation failure (40001) runs the whole of it again,
   * up to 5 times; every other error rolls back and is thrown as it is.
   * After the commit the relay is woken when `work` published, then `afterCommit` callbacks run.
   * Inside `work` use only `tx`: `query` and another `transaction` take another connection.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const after: AfterCommit = { published: false, callbacks: [] };
      try {
        const result = await this.source.transaction(async (tx) => {
          pending.set(runnerOf(tx), after);
          return work(tx);
        });
        this.committed(after);
        return result;
      } catch (error) {
        if (!isSerialisationFailure(error)) throw error;
        this.met[isDeadlock(error) ? 'deadlocks' : 'serialisationFailures']++;
        if (attempt === maxAttempts) throw error;
        await delay(Math.random() * 10 * 2 ** attempt);
      }
    }
  }

  /** A read outside a transaction; always the rows. */
  async query<Row = Record<string, unknown>>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const runner = this.source.createQueryRunner();
    try {
      return (await runner.query(sql, parameters, true)).records as Row[];
    } finally {
      await runner.release();
    }
  }

  /** Is called after each commit that published something. */
  onPublished(listener: () => void): void {
    this.publishedListeners.push(listener);
  }

  private committed(after: AfterCommit): void {
    const callbacks = after.published ? [...this.publishedListeners, ...after.callbacks] : after.callbacks;
    for (const callback of callbacks) {
      try {
        callback();
      } catch (error) {
        // The transaction stands: its caller must not hear that it failed.
        this.logger.error('A callback after a commit failed', error instanceof Error ? error.stack : error);
      }
    }
  }
}

/** Runs a statement; always the rows (TypeORM alone answers `[rows, count]` for UPDATE and DELETE). */
export async function rows<Row = Record<string, unknown>>(
  tx: Tx,
  sql: string,
  parameters: unknown[] = [],
): Promise<Row[]> {
  return (await runnerOf(tx).query(sql, parameters, true)).records as Row[];
}

/** Runs `callback` once the transaction of `tx` has committed; never if it rolls back. Throws outside `Database.transaction`. */
export function afterCommit(tx: Tx, callback: () => void): void {
  const after = pending.get(runnerOf(tx));
  if (!after) throw new Error('afterCommit needs a transaction opened by Database.transaction');
  after.callbacks.push(callback);
}

/** Notes that this transaction published. Throws outside an open transaction. */
export function notePublished(tx: Tx): void {
  const runner = tx.queryRunner;
  const after = runner?.isTransactionActive ? pending.get(runner) : undefined;
  if (!after) throw new Error('An event is published inside Database.transaction only, with the state that it tells');
  after.published = true;
}

/** Has this transaction published so far? */
export function hasPublished(tx: Tx): boolean {
  return pending.get(runnerOf(tx))?.published === true;
}

function runnerOf(tx: Tx): QueryRunner {
  if (!tx.queryRunner) throw new Error('This needs an open transaction: use the `tx` of Database.transaction');
  return tx.queryRunner;
}
