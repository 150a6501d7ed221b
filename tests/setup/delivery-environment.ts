import { TestEnvironment } from 'jest-environment-node';
import type { Stack } from '../../deploy/local/stack';

/** What the delivery specs of one run have in common. */
export interface DeliveryRun {
  /** Names of the cases that the short form leaves out. */
  readonly leftToFull: string[];
}

const shared = globalThis as { testStack?: Stack; deliveryRun?: DeliveryRun };

/** Hands the launcher of the running system to the tests, for them to end, hold down and bring back its processes. */
export default class DeliveryEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    if (!shared.testStack) {
      throw new Error(
        'The delivery tests act on the launcher, which lives in one process alone: run jest with --runInBand',
      );
    }
    shared.deliveryRun ??= { leftToFull: [] };
    Object.assign(this.global, { launcher: shared.testStack, deliveryRun: shared.deliveryRun });
  }
}
