import { cpSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Stack } from '../../deploy/local/stack';

const root = resolve(__dirname, '../..');

/** After the end-to-end tests: nothing should have ended by itself, so what did is named. */
export default async function teardown(): Promise<void> {
  const stack = (globalThis as { testStack?: Stack }).testStack;
  if (!stack) return;
  const restarts = Object.entries(stack.restarts());
  const logs = await stopTestStack(stack);
  for (const [name, count] of restarts) {
    console.error(`${name} ended during the tests and was started again, ${count} times: see ${logs}/${name}.log`);
  }
}

/** Stops everything and throws its data away; the logs stay in the returned folder until the next run of that kind. */
export async function stopTestStack(stack: Stack, logFolder = '.plenary-test-logs'): Promise<string> {
  await stack.stop();
  const logs = join(root, logFolder);
  rmSync(logs, { recursive: true, force: true });
  cpSync(join(stack.stateDir, 'logs'), logs, { recursive: true });
  const { removeTestFolder } = require(join(root, 'dist/deploy/local/test-infrastructure.js'));
  await removeTestFolder(stack.stateDir);
  return logs;
}
