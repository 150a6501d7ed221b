import { Injectable } from '@nestjs/common';
import type { AnswerOf, InputOf, routes } from '@plenary/contracts';
import { Database, rows, type Tx } from '@plenary/messaging';
import { audit, authorise, type Caller, decodeCursor, encodeCursor, Problem } from '@plenary/platform';
import { promoteOutOfTurn } from '../allocation/allocate.rules';
import { lockQueues, withSeats, write } from '../allocation/seats.store';

/** Who waits for a seat, in order; and the one way past that order, which takes a reason and is told and audited. */
@Injectable()
export class Waitlist {
  constructor(private readonly database: Database) {}

  async list(
    caller: Caller,
    subForumId: string,
    query: InputOf<typeof routes.listWaitlist>['query'],
  ): Promise<AnswerOf<typeof routes.listWaitlist>> {
    const [subForum] = await this.database.query<{ conference_id: string }>(
      'SELECT conference_id FROM sub_forums WHERE id = $1',
      [subForumId],
    );
    if (!subForum) throw Problem.notFound('sub-forum');
    authorise(caller, ['organiser', 'cohost'], { conferenceId: subForum.conference_id, subForumId });
    const after = Number(decodeCursor(query.cursor, 1)?.[0] ?? 0);
    const found = await this.database.query<{
      registration_id: string;
      category: string;
      requested_at: Date;
      place: number;
      position: number;
    }>(
      `SELECT * FROM (
         SELECT registration_id, category, requested_at, place, (row_number() OVER (ORDER BY place))::int AS position
         FROM seats WHERE sub_forum_id = $1 AND state = 'waitlisted') AS waiter
       WHERE place > $2::float8 ORDER BY place LIMIT $3`,
      [subForumId, Number.isFinite(after) ? after : 0, query.limit + 1],
    );
    const items = found.slice(0, query.limit).map((row) => ({
      registrationId: row.registration_id,
      position: row.position,
      category: row.category,
      requestedAt: row.requested_at.toISOString(),
    }));
    const last = found.length > query.limit ? found[query.limit - 1] : undefined;
    return { items, nextCursor: last ? encodeCursor([last.place]) : null };
  }

  /** 404 `not_waiting`, 409 `sub_forum_full` when confirmed seats have reached the capacity. */
  async promote(
    caller: Caller,
    subForumId: string,
    registrationId: string,
    reason: string,
  ): Promise<AnswerOf<typeof routes.promoteOutOfTurn>> {
    const verdict = await this.database.transaction(async (tx) => {
      const [queue] = await lockQueues(tx, [subForumId]);
      if (!queue) throw Problem.notFound('sub-forum');
      authorise(caller, ['organiser', 'cohost'], { conferenceId: queue.conferenceId, subForumId });
      const now = Date.now();
      const passedOver = await waitingBefore(tx, subForumId, registrationId);
      const whole = await withSeats(
        tx,
        [queue],
        new Map([[subForumId, { registrationIds: [registrationId], releases: 0 }]]),
        now,
      );
      const seats = whole.get(subForumId);
      if (!seats) throw Problem.notFound('sub-forum');
      const decision = promoteOutOfTurn(seats, registrationId, now);
      // What was due anyway (the end, a passed `reservedUntil`) is written whatever becomes of this command.
      await write(tx, [{ queue, allocation: decision }], now);
      if (decision.verdict === 'promoted' || decision.verdict === 'in_turn') {
        await audit(tx, caller, {
          conferenceId: queue.conferenceId,
          action: 'waitlist.promote',
          target: { kind: 'registration', id: registrationId },
          reason,
          details: { subForumId, passedOver: decision.verdict === 'promoted' ? passedOver : 0 },
        });
      }
      return { ...decision, passedOver: decision.verdict === 'promoted' ? passedOver : 0 };
    });
    if (verdict.verdict === 'not_waiting')
      throw new Problem(
        404,
        'not_waiting',
        'This registration does not wait here (any more). Read the waitlist again.',
      );
    if (verdict.verdict === 'full') {
      throw new Problem(409, 'sub_forum_full', 'Every seat is taken. Raise the capacity, or wait for a release.');
    }
    return { registrationId, subForumId, state: 'confirmed', passedOver: verdict.passedOver };
  }
}

async function waitingBefore(tx: Tx, subForumId: string, registrationId: string): Promise<number> {
  const [row] = await rows<{ earlier: number }>(
    tx,
    `SELECT count(*)::int AS earlier FROM seats
     WHERE sub_forum_id = $1 AND state = 'waitlisted' AND place <
       (SELECT place FROM seats WHERE sub_forum_id = $1 AND registration_id = $2 AND state = 'waitlisted')`,
    [subForumId, registrationId],
  );
  return row?.earlier ?? 0;
}
