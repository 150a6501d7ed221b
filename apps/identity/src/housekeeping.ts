import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database } from '@plenary/messaging';

const everyMs = 3_600_000;

/** Takes away what is of no use any more: old counters, ended sessions, dead links. */
@Injectable()
export class Housekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(Housekeeping.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: Database) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sweep(), everyMs).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  async sweep(): Promise<void> {
    try {
      await this.database.query(`DELETE FROM sign_in_attempts WHERE last_at < now() - interval '1 day'`);
      await this.database.query(`DELETE FROM refresh_families WHERE expires_at < now() - interval '7 days'`);
      await this.database.query(`DELETE FROM password_links WHERE expires_at < now() - interval '7 days'`);
    } catch (error) {
      // The next hour does.
      this.log.warn(`Housekeeping failed: ${error instanceof Error ? error.message : error}`);
    }
  }
}
