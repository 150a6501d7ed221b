import { Controller, Injectable } from '@nestjs/common';
import {
  conferenceAnnounced,
  conferenceSnapshot,
  gateChanged,
  gateSnapshot,
  subForumCancelled,
  subForumScheduled,
  subForumSnapshot,
  topics,
} from '@plenary/contracts';
import { Database, type EventContext, OnEventChunk, type Received, rows } from '@plenary/messaging';
import { Changes, Problem } from '@plenary/platform';
import { latest, PictureVersions, recordset } from './picture-versions';

type ConferenceTold = Received<typeof conferenceAnnounced | typeof conferenceSnapshot>;
type SubForumTold = Received<typeof subForumScheduled | typeof subForumCancelled | typeof subForumSnapshot>;
type GateTold = Received<typeof gateChanged | typeof gateSnapshot>;

/** Conferences, their sub-forums and their gates. */
@Controller()
export class ProgrammeEvents {
  constructor(
    private readonly versions: PictureVersions,
    private readonly changes: Changes,
  ) {}

  @OnEventChunk(topics.conferences, [conferenceAnnounced, conferenceSnapshot], { tables: ['known_conferences'] })
  async conferences(events: ConferenceTold[], context: EventContext) {
    await rows(
      context.tx,
      `INSERT INTO known_conferences AS known (conference_id, version, slug, name, time_zone)
       SELECT "conferenceId", version, slug, name, "timeZone"
       FROM json_to_recordset($1)
         AS told ("conferenceId" uuid, version int, slug text, name jsonb, "timeZone" text)
       ON CONFLICT (conference_id) DO UPDATE SET version = excluded.version, slug = excluded.slug, name = excluded.name,
         time_zone = excluded.time_zone
       WHERE known.version < excluded.version`,
      [recordset(latest(events))],
    );
    for (const { body } of events) this.changes.touch(context.tx, `slug/${body.slug}`);
    await this.versions.raise(context, events);
  }

  @OnEventChunk(topics.subForums, [subForumScheduled, subForumCancelled, subForumSnapshot], {
    tables: ['known_sub_forums'],
  })
  async subForums(events: SubForumTold[], context: EventContext) {
    await rows(
      context.tx,
      `INSERT INTO known_sub_forums AS known
         (sub_forum_id, version, conference_id, code, title, track, room, floor, starts_at, ends_at, state, capacity, room_cap)
       SELECT "subForumId", version, "conferenceId", code, title, track, room, floor, "startsAt", "endsAt", state, capacity,
              "roomCap"
       FROM json_to_recordset($1) AS told ("subForumId" uuid, version int, "conferenceId" uuid, code text, title jsonb,
              track text, room text, floor text, "startsAt" timestamptz, "endsAt" timestamptz, state text, capacity int,
              "roomCap" int)
       ON CONFLICT (sub_forum_id) DO UPDATE SET version = excluded.version, code = excluded.code, title = excluded.title,
         track = excluded.track, room = excluded.room, floor = excluded.floor, starts_at = excluded.starts_at,
         ends_at = excluded.ends_at, state = excluded.state, capacity = excluded.capacity, room_cap = excluded.room_cap
       WHERE known.version < excluded.version`,
      [recordset(latest(events))],
    );
    await this.versions.raise(context, events);
  }

  @OnEventChunk(topics.gates, [gateChanged, gateSnapshot], { tables: ['known_gates'] })
  async gates(events: GateTold[], context: EventContext) {
    await rows(
      context.tx,
      `INSERT INTO known_gates AS known (gate_id, version, conference_id, sub_forum_id, name)
       SELECT "gateId", version, "conferenceId", "subForumId", name
       FROM json_to_recordset($1)
         AS told ("gateId" uuid, version int, "conferenceId" uuid, "subForumId" uuid, name text)
       ON CONFLICT (gate_id) DO UPDATE SET version = excluded.version, sub_forum_id = excluded.sub_forum_id,
         name = excluded.name
       WHERE known.version < excluded.version`,
      [recordset(latest(events))],
    );
    await this.versions.raise(context, events);
  }
}

@Injectable()
export class Conferences {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  /** Waits up to 2 s for a conference that was announced a moment ago; 404 then. */
  async idOf(slug: string): Promise<string> {
    const found = await this.changes.waitFor(`slug/${slug}`, 2000, async () => {
      const [known] = await this.database.query<{ id: string }>(
        'SELECT conference_id AS id FROM known_conferences WHERE slug = $1',
        [slug],
      );
      return known?.id;
    });
    if (!found) throw Problem.notFound('conference');
    return found;
  }
}
