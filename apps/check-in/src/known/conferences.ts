import { Controller } from '@nestjs/common';
import { conferenceAnnounced, conferenceSnapshot, topics } from '@plenary/contracts';
import { type EventContext, OnEventChunk, type Received, rows } from '@plenary/messaging';
import { Changes } from '@plenary/platform';
import { ensureGates, inOneLanguage } from '../gates/automatic-gates';
import { latest } from './latest';

@Controller()
export class KnownConferences {
  constructor(private readonly changes: Changes) {}

  @OnEventChunk(topics.conferences, [conferenceAnnounced, conferenceSnapshot], { tables: ['known_conferences'] })
  async heard(events: Received<typeof conferenceAnnounced>[], { tx }: EventContext): Promise<void> {
    const conferences = latest(events).map(({ body }) => body);
    await rows(
      tx,
      `INSERT INTO known_conferences (conference_id, slug, time_zone, categories, mode, state)
       SELECT * FROM json_to_recordset($1::json)
         AS c (conference_id uuid, slug text, time_zone text, categories jsonb, mode text, state text)
       ON CONFLICT (conference_id) DO UPDATE SET slug = excluded.slug, time_zone = excluded.time_zone,
         categories = excluded.categories, mode = excluded.mode, state = excluded.state`,
      [
        JSON.stringify(
          conferences.map((body) => ({
            conference_id: body.conferenceId,
            slug: body.slug,
            time_zone: body.timeZone,
            categories: body.categories.map(({ key, admits }) => ({ key, admits })),
            mode: body.mode,
            state: body.state,
          })),
        ),
      ],
    );
    await ensureGates(
      tx,
      conferences.map((body) => ({
        conferenceId: body.conferenceId,
        subForumId: null,
        name: inOneLanguage(body.venue) || 'Venue',
      })),
    );
    for (const body of conferences) this.changes.touch(tx, `slug/${body.slug}`);
  }
}
