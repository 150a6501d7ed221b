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
  const [isNew] = await takeKeys(tx, [{ key }]);
  if (!isNew) return repeated<T>(tx, key);
  const result = await work();
  await noteAnswer(tx, key, result);
  return result;
}

/**
 * The first half of `once` for many different keys in one statement: says of each, in their order, whether it is new.
 * A new key gets its answer here where that is known before the work is done, else by `noteAnswer` in the same
 * transaction; what was answered to the others is in `repeated`.
 */
export async function takeKeys(
  tx: Tx,
  asked: readonly { readonly key: IdempotencyKey; readonly answer?: unknown }[],
): Promise<boolean[]> {
  if (asked.length === 0) return [];
  const mine = await rows<{ scope: string; key: string }>(
    tx,
    `INSERT INTO idempotency_keys AS known (scope, key, request_hash, answer)
     -- In one order everywhere, so that no two transactions wait for each other's keys.
     SELECT scope, key, hash, answer::json FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
       AS asked (scope, key, hash, answer) ORDER BY scope, key
     ON CONFLICT (scope, key) DO UPDATE
       SET request_hash = EXCLUDED.request_hash, answer = EXCLUDED.answer, created_at = now()
       WHERE known.created_at < now() - interval '${KEPT}'
     RETURNING scope, key`,
    [
      asked.map(({ key }) => key.scope),
      asked.map(({ key }) => key.key),
      asked.map(({ key }) => key.requestHash),
      asked.map(({ answer }) => encoded(answer)),
    ],
  );
  const taken = new Set(mine.map(({ scope, key }) => `${scope} ${key}`));
  return asked.map(({ key: { scope, key } }) => taken.has(`${scope} ${key}`));
}

/** What a repeat of a taken key is answered with. */
export async function noteAnswer(tx: Tx, key: IdempotencyKey, answer: unknown): Promise<void> {
  await rows(tx, 'UPDATE idempotency_keys SET answer = $3 WHERE scope = $1 AND key = $2', [
    key.scope,
    key.key,
    encoded(answer),
  ]);
}

const encoded = (answer: unknown) => (answer === undefined ? null : JSON.stringify(answer));

/** The stored answer of a key that was taken before; 422 `idempotency_key_reused` if it was for another request. */
export async function repeated<T>(tx: Tx, key: IdempotencyKey): Promise<T> {
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
