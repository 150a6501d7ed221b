import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../deploy/local/project';
import { Stack } from '../../deploy/local/stack';
import { freshTestFolder, removeTestFolder } from '../../deploy/local/test-infrastructure';

export interface BenchStack {
  /** By name (`registration`, `gateway`, `kafka`, `postgres`, ...); only what is a process of ours. */
  processes(): Record<string, number>;
  /** How often each process had to be started again, where it had to. */
  restarts(): Record<string, number>;
  /** A signal came: everything is being stopped, and the process ends by itself. */
  readonly stopping: boolean;
  /** Stops everything and throws its data away; the logs stay in `.plenary-test-logs` until the next run. */
  stop(hurry?: boolean): Promise<void>;
}

/**
 * The whole system as it runs in production, on free ports, with data of its own; `stack()` of `@plenary/testing` finds
 * it afterwards. Settings of the surrounding environment that would make it another system are left out. With `profile`
 * every service loads that script first and is told by PLENARY_PROFILE whom it concerns.
 */
export async function startBenchStack(options: {
  replicas: number;
  profile?: { script: string; process: string; folder: string } | undefined;
}): Promise<BenchStack> {
  for (const name of ['PLENARY_CHECK_ANSWERS', 'DATABASE_URL', 'KAFKA_BROKERS']) delete process.env[name];
  const { profile } = options;
  const stateDir = await freshTestFolder('bench');
  const stack = new Stack({
    stateDir,
    ports: 'free',
    quiet: true,
    // For the accounts; the demo conference is not made.
    demo: true,
    replicas: options.replicas,
    order: ['local', 'docker'],
    env: profile
      ? {
          NODE_OPTIONS: `--require=${profile.script}`,
          PLENARY_PROFILE: profile.process,
          PLENARY_PROFILE_FOLDER: profile.folder,
        }
      : {},
  });
  const bench = {
    stopping: false,
    processes: () => {
      const { processes } = JSON.parse(readFileSync(join(stateDir, 'run.json'), 'utf8'));
      return Object.fromEntries(
        Object.entries(processes as Record<string, { pid: number }>).map(([name, { pid }]) => [name, pid]),
      );
    },
    restarts: () => stack.restarts(),
    stop: async (hurry?: boolean) => {
      await stack.stop(hurry);
      const logs = join(projectRoot, '.plenary-test-logs');
      rmSync(logs, { recursive: true, force: true });
      cpSync(join(stateDir, 'logs'), logs, { recursive: true });
      await removeTestFolder(stateDir);
    },
  };
  stopOnSignals(bench);
  const file = join(stateDir, 'stack.json');
  writeFileSync(file, JSON.stringify(await stack.start()), { mode: 0o600 });
  process.env.TEST_STACK = file;
  return bench;
}

/** The first signal stops in order, the next one in a hurry; either way everything ends. */
function stopOnSignals(bench: BenchStack & { stopping: boolean }): void {
  let first = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // Ctrl-C reaches this process from the terminal and a moment later once more from npm: that is one.
      if (first && performance.now() - first < 700) return;
      const hurry = first > 0;
      first ||= performance.now();
      bench.stopping = true;
      process.stderr.write(`${signal}: stopping\n`);
      bench.stop(hurry).then(
        () => process.exit(130),
        (error) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
}
