import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { settled, stack, verify } from '@plenary/testing';
import { Client } from 'pg';
import type { BenchStack } from '../setup/bench-stack';
import { type Baseline, baselineOf, insertRate } from './baseline';
import { usageOver } from './cpu';
import type { Generator } from './load';
import type { CaseResult, Figure, Stretch } from './report';

export interface Case {
  readonly name: string;
  readonly title: string;
  /** Whether the checker looks at everything afterwards. */
  readonly changesData: boolean;
  run(bench: Bench): Promise<Figure[]>;
}

/** What a case has to work with, and where it leaves what it found beside its figures. */
export class Bench {
  readonly stretches: Stretch[] = [];
  readonly baselines: { name: string; baseline: Baseline }[] = [];
  readonly broken: string[] = [];
  readonly held: string[] = [];

  constructor(
    private readonly options: {
      system: BenchStack;
      generator: Generator;
      scale: number;
      arrivals: 'constant' | 'poisson';
      profiled: string | undefined;
    },
  ) {}

  get generator(): Generator {
    return this.options.generator;
  }
  get arrivals() {
    return this.options.arrivals;
  }

  /** `count` at scale 1, a whole number, at least 1. */
  scaled(count: number): number {
    return Math.max(1, Math.round(count * this.options.scale));
  }

  say(what: string): void {
    process.stderr.write(`  ... ${what}\n`);
  }

  /** Counts the CPU of every process while `work` runs, and profiles the one that was asked for. */
  async counted<T>(name: string, operations: number, work: () => Promise<T>): Promise<T> {
    const { system, generator } = this.options;
    const processes = () => ({ ...system.processes(), generator: generator.pid, bench: process.pid });
    return withDatabase(async (database) => {
      const before = await written(database);
      this.toggleProfile();
      const { value, seconds, usage } = await usageOver(processes, work);
      this.toggleProfile();
      const after = await written(database);
      const commits = after.commits - before.commits;
      const walKb = (after.walBytes - before.walBytes) / 1_024;
      this.stretches.push({ name, seconds, operations, usage, commits, walKb });
      return value;
    });
  }

  /** Puts the durable INSERT rate of the same database around `work`, and hands it over with the answer. */
  async besideInserts<T>(name: string, work: () => Promise<T>): Promise<{ value: T; baseline: Baseline }> {
    const before = await insertRate(this.generator);
    const value = await work();
    const baseline = baselineOf(before, await insertRate(this.generator));
    this.baselines.push({ name, baseline });
    return { value, baseline };
  }

  /** Notes whether something holds that has to. */
  check(what: string, wrong: string[]): void {
    if (wrong.length === 0) this.held.push(what);
    else
      this.broken.push(
        `${what}: ${wrong.slice(0, 5).join('; ')}${wrong.length > 5 ? ` and ${wrong.length - 5} more` : ''}`,
      );
  }

  private toggleProfile(): void {
    const { system, profiled } = this.options;
    for (const [name, pid] of Object.entries(system.processes())) {
      if (profiled && name.replace(/-\d+$/, '') === profiled) process.kill(pid, 'SIGUSR2');
    }
  }
}

/** Runs a case from rest; afterwards everything has settled and, where data changed, all eight invariants are checked. */
export async function runCase(one: Case, bench: Bench): Promise<CaseResult> {
  process.stderr.write(`${one.name}\n`);
  await settled(60_000);
  const loadBefore = loadavg()[0] as number;
  const figures = await one.run(bench);
  if (one.changesData) {
    bench.say('until everything has settled');
    await settled(120_000);
    bench.say('checking what must always hold');
    const findings = await verify();
    for (const { invariant, violations } of findings.filter(({ violations }) => violations.length > 0)) {
      bench.check(invariant, violations);
    }
    const checked = findings.reduce((sum, finding) => sum + finding.checked, 0);
    if (findings.every(({ violations }) => violations.length === 0))
      bench.held.push(`the eight invariants (${checked} looked at)`);
  }
  const { stretches, baselines, broken, held } = bench;
  return { name: one.name, title: one.title, loadBefore, figures, stretches, baselines, broken, held };
}

/** One superuser's connection to the system's database, for reading what a case did. */
export async function withDatabase<T>(work: (database: Client) => Promise<T>): Promise<T> {
  const database = new Client({ connectionString: stack().databaseUrl, application_name: 'bench' });
  await database.connect();
  try {
    return await work(database);
  } finally {
    await database.end();
  }
}

/** Transactions and write-ahead log of the system's database up to now. Servers tell their counts a second late. */
async function written(database: Client): Promise<{ commits: number; walBytes: number }> {
  const { rows } = await database.query(
    `SELECT xact_commit::float8 AS commits, (pg_current_wal_lsn() - '0/0')::float8 AS "walBytes"
     FROM pg_stat_database WHERE datname = current_database()`,
  );
  return rows[0];
}

export const seconds = (count: number) => pause(count * 1_000);
