import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Stack } from '../../deploy/local/stack';

const root = resolve(__dirname, '../..');

/** The whole system of the end-to-end tests. */
export default () => startTestStack('e2e');

/** The whole system, built anew where sources changed, with data of its own on free ports; `TEST_REPLICAS` of each service. */
export async function startTestStack(kind: string): Promise<Stack> {
  const built = spawnSync(process.execPath, [join(root, 'deploy/local/build.mjs')], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stderr);
  // What runs is what was built; loading its launcher from there keeps the two together.
  const launcher = join(root, 'dist/deploy/local');
  const { freshTestFolder } = require(join(launcher, 'test-infrastructure.js'));
  const { Stack: BuiltStack } = require(join(launcher, 'stack.js'));
  const stateDir: string = await freshTestFolder(kind);
  const stack: Stack = new BuiltStack({
    stateDir,
    ports: 'free',
    quiet: true,
    demo: true,
    replicas: Number(process.env.TEST_REPLICAS ?? 2),
    order: ['local', 'docker'],
    env: { PLENARY_CHECK_ANSWERS: '1', DATABASE_URL: '', KAFKA_BROKERS: '' },
  });
  const file = join(stateDir, 'stack.json');
  writeFileSync(file, JSON.stringify(await stack.start()), { mode: 0o600 });
  process.env.TEST_STACK = file;
  (globalThis as { testStack?: Stack }).testStack = stack;
  return stack;
}
