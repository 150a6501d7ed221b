import { Injectable } from '@nestjs/common';
import { conferenceTagOf } from '@plenary/badge-token';
import { type AnswerOf, badgeIssued, badgeRevoked, routes } from '@plenary/contracts';
import { Database, outgoing, publish, publishAll, rows, type Tx } from '@plenary/messaging';
import { audit, authorise, type Caller, Changes, holds, Problem } from '@plenary/platform';
import { Keys } from '../keys/keys.service';
import { type BadgeRow, badgeState, tokenHash, tokenOf } from './badge-row';
import { notBeforeOf } from './badges.rules';

type OwnBadge = AnswerOf<typeof routes.getOwnBadge>;
type IssuedBadge = AnswerOf<typeof routes.reissueBadge>;

/** Registration may have answered a moment before we hear of it. */
const hearingMs = 2000;

@Injectable()
export class Badges {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly keys: Keys,
  ) {}

  /** The caller's own badge with the text of its QR code; waits up to `waitMs` for it to be issued. */
  async own(caller: Caller, waitMs: number): Promise<OwnBadge> {
    if (caller.kind !== 'delegate')
      throw new Problem(403, 'role_required', 'This is for delegates: use the link from the confirmation.');
    const id = caller.registrationId;
    const badge = await this.changes.waitFor(id, waitMs, async () => (await this.find(id)) ?? undefined);
    if (!badge) {
      throw new Problem(
        409,
        'badge_not_ready',
        'There is no badge yet: it is issued once the registration is approved. Try again then.',
      );
    }
    if (badge.state === 'revoked') {
      throw new Problem(409, 'badge_revoked', 'This badge was withdrawn. Please ask at the registration desk.');
    }
    return {
      payload: await this.payload(badge),
      serial: badge.serial,
      revision: badge.revision,
      notBefore: badge.not_before.toISOString(),
      expiresAt: badge.expires_at.toISOString(),
    };
  }

  /** A new revision: whatever was shown or printed before is superseded. A withdrawn badge comes back by an organiser alone. */
  async reissue(caller: Caller, registrationId: string, reason: string): Promise<IssuedBadge> {
    const conferenceId = await this.conferenceOf(registrationId);
    authorise(caller, routes.reissueBadge.who, { conferenceId });
    return this.database.transaction(async (tx) => {
      const badge = await this.lock(tx, registrationId);
      if (badge.state === 'revoked' && !holds(caller, 'organiser', { conferenceId })) {
        throw new Problem(409, 'badge_revoked', 'This badge was withdrawn. An organiser can issue a new one.');
      }
      const [conference] = await rows<{ badges_expire_at: Date }>(
        tx,
        'SELECT badges_expire_at FROM known_conferences WHERE conference_id = $1',
        [conferenceId],
      );
      const signer = await this.keys.current(tx, conferenceId);
      const since = new Date();
      const next = {
        serial: badge.serial,
        revision: badge.revision + 1,
        not_before: notBeforeOf(since),
        expires_at: conference?.badges_expire_at ?? badge.expires_at,
      };
      const token = tokenOf(next, await conferenceTagOf(conferenceId), signer);
      const [reissued] = await rows<BadgeRow>(
        tx,
        `UPDATE badges SET state = 'valid', revision = $2, key_id = $3, token_hash = $4, not_before = $5, expires_at = $6, since = $7,
           version = version + 1
         WHERE registration_id = $1 RETURNING *`,
        [registrationId, next.revision, signer.keyId, tokenHash(token), next.not_before, next.expires_at, since],
      );
      await publish(tx, badgeIssued, badgeState(reissued as BadgeRow, since));
      await this.record(tx, caller, 'badge.reissue', reissued as BadgeRow, reason);
      return issuedBadge(reissued as BadgeRow);
    });
  }

  /** Withdraws the badge. Withdrawing it again changes nothing. */
  async revoke(caller: Caller, registrationId: string, reason: string): Promise<IssuedBadge> {
    const conferenceId = await this.conferenceOf(registrationId);
    authorise(caller, routes.revokeBadge.who, { conferenceId });
    return this.database.transaction(async (tx) => {
      const badge = await this.lock(tx, registrationId);
      if (badge.state === 'revoked') return issuedBadge(badge);
      const [revoked] = await this.withdraw(tx, [registrationId]);
      await this.record(tx, caller, 'badge.revoke', revoked as BadgeRow, reason);
      return issuedBadge(revoked as BadgeRow);
    });
  }

  /** Revokes those of the named registrations' badges that are valid, and tells it. */
  async withdraw(tx: Tx, registrationIds: readonly string[]): Promise<BadgeRow[]> {
    const now = new Date();
    const revoked = await rows<BadgeRow>(
      tx,
      `UPDATE badges SET state = 'revoked', since = $2, version = version + 1
       WHERE registration_id IN (
         SELECT registration_id FROM badges WHERE registration_id = ANY($1::uuid[]) AND state = 'valid' ORDER BY 1 FOR UPDATE)
       RETURNING *`,
      [registrationIds, now],
    );
    await publishAll(
      tx,
      revoked.map((badge) => outgoing(badgeRevoked, badgeState(badge, now))),
    );
    for (const badge of revoked) this.changes.touch(tx, badge.registration_id);
    return revoked;
  }

  private async find(registrationId: string): Promise<BadgeRow | undefined> {
    const [badge] = await this.database.query<BadgeRow>('SELECT * FROM badges WHERE registration_id = $1', [
      registrationId,
    ]);
    return badge;
  }

  /** Makes the token again. The hash that doors compare with is what proves it to be the same. */
  private async payload(badge: BadgeRow): Promise<string> {
    const signer = await this.keys.byId(badge.key_id);
    const token = tokenOf(badge, await conferenceTagOf(badge.conference_id), signer);
    if (!tokenHash(token).equals(badge.token_hash))
      throw new Error(`badge ${badge.registration_id} is not what was issued`);
    return token;
  }

  private async conferenceOf(registrationId: string): Promise<string> {
    const known = await this.changes.waitFor(registrationId, hearingMs, async () => {
      const [row] = await this.database.query<{ conference_id: string }>(
        'SELECT conference_id FROM known_registrations WHERE registration_id = $1 AND NOT erased',
        [registrationId],
      );
      return row;
    });
    if (!known) throw Problem.notFound('registration');
    return known.conference_id;
  }

  /** The badge, locked; 404 where its person was erased meanwhile. */
  private async lock(tx: Tx, registrationId: string): Promise<BadgeRow> {
    const [badge] = await rows<BadgeRow>(tx, 'SELECT * FROM badges WHERE registration_id = $1 FOR UPDATE', [
      registrationId,
    ]);
    const [erased] = await rows(tx, 'SELECT 1 FROM known_registrations WHERE registration_id = $1 AND erased', [
      registrationId,
    ]);
    if (erased) throw Problem.notFound('registration');
    if (!badge) {
      throw new Problem(
        409,
        'badge_not_ready',
        'There is no badge yet: it is issued once the registration is approved.',
      );
    }
    return badge;
  }

  private async record(tx: Tx, caller: Caller, action: string, badge: BadgeRow, reason: string): Promise<void> {
    this.changes.touch(tx, badge.registration_id);
    await audit(tx, caller, {
      conferenceId: badge.conference_id,
      action,
      target: { kind: 'registration', id: badge.registration_id },
      reason,
      details: { serial: badge.serial, revision: badge.revision },
    });
  }
}

function issuedBadge(badge: BadgeRow): IssuedBadge {
  return {
    registrationId: badge.registration_id,
    state: badge.state,
    serial: badge.serial,
    revision: badge.revision,
    notBefore: badge.not_before.toISOString(),
    expiresAt: badge.expires_at.toISOString(),
    since: badge.since.toISOString(),
  };
}
