import { Injectable } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import { Database, rows, type Tx } from '@plenary/messaging';
import { audit, authorise, type Caller, encodeCursor, type IdempotencyKey, once, Problem } from '@plenary/platform';
import { Conferences } from '../known/conferences';
import { listCursor } from '../list-cursor';
import { type Account, Accounts } from './accounts';
import { PasswordLinks } from './password-links';
import { checkRoles, isWhollyOwn, type RoleWish, withRoles } from './staff.rules';

const who = routes.createStaff.who;

@Injectable()
export class Staff {
  constructor(
    private readonly database: Database,
    private readonly conferences: Conferences,
    private readonly accounts: Accounts,
    private readonly links: PasswordLinks,
  ) {}

  async list({ params, query }: InputOf<typeof routes.listStaff>, caller: Caller) {
    const conferenceId = await this.scope(params.slug, caller);
    const found = await this.database.query<
      Omit<Account, 'grants' | 'passwordHash'> & { roles: RoleWish[]; sort: string }
    >(
      `SELECT s.id, s.name, s.email, s.admin, s.disabled, lower(s.name) AS sort,
              json_agg(json_build_object('role', g.role, 'subForumIds', g.sub_forum_ids) ORDER BY g.role) AS roles
       FROM staff s JOIN staff_grants g ON g.staff_id = s.id AND g.conference_id = $1
       WHERE $2::text IS NULL OR (lower(s.name), s.id) > ($2, $3::uuid)
       GROUP BY s.id ORDER BY lower(s.name), s.id LIMIT $4`,
      [conferenceId, ...listCursor(query.cursor), query.limit + 1],
    );
    const items = found.slice(0, query.limit);
    const last = items.at(-1);
    return {
      items: items.map(({ sort: _, ...member }) => member),
      nextCursor: found.length > items.length && last ? encodeCursor([last.sort, last.id]) : null,
    };
  }

  /** A new account with a one-time link, or further roles for one that exists. 422 `roles_invalid`. */
  async create({ params, body }: InputOf<typeof routes.createStaff>, caller: Caller, key: IdempotencyKey | undefined) {
    const conferenceId = await this.scope(params.slug, caller);
    demandGoodRoles(body.roles);
    const { linkId, ...member } = await this.database.transaction((tx) =>
      once(tx, key, async () => {
        await lockStaffOf(tx, conferenceId);
        const { account, isNew } = await this.accounts.ensure(tx, { email: body.email, name: body.name, admin: false });
        const roles = withRoles(rolesIn(account, conferenceId), body.roles);
        await this.accounts.replaceRoles(tx, account.id, conferenceId, roles);
        const told = await this.accounts.tell(tx, account.id);
        const linkId = isNew ? await this.links.create(tx, account.id) : null;
        await audit(tx, caller, {
          conferenceId,
          action: 'staff.create',
          target: { kind: 'staff', id: account.id },
          details: { roles: roles.map(({ role }) => role).join(' '), new: isNew },
        });
        return { ...memberOf(told, conferenceId), linkId };
      }),
    );
    return { ...member, link: linkId && this.links.url(linkId) };
  }

  async change({ params, body }: InputOf<typeof routes.changeStaff>, caller: Caller) {
    const conferenceId = await this.scope(params.slug, caller);
    if (body.roles) demandGoodRoles(body.roles);
    return this.database.transaction(async (tx) => {
      await lockStaffOf(tx, conferenceId);
      const account = await this.member(tx, params.id, conferenceId);
      if (body.name !== undefined || body.disabled !== undefined) demandWhollyOwn(account, caller);
      if (body.disabled && caller.kind === 'staff' && caller.id === account.id) {
        throw new Problem(409, 'own_account', 'Nobody disables their own account; ask another organiser.');
      }
      const before = await organisersOf(tx, conferenceId);
      if (body.name !== undefined) await rows(tx, 'UPDATE staff SET name = $2 WHERE id = $1', [account.id, body.name]);
      if (body.roles) await this.accounts.replaceRoles(tx, account.id, conferenceId, body.roles);
      if (body.disabled !== undefined) await this.accounts.setDisabled(tx, account.id, body.disabled);
      if (!isAdmin(caller) && before > 0 && (await organisersOf(tx, conferenceId)) === 0) {
        throw new Problem(
          409,
          'last_organiser',
          'The conference would have no organiser left; name another one first.',
        );
      }
      const told = await this.accounts.tell(tx, account.id);
      await audit(tx, caller, {
        conferenceId,
        action: 'staff.change',
        target: { kind: 'staff', id: account.id },
        details: {
          renamed: body.name !== undefined,
          ...(body.roles && { roles: body.roles.map(({ role }) => role).join(' ') }),
          ...(body.disabled !== undefined && { disabled: body.disabled }),
        },
      });
      return memberOf(told, conferenceId);
    });
  }

  async reset({ params }: InputOf<typeof routes.resetStaff>, caller: Caller) {
    const conferenceId = await this.scope(params.slug, caller);
    const linkId = await this.database.transaction(async (tx) => {
      const account = await this.member(tx, params.id, conferenceId);
      demandWhollyOwn(account, caller);
      if (account.disabled) throw new Problem(409, 'account_disabled', 'The account is disabled; enable it first.');
      await audit(tx, caller, { conferenceId, action: 'staff.reset', target: { kind: 'staff', id: account.id } });
      return this.links.create(tx, account.id);
    });
    return { link: this.links.url(linkId) };
  }

  private async scope(slug: string, caller: Caller): Promise<string> {
    const conferenceId = await this.conferences.idOf(slug);
    authorise(caller, who, { conferenceId });
    return conferenceId;
  }

  /** Locked. 404 for one who has no role in this conference. */
  private async member(tx: Tx, staffId: string, conferenceId: string): Promise<Account> {
    const account = await this.accounts.lock(tx, { id: staffId });
    if (!account || rolesIn(account, conferenceId).length === 0) throw Problem.notFound('member of staff');
    return account;
  }
}

const isAdmin = (caller: Caller) => caller.kind === 'staff' && caller.admin;

function demandGoodRoles(roles: readonly RoleWish[]): void {
  const errors = checkRoles(roles);
  if (errors.length > 0) throw new Problem(422, 'roles_invalid', 'The roles do not fit; see errors.', { errors });
}

function demandWhollyOwn(account: Account, caller: Caller): void {
  if (caller.kind === 'staff' && caller.admin) return;
  const grants = caller.kind === 'staff' ? caller.grants : [];
  const organiserOf = new Set(
    grants.filter(({ role }) => role === 'organiser').map(({ conferenceId }) => conferenceId),
  );
  if (isWhollyOwn(account, organiserOf)) return;
  throw new Problem(
    403,
    'staff_of_others',
    'This account also serves elsewhere, so only an administrator may rename, disable or reset it; roles here can be taken away.',
  );
}

const rolesIn = (account: Account, conferenceId: string): RoleWish[] =>
  account.grants
    .filter((grant) => grant.conferenceId === conferenceId)
    .map(({ role, subForumIds }) => ({ role, subForumIds }));

function memberOf(account: Account, conferenceId: string) {
  const { id, name, email, admin, disabled } = account;
  return { id, name, email, admin, disabled, roles: rolesIn(account, conferenceId) };
}

/** Changes of one conference's staff come one after the other, so that two organisers cannot remove each other. */
async function lockStaffOf(tx: Tx, conferenceId: string): Promise<void> {
  await rows(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`staff/${conferenceId}`]);
}

async function organisersOf(tx: Tx, conferenceId: string): Promise<number> {
  const [counted] = await rows<{ n: number }>(
    tx,
    `SELECT count(*)::int AS n FROM staff_grants g JOIN staff s ON s.id = g.staff_id
     WHERE g.conference_id = $1 AND g.role = 'organiser' AND NOT s.disabled`,
    [conferenceId],
  );
  return counted?.n ?? 0;
}
