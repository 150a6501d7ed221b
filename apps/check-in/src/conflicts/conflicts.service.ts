import { Injectable } from '@nestjs/common';
import { type InputOf, instant, routes, id as uuid } from '@plenary/contracts';
import { Database } from '@plenary/messaging';
import { authorise, type Caller, cursorOf, encodeCursor } from '@plenary/platform';
import { z } from 'zod';
import { ConferenceBySlug } from '../known/conference-by-slug';
import { type ConflictRow, conflictColumns, describeConflicts } from './write-conflicts';

/** When the conflict was found that a list goes on after, and its id. */
const listedAfter = z.tuple([instant, uuid]);

@Injectable()
export class Conflicts {
  constructor(
    private readonly database: Database,
    private readonly conferences: ConferenceBySlug,
  ) {}

  /** Newest first. */
  async list({ params, query }: InputOf<typeof routes.listConflicts>, caller: Caller) {
    const { conferenceId } = await this.conferences.find(params.slug);
    authorise(caller, routes.listConflicts.who, { conferenceId });
    const [foundAt, conflictId] = cursorOf(query.cursor, listedAfter) ?? [null, null];
    const found = await this.database.query<ConflictRow>(
      `SELECT ${conflictColumns} FROM conflicts
       WHERE conference_id = $1 AND ($2::text IS NULL OR state = $2)
         AND ($3::timestamptz IS NULL OR (found_at, conflict_id) < ($3, $4::uuid))
       ORDER BY found_at DESC, conflict_id DESC LIMIT $5`,
      [conferenceId, query.state ?? null, foundAt, conflictId, query.limit + 1],
    );
    const page = found.slice(0, query.limit);
    const last = found.length > page.length ? page.at(-1) : undefined;
    return {
      items: await describeConflicts((sql, parameters) => this.database.query(sql, parameters), page),
      // found_at is written from JavaScript, to the millisecond: the cursor is exact.
      nextCursor: last ? encodeCursor([last.foundAt.toISOString(), last.conflictId]) : null,
    };
  }
}
