import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive, markOf } from './process-marks';
import { RunRecord } from './run-record';
import { sayNothing } from './say';
import { readable, SupervisedProcess } from './supervised-process';
import { concerns } from './watch';

const until = async (condition: () => boolean) => {
  for (let left = 400; !condition(); left--) {
    if (left === 0) throw new Error('waited 10 s in vain');
    await pause(25);
  }
};

describe('the launcher and its processes', () => {
  let folder: string;
  const strangers: ChildProcess[] = [];
  const sleeper = (): ChildProcess & { pid: number } => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    strangers.push(child);
    return child as ChildProcess & { pid: number };
  };
  const writeRecord = (launcher: object, processes: object) =>
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ launcher, processes }));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plenary-processes-'));
  });
  afterEach(() => {
    for (const child of strangers.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  describe('after a launcher that was killed', () => {
    const dead = { pid: 999_999_999, started: 'long ago' };

    it('ends what it left running', async () => {
      const orphan = sleeper();
      writeRecord(dead, { badge: markOf(orphan.pid) });
      const said: string[] = [];
      await RunRecord.open(folder, (_, what) => said.push(what));
      expect(said).toEqual([`ending what the last run left behind: badge (${orphan.pid})`]);
      expect(markOf(orphan.pid)).toBeUndefined();
    });

    it('spares a program that was given the same process number since', async () => {
      const stranger = sleeper();
      writeRecord(dead, { badge: { pid: stranger.pid, started: 'before that program' } });
      await RunRecord.open(folder, sayNothing);
      expect(markOf(stranger.pid)).toBeDefined();
    });

    it('takes a broken record for none', async () => {
      writeFileSync(join(folder, 'run.json'), '{"launcher": {"pi');
      await expect(RunRecord.open(folder, sayNothing)).resolves.toBeInstanceOf(RunRecord);
    });
  });

  it('refuses a folder that another launcher works in', async () => {
    const other = sleeper();
    writeRecord(markOf(other.pid) as object, {});
    await expect(RunRecord.open(folder, sayNothing)).rejects.toThrow(`as process ${other.pid}`);
  });

  describe('a supervised process', () => {
    const supervise = async (script: string, ready: () => Promise<boolean>, said: string[] = []) =>
      new SupervisedProcess(
        {
          name: 'thing',
          command: process.execPath,
          args: ['-e', script],
          env: {},
          cwd: folder,
          logFile: join(folder, 'thing.log'),
          stopSignal: 'SIGTERM',
          graceMs: 2_000,
          readyWithinMs: 5_000,
          ready,
        },
        await RunRecord.open(folder, sayNothing),
        (who, what) => said.push(`${who}: ${what}`),
      );
    const log = () => readFileSync(join(folder, 'thing.log'), 'utf8');
    const stays = `console.log('up'); setInterval(() => {}, 1000);`;

    it('is started again when it dies, and said so', async () => {
      const said: string[] = [];
      const thing = await supervise(stays, async () => log().includes('up'), said);
      await thing.start();
      const first = thing.pid as number;
      process.kill(first, 'SIGKILL');
      await until(() => said.length === 2);
      expect(said[0]).toMatch(/^thing: was killed \(SIGKILL\); starts again in 0\.5 s/);
      expect(said[1]).toMatch(/^thing: is back/);
      expect(thing.pid).not.toBe(first);
      expect(thing.restarts).toBe(1);
      await thing.stop();
    }, 20_000);

    it('gets the time to finish when it is stopped, and stays stopped', async () => {
      const drains = `${stays} process.on('SIGTERM', () => setTimeout(() => { console.log('drained'); process.exit(0); }, 200));`;
      const thing = await supervise(drains, async () => log().includes('up'));
      await thing.start();
      const mark = markOf(thing.pid as number);
      await thing.stop();
      expect(log()).toContain('drained');
      expect(mark && isAlive(mark)).toBe(false);
      expect(thing.restarts).toBe(0);
    }, 20_000);

    it('is held down until it is brought back, and says how it ended', async () => {
      const thing = await supervise(stays, async () => log().includes('up'));
      await thing.start();
      const first = thing.pid as number;
      expect(await thing.holdDown()).toBe('was killed (SIGKILL)');
      expect(thing.pid).toBeUndefined();
      await expect(thing.holdDown()).rejects.toThrow('thing does not run');
      // Longer than the pause before a revival.
      await pause(800);
      expect(log()).toBe('up\n');
      await thing.bringBack();
      expect(thing.pid).not.toBe(first);
      expect(thing.restarts).toBe(0);
      await thing.stop();
    }, 20_000);

    it('obeys also while it is stopped by SIGSTOP', async () => {
      const thing = await supervise(`process.on('SIGTERM', () => process.exit(7)); ${stays}`, async () =>
        log().includes('up'),
      );
      await thing.start();
      process.kill(thing.pid as number, 'SIGSTOP');
      expect(await thing.holdDown('SIGTERM')).toBe('ended with code 7');
      await thing.stop();
    }, 20_000);

    it('that was forgiven is waited for briefly again', async () => {
      const said: string[] = [];
      const thing = await supervise(stays, async () => log().includes('up'), said);
      await thing.start();
      for (const round of [1, 2]) {
        process.kill(thing.pid as number, 'SIGKILL');
        await until(() => said.length === 2 * round);
        thing.forgive();
      }
      expect(said[2]).toMatch(/starts again in 0\.5 s/);
      await thing.stop();
    }, 20_000);

    it('that does not start is an error with the end of its log', async () => {
      const thing = await supervise(`console.log('no such key'); process.exit(3)`, async () => false);
      await expect(thing.start()).rejects.toThrow(/thing ended with code 3 before it was ready:\s+no such key/);
    }, 20_000);
  });

  it('sees that a process is gone', async () => {
    const child = sleeper();
    const mark = markOf(child.pid);
    expect(mark && isAlive(mark)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(mark && isAlive(mark)).toBe(false);
  });

  it('shows JSON log lines by their message', () => {
    expect(readable('{"level":50,"msg":"cannot start","err":{"message":"LINK_KEY is missing"}}')).toBe(
      'cannot start: LINK_KEY is missing',
    );
    expect(readable('plain words')).toBe('plain words');
  });

  it('restarts what a changed file belongs to', () => {
    expect(concerns('apps/check-in/src/main.ts', 'check-in')).toBe(true);
    expect(concerns('apps/check-in/src/main.ts', 'check-in-2')).toBe(true);
    expect(concerns('apps/check-in/src/main.ts', 'badge')).toBe(false);
    expect(concerns('libs/contracts/src/index.ts', 'badge')).toBe(true);
    expect(concerns('libs/contracts/src/index.ts', 'kafka')).toBe(false);
    expect(concerns('apps/web/door/app.tsx', 'gateway')).toBe(true);
    expect(concerns('apps/web/door/app.tsx', 'check-in')).toBe(false);
    expect(concerns('deploy/local/stack.ts', 'badge')).toBe(false);
  });
});
