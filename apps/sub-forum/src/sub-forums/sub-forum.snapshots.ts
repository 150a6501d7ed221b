import { Injectable } from '@nestjs/common';
import { subForumSnapshot, topics } from '@plenary/contracts';
import { type OutgoingEvent, outgoing, rows, type SnapshotSource, type Tx } from '@plenary/messaging';
import { type SubForumRow, subForumColumns, subForumState } from './sub-forum.rows';

/** Repeats sub-forums, in order of id. */
@Injectable()
export class SubForumSnapshots implements SnapshotSource {
  readonly topic = topics.subForums;

  async page(tx: Tx, after: string | null, limit: number) {
    const found = await rows<SubForumRow>(
      tx,
      `SELECT ${subForumColumns} FROM sub_forums WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2 FOR UPDATE`,
      [after, limit],
    );
    return { events: found.map(toEvent), next: found.length === limit ? (found.at(-1)?.id ?? null) : null };
  }

  async one(tx: Tx, subject: string): Promise<OutgoingEvent[]> {
    const found = await rows<SubForumRow>(
      tx,
      `SELECT ${subForumColumns} FROM sub_forums WHERE id::text = $1 FOR UPDATE`,
      [subject],
    );
    return found.map(toEvent);
  }
}

const toEvent = (row: SubForumRow): OutgoingEvent => outgoing(subForumSnapshot, subForumState(row));
