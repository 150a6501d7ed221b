import { Injectable } from '@nestjs/common';
import { type Grant, type StaffState, staffChanged, staffDisabled, staffSnapshot } from '@plenary/contracts';
import { publish, rows, type Tx } from '@plenary/messaging';
import { newId } from '@plenary/platform';
import type { RoleWish } from './staff.rules';

export interface Account {
  id: string;
  version: number;
  email: string;
  name: string;
  admin: boolean;
  disabled: boolean;
  passwordHash: string | null;
  grants: Grant[];
}

export const normalisedEmail = (email: string) => email.trim().normalize('NFC').toLowerCase();

const columns = `s.id, s.version, s.email, s.name, s.admin, s.disabled, s.password_hash AS "passwordHash",
  (SELECT coalesce(json_agg(json_build_object('conferenceId', g.conference_id, 'role', g.role,
     'subForumIds', g.sub_forum_ids) ORDER BY g.conference_id, g.role), '[]')
   FROM staff_grants g WHERE g.staff_id = s.id) AS grants`;

/** The rows of staff: every change raises the version and is told, in the caller's transaction. */
@Injectable()
export class Accounts {
  /** Locks the account. */
  async lock(tx: Tx, by: { id: string } | { email: string }): Promise<Account | undefined> {
    const [column, value] = 'id' in by ? ['id', by.id] : ['email', normalisedEmail(by.email)];
    const [locked] = await rows<{ id: string }>(tx, `SELECT id FROM staff WHERE ${column} = $1 FOR UPDATE`, [value]);
    // The grants are read in a new statement: one begun before the lock was had would see them as they were.
    return locked && (await rows<Account>(tx, `SELECT ${columns} FROM staff s WHERE s.id = $1`, [locked.id]))[0];
  }

  /** Makes the account unless the e-mail has one; tells nothing yet. Answers whether it is new. */
  async ensure(
    tx: Tx,
    person: { email: string; name: string; admin: boolean },
  ): Promise<{ account: Account; isNew: boolean }> {
    const inserted = await rows(
      tx,
      `INSERT INTO staff (id, version, email, name, admin) VALUES ($1, 0, $2, $3, $4) ON CONFLICT (email) DO NOTHING RETURNING id`,
      [newId(), normalisedEmail(person.email), person.name, person.admin],
    );
    const account = await this.lock(tx, { email: person.email });
    if (!account) throw new Error('an account vanished while it was locked');
    return { account, isNew: inserted.length > 0 };
  }

  /** Replaces the roles in one conference. */
  async replaceRoles(tx: Tx, staffId: string, conferenceId: string, roles: readonly RoleWish[]): Promise<void> {
    await rows(tx, 'DELETE FROM staff_grants WHERE staff_id = $1 AND conference_id = $2', [staffId, conferenceId]);
    for (const { role, subForumIds } of roles) {
      await rows(
        tx,
        'INSERT INTO staff_grants (staff_id, conference_id, role, sub_forum_ids) VALUES ($1, $2, $3, $4)',
        [staffId, conferenceId, role, subForumIds],
      );
    }
  }

  /** Disabling ends every session of the account. */
  async setDisabled(tx: Tx, staffId: string, disabled: boolean): Promise<void> {
    await rows(tx, 'UPDATE staff SET disabled = $2 WHERE id = $1', [staffId, disabled]);
    if (!disabled) return;
    await rows(
      tx,
      `UPDATE refresh_families SET ended_at = now(), ended_by = 'disabled' WHERE staff_id = $1 AND ended_at IS NULL`,
      [staffId],
    );
    await rows(tx, 'DELETE FROM password_links WHERE staff_id = $1 AND used_at IS NULL', [staffId]);
  }

  /** Raises the version and tells the state, once at the end of each change. */
  async tell(tx: Tx, staffId: string): Promise<Account> {
    await rows(tx, 'UPDATE staff SET version = version + 1 WHERE id = $1', [staffId]);
    const [account] = await rows<Account>(tx, `SELECT ${columns} FROM staff s WHERE s.id = $1`, [staffId]);
    if (!account) throw new Error('an account vanished while it was locked');
    await publish(tx, account.disabled ? staffDisabled : staffChanged, stateOf(account));
    return account;
  }
}

function stateOf(account: Account): StaffState {
  const { id, version, name, admin, disabled, grants } = account;
  return { version, staffId: id, name, admin, disabled, grants, at: new Date().toISOString() };
}

/** Accounts after an id (null: from the first), locked, as snapshots. */
export async function staffSnapshots(tx: Tx, where: { after: string | null; limit: number } | { id: string }) {
  const [condition, parameters] =
    'id' in where
      ? ['s.id = $1', [where.id]]
      : ['s.id > coalesce($1, $3)::uuid ORDER BY s.id LIMIT $2', [where.after, where.limit, firstId]];
  const locked = await rows<{ id: string }>(tx, `SELECT s.id FROM staff s WHERE ${condition} FOR UPDATE`, parameters);
  const accounts = await rows<Account>(tx, `SELECT ${columns} FROM staff s WHERE s.id = ANY($1) ORDER BY s.id`, [
    locked.map(({ id }) => id),
  ]);
  return accounts.map((account) => ({ definition: staffSnapshot, body: stateOf(account), id: account.id }));
}
const firstId = '00000000-0000-0000-0000-000000000000';
