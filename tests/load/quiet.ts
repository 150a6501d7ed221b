import { setTimeout as pause } from 'node:timers/promises';
import { services } from '@plenary/contracts';
import { settled } from '@plenary/testing';
import type { Client } from 'pg';

const everyMs = 20;
const schemas = services.map((service) => service.replaceAll('-', '_'));
const sum = (of: (schema: string) => string) => schemas.map((schema) => `(${of(schema)})`).join(' + ');
const state = `
  SELECT (SELECT count(*) FROM registration.choices WHERE resend_at IS NOT NULL) AS open,
         ${sum((schema) => `SELECT count(*) FROM ${schema}.outbox`)} AS waiting,
         ${sum((schema) => `SELECT coalesce(sum(next_offset), 0) FROM ${schema}.consumer_offsets`)} AS heard`;

/**
 * Watches the system come to rest. Instants are ms since the epoch, exact to 20 ms: `outcomesAt`, every choice has its
 * outcome in registration's schema; `quietAt`, the last time that an outbox held anything or a consumer moved on. That
 * it really was the last is what `settled()` confirms (outboxes empty, lag zero).
 */
export async function comeToRest(database: Client, withinMs: number): Promise<{ outcomesAt: number; quietAt: number }> {
  const deadline = performance.now() + withinMs;
  let outcomesAt = Date.now();
  let quietAt = Date.now();
  let heard: string | undefined;
  let open = 1;
  while (performance.now() < deadline) {
    const [row] = (await database.query({ name: 'rest', text: state })).rows;
    open = Number(row.open);
    if (open > 0) outcomesAt = Date.now();
    if (Number(row.waiting) > 0 || row.heard !== heard || open > 0) quietAt = Date.now();
    heard = row.heard;
    if (Date.now() - quietAt > 500) {
      await settled(Math.max(1_000, deadline - performance.now()));
      const [after] = (await database.query({ name: 'rest', text: state })).rows;
      if (after.heard === heard) return { outcomesAt, quietAt };
    }
    await pause(everyMs);
  }
  throw new Error(`not at rest within ${withinMs / 1_000} s: ${open} choices without an outcome`);
}
