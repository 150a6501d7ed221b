import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Database, type OutgoingEvent, publishAll, rows, type Tx } from '@plenary/messaging';
import { Changes } from '@plenary/platform';
import { type Asker, again, type Choice, choicesOf, isActive, release, saveChoices } from './choice';

const EVERY_MS = 5000;
const AT_ONCE = 500;

/** Asks again where no answer came for 30 s, and ends the wish to swap a seat whose sub-forum has started. */
@Injectable()
export class Resender implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger(Resender.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running;
  }

  private schedule(): void {
    this.timer = setTimeout(() => {
      this.running = this.run(new Date())
        .catch((error: Error) => this.log.warn(`could not look for unanswered requests: ${error.message}`))
        .then(() => {
          if (this.timer) this.schedule();
        });
    }, EVERY_MS).unref();
  }

  /** Any number of replicas may run it at once: each takes registrations that nobody else holds. */
  async run(now: Date): Promise<void> {
    while ((await this.resend(now)) > 0);
    await this.endSwaps(now);
  }

  /** Sends unanswered requests again under their own names; answers of how many registrations. */
  resend(now: Date): Promise<number> {
    return this.forEach(
      `id IN (SELECT registration_id FROM choices WHERE resend_at <= $1 ORDER BY resend_at LIMIT ${AT_ONCE})`,
      now,
      (asker, choices) => {
        const due = choices.filter((choice) => choice.resendAt && choice.resendAt <= now);
        return { changed: due, events: due.map((choice) => again(choice, asker, now)) };
      },
    );
  }

  /** A swap that still waits when its old sub-forum starts is withdrawn: nobody leaves a room that has begun. */
  private endSwaps(now: Date): Promise<number> {
    const started = `SELECT c.registration_id, c.sub_forum_id FROM choices c
      JOIN known_sub_forums s ON s.sub_forum_id = c.replaces
      WHERE c.replaces IS NOT NULL AND s.starts_at <= $1`;
    return this.forEach(
      `id IN (SELECT registration_id FROM (${started}) AS over LIMIT ${AT_ONCE})`,
      now,
      async (asker, choices, tx) => {
        const ended = await rows<{ sub_forum_id: string }>(tx, `${started} AND c.registration_id = $2`, [
          now,
          asker.id,
        ]);
        const over = choices.filter(
          (choice) => isActive(choice) && ended.some(({ sub_forum_id }) => sub_forum_id === choice.subForumId),
        );
        return { changed: over, events: over.flatMap((choice) => release(choice, asker, 'withdrawn', now)) };
      },
    );
  }

  private forEach(
    which: string,
    now: Date,
    work: (
      asker: Asker,
      choices: Choice[],
      tx: Tx,
    ) => { changed: Choice[]; events: OutgoingEvent[] } | Promise<{ changed: Choice[]; events: OutgoingEvent[] }>,
  ): Promise<number> {
    return this.database.transaction(async (tx) => {
      const askers = await rows<Asker>(
        tx,
        `SELECT id, conference_id AS "conferenceId", category FROM registrations
         WHERE ${which} ORDER BY id FOR UPDATE SKIP LOCKED`,
        [now],
      );
      const choices = await choicesOf(
        tx,
        askers.map((asker) => asker.id),
      );
      const changed: Choice[] = [];
      const events: OutgoingEvent[] = [];
      for (const asker of askers) {
        const done = await work(asker, [...(choices.get(asker.id)?.values() ?? [])], tx);
        changed.push(...done.changed);
        events.push(...done.events);
        if (done.changed.length > 0) this.changes.touch(tx, asker.id);
      }
      await saveChoices(tx, changed);
      await publishAll(tx, events);
      return askers.length;
    });
  }
}
