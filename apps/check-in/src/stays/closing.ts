import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Database, publishAll, rows } from '@plenary/messaging';
import { Changes, problemOf } from '@plenary/platform';
import { refold } from './refold';

const everyMs = 5000;
const chunk = 200;
/** Any 64-bit number of our own: one replica closes at a time. */
const lock = '7214890035128840551';

/**
 * Ends the stays that time has ended (the sub-forum closed, midnight at the venue), so that counts are right at rest.
 * No scan depends on it: each folds what concerns it by itself.
 */
@Injectable()
export class Closing implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(Closing.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<unknown> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  /** Ends what is due, in chunks; answers how many people it looked at. */
  async closeDue(): Promise<number> {
    let closed = 0;
    for (;;) {
      const people = await this.closeSome();
      closed += people;
      if (people < chunk || this.stopped) return closed;
    }
  }

  private closeSome(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const [mine] = await rows<{ locked: boolean; now: Date }>(
        tx,
        'SELECT pg_try_advisory_xact_lock($1) AS locked, now() AS now',
        [lock],
      );
      if (!mine?.locked) return 0;
      const due = await rows<{ registrationId: string; conferenceId: string }>(tx, dueStays, [chunk]);
      if (due.length === 0) return 0;
      const events = await refold(tx, due, mine.now.getTime(), this.changes);
      await publishAll(tx, events);
      // Nothing ended: the query and the fold disagree; better to look again later than for ever.
      return events.length === 0 ? 0 : due.length;
    });
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.closeDue()
        .catch((error: unknown) => {
          // The database is away: the next round finds the same.
          if (problemOf(error).status !== 503) {
            this.logger.error('Stays could not be closed', error instanceof Error ? error.stack : error);
          }
        })
        .finally(() => this.schedule());
    }, everyMs).unref();
  }
}

/** People with an open stay that has ended; the same rule as the fold's. */
const dueStays = `
  WITH running AS (
    SELECT s.registration_id, s.conference_id, s.entered_at, coalesce(c.time_zone, 'UTC') AS zone,
      f.ends_at + coalesce((SELECT max(g.closes_after_minutes) FROM gates g
                            WHERE g.sub_forum_id = f.sub_forum_id), 0) * interval '1 minute' AS closing
    FROM stays s
    LEFT JOIN known_conferences c ON c.conference_id = s.conference_id
    LEFT JOIN known_sub_forums f ON f.sub_forum_id = s.sub_forum_id
    WHERE s.exited_at IS NULL
  )
  SELECT DISTINCT registration_id AS "registrationId", conference_id AS "conferenceId" FROM running
  WHERE CASE WHEN closing IS NOT NULL AND entered_at <= closing THEN now() > closing
        ELSE now() >= (date_trunc('day', entered_at AT TIME ZONE zone) + interval '1 day') AT TIME ZONE zone END
  LIMIT $1`;
