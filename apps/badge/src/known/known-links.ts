import { Injectable } from '@nestjs/common';
import { Database } from '@plenary/messaging';
import { Changes, type LinkGenerations } from '@plenary/platform';

/** Somebody who registered a moment ago may ask for the badge before we hear of the registration. */
const hearingMs = 2000;

/** The link generations of delegates. Leaders do not call this service. */
@Injectable()
export class KnownLinks implements LinkGenerations {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
  ) {}

  async current(
    kind: 'delegate' | 'leader',
    id: string,
  ): Promise<{ generation: number; conferenceId: string } | undefined> {
    if (kind !== 'delegate') return undefined;
    return this.changes.waitFor(id, hearingMs, async () => {
      const [row] = await this.database.query<{ generation: number; conferenceId: string }>(
        `SELECT link_generation AS generation, conference_id AS "conferenceId" FROM known_registrations
         WHERE registration_id = $1`,
        [id],
      );
      return row;
    });
  }
}
