import { Injectable } from '@nestjs/common';
import { Database } from '@plenary/messaging';
import { Changes, Problem } from '@plenary/platform';

/** A conference that was just made may be asked for before we hear of it. */
const hearingMs = 2000;

@Injectable()
export class KnownConferences {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  /** The id of a conference; 404 where none is heard of within 2 s. */
  async bySlug(slug: string): Promise<string> {
    const known = await this.changes.waitFor(`slug/${slug}`, hearingMs, async () => {
      const [row] = await this.database.query<{ conference_id: string }>(
        'SELECT conference_id FROM known_conferences WHERE slug = $1',
        [slug],
      );
      return row;
    });
    if (!known) throw Problem.notFound('conference');
    return known.conference_id;
  }
}
