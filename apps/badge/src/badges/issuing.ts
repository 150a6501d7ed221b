import { Injectable } from '@nestjs/common';
import { conferenceTagOf } from '@plenary/badge-token';
import { badgeIssued } from '@plenary/contracts';
import { outgoing, publishAll, rows, type Tx } from '@plenary/messaging';
import { Changes } from '@plenary/platform';
import { Keys } from '../keys/keys.service';
import { type BadgeRow, badgeState, tokenHash, tokenOf } from './badge-row';
import { notBeforeOf } from './badges.rules';

/** Badges written in one statement. */
const slice = 1000;

/** Issues badges that are due, many at once. Every caller holds the conference's lock (`lockSerials`). */
@Injectable()
export class Issuing {
  constructor(
    private readonly keys: Keys,
    private readonly changes: Changes,
  ) {}

  /**
   * Gives a badge to everybody of the conference to whom one is due and who has none: of the named registrations, or of
   * all. Serials go on without a gap, in the order of registration ids. Before the conference was heard of it does
   * nothing: hearing of it calls this again. Answers how many were issued.
   */
  async issueDue(tx: Tx, conferenceId: string, registrationIds: readonly string[] | 'all'): Promise<number> {
    const [conference] = await rows<{ badges_expire_at: Date }>(
      tx,
      'SELECT badges_expire_at FROM known_conferences WHERE conference_id = $1',
      [conferenceId],
    );
    if (!conference) return 0;
    const due = await rows<{ registration_id: string }>(
      tx,
      `SELECT registration_id FROM known_registrations known
       WHERE conference_id = $1 AND badge_due AND NOT erased AND ($2::uuid[] IS NULL OR registration_id = ANY($2::uuid[]))
         AND NOT EXISTS (SELECT 1 FROM badges WHERE badges.registration_id = known.registration_id)
       ORDER BY registration_id`,
      [conferenceId, registrationIds === 'all' ? null : registrationIds],
    );
    if (due.length === 0) return 0;

    const signer = await this.keys.current(tx, conferenceId);
    const tag = await conferenceTagOf(conferenceId);
    const [counter] = await rows<{ last: number }>(
      tx,
      'UPDATE serials SET last = last + $2 WHERE conference_id = $1 RETURNING last',
      [conferenceId, due.length],
    );
    const firstSerial = (counter as { last: number }).last - due.length + 1;
    const since = new Date();
    const dates = { not_before: notBeforeOf(since), expires_at: conference.badges_expire_at, since };
    for (let from = 0; from < due.length; from += slice) {
      const issued = due.slice(from, from + slice).map(({ registration_id }, index): BadgeRow => {
        const claims = { serial: firstSerial + from + index, revision: 1, ...dates };
        return {
          ...claims,
          registration_id,
          conference_id: conferenceId,
          key_id: signer.keyId,
          state: 'valid',
          token_hash: tokenHash(tokenOf(claims, tag, signer)),
          version: 1,
        };
      });
      await rows(
        tx,
        `INSERT INTO badges (registration_id, conference_id, serial, revision, key_id, state, token_hash, not_before, expires_at,
           since, version)
         SELECT registration_id, $4, serial, 1, $5, 'valid', token_hash, $6, $7, $8, 1
         FROM unnest($1::uuid[], $2::int[], $3::bytea[]) AS issued (registration_id, serial, token_hash)`,
        [
          issued.map((badge) => badge.registration_id),
          issued.map((badge) => badge.serial),
          issued.map((badge) => badge.token_hash),
          conferenceId,
          signer.keyId,
          dates.not_before,
          dates.expires_at,
          since,
        ],
      );
      await this.tell(tx, issued);
    }
    return due.length;
  }

  /**
   * A conference that now ends later than its badges do: they are signed anew with the later expiry and the same
   * revision, so that a badge already printed stays good for as long as it says itself. Answers how many were extended.
   */
  async extend(tx: Tx, conferenceId: string, expiresAt: Date): Promise<number> {
    const short = await rows<BadgeRow>(
      tx,
      `SELECT * FROM badges WHERE conference_id = $1 AND state = 'valid' AND expires_at < $2 ORDER BY registration_id FOR UPDATE`,
      [conferenceId, expiresAt],
    );
    if (short.length === 0) return 0;

    const signer = await this.keys.current(tx, conferenceId);
    const tag = await conferenceTagOf(conferenceId);
    for (let from = 0; from < short.length; from += slice) {
      const badges = short.slice(from, from + slice);
      const extended = await rows<BadgeRow>(
        tx,
        `UPDATE badges SET token_hash = extended.token_hash, key_id = $3, expires_at = $4, version = version + 1
         FROM unnest($1::uuid[], $2::bytea[]) AS extended (registration_id, token_hash)
         WHERE badges.registration_id = extended.registration_id RETURNING badges.*`,
        [
          badges.map((badge) => badge.registration_id),
          badges.map((badge) => tokenHash(tokenOf({ ...badge, expires_at: expiresAt }, tag, signer))),
          signer.keyId,
          expiresAt,
        ],
      );
      await this.tell(tx, extended);
    }
    return short.length;
  }

  private async tell(tx: Tx, badges: readonly BadgeRow[]): Promise<void> {
    const now = new Date();
    await publishAll(
      tx,
      badges.map((badge) => outgoing(badgeIssued, badgeState(badge, now))),
    );
    for (const badge of badges) this.changes.touch(tx, badge.registration_id);
  }
}
