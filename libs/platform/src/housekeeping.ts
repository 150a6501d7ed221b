import { Injectable } from '@nestjs/common';
import { Database } from '@plenary/messaging';
import { sweepIdempotencyKeys } from './idempotency';
import { RateLimits } from './rate-limits';

const EVERY_MS = 10 * 60_000;

/** Forgets what has run out. Replicas may do it at once: deleting twice harms nothing. */
@Injectable()
export class Housekeeping {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly limits: RateLimits,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.sweep(), EVERY_MS * (0.9 + Math.random() * 0.2)).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async sweep(): Promise<void> {
    try {
      await this.limits.sweep();
      await this.database.transaction(sweepIdempotencyKeys);
    } catch {
      // The database is away: next time.
    }
  }
}
