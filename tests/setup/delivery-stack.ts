import { startTestStack } from './stack';

/** The whole system of the delivery tests, which kill and stop its processes by `launcher` (see tests/delivery/chaos.ts). */
export default async function setup(): Promise<void> {
  if (process.env.TEST_REPLICAS === '1') throw new Error('The delivery tests need two replicas of every service');
  const stack = await startTestStack('delivery');
  // Whatever ends the tests, nothing stays stopped: a frozen process could not even be asked to end.
  process.once('exit', () => {
    for (const { pid } of stack.processes.values()) {
      if (pid === undefined) continue;
      try {
        process.kill(pid, 'SIGCONT');
      } catch {
        // It has ended.
      }
    }
  });
}
