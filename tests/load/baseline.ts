import { randomUUID } from 'node:crypto';
import { stack } from '@plenary/testing';
import { Client } from 'pg';
import type { Generator } from './load';

/** Rows a second, before and after what was measured beside it. */
export interface Baseline {
  readonly before: number;
  readonly after: number;
  readonly mean: number;
  /** Whether the machine was the same before and after: within 10 %. */
  readonly steady: boolean;
}

const connections = 16;
const seconds = 5;

/**
 * What the database under the system takes in single rows, each committed to disk, from 16 connections: a small table
 * like a row of the scan log. Everything else is judged beside that, since machines and their disks differ.
 */
export async function insertRate(generator: Generator): Promise<number> {
  // The same server, another database: its transactions are not counted among the system's.
  const database = new URL(stack().databaseUrl);
  database.pathname = '/postgres';
  const databaseUrl = database.href;
  const admin = new Client({ connectionString: databaseUrl });
  await admin.connect();
  try {
    const { rows } = await admin.query(
      `SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages`,
    );
    if (rows[0].fsync !== 'on' || rows[0].pages !== 'on') throw new Error('fsync or full_page_writes is off');
    await admin.query(`
      CREATE SCHEMA IF NOT EXISTS bench;
      DROP TABLE IF EXISTS bench.scans;
      CREATE TABLE bench.scans (
        scan_id uuid PRIMARY KEY DEFAULT gen_random_uuid(), conference_id uuid NOT NULL, registration_id uuid,
        gate_id uuid NOT NULL, direction text NOT NULL, scanned_at timestamptz NOT NULL, verdict text NOT NULL,
        answer jsonb NOT NULL)`);
    const done = await generator.inserts({
      databaseUrl,
      connections,
      seconds,
      statement:
        'INSERT INTO bench.scans (conference_id, registration_id, gate_id, direction, scanned_at, verdict, answer) ' +
        'VALUES ($1, $2, $3, $4, now(), $5, $6)',
      values: [randomUUID(), randomUUID(), randomUUID(), 'entry', 'admitted', answer],
    });
    const counted = Number((await admin.query('SELECT count(*) AS n FROM bench.scans')).rows[0].n);
    if (counted !== done.rows) throw new Error(`${done.rows} rows were inserted, but ${counted} are there`);
    return done.rows / done.seconds;
  } finally {
    await admin.query('DROP SCHEMA IF EXISTS bench CASCADE');
    await admin.end();
  }
}

export function baselineOf(before: number, after: number): Baseline {
  const steady = Math.abs(before - after) / Math.max(before, after) <= 0.1;
  return { before, after, mean: (before + after) / 2, steady };
}

const answer = JSON.stringify({
  verdict: 'admitted',
  detail: 'first',
  method: 'token',
  room: { inside: 1, cap: 500 },
  decidedAt: new Date(0).toISOString(),
});
