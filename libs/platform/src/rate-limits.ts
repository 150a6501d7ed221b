import { createHash } from 'node:crypto';
import type { RouteDefinition } from '@plenary/contracts';
import type { Database } from '@plenary/messaging';
import { Networks } from './address';
import { type Caller, callerKey } from './caller';
import { Problem } from './problem';

/** Counts are exchanged with the other replicas this often. */
const SYNC_MS = 250;

interface Bucket {
  readonly name: string;
  readonly windowStart: number;
  readonly endsAt: number;
  /** What all replicas counted, when last heard. */
  known: number;
  /** Counted here since. */
  fresh: number;
}

/**
 * Calls per caller, route and window: doors by device, delegates and leaders by their link, staff by person, anonymous
 * ones by address. Counted in memory and exchanged through the schema's table, so a limit may be passed by what the
 * other replicas took within 250 ms. While the table is away each replica counts for itself.
 */
export class RateLimits {
  private readonly buckets = new Map<string, Bucket>();
  private readonly exempt: Networks;
  private timer: NodeJS.Timeout | undefined;
  private syncing: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    allowlist: readonly string[],
  ) {
    this.exempt = new Networks(allowlist);
  }

  /** 429 `rate_limited` with the seconds until the window ends. */
  take(route: RouteDefinition, caller: Caller, address: string): void {
    if (!route.limit || this.exempt.has(address)) return;
    const { max, perSeconds } = route.limit;
    const now = Date.now();
    const windowMs = perSeconds * 1000;
    const windowStart = now - (now % windowMs);
    const who = caller.kind === 'anonymous' ? `address/${address}` : callerKey(caller);
    const key = `${route.id}|${who}`;
    let bucket = this.buckets.get(key);
    if (!bucket || bucket.windowStart !== windowStart) {
      // Hashed: an address is personal data.
      const name = createHash('sha256').update(key).digest('base64url');
      bucket = { name, windowStart, endsAt: windowStart + windowMs, known: 0, fresh: 0 };
      this.buckets.set(key, bucket);
    }
    if (bucket.known + bucket.fresh >= max) {
      throw new Problem(429, 'rate_limited', 'Too many calls in a short time. Wait, then try again.', {
        retryAfterSeconds: Math.max(1, Math.ceil((bucket.endsAt - now) / 1000)),
      });
    }
    bucket.fresh++;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.syncing = this.sync();
    }, SYNC_MS).unref();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    await this.syncing;
  }

  /** One statement for all that was counted; in order of name, so that replicas cannot deadlock. */
  private async sync(): Promise<void> {
    const now = Date.now();
    const dirty: { bucket: Bucket; counted: number }[] = [];
    for (const [key, bucket] of this.buckets) {
      if (bucket.endsAt <= now) this.buckets.delete(key);
      else if (bucket.fresh > 0) dirty.push({ bucket, counted: bucket.fresh });
    }
    if (dirty.length === 0) return;
    dirty.sort((a, b) => (a.bucket.name < b.bucket.name ? -1 : 1));
    try {
      const counts = await this.database.query<{ bucket: string; count: number }>(
        `INSERT INTO rate_limits AS known (bucket, window_start, ends_at, count)
         SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::int[])
         ON CONFLICT (bucket, window_start) DO UPDATE SET count = known.count + excluded.count
         RETURNING bucket, count`,
        [
          dirty.map(({ bucket }) => bucket.name),
          dirty.map(({ bucket }) => new Date(bucket.windowStart)),
          dirty.map(({ bucket }) => new Date(bucket.endsAt)),
          dirty.map(({ counted }) => counted),
        ],
      );
      const totals = new Map(counts.map(({ bucket, count }) => [bucket, count]));
      for (const { bucket, counted } of dirty) {
        bucket.fresh -= counted;
        bucket.known = totals.get(bucket.name) ?? bucket.known + counted;
      }
    } catch {
      // Counted here alone until the table is back.
    }
  }

  /** Forgets windows that are over, in the table. */
  async sweep(): Promise<void> {
    await this.database.query('DELETE FROM rate_limits WHERE ends_at < now()');
  }
}
