import { Injectable } from '@nestjs/common';
import { conflictSnapshot, scanSnapshot, staysSnapshot, topics } from '@plenary/contracts';
import { type OutgoingEvent, outgoing, rows, type SnapshotSource, type Tx } from '@plenary/messaging';
import { type ConflictRow, conflictColumns, describeConflicts } from '../conflicts/write-conflicts';
import { type Logged, loggedOf, loggedScans, recordOf, versionOf } from '../scans/scan-log';
import { readLedgers } from '../stays/ledger';
import { staysOf } from '../stays/write-stays';
import { isUuid } from './gates.snapshots';

type Part = 'scans' | 'stays' | 'conflicts';
const order: readonly Part[] = ['scans', 'stays', 'conflicts'];

/**
 * The whole ledger of the doors again: scans, then stays, then conflicts. Whatever changes a scan, its person's stays or
 * their conflicts holds the lock of that person, and so does the page that tells them.
 */
@Injectable()
export class CheckInSnapshots implements SnapshotSource {
  readonly topic = topics.checkIns;

  /** Cursors are `scans/<id>`, `stays/<id>`, `conflicts/<id>`. */
  async page(tx: Tx, after: string | null, limit: number) {
    const [part, id] = (after ?? 'scans/').split('/') as [Part, string];
    const { events, last } = await this[part](tx, { after: id || null, limit });
    if (events.length >= limit && last) return { events, next: `${part}/${last}` };
    const following = order[order.indexOf(part) + 1];
    return { events, next: following ? `${following}/` : null };
  }

  async one(tx: Tx, subject: string): Promise<OutgoingEvent[]> {
    if (!isUuid(subject)) return [];
    const parts = [];
    for (const part of order) parts.push(...(await this[part](tx, { only: subject, limit: 1 })).events);
    return parts;
  }

  private async scans(tx: Tx, { after = null, only = null, limit }: Which) {
    const ids = await this.locked(tx, 'SELECT scan_id AS id, registration_id FROM scan_log', 'scan_id', {
      after,
      only,
      limit,
    });
    const scans = await rows<Logged>(tx, `${loggedScans} WHERE l.scan_id = ANY($1::uuid[]) ORDER BY l.scan_id`, [ids]);
    return {
      last: ids.at(-1),
      events: scans.map(loggedOf).map((scan) =>
        outgoing(scanSnapshot, {
          ...recordOf(scan, versionOf(scan)),
          undoneAt: scan.undoneAt?.toISOString() ?? null,
        }),
      ),
    };
  }

  private async stays(tx: Tx, { after = null, only = null, limit }: Which) {
    const people = await rows<{ registrationId: string; conferenceId: string; staysVersion: number }>(
      tx,
      `SELECT registration_id AS "registrationId", conference_id AS "conferenceId", stays_version AS "staysVersion"
       FROM badge_states WHERE stays_version > 0 AND ($1::uuid IS NULL OR registration_id > $1)
         AND ($2::uuid IS NULL OR registration_id = $2)
       ORDER BY registration_id LIMIT $3 FOR UPDATE`,
      [after, only, limit],
    );
    const { ledgers } = await readLedgers(tx, people);
    return {
      last: people.at(-1)?.registrationId,
      events: [...ledgers.values()].map((ledger) =>
        outgoing(staysSnapshot, staysOf(ledger, ledger.stored, Date.now())),
      ),
    };
  }

  private async conflicts(tx: Tx, { after = null, only = null, limit }: Which) {
    const ids = await this.locked(tx, 'SELECT conflict_id AS id, registration_id FROM conflicts', 'conflict_id', {
      after,
      only,
      limit,
    });
    const conflicts = await rows<ConflictRow>(
      tx,
      `SELECT ${conflictColumns} FROM conflicts WHERE conflict_id = ANY($1::uuid[]) ORDER BY conflict_id`,
      [ids],
    );
    const described = await describeConflicts((sql, parameters) => rows(tx, sql, parameters), conflicts);
    return {
      last: ids.at(-1),
      events: described.map(({ id, ...body }, index) =>
        outgoing(conflictSnapshot, {
          ...body,
          conflictId: id,
          version: conflicts[index]?.version ?? 1,
          at: new Date().toISOString(),
        }),
      ),
    };
  }

  /** Ids of a page, their people locked. The log itself cannot be: the service has no right to change it. */
  private async locked(
    tx: Tx,
    select: string,
    column: string,
    { after = null, only = null, limit }: Which,
  ): Promise<string[]> {
    const found = await rows<{ id: string; registration_id: string | null }>(
      tx,
      `${select} WHERE ($1::uuid IS NULL OR ${column} > $1) AND ($2::uuid IS NULL OR ${column} = $2)
       ORDER BY ${column} LIMIT $3`,
      [after, only, limit],
    );
    await rows(
      tx,
      'SELECT 1 FROM badge_states WHERE registration_id = ANY($1::uuid[]) ORDER BY registration_id FOR UPDATE',
      [found.flatMap((row) => row.registration_id ?? [])],
    );
    return found.map((row) => row.id);
  }
}

interface Which {
  after?: string | null;
  only?: string | null;
  limit: number;
}
