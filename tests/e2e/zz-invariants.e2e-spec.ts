import { settled, verify } from '@plenary/testing';

/** Runs last (see the sequencer): after all that the other tests did, what must always hold still holds. */
describe('what must always hold', () => {
  it('holds: all eight invariants, against schemas and topics', async () => {
    await settled();
    const report = await verify();
    expect(report.filter((one) => one.violations.length > 0)).toEqual([]);
    expect(report).toHaveLength(8);
    for (const one of report) expect(one.checked).toBeGreaterThan(0);
  }, 120_000);
});
