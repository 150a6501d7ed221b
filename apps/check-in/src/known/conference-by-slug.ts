import { Injectable } from '@nestjs/common';
import { Database } from '@plenary/messaging';
import { Changes, Problem } from '@plenary/platform';

/** Finds a conference by its slug; one that was just made is waited for, at most 2 s. 404 if it never comes. */
@Injectable()
export class ConferenceBySlug {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  async find(slug: string): Promise<{ conferenceId: string; timeZone: string }> {
    const found = await this.changes.waitFor(`slug/${slug}`, 2000, async () => {
      const [conference] = await this.database.query<{ conferenceId: string; timeZone: string }>(
        'SELECT conference_id AS "conferenceId", time_zone AS "timeZone" FROM known_conferences WHERE slug = $1',
        [slug],
      );
      return conference;
    });
    if (!found) throw Problem.notFound('conference');
    return found;
  }
}
