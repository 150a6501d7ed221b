import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  type AnswerOf,
  type InputOf,
  type routes,
  type SubForum,
  type SubForumCard,
  startOfDay,
} from '@plenary/contracts';
import { Database } from '@plenary/messaging';
import { Answer, decodeCursor, encodeCursor, Problem } from '@plenary/platform';
import type { ConferenceRow } from '../conferences/conference.rows';
import { type Settings, type SubForumRow, toSubForum } from './sub-forum.rows';

type Query = InputOf<typeof routes.listSubForums>['query'];
type Page = AnswerOf<typeof routes.listSubForums>;
type Light = Omit<SubForumRow, 'settings'> & { starts_at: Date; room: string; code: string };

/** More than a busy installation has; each is a few kB. */
const remembered = 5000;

/** The programme as everybody polls it: order of start, room and code; filters; an ETag over versions and counters. */
@Injectable()
export class SubForumList {
  /** Settings by id, without the sessions' abstracts: a poll reads versions and counters alone. */
  private readonly settings = new Map<string, { version: number; settings: Settings }>();

  constructor(private readonly database: Database) {}

  async page(conference: Pick<ConferenceRow, 'id' | 'settings'>, query: Query): Promise<Answer<Page>> {
    const after = decodeCursor(query.cursor, 3);
    const { timeZone } = conference.settings;
    const day = query.day && ([startOfDay(query.day, timeZone), startOfDay(query.day, timeZone, 1)] as const);
    const wanted = (text: string | undefined) => text?.replaceAll('\0', '') ?? null;
    const found = await this.database.query<Light>(
      `SELECT id, conference_id, version, state, confirmed, waitlisted, reserved_used, next_place, import_guids,
              changed_at, starts_at, room, code
       FROM sub_forums
       WHERE conference_id = $1
         AND ($2::timestamptz IS NULL OR (starts_at >= $2 AND starts_at < $3))
         AND ($4::text IS NULL OR track = $4) AND ($5::text IS NULL OR room = $5) AND ($6::text IS NULL OR floor = $6)
         AND ($7::text IS NULL OR strpos(search, $7) > 0)
         AND ($8::text IS NULL OR state = $8)
         AND (NOT $9 OR (state = 'scheduled' AND ends_at > now() AND
              (admission = 'open' OR capacity IS NULL OR capacity - confirmed >
                CASE WHEN reserved_until IS NULL OR reserved_until > now() THEN greatest(0, reserved - reserved_used)
                     ELSE 0 END)))
         AND ($10::timestamptz IS NULL OR (starts_at, room, code COLLATE "C") > ($10, $11, $12))
       ORDER BY starts_at, room, code COLLATE "C" LIMIT $13`,
      [
        conference.id,
        day && new Date(day[0]),
        day && new Date(day[1]),
        wanted(query.track),
        wanted(query.room),
        wanted(query.floor),
        wanted(query.q?.toLowerCase()),
        query.state ?? null,
        query.available ?? false,
        instantOf(after?.[0]),
        after?.[1] ?? null,
        after?.[2] ?? null,
        query.limit + 1,
      ],
    );
    const items = await this.whole(found.slice(0, query.limit));
    const last = found.length > query.limit ? found[query.limit - 1] : undefined;
    const nextCursor = last ? encodeCursor([last.starts_at.toISOString(), last.room, last.code]) : null;
    // One tag for each form: what was read as cards is no whole list.
    const etag = tagOf(found, items, query.fields ?? 'all');
    return new Answer({ items: query.fields === 'card' ? items.map(cardOf) : items, nextCursor }, { etag });
  }

  private async whole(light: readonly Light[]): Promise<SubForum[]> {
    const missing = light.filter((row) => this.settings.get(row.id)?.version !== row.version).map((row) => row.id);
    if (missing.length > 0) {
      const read = await this.database.query<{ id: string; version: number; settings: Settings }>(
        'SELECT id, version, settings FROM sub_forums WHERE id = ANY ($1::uuid[])',
        [missing],
      );
      if (this.settings.size > remembered) this.settings.clear();
      for (const { id, version, settings } of read) this.settings.set(id, { version, settings: brief(settings) });
    }
    const now = Date.now();
    return light.flatMap((row) => {
      const known = this.settings.get(row.id);
      return known ? [toSubForum({ ...row, version: known.version, settings: known.settings }, now)] : [];
    });
  }
}

function brief(settings: Settings): Settings {
  return { ...settings, sessions: settings.sessions.map(({ abstract: _left, ...session }) => session) };
}

/** What a programme page shows of each; the rest stands on the sub-forum's own page. */
function cardOf({ abstract: _a, hosts: _h, supporters: _s, sessions: _t, crew: _c, ...card }: SubForum): SubForumCard {
  return card;
}

/** Of what can change: versions and counters, and the seats left, which also change with time. */
function tagOf(light: readonly Light[], items: readonly SubForum[], fields: string): string {
  const hash = createHash('sha256').update(`${fields}\n`);
  light.forEach((row, index) => {
    hash.update(`${row.id} ${row.version} ${row.confirmed} ${row.waitlisted} ${items[index]?.seatsLeft ?? '-'}\n`);
  });
  return `"${hash.digest('base64url').slice(0, 22)}"`;
}

/** The start in a cursor; one that is no instant of ours is refused like any other strange cursor. */
function instantOf(value: string | number | null | undefined): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value)))
    return value;
  throw new Problem(400, 'cursor_invalid', 'This cursor is not one of ours. Start again without `cursor`.');
}
