import { routes } from '@plenary/contracts';
import { Database, rows, type Tx } from '@plenary/messaging';
import { audit } from '@plenary/platform';
import { demoDomain } from '../demo-accounts';
import type { Secrets } from '../secrets';
import { hashPassword, verifyPassword } from '../sessions/passwords';
import { type Account, Accounts } from './accounts';
import { PasswordLinks } from './password-links';

export interface NewStaff {
  email: string;
  name: string | undefined;
  admin: boolean;
  password: string | undefined;
}

const accounts = new Accounts();
/** The audit trail names whoever has the database as the system. */
const operator = { kind: 'anonymous', address: 'command line' } as const;

/** Makes an account, or changes one that exists. Answers what to tell the operator. Throws one line for bad input. */
export async function createFromCommandLine(
  database: Database,
  secrets: Secrets,
  publicUrl: string,
  person: NewStaff,
): Promise<string> {
  // The rules for names, addresses and passwords are the contract's.
  const { email, name, password } = parsed(person);
  const links = new PasswordLinks(database, { publicUrl }, secrets);
  const hash = password === undefined ? undefined : await hashPassword(password);
  return database.transaction(async (tx) => {
    const { account, isNew } = await accounts.ensure(tx, { email, name: name ?? email, admin: person.admin });
    if (!isNew && (person.admin || name !== undefined)) {
      await rows(tx, 'UPDATE staff SET admin = admin OR $2, name = coalesce($3, name) WHERE id = $1', [
        account.id,
        person.admin,
        name ?? null,
      ]);
    }
    if (hash) await setPassword(tx, account.id, hash);
    const told = await accounts.tell(tx, account.id);
    await audited(tx, told, 'staff.create', { admin: told.admin, new: isNew });
    const what = `${isNew ? 'Made' : 'Changed'} ${told.email}${told.admin ? ' (administrator)' : ''}.`;
    if (hash) return `${what} The password is set.`;
    const link = links.url(await links.create(tx, account.id));
    return `${what} Set a password within 24 hours, once, at\n${link}`;
  });
}

export async function disableFromCommandLine(database: Database, email: string): Promise<string> {
  return database.transaction(async (tx) => {
    const account = await accounts.lock(tx, { email });
    if (!account) throw new Error(`there is no account ${email}`);
    await accounts.setDisabled(tx, account.id, true);
    await audited(tx, await accounts.tell(tx, account.id), 'staff.disable', {});
    return `Disabled ${account.email}.`;
  });
}

/** The two accounts that the demo's seed starts from, both administrators; the others it makes through the API. */
export async function ensureDemoStaff(database: Database): Promise<string> {
  if (process.env.PLENARY_DEMO !== '1') throw new Error('--demo needs PLENARY_DEMO=1: the password is public');
  const made: string[] = [];
  for (const [account, name] of [
    ['admin', 'Ada Min'],
    ['organiser', 'Olive Ganser'],
  ] as const) {
    const email = `${account}@${demoDomain}`;
    made.push(email);
    await ensureDemoAccount(database, email, name);
  }
  return `Demo accounts: ${made.join(', ')}; password ${demoPassword}`;
}
const demoPassword = 'plenary-demo';

async function ensureDemoAccount(database: Database, email: string, name: string): Promise<void> {
  const hash = await hashPassword(demoPassword);
  await database.transaction(async (tx) => {
    const { account, isNew } = await accounts.ensure(tx, { email, name, admin: true });
    const isAsWished =
      !isNew && account.admin && !account.disabled && (await verifyPassword(account.passwordHash, demoPassword));
    if (isAsWished) return;
    await rows(tx, 'UPDATE staff SET admin = true, disabled = false WHERE id = $1', [account.id]);
    await setPassword(tx, account.id, hash);
    await audited(tx, await accounts.tell(tx, account.id), 'staff.create', { admin: true, new: isNew });
  });
}

async function setPassword(tx: Tx, staffId: string, hash: string): Promise<void> {
  await rows(tx, 'UPDATE staff SET password_hash = $2 WHERE id = $1', [staffId, hash]);
  await rows(
    tx,
    `UPDATE refresh_families SET ended_at = now(), ended_by = 'password' WHERE staff_id = $1 AND ended_at IS NULL`,
    [staffId],
  );
}

function audited(tx: Tx, account: Account, action: string, details: Record<string, boolean>): Promise<void> {
  return audit(tx, operator, { conferenceId: null, action, target: { kind: 'staff', id: account.id }, details });
}

function parsed(person: NewStaff) {
  const email = routes.signIn.body.shape.email.safeParse(person.email);
  if (!email.success) throw new Error(`${JSON.stringify(person.email)} is not an e-mail address`);
  const name = routes.createStaff.body.shape.name.optional().safeParse(person.name);
  if (!name.success) throw new Error('the name must be one line of at most 200 characters');
  if (person.password !== undefined && (person.password.length < 10 || person.password.length > 200)) {
    throw new Error('the password must have 10 to 200 characters');
  }
  return { email: email.data, name: name.data, password: person.password };
}
