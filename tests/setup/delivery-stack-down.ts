import type { Stack } from '../../deploy/local/stack';
import type { DeliveryRun } from './delivery-environment';
import { stopTestStack } from './stack-down';

/** Stops everything, and says what this run has left out. */
export default async function teardown(): Promise<void> {
  const { testStack, deliveryRun } = globalThis as { testStack?: Stack; deliveryRun?: DeliveryRun };
  if (testStack) await stopTestStack(testStack, '.plenary-delivery-logs');
  const left = deliveryRun?.leftToFull.length ?? 0;
  if (left > 0) process.stderr.write(`delivery, short form: ${left} cases are left to npm run test:full\n`);
}
