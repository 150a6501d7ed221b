import { Controller, Injectable } from '@nestjs/common';
import { conferenceAnnounced, conferenceSnapshot, topics } from '@plenary/contracts';
import { Database, type EventContext, OnEvents, type Received, rows } from '@plenary/messaging';
import { Changes, Problem } from '@plenary/platform';

/** What the sub-forum service told about conferences: slug and last day. */
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

  /** undefined where it was not heard of. `endsOn` is a day, `2026-05-22`. */
  async find(conferenceId: string): Promise<{ slug: string; endsOn: string } | undefined> {
    const [known] = await this.database.query<{ slug: string; endsOn: string }>(
      `SELECT slug, ends_on::text AS "endsOn" FROM known_conferences WHERE conference_id = $1`,
      [conferenceId],
    );
    return known;
  }
}

@Controller()
export class ConferenceEvents {
  constructor(private readonly changes: Changes) {}

  @OnEvents(topics.conferences, [conferenceAnnounced, conferenceSnapshot], { tables: ['known_conferences'] })
  async announced({ body }: Received<typeof conferenceAnnounced | typeof conferenceSnapshot>, { tx }: EventContext) {
    await rows(
      tx,
      `INSERT INTO known_conferences (conference_id, slug, ends_on) VALUES ($1, $2, $3)
       ON CONFLICT (conference_id) DO UPDATE SET slug = excluded.slug, ends_on = excluded.ends_on`,
      [body.conferenceId, body.slug, body.endsOn],
    );
    this.changes.touch(tx, `slug/${body.slug}`);
  }
}
