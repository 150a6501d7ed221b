import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { dirname } from 'node:path';
import type { Baseline } from './baseline';
import { others, type Usage } from './cpu';

/** One number of a case. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: { readonly atLeast: number } | { readonly atMost: number };
  /** How it was measured, where that is not plain. */
  readonly note?: string;
}

/** One stretch of a case over which CPU was counted. */
export interface Stretch {
  readonly name: string;
  readonly seconds: number;
  readonly operations: number;
  readonly usage: Usage[] | undefined;
  /** Of PostgreSQL: transactions (about: they are told a second late), reading ones included, and write-ahead log. */
  readonly commits: number;
  readonly walKb: number;
}

export interface CaseResult {
  readonly name: string;
  readonly title: string;
  readonly loadBefore: number;
  readonly figures: Figure[];
  readonly stretches: Stretch[];
  readonly baselines: { readonly name: string; readonly baseline: Baseline }[];
  /** What the checker and the case's own checks found broken. */
  readonly broken: string[];
  /** What was looked at and held. */
  readonly held: string[];
}

export const met = ({ value, target }: Figure): boolean | undefined =>
  target && ('atLeast' in target ? value >= target.atLeast : value <= target.atMost);

/** Whose figures these are; no name of the machine. */
export function machine() {
  const [first] = cpus();
  return {
    date: new Date().toISOString(),
    commit: git('rev-parse', '--short=12', 'HEAD'),
    changed: git('status', '--porcelain', '--untracked-files=no', 'apps', 'libs', 'deploy') !== '',
    cores: cpus().length,
    model: first?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: `${type()} ${release()}`,
    node: process.version,
    loadAverage: loadavg()[0] as number,
  };
}

function git(...args: string[]): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

export function print(result: CaseResult, scale: number): void {
  const say = (line = '') => process.stdout.write(`${line}\n`);
  say();
  say(`${result.name}: ${result.title}${scale === 1 ? '' : ` (at scale ${scale})`}`);
  say(`  load average before ${result.loadBefore.toFixed(2)}`);
  const width = Math.max(...result.figures.map(({ what }) => what.length));
  for (const figure of result.figures) {
    const target = figure.target
      ? `  target ${'atLeast' in figure.target ? `>= ${figure.target.atLeast}` : `<= ${figure.target.atMost}`}: ${met(figure) ? 'met' : 'MISSED'}`
      : '';
    say(`  ${figure.what.padEnd(width)}  ${short(figure.value).padStart(8)} ${figure.unit}${target}`);
    if (figure.note) say(`  ${' '.repeat(width)}           (${figure.note})`);
  }
  for (const { name, baseline } of result.baselines) {
    const { before, after, steady } = baseline;
    const words = `${steady ? 'within 10 %' : 'NOT within 10 %'}: ${before.toFixed(0)} vs ${after.toFixed(0)}`;
    say(`  durable INSERTs/s before and after ${name}: ${words}`);
  }
  for (const stretch of result.stretches) printUsage(stretch, say);
  for (const line of result.held) say(`  held: ${line}`);
  for (const line of result.broken) say(`  BROKEN: ${line}`);
}

function printUsage(stretch: Stretch, say: (line: string) => void): void {
  const { name, seconds, operations, usage, commits, walKb } = stretch;
  const per = operations > 0 ? operations : seconds;
  say(
    `  PostgreSQL over ${name}: ${(commits / per).toFixed(2)} transactions and ${(walKb / per).toFixed(1)} kB of log per ${operations > 0 ? 'operation' : 'second'}`,
  );
  if (!usage) {
    say(`  CPU over ${name}: not measured on this system`);
    return;
  }
  const perOperation = operations > 0;
  say(`  CPU over ${name} (${seconds.toFixed(1)} s${perOperation ? `, ${operations} operations` : ''})`);
  say(
    `    ${'process'.padEnd(28)} ${'% of a core'.padStart(11)} ${perOperation ? 'ms/op'.padStart(8) : ''} ${'RSS MB'.padStart(7)}`,
  );
  const row = (label: string, ms: number, rss?: number) =>
    say(
      `    ${label.padEnd(28)} ${(ms / seconds / 10).toFixed(1).padStart(11)} ` +
        `${perOperation ? (ms / operations).toFixed(3).padStart(8) : ''} ${rss === undefined ? '' : rss.toFixed(0).padStart(7)}`,
    );
  const ours = usage.filter(({ name }) => name !== others);
  for (const one of ours) {
    row(one.name, one.cpuMs, one.name === 'postgres' ? undefined : one.rssMb);
    for (const [part, ms] of Object.entries(one.parts ?? {}).sort(([, a], [, b]) => b - a)) {
      if (ms / one.cpuMs >= 0.02) row(`  for ${part}`, ms);
    }
  }
  row(
    'all of these',
    ours.reduce((sum, one) => sum + one.cpuMs, 0),
  );
  row(others, usage.find(({ name }) => name === others)?.cpuMs ?? 0);
}

const short = (value: number) =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);

export function write(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
