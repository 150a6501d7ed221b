import { services } from '@plenary/contracts';
import { stack } from '@plenary/testing';

type Case = (title: string, run: () => Promise<void>, timeoutMs?: number) => void;

/**
 * Cases that say something about two replicas of every service. With TEST_REPLICAS=1 they are skipped, and one line
 * counts them; a system that should have two and has not, fails.
 */
export function withTwoReplicas(title: string, cases: (it: Case) => void): void {
  const skipped = process.env.TEST_REPLICAS === '1';
  let count = 0;
  describe(title, () => {
    if (!skipped) {
      beforeAll(() => {
        for (const service of services) expect([service, stack().urls[service].length]).toEqual([service, 2]);
      });
    }
    cases((name, run, timeoutMs) => {
      count += 1;
      (skipped ? it.skip : it)(name, run, timeoutMs);
    });
  });
  // Not by the console: jest keeps that to itself where all of a file is skipped.
  if (skipped)
    process.stderr.write(`${title}: ${count} cases skipped, TEST_REPLICAS=1 leaves one replica of a service\n`);
}
