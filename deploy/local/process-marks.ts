import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A process that can be told from a later one with the same pid. `started` is opaque: compare it, nothing else. */
export interface ProcessMark {
  readonly pid: number;
  readonly started: string;
}

/** undefined: no such process (a zombie counts as none). */
export function markOf(pid: number): ProcessMark | undefined {
  const started = process.platform === 'linux' ? startedOnLinux(pid) : startedByPs(pid);
  return started === undefined ? undefined : { pid, started };
}

export const isAlive = (mark: ProcessMark): boolean => markOf(mark.pid)?.started === mark.started;

/** The command line of a process, blanks between the arguments; empty when there is none or it cannot be read. */
export function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
  return ps(pid, 'command=');
}

/** Sends `signal`, then SIGKILL after `graceMs`. Resolves when the process is gone. Never touches another process. */
export async function end(mark: ProcessMark, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  send(mark, signal);
  const deadline = performance.now() + graceMs;
  let killed = false;
  while (isAlive(mark)) {
    if (!killed && performance.now() >= deadline) {
      send(mark, 'SIGKILL');
      killed = true;
    }
    await pause(20);
  }
}

export function send(mark: ProcessMark, signal: NodeJS.Signals): void {
  if (!isAlive(mark)) return;
  try {
    process.kill(mark.pid, signal);
  } catch (error) {
    // It ended in between.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** proc(5): state is field 3, the start time in clock ticks since boot is field 22; the name before them may hold anything. */
function startedOnLinux(pid: number): string | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

function startedByPs(pid: number): string | undefined {
  if (ps(pid, 'stat=').startsWith('Z')) return undefined;
  return ps(pid, 'lstart=') || undefined;
}

function ps(pid: number, field: string): string {
  return spawnSync('ps', ['-o', field, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
}
