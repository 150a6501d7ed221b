import { compareDoubles, conflictBetween, outcomeOf } from './conflict.rules';

describe('what counts, and what contradicts', () => {
  it.each([
    ['admitted', undefined, 'admitted'],
    ['refused', undefined, 'none'],
    ['refused', 'admitted', 'admitted'],
    ['admitted', 'refused', 'none'],
    ['admitted', 'undecided', 'none'],
    ['exited', undefined, 'exited'],
  ] as const)('verdict %s, act %s: %s counts', (verdict, acted, outcome) => {
    expect(outcomeOf(verdict, acted)).toBe(outcome);
  });

  it.each([
    ['no act', { verdict: 'refused', reason: 'no_seat' }, undefined, false, false, undefined],
    ['undecided', { verdict: 'admitted' }, 'undecided', false, false, undefined],
    ['the same', { verdict: 'admitted' }, 'admitted', false, false, undefined],
    ['the same, above the cap', { verdict: 'admitted' }, 'admitted', false, true, 'room_overfull'],
    [
      'let in against the rules',
      { verdict: 'refused', reason: 'cancelled' },
      'admitted',
      false,
      false,
      'offline_refused_by_rules',
    ],
    ['let in, full', { verdict: 'refused', reason: 'room_full' }, 'admitted', false, true, 'room_overfull'],
    [
      'let in twice: the fold tells it',
      { verdict: 'refused', reason: 'already_inside' },
      'admitted',
      true,
      false,
      undefined,
    ],
    [
      'let in twice, the first undone since',
      { verdict: 'refused', reason: 'already_inside' },
      'admitted',
      false,
      false,
      'offline_refused_by_rules',
    ],
    ['sent away', { verdict: 'admitted' }, 'refused', false, false, 'shown_differs'],
    ['an exit shown as an entry', { verdict: 'exited' }, 'admitted', false, false, 'shown_differs'],
  ] as const)('%s', (_, decision, acted, isDouble, overfull, expected) => {
    expect(conflictBetween(decision, acted, isDouble, overfull)).toBe(expected);
  });

  it('finds new doubles, lets known and resolved ones be, opens a withdrawn one again, withdraws what is explained', () => {
    const double = (conflictId: string, state: 'open' | 'resolved' | 'withdrawn', scanIds: string[]) => ({
      ...{ conflictId, state, scanIds, version: 2 },
    });
    const ledger = {
      registrationId: 'r',
      conferenceId: 'c',
      doubles: [
        double('known', 'open', ['a', 'b']),
        double('done', 'resolved', ['a', 'c']),
        double('again', 'withdrawn', ['a', 'd']),
        double('explained', 'open', ['x', 'y']),
        double('old', 'withdrawn', ['x', 'z']),
      ],
    };
    const doubles = ['b', 'c', 'd', 'e'].map((scanId) => ({ scanId, openedBy: 'a' }));
    const { found, withdrawn } = compareDoubles(ledger, { stays: [], doubles }, () => 'new');
    expect(found.map(({ conflictId, scanIds, version }) => [conflictId, scanIds, version])).toEqual([
      ['again', ['a', 'd'], 3],
      ['new', ['a', 'e'], undefined],
    ]);
    expect(withdrawn.map((one) => one.conflictId)).toEqual(['explained']);
  });
});
