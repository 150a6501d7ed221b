import { Injectable } from '@nestjs/common';
import { seatSnapshot, topics } from '@plenary/contracts';
import { type OutgoingEvent, outgoing, rows, type SnapshotSource, type Tx } from '@plenary/messaging';
import type { SeatRow } from './seats.store';

const select = `SELECT seats.*, sub_forums.conference_id FROM seats
                JOIN sub_forums ON sub_forums.id = seats.sub_forum_id`;

/**
 * Repeats seats, in order of sub-forum and registration. Seats change only under the lock of their sub-forum, so that
 * lock is taken first, and what is repeated is read after it.
 */
@Injectable()
export class SeatSnapshots implements SnapshotSource {
  readonly topic = topics.seats;

  async page(tx: Tx, after: string | null, limit: number) {
    const [subForumId, registrationId] = after?.split('/') ?? [null, null];
    const from = 'WHERE $1::uuid IS NULL OR (sub_forum_id, registration_id) > ($1, $2::uuid)';
    const order = 'ORDER BY sub_forum_id, registration_id LIMIT $3';
    const cursor = [subForumId, registrationId, limit];
    await rows(
      tx,
      `SELECT id FROM sub_forums WHERE id IN (SELECT sub_forum_id FROM (
         SELECT sub_forum_id FROM seats ${from} ${order}) AS coming) ORDER BY id FOR UPDATE`,
      cursor,
    );
    const found = await rows<SeatRow>(tx, `${select} ${from} ${order}`, cursor);
    const last = found.at(-1);
    return {
      events: found.map(toEvent),
      next: found.length === limit && last ? `${last.sub_forum_id}/${last.registration_id}` : null,
    };
  }

  /** A subject is `registrationId/subForumId`. */
  async one(tx: Tx, subject: string): Promise<OutgoingEvent[]> {
    const [registrationId, subForumId] = subject.split('/');
    await rows(tx, 'SELECT id FROM sub_forums WHERE id::text = $1 FOR UPDATE', [subForumId]);
    const found = await rows<SeatRow>(
      tx,
      `${select} WHERE seats.sub_forum_id::text = $1 AND registration_id::text = $2`,
      [subForumId, registrationId],
    );
    return found.map(toEvent);
  }
}

function toEvent(row: SeatRow): OutgoingEvent {
  return outgoing(seatSnapshot, {
    version: row.version,
    requestId: row.request_id,
    registrationId: row.registration_id,
    subForumId: row.sub_forum_id,
    conferenceId: row.conference_id,
    state: row.state,
    position: row.position,
    place: row.place,
    reason: row.reason,
    promoted: row.promoted,
    outOfTurn: row.out_of_turn,
    at: row.changed_at.toISOString(),
  });
}
