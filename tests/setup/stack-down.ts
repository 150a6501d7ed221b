import { cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Stack } from '../../deploy/local/stack';

const root = resolve(__dirname, '../..');

/** Stops everything and throws its data away; the logs stay in `.plenary-test-logs` until the next run. */
export default async function teardown(): Promise<void> {
  const stack = (globalThis as { testStack?: Stack }).testStack;
  if (!stack) return;
  const restarts = Object.entries(stack.restarts());
  await stack.stop();
  const logs = join(root, '.plenary-test-logs');
  rmSync(logs, { recursive: true, force: true });
  cpSync(join(stack.stateDir, 'logs'), logs, { recursive: true });
  const { removeTestFolder } = require(join(root, 'dist/deploy/local/test-infrastructure.js'));
  await removeTestFolder(stack.stateDir);
  for (const [name, count] of restarts) {
    console.error(`${name} ended during the tests and was started again, ${count} times: see ${logs}/${name}.log`);
  }
}
