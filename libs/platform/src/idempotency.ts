import { createHash } from 'node:crypto';
import { rows, type Tx } from '@plenary/messaging';
import { Problem } from './problem';

export interface IdempotencyKey {
  /** Caller, route and path: another caller's key is another key. */
  readonly scope: string;
  readonly key: string;
  /** SHA-256 of the canonical request. */
  readonly requestHash: string;
}

/** How long a key is remembered. */
const KEPT = '24 hours';

/**
 * Runs `work` once per key, inside the same transaction; a repeat gets the stored result, a concurrent one waits for
 * the first to commit. The result is kept as JSON: no tokens in it. Same key, other request: 422 `idempotency_key_reused`.
 */
export async function once<T>(tx: Tx, key: IdempotencyKey | undefined, work: () => Promise<T>): Promise<T> {
  if (key === undefined) return work();
  const mine = await rows(
    tx,
    `INSERT INTO idempotency_keys AS known (scope, key, request_hash) VALUES ($1, $2, $3)
     ON CONFLICT (scope, key) DO UPDATE SET request_hash = $3, answer = NULL, created_at = now()
       WHERE known.created_at < now() - interval '${KEPT}'
     RETURNING 1`,
    [key.scope, key.key, key.requestHash],
  );
  if (mine.length === 0) return repeated<T>(tx, key);
  const result = await work();
  await rows(tx, 'UPDATE idempotency_keys SET answer = $3 WHERE scope = $1 AND key = $2', [
    key.scope,
    key.key,
    result === undefined ? null : JSON.stringify(result),
  ]);
  return result;
}

async function repeated<T>(tx: Tx, key: IdempotencyKey): Promise<T> {
  const [known] = await rows<{ request_hash: string; answer: T | null }>(
    tx,
    'SELECT request_hash, answer FROM idempotency_keys WHERE scope = $1 AND key = $2',
    [key.scope, key.key],
  );
  if (known && known.request_hash !== key.requestHash) {
    throw new Problem(
      422,
      'idempotency_key_reused',
      'This Idempotency-Key was used for another request. Use a new key for a new request.',
    );
  }
  return (known?.answer ?? undefined) as T;
}

/** Forgets keys that are older than 24 h. */
export async function sweepIdempotencyKeys(tx: Tx): Promise<void> {
  await rows(tx, `DELETE FROM idempotency_keys WHERE created_at < now() - interval '${KEPT}'`);
}

/** SHA-256 over JSON with sorted keys; bytes are taken as they are. */
export function hashOf(request: unknown): string {
  return createHash('sha256').update(canonical(request)).digest('base64url');
}

function canonical(value: unknown): string {
  if (Buffer.isBuffer(value)) return `bytes:${createHash('sha256').update(value).digest('base64url')}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'undefined';
}
