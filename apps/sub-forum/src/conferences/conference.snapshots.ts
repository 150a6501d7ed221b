import { Injectable } from '@nestjs/common';
import { conferenceSnapshot, topics } from '@plenary/contracts';
import { type OutgoingEvent, outgoing, rows, type SnapshotSource, type Tx } from '@plenary/messaging';
import { type ConferenceRow, conferenceColumns, conferenceState } from './conference.rows';

/** Repeats conferences, in order of id. */
@Injectable()
export class ConferenceSnapshots implements SnapshotSource {
  readonly topic = topics.conferences;

  async page(tx: Tx, after: string | null, limit: number) {
    const found = await rows<ConferenceRow>(
      tx,
      `SELECT ${conferenceColumns} FROM conferences WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2 FOR UPDATE`,
      [after, limit],
    );
    return { events: found.map(toEvent), next: found.length === limit ? (found.at(-1)?.id ?? null) : null };
  }

  async one(tx: Tx, subject: string): Promise<OutgoingEvent[]> {
    const found = await rows<ConferenceRow>(
      tx,
      `SELECT ${conferenceColumns} FROM conferences WHERE id::text = $1 FOR UPDATE`,
      [subject],
    );
    return found.map(toEvent);
  }
}

const toEvent = (row: ConferenceRow): OutgoingEvent => outgoing(conferenceSnapshot, conferenceState(row));
