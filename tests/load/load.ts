import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** One HTTP request below `/api/v1`. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface LoadJob {
  readonly kind: 'load';
  readonly origin: string;
  readonly requests: Request[];
  /** As many requests as this are under way at most. */
  readonly connections: number;
  /** Requests a second by schedule: the open model. Without: the closed one, as fast as the connections go. */
  readonly rate?: number;
  readonly arrivals?: 'constant' | 'poisson';
  /** Which fields of each good answer to hand back. */
  readonly keep?: string[];
}

export interface InsertJob {
  readonly kind: 'inserts';
  readonly databaseUrl: string;
  readonly connections: number;
  readonly seconds: number;
  readonly statement: string;
  readonly values: unknown[];
}
export type Job = LoadJob | InsertJob;

/** Each list holds one entry per request, in the job's order; instants are ms since the epoch. */
export interface LoadResult {
  startedAt: number;
  endedAt: number;
  /** When it was meant to be sent (open model) or was sent (closed model). */
  dueAt: Float64Array;
  /** From `dueAt` to the whole answer, ms. */
  latency: Float64Array;
  /** 0: no answer. */
  status: Uint16Array;
  kept: (Record<string, unknown> | undefined)[];
  /** Requests sent more than 10 ms after they were due. */
  late: number;
  /** The first few answers that were not good. */
  failures: string[];
}

/** The generator's process, seen from here. */
export class Generator {
  private readonly child: ChildProcess;

  constructor() {
    this.child = fork(join(__dirname, 'generator.js'), { serialization: 'advanced' });
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Throws when any answer was not a good one: what failed was not measured. */
  async load(job: Omit<LoadJob, 'kind'>): Promise<LoadResult> {
    const result = await this.run<LoadResult>({ kind: 'load', ...job });
    const failed = result.status.filter((status) => status < 200 || status > 299).length;
    if (failed > 0) {
      throw new Error(`${failed} of ${job.requests.length} requests failed, such as: ${result.failures.join('\n  ')}`);
    }
    return result;
  }

  inserts(job: Omit<InsertJob, 'kind'>): Promise<{ rows: number; seconds: number }> {
    return this.run({ kind: 'inserts', ...job });
  }

  stop(): void {
    if (this.child.connected) this.child.disconnect();
  }

  private run<Result>(job: Job): Promise<Result> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error('the load generator ended'));
      this.child.once('exit', ended);
      this.child.once('message', (answer: { result: Result } | { error: string }) => {
        this.child.off('exit', ended);
        if ('error' in answer) reject(new Error(`the load generator: ${answer.error}`));
        else resolve(answer.result);
      });
      this.child.send(job);
    });
  }
}

/** The value that `share` of all are not above (nearest rank). Empty: NaN. */
export function percentile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
