import { type Networks, Problem } from '@plenary/platform';

const WINDOW_MS = 10_000;

/**
 * A coarse guard per address, in memory: it keeps one client from using up the gateway. The real limits, by device,
 * token and address, are the services' own.
 */
export class RateGuard {
  private readonly counts = new Map<string, number>();
  private windowEnds = 0;

  constructor(
    private readonly max: number,
    private readonly allowlist: Networks,
  ) {}

  /** 429 `rate_limited` with the seconds until the window ends. */
  take(address: string, now = Date.now()): void {
    if (this.allowlist.has(address)) return;
    if (now >= this.windowEnds) {
      this.counts.clear();
      this.windowEnds = now + WINDOW_MS;
    }
    const count = (this.counts.get(address) ?? 0) + 1;
    this.counts.set(address, count);
    if (count > this.max) {
      throw new Problem(429, 'rate_limited', 'Too many calls from this address. Wait a few seconds, then try again.', {
        retryAfterSeconds: Math.ceil((this.windowEnds - now) / 1000),
      });
    }
  }
}
