import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunRecord } from './run-record';
import { messageOf, type Say, StartError } from './say';

export interface ProcessPlan {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly uid?: number;
  readonly gid?: number;
  /** Gets standard output and standard error of the process; survives this launcher. */
  readonly logFile: string;
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
  /** How long it may take to stop before SIGKILL. */
  readonly graceMs: number;
  readonly readyWithinMs: number;
  /** Runs before each start. */
  before?(): Promise<void>;
  /** Asked again and again until it answers true. Errors count as "not yet". */
  ready(): Promise<boolean>;
}

const MAX_LOG = 20 * 1024 * 1024;
const FIRST_ATTEMPTS = 3;
const LONGEST_PAUSE = 30_000;
/** A process that lived this long has started well: its next death is waited for briefly again. */
const WELL_AFTER = 60_000;

/**
 * Starts a process, waits until it is ready, and starts it again with growing pauses whenever it ends by itself.
 * The process has a group of its own, so that Ctrl-C reaches the launcher alone and the launcher decides the order.
 */
export class SupervisedProcess {
  restarts = 0;
  private child: ChildProcess | undefined;
  private ended: Promise<string> = Promise.resolve('not started');
  private logStart = 0;
  private failures = 0;
  private readonly stopping = new AbortController();

  constructor(
    readonly plan: ProcessPlan,
    private readonly record: RunRecord,
    private readonly say: Say,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Resolves when the process is ready; throws a StartError with the end of its log when it does not get there. */
  async start(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.launch();
        return;
      } catch (error) {
        if (this.stopping.signal.aborted || attempt === FIRST_ATTEMPTS) throw error;
        await pause(attempt * 300);
      }
    }
  }

  /** Sends the stop signal and waits; in a hurry, or past the grace time, SIGKILL. Safe to call again. */
  async stop(hurry = false): Promise<void> {
    this.stopping.abort();
    if (this.child) await this.end(this.child, hurry ? 'SIGKILL' : this.plan.stopSignal);
  }

  /** Ends the process as an orderly stop would, and starts it anew: for new code. */
  async restart(): Promise<void> {
    if (!this.child) return;
    await this.holdDown(this.plan.stopSignal);
    await this.bringBack();
  }

  /**
   * Ends the process and leaves it down until `bringBack`. Resolves when it is gone, with how it ended. Throws when it
   * does not run just now: it is down already, or about to be started again.
   */
  async holdDown(signal: NodeJS.Signals = 'SIGKILL'): Promise<string> {
    const child = this.child;
    if (!child) throw new Error(`${this.plan.name} does not run`);
    this.child = undefined;
    const how = await this.end(child, signal);
    this.record.forget(this.plan.name);
    return how;
  }

  /** Starts what was held down; resolves when it is ready. Should it fail, it is tried again with growing pauses. */
  async bringBack(): Promise<void> {
    if (this.child) return;
    await this.launch().catch((error) => this.revive(messageOf(error)));
  }

  /** The next death is waited for briefly again, however many there were: for those who kill on purpose. */
  forgive(): void {
    this.failures = 0;
  }

  /** A process that was stopped by SIGSTOP obeys too. */
  private async end(child: ChildProcess, signal: NodeJS.Signals): Promise<string> {
    child.kill(signal);
    child.kill('SIGCONT');
    const timer = setTimeout(() => child.kill('SIGKILL'), this.plan.graceMs);
    const how = await this.ended;
    clearTimeout(timer);
    return how;
  }

  private async launch(): Promise<void> {
    const { plan } = this;
    await plan.before?.();
    if (this.stopping.signal.aborted) throw new StartError(`${plan.name} was stopped while it started`);
    const child = this.spawn();
    let ready = false;
    let outcome: string | undefined;
    this.child = child;
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal ? `was killed (${signal})` : `ended with code ${code}`));
    });
    const born = performance.now();
    void this.ended.then((how) => {
      outcome = how;
      if (this.child !== child) return;
      this.child = undefined;
      this.record.forget(plan.name);
      if (!ready || this.stopping.signal.aborted) return;
      if (performance.now() - born > WELL_AFTER) this.failures = 0;
      void this.revive(how);
    });
    if (child.pid) this.record.note(plan.name, child.pid);

    const deadline = performance.now() + plan.readyWithinMs;
    while (outcome === undefined) {
      if (await plan.ready().catch(() => false)) {
        ready = outcome === undefined;
        if (ready) return;
      } else if (performance.now() > deadline) {
        child.kill('SIGKILL');
        await this.ended;
        throw new StartError(`${plan.name} was not ready within ${plan.readyWithinMs / 1000} s${this.logTail()}`);
      }
      await Promise.race([pause(50), this.ended]);
    }
    throw new StartError(`${plan.name} ${outcome} before it was ready${this.logTail()}`);
  }

  private async revive(how: string): Promise<void> {
    let reason = how;
    const since = performance.now();
    while (!this.stopping.signal.aborted) {
      const wait = Math.min(500 * 2 ** this.failures++, LONGEST_PAUSE);
      this.restarts++;
      this.say(this.plan.name, `${reason}; starts again in ${wait / 1000} s (log: ${this.plan.logFile})`);
      try {
        await pause(wait, undefined, { signal: this.stopping.signal });
        await this.launch();
        this.say(this.plan.name, `is back, ready again after ${seconds(performance.now() - since)} s`);
        return;
      } catch (error) {
        reason = messageOf(error);
      }
    }
  }

  private spawn(): ChildProcess {
    const { plan } = this;
    mkdirSync(dirname(plan.logFile), { recursive: true });
    const size = statSync(plan.logFile, { throwIfNoEntry: false })?.size ?? 0;
    if (size > MAX_LOG) renameSync(plan.logFile, `${plan.logFile}.1`);
    this.logStart = size > MAX_LOG ? 0 : size;
    const log = openSync(plan.logFile, 'a');
    try {
      return spawn(plan.command, plan.args, {
        env: plan.env,
        cwd: plan.cwd,
        ...(plan.uid === undefined ? {} : { uid: plan.uid }),
        ...(plan.gid === undefined ? {} : { gid: plan.gid }),
        detached: true,
        stdio: ['ignore', log, log],
      });
    } finally {
      closeSync(log);
    }
  }

  /** The last lines this start wrote, short and readable. */
  private logTail(): string {
    try {
      const lines = readFileSync(this.plan.logFile).subarray(this.logStart).toString().trim().split('\n');
      const last = lines.slice(-8).filter(Boolean).map(readable);
      return last.length > 0 ? `:\n  ${last.join('\n  ')}` : ` (log: ${this.plan.logFile})`;
    } catch {
      return '';
    }
  }
}

const seconds = (ms: number) => (ms / 1000).toFixed(1);

/** A JSON log line as its message; anything else as it is; neither longer than 300 characters. */
export function readable(line: string): string {
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    if (msg) {
      const cause = err?.message && !msg.includes(err.message) ? `: ${err.message}` : '';
      return `${msg}${cause}`.replaceAll(/\s+/g, ' ').slice(0, 300);
    }
  } catch {
    // Not JSON.
  }
  return line.slice(0, 300);
}
