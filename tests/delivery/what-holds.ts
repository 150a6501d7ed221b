import { settled, verify } from '@plenary/testing';
import { untilWhole } from './chaos';
import { Traffic } from './traffic';

/** After each case: everything runs again, all that was said has been heard, and no invariant is broken. */
afterEach(async () => {
  await untilWhole();
  await Traffic.stopAll();
  await settled(90_000);
  const findings = await verify();
  expect(findings).toHaveLength(8);
  expect(findings.filter((one) => one.violations.length > 0)).toEqual([]);
}, 200_000);
