import type { ServiceName } from '@plenary/contracts';
import { stack, until } from '@plenary/testing';

/** What the launcher offers for each of its processes; the whole of it is in deploy/local/supervised-process.ts. */
interface Supervised {
  readonly pid: number | undefined;
  readonly restarts: number;
  readonly plan: { readonly logFile: string; ready(): Promise<boolean> };
  holdDown(signal?: NodeJS.Signals): Promise<string>;
  bringBack(): Promise<void>;
  forgive(): void;
}

/** Put there by tests/setup/delivery-environment.ts. */
const world = globalThis as unknown as {
  launcher: { processes: ReadonlyMap<string, Supervised> };
  deliveryRun: { leftToFull: string[] };
};

const frozen = new Map<string, number>();
const heldDown = new Set<string>();

function processOf(name: string): Supervised {
  const found = world.launcher.processes.get(name);
  if (!found) throw new Error(`No process ${name}; there are ${processNames().join(', ')}`);
  return found;
}

/** `registration`, `registration-2`, ..., `gateway`, `kafka`, `postgres`. */
export const processNames = (): string[] => [...world.launcher.processes.keys()];

/** The replicas of a service by the names of their processes, in the order of `stack().urls`. */
export const replicasOf = (service: ServiceName): string[] =>
  stack().urls[service].map((_, index) => (index === 0 ? service : `${service}-${index + 1}`));

export function pidOf(name: string): number {
  const { pid } = processOf(name);
  if (pid === undefined) throw new Error(`${name} does not run just now`);
  return pid;
}

/** How often the launcher had to start each process again, of its own accord. */
export const restartsOf = (name: string): number => processOf(name).restarts;

/** Where standard output and standard error of a process go. */
export const logFileOf = (name: string): string => processOf(name).plan.logFile;

/** kill -9. The launcher starts it again after half a second. Resolves when the process is gone. */
export async function kill(name: string): Promise<void> {
  const one = processOf(name);
  const pid = pidOf(name);
  one.forgive();
  frozen.delete(name);
  process.kill(pid, 'SIGKILL');
  await until(() => one.pid !== pid, { what: `the end of ${name}`, everyMs: 2 });
}

/** SIGSTOP: the process keeps its memory, connections and locks, and does nothing. */
export function freeze(name: string): void {
  const pid = pidOf(name);
  process.kill(pid, 'SIGSTOP');
  frozen.set(name, pid);
}

/** SIGCONT. */
export function thaw(name: string): void {
  const pid = frozen.get(name);
  if (pid === undefined) throw new Error(`${name} is not frozen`);
  frozen.delete(name);
  if (processOf(name).pid === pid) process.kill(pid, 'SIGCONT');
}

/** Ends a process (kill -9 unless said otherwise) and keeps it down until `bringBack`. Says how it ended. */
export async function holdDown(name: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<string> {
  frozen.delete(name);
  heldDown.add(name);
  return processOf(name).holdDown(signal);
}

/** Starts what was held down; resolves when it is ready. */
export async function bringBack(name: string): Promise<void> {
  await processOf(name).bringBack();
  heldDown.delete(name);
}

/** SIGTERM, the time to drain, and a new process; resolves when that is ready. Says how the old one ended. */
export async function restartGracefully(name: string): Promise<string> {
  const how = await holdDown(name, 'SIGTERM');
  await bringBack(name);
  return how;
}

/** Until a process runs and says that it is ready. */
export async function untilReady(name: string, timeoutMs = 60_000): Promise<void> {
  const one = processOf(name);
  await until(async () => one.pid !== undefined && (await one.plan.ready()), {
    what: `${name} to be ready`,
    timeoutMs,
  });
}

/** Nothing frozen, nothing held down, everything ready. */
export async function untilWhole(): Promise<void> {
  for (const name of [...frozen.keys()]) thaw(name);
  // PostgreSQL and Kafka first: without them the others are not ready.
  const order = ['postgres', 'kafka'];
  for (const name of [...heldDown].sort((one, other) => order.indexOf(other) - order.indexOf(one)))
    await bringBack(name);
  await Promise.all(processNames().map((name) => untilReady(name)));
}

/** Is this the whole form, `npm run test:full`? */
export const wholeForm = process.env.DELIVERY === 'full';

/** How often something is done in the short form, and in the whole. */
export const rounds = (short: number, whole: number): number => (wholeForm ? whole : short);

/** A case of the whole form alone. The short one shows it as skipped and counts it in its last line. */
export function itInWholeForm(name: string, work: () => Promise<void>, timeoutMs?: number): void {
  if (wholeForm) {
    it(name, work, timeoutMs);
  } else {
    world.deliveryRun.leftToFull.push(name);
    it.skip(name, work, timeoutMs);
  }
}

/** One line of the run's report: what was seen, with its times. */
export function report(line: string): void {
  process.stderr.write(`delivery: ${line}\n`);
}
