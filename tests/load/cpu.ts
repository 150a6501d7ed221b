import { readdirSync, readFileSync } from 'node:fs';

/** CPU and memory of one process (PostgreSQL: all of its processes together) over a stretch of time. */
export interface Usage {
  readonly name: string;
  /** User and system time, ms. */
  readonly cpuMs: number;
  /** Of one core. */
  readonly percent: number;
  /** Resident at the end; PostgreSQL's shared buffers count once for each backend that touched them. */
  readonly rssMb: number;
  /** PostgreSQL only: what its server processes did for whom. */
  readonly parts?: Record<string, number>;
}

interface Reading {
  /** Ticks of the process itself, and of its children that have ended with all that they ever used. */
  own: number;
  ofEnded: number;
  parent: number;
  rssPages: number;
  title: string;
}
type Snapshot = Map<number, Reading>;
/** A row of the table: all that ran on the machine and is not ours, the kernel's own work included. */
export const others = 'others on the machine';

/** What USER_HZ is for programs on every Linux (proc(5), times(2)). */
const tickMs = 10;
const pageMb = 4_096 / 1_048_576;

const measurable = process.platform === 'linux';

/**
 * What each of the named processes uses while `work` runs, from /proc; undefined on other systems. A process that is
 * replaced in between counts as its successor.
 */
export async function usageOver<T>(
  processes: () => Record<string, number>,
  work: () => Promise<T>,
): Promise<{ value: T; seconds: number; usage: Usage[] | undefined }> {
  const before = measurable ? snapshot() : undefined;
  const busyBefore = before ? busyMs() : 0;
  const began = performance.now();
  const value = await work();
  const seconds = (performance.now() - began) / 1_000;
  if (!before) return { value, seconds, usage: undefined };
  const after = snapshot();
  const usage = Object.entries(processes()).map(([name, pid]) => usageOf(name, pid, before, after, seconds));
  const cpuMs = busyMs() - busyBefore - usage.reduce((sum, one) => sum + one.cpuMs, 0);
  return { value, seconds, usage: [...usage, { name: others, cpuMs, percent: cpuMs / seconds / 10, rssMb: 0 }] };
}

function usageOf(name: string, pid: number, before: Snapshot, after: Snapshot, seconds: number): Usage {
  const asOne = name === 'postgres';
  const parts: Record<string, number> = {};
  let cpuMs = 0;
  let pages = 0;
  for (const [one, now] of after) {
    if (one !== pid && !(asOne && now.parent === pid)) continue;
    const was = before.get(one);
    const ms = (now.own - (was?.own ?? 0) + (asOne ? endedSince(one, was, now, before, after) : 0)) * tickMs;
    cpuMs += ms;
    pages += now.rssPages;
    if (asOne) parts[partOf(now.title)] = (parts[partOf(now.title)] ?? 0) + ms;
  }
  const usage = { name, cpuMs, percent: cpuMs / seconds / 10, rssMb: pages * pageMb };
  return asOne ? { ...usage, parts } : usage;
}

/**
 * Ticks that children which ended in between have used in between: their parent gets all that they ever used when they
 * end, so what they had used by the first look is taken off.
 */
function endedSince(pid: number, was: Reading | undefined, now: Reading, before: Snapshot, after: Snapshot): number {
  let ticks = now.ofEnded - (was?.ofEnded ?? 0);
  for (const [one, { parent, own }] of before) if (parent === pid && !after.has(one)) ticks -= own;
  return Math.max(0, ticks);
}

/** Whom a server process works for: the role of a backend, else what it is. */
function partOf(title: string): string {
  const role = /^postgres: (\S+) \S+ [\d.:]+\(\d+\)/.exec(title)?.[1];
  return role ? role.replace(/^plenary_/, '') : (/^postgres: ([a-z ]+)/.exec(title)?.[1]?.trim() ?? 'server');
}

/** What all cores together have worked; proc(5): user, nice, system, idle, iowait, irq, softirq, steal. */
function busyMs(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, soft = 0, steal = 0] =
    /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]?.split(' ').map(Number) ?? [];
  return (user + nice + system + irq + soft + steal) * tickMs;
}

/** proc(5): after the name in brackets, field 4 is the parent, 14 to 17 are the times, 24 is the resident set. */
function snapshot(): Snapshot {
  const found: Snapshot = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      const number = (field: number) => Number(fields[field - 3]);
      found.set(Number(name), {
        own: number(14) + number(15),
        ofEnded: number(16) + number(17),
        parent: number(4),
        rssPages: number(24),
        title: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '),
      });
    } catch {
      // It has ended.
    }
  }
  return found;
}
