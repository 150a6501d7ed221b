import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { end, isAlive, markOf, type ProcessMark } from './process-marks';
import { type Say, StartError } from './say';

interface Content {
  launcher: ProcessMark;
  processes: Record<string, ProcessMark>;
}

/**
 * Which processes belong to this state folder, in `run.json`: so that a start after a kill -9 ends what was left
 * running, and nothing else. Written after each change, by renaming.
 */
export class RunRecord {
  private readonly processes: Record<string, ProcessMark> = {};

  private constructor(
    private readonly file: string,
    private readonly launcher: ProcessMark,
  ) {}

  /** Throws a StartError when the folder is in use by a launcher that lives. Ends what a dead one left behind. */
  static async open(stateDir: string, say: Say): Promise<RunRecord> {
    const file = join(stateDir, 'run.json');
    const before = read(file);
    const self = markOf(process.pid);
    if (!self) throw new Error('cannot tell when this process started');
    if (before && before.launcher.pid !== self.pid && isAlive(before.launcher)) {
      throw new StartError(
        `Plenary runs already with this folder (${stateDir}), as process ${before.launcher.pid}. ` +
          'Stop that one first (Ctrl-C there), or give this one a folder and ports of its own: PLENARY_STATE_DIR, PLENARY_PORT.',
      );
    }
    if (before) await endLeftovers(before.processes, say);
    const record = new RunRecord(file, self);
    record.save();
    return record;
  }

  note(name: string, pid: number): ProcessMark | undefined {
    const mark = markOf(pid);
    if (mark) {
      this.processes[name] = mark;
      this.save();
    }
    return mark;
  }

  forget(name: string): void {
    delete this.processes[name];
    this.save();
  }

  private save(): void {
    const content: Content = { launcher: this.launcher, processes: this.processes };
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(`${this.file}.new`, JSON.stringify(content, null, 2));
    renameSync(`${this.file}.new`, this.file);
  }
}

/** Services first, then Kafka, then PostgreSQL, as in an orderly stop. */
async function endLeftovers(processes: Record<string, ProcessMark>, say: Say): Promise<void> {
  const left = Object.entries(processes).filter(([, mark]) => isAlive(mark));
  if (left.length === 0) return;
  say(
    'plenary',
    `ending what the last run left behind: ${left.map(([name, { pid }]) => `${name} (${pid})`).join(', ')}`,
  );
  const infrastructure = ['kafka', 'postgres'];
  await Promise.all(
    left.filter(([name]) => !infrastructure.includes(name)).map(([, mark]) => end(mark, 'SIGTERM', 10_000)),
  );
  for (const name of infrastructure) {
    const mark = processes[name];
    // SIGINT is PostgreSQL's "fast" shutdown: it does not wait for its clients.
    if (mark) await end(mark, name === 'postgres' ? 'SIGINT' : 'SIGTERM', 30_000);
  }
}

function read(file: string): Content | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Content;
  } catch {
    return undefined;
  }
}
