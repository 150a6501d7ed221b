import { Injectable } from '@nestjs/common';
import { Database, rows, type Tx } from '@plenary/messaging';
import { Problem } from '@plenary/platform';
import { mac, Secrets } from '../secrets';

/** Failures that cost nothing; each further one doubles the pause, from 2 seconds up to 5 minutes. */
const free = { pair: 10, account: 30, address: 100 };
const longestPauseSeconds = 300;
/** So long without a failure, and the count starts anew. */
const forgottenAfterMinutes = 30;

/**
 * Slows down guessing, in the schema and so for all replicas: per account and address together, and, more generously
 * (nobody should be able to lock others out; a venue is one address), per account and per address alone.
 */
@Injectable()
export class Attempts {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
  ) {}

  /**
   * Counts an attempt as failed before the password is looked at, so that a thousand at once are counted too.
   * Throws 429 `sign_in_slowed` while a pause lasts.
   */
  async begin(account: string, address: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const [bucket, allowed] of this.buckets(account, address)) {
        const pause = await countOne(tx, bucket, allowed);
        // Rolls back what the other buckets counted: waiting out a pause in vain must not lock anybody else out.
        if (pause > 0) {
          throw new Problem(429, 'sign_in_slowed', `Too many failed sign-ins; try again in ${pause} seconds.`, {
            retryAfterSeconds: pause,
          });
        }
      }
    });
  }

  /** The attempt was good after all: it is taken back, and the pair starts anew. */
  async succeeded(account: string, address: string): Promise<void> {
    const buckets = this.buckets(account, address).map(([bucket]) => bucket);
    const pair = buckets.filter((bucket) => bucket.startsWith('pair/'));
    await this.database.transaction((tx) =>
      rows(
        tx,
        `WITH locked AS (SELECT bucket FROM sign_in_attempts WHERE bucket = ANY($1) ORDER BY bucket FOR UPDATE)
         UPDATE sign_in_attempts a
         SET failures = CASE WHEN a.bucket = ANY($2) THEN 0 ELSE greatest(a.failures - 1, 0) END, blocked_until = 'epoch'
         FROM locked WHERE a.bucket = locked.bucket`,
        [buckets, pair],
      ),
    );
  }

  /** In order of their names: the lock order. */
  private buckets(account: string, address: string): [bucket: string, free: number][] {
    const hash = (...parts: string[]) => mac(this.secrets.attempts, ...parts).toString('base64url');
    return [
      [`account/${hash(account)}`, free.account],
      [`address/${hash(address)}`, free.address],
      [`pair/${hash(account, address)}`, free.pair],
    ];
  }
}

/** Counts one and answers 0; where the bucket is blocked it counts nothing and answers the seconds that are left. */
async function countOne(tx: Tx, bucket: string, allowed: number): Promise<number> {
  // clock_timestamp(), not now(): of two that begin together the later may commit first.
  const counted = await rows(
    tx,
    `INSERT INTO sign_in_attempts AS a (bucket, failures, last_at, blocked_until) VALUES ($1, 1, now(), 'epoch')
     ON CONFLICT (bucket) DO UPDATE SET
       failures = CASE WHEN a.last_at < now() - make_interval(mins => $2) THEN 1 ELSE a.failures + 1 END,
       last_at = now(),
       blocked_until = CASE
         WHEN a.last_at < now() - make_interval(mins => $2) OR a.failures < $3 THEN 'epoch'::timestamptz
         ELSE clock_timestamp() + make_interval(secs => least($4, power(2, least(a.failures + 1 - $3, 20))))
       END
     WHERE a.blocked_until <= clock_timestamp()
     RETURNING bucket`,
    [bucket, forgottenAfterMinutes, allowed, longestPauseSeconds],
  );
  if (counted.length > 0) return 0;
  const [blocked] = await rows<{ seconds: number }>(
    tx,
    `SELECT ceil(extract(epoch FROM blocked_until - clock_timestamp()))::int AS seconds FROM sign_in_attempts WHERE bucket = $1`,
    [bucket],
  );
  return Math.max(blocked?.seconds ?? 1, 1);
}
