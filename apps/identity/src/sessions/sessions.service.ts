import { Injectable, Logger } from '@nestjs/common';
import type { Grant } from '@plenary/contracts';
import { Database, rows, type Tx } from '@plenary/messaging';
import { audit, type Caller, newId, Problem } from '@plenary/platform';
import { SigningKeys } from '../signing-keys/signing-keys';
import { normalisedEmail } from '../staff/accounts';
import { PasswordLinks } from '../staff/password-links';
import { Attempts } from './attempts';
import { hashPassword, isOutdated, verifyPassword } from './passwords';
import { idleHours, type RefreshToken } from './refresh-cookie';

const accessMinutes = 5;
/** A session ends for good after this long, however busy. */
const longestDays = 7;
/** Two tabs refresh at once: for this long the former token gets the answer that its successor's owner got. */
const graceSeconds = 10;

export interface Session {
  accessToken: string;
  expiresAt: string;
  refresh: RefreshToken;
}
interface Account {
  id: string;
  admin: boolean;
  disabled: boolean;
  password_hash: string | null;
}

@Injectable()
export class Sessions {
  private readonly log = new Logger(Sessions.name);

  constructor(
    private readonly database: Database,
    private readonly keys: SigningKeys,
    private readonly attempts: Attempts,
    private readonly links: PasswordLinks,
  ) {}

  /**
   * Throws 401 `sign_in_failed` alike for an unknown account, a wrong password and a disabled account, after the same
   * work; 429 `sign_in_slowed` after too many failures.
   */
  async signIn(email: string, password: string, caller: Caller): Promise<Session> {
    const account = normalisedEmail(email);
    const address = sourceOf(caller);
    await this.attempts.begin(account, address);
    const [found] = await this.database.query<Account>(
      'SELECT id, admin, disabled, password_hash FROM staff WHERE email = $1',
      [account],
    );
    const right = await verifyPassword(found?.password_hash ?? null, password);
    if (!found || !right || found.disabled) {
      throw new Problem(401, 'sign_in_failed', 'E-mail or password is wrong, or the account is disabled.');
    }
    await this.attempts.succeeded(account, address);
    if (found.password_hash && isOutdated(found.password_hash)) {
      const renewed = await hashPassword(password);
      await this.database.query('UPDATE staff SET password_hash = $3 WHERE id = $1 AND password_hash = $2', [
        found.id,
        found.password_hash,
        renewed,
      ]);
    }
    const refresh = { family: newId(), generation: 1 };
    await this.database.query(
      `INSERT INTO refresh_families (id, staff_id, generation, rotated_at, created_at, expires_at)
       VALUES ($1, $2, $3, now(), now(), now() + make_interval(hours => $4))`,
      [refresh.family, found.id, refresh.generation, idleHours],
    );
    return this.session(found.id, found.admin, refresh);
  }

  /**
   * Rotates. The former token is answered alike for 10 s; one that is older was stolen or copied: the family ends.
   * Throws 401 `session_ended`.
   */
  async refresh(token: RefreshToken | undefined): Promise<Session> {
    // The end of a family must be committed, so the refusal is thrown afterwards.
    const outcome = token && (await this.database.transaction((tx) => this.rotate(tx, token)));
    if (!outcome) throw new Problem(401, 'session_ended', 'The session has ended; sign in again.');
    return this.session(outcome.staffId, outcome.admin, outcome.refresh);
  }

  private async rotate(tx: Tx, token: RefreshToken) {
    const [family] = await rows<{
      staff_id: string;
      generation: number;
      fresh: boolean;
      good: boolean;
      admin: boolean;
    }>(
      tx,
      `SELECT f.staff_id, f.generation, s.admin,
              f.rotated_at > now() - make_interval(secs => $2) AS fresh,
              f.ended_at IS NULL AND f.expires_at > now() AND NOT s.disabled AS good
       FROM refresh_families f JOIN staff s ON s.id = f.staff_id
       WHERE f.id = $1 FOR UPDATE OF f`,
      [token.family, graceSeconds],
    );
    if (!family?.good) return undefined;
    const { staff_id: staffId, admin, generation } = family;
    if (token.generation === generation) {
      await rows(
        tx,
        `UPDATE refresh_families SET generation = generation + 1, rotated_at = now(),
           expires_at = least(created_at + make_interval(days => $2), now() + make_interval(hours => $3))
         WHERE id = $1`,
        [token.family, longestDays, idleHours],
      );
      return { staffId, admin, refresh: { family: token.family, generation: generation + 1 } };
    }
    if (token.generation === generation - 1 && family.fresh) {
      return { staffId, admin, refresh: { family: token.family, generation } };
    }
    await rows(tx, `UPDATE refresh_families SET ended_at = now(), ended_by = 'reuse' WHERE id = $1`, [token.family]);
    this.log.warn(`A refresh token of staff ${staffId} was used again: its session is ended`);
    return undefined;
  }

  async signOut(token: RefreshToken | undefined): Promise<void> {
    if (!token) return;
    await this.database.query(
      `UPDATE refresh_families SET ended_at = now(), ended_by = 'sign_out' WHERE id = $1 AND ended_at IS NULL`,
      [token.family],
    );
  }

  /** By a one-time link. Throws 422 `link_invalid`: one answer for wrong, used and expired. */
  async setPasswordByLink(link: string, password: string): Promise<void> {
    const invalid = () => new Problem(422, 'link_invalid', 'The link is wrong, used or too old; ask for a new one.');
    // Looked at before the costly hash, taken after it.
    if (!(await this.links.isGood(link))) throw invalid();
    const hash = await hashPassword(password);
    await this.database.transaction(async (tx) => {
      const staffId = await this.links.take(tx, link);
      if (!staffId) throw invalid();
      await this.storePassword(tx, staffId, hash, undefined);
    });
  }

  /** Signed in, with the current one. Throws 401 without a session, 422 `password_wrong`, 429. Other sessions end. */
  async setOwnPassword(
    caller: Caller,
    currentPassword: string,
    password: string,
    keep: RefreshToken | undefined,
  ): Promise<void> {
    if (caller.kind !== 'staff') throw new Problem(401, 'credentials_required', 'Sign in, or use a one-time link.');
    const [own] = await this.database.query<Account & { email: string }>(
      'SELECT id, email, admin, disabled, password_hash FROM staff WHERE id = $1',
      [caller.id],
    );
    if (!own || own.disabled) throw new Problem(401, 'session_ended', 'The session has ended; sign in again.');
    await this.attempts.begin(own.email, sourceOf(caller));
    if (!(await verifyPassword(own.password_hash, currentPassword))) {
      throw new Problem(422, 'password_wrong', 'The current password is wrong.', {
        errors: [{ path: 'currentPassword', code: 'password_wrong', message: 'is not the current password' }],
      });
    }
    await this.attempts.succeeded(own.email, sourceOf(caller));
    const hash = await hashPassword(password);
    await this.database.transaction((tx) => this.storePassword(tx, own.id, hash, keep?.family));
  }

  async me(caller: Caller) {
    if (caller.kind !== 'staff') throw new Problem(401, 'credentials_required', 'Sign in first.');
    const [own] = await this.database.query<{ id: string; name: string; email: string; admin: boolean }>(
      'SELECT id, name, email, admin FROM staff WHERE id = $1 AND NOT disabled',
      [caller.id],
    );
    if (!own) throw new Problem(401, 'session_ended', 'The session has ended; sign in again.');
    const grants = await this.database.query<Grant & { slug: string | null }>(
      `SELECT g.conference_id AS "conferenceId", g.role, g.sub_forum_ids AS "subForumIds", k.slug
       FROM staff_grants g LEFT JOIN known_conferences k USING (conference_id)
       WHERE g.staff_id = $1 ORDER BY g.conference_id, g.role`,
      [caller.id],
    );
    return { ...own, grants };
  }

  private async storePassword(tx: Tx, staffId: string, hash: string, keepFamily: string | undefined): Promise<void> {
    await rows(tx, 'UPDATE staff SET password_hash = $2 WHERE id = $1', [staffId, hash]);
    await rows(
      tx,
      `UPDATE refresh_families SET ended_at = now(), ended_by = 'password'
       WHERE staff_id = $1 AND ended_at IS NULL AND id IS DISTINCT FROM $2`,
      [staffId, keepFamily ?? null],
    );
    await audit(
      tx,
      { kind: 'staff', id: staffId, admin: false, grants: [] },
      { conferenceId: null, action: 'staff.set_password', target: { kind: 'staff', id: staffId } },
    );
  }

  private async session(staffId: string, admin: boolean, refresh: RefreshToken): Promise<Session> {
    const grants = await this.database.query<Grant>(
      `SELECT conference_id AS "conferenceId", role, sub_forum_ids AS "subForumIds" FROM staff_grants
       WHERE staff_id = $1 ORDER BY conference_id, role`,
      [staffId],
    );
    // Whole seconds, as the token's own claim has them.
    const expiresAt = new Date((Math.floor(Date.now() / 1000) + accessMinutes * 60) * 1000);
    const accessToken = await this.keys.sign({ sub: staffId, typ: 'staff', admin, grants }, expiresAt);
    return { accessToken, expiresAt: expiresAt.toISOString(), refresh };
  }
}

/** Whom the counters count: an address, or one who is signed in already. */
const sourceOf = (caller: Caller) =>
  caller.kind === 'anonymous' ? caller.address : `${caller.kind}/${'id' in caller ? caller.id : ''}`;
