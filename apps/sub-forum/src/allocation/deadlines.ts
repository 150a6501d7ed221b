import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database, rows, type Tx } from '@plenary/messaging';
import { Changes } from '@plenary/platform';
import { Allocation } from './allocation.service';

const topic = 'schedule';
/** Deadlines that were missed for any reason are seen after this. */
const atLeastEveryMs = 5000;

/** To be called where a transaction sets an `endsAt` or a `reservedUntil`. */
export function scheduleChanged(tx: Tx, changes: Changes): void {
  changes.touch(tx, topic);
}

/**
 * What time alone decides: at `endsAt` those who still wait are refused, at `reservedUntil` reserved seats are given to
 * those who wait. Sleeps until the next such instant, or until a transaction sets another.
 */
@Injectable()
export class Deadlines implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Deadlines.name);
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private following: Promise<void> | undefined;
  private settling: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly allocation: Allocation,
  ) {}

  onApplicationBootstrap(): void {
    this.following = this.follow();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.following;
    await this.settling;
  }

  /** Settles every sub-forum whose deadline has passed while people wait; answers how many. */
  async settleDue(): Promise<number> {
    const due = await this.database.query<{ id: string }>(
      `SELECT id FROM sub_forums
       WHERE waitlisted > 0 AND (ends_at <= now() OR (reserved_until <= now() AND reserved > reserved_used
                                                      AND confirmed < capacity))
       ORDER BY ends_at, id`,
    );
    for (const { id } of due) {
      // One after another: a sub-forum is locked no longer than its own waitlist needs.
      await this.database.transaction(async (tx) => {
        const [mine] = await rows<{ locked: boolean }>(
          tx,
          `SELECT pg_try_advisory_xact_lock(hashtext('sub_forum.deadlines'), hashtext($1)) AS locked`,
          [id],
        );
        if (mine?.locked) await this.allocation.settle(tx, [id]);
      });
    }
    return due.length;
  }

  private async follow(): Promise<void> {
    for await (const _ of this.changes.watch(topic, this.stopping.signal)) await this.settleInTurn();
  }

  private settleInTurn(): Promise<void> {
    this.settling = this.settling.then(() => this.settleAndArm());
    return this.settling;
  }

  private async settleAndArm(): Promise<void> {
    let next = atLeastEveryMs;
    try {
      await this.settleDue();
      next = await this.untilNext();
    } catch (error) {
      if (!this.stopping.signal.aborted)
        this.logger.warn({ err: error }, 'deadlines could not be settled; trying again');
    }
    clearTimeout(this.timer);
    if (!this.stopping.signal.aborted) this.timer = setTimeout(() => void this.settleInTurn(), next);
  }

  private async untilNext(): Promise<number> {
    const [row] = await this.database.query<{ ms: number | null }>(
      `SELECT extract(epoch FROM least(
         (SELECT min(ends_at) FROM sub_forums WHERE ends_at > now()),
         (SELECT min(reserved_until) FROM sub_forums WHERE reserved_until > now())) - now())::float8 * 1000 AS ms`,
    );
    return Math.min(atLeastEveryMs, Math.ceil(row?.ms ?? atLeastEveryMs) + 1);
  }
}
