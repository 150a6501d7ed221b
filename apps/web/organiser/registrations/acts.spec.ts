import { type Act, actsFor, appliesTo, bulkActs, isDone, type Status } from './acts';

describe('what can be done with a registration', () => {
  it.each([
    ['pending', ['approve', 'decline', 'cancel']],
    ['approved', ['decline', 'reset', 'cancel']],
    ['declined', ['approve', 'reset']],
    ['cancelled', ['reinstate']],
  ] as [Status, Act[]][])('%s', (status, acts) => {
    expect(actsFor(status)).toEqual(acts);
  });

  it('offers nothing that is done already', () => {
    for (const status of ['pending', 'approved', 'declined', 'cancelled'] as const) {
      for (const act of actsFor(status)) expect([act, isDone(act, status)]).toEqual([act, false]);
    }
  });

  it('acts on many only where the outcome is one known state', () => {
    expect(bulkActs).toEqual(['approve', 'decline', 'reset']);
    expect(bulkActs.some((act) => appliesTo(act, 'cancelled'))).toBe(false);
  });
});
