import fc from 'fast-check';
import { explain } from './explain';
import { apart, historyOf, overlapped, type Row, spread } from './overlapped.test-world';
import { holders, type SeatDeed, type SeatWord, type SubForumSeats, subForumModel } from './sub-forum.model';

const asks = (who: string): SeatDeed => ({ kind: 'asks', who });
const releases = (who: string): SeatDeed => ({ kind: 'releases', who });
const reads = (who: string, seat: SeatWord, position?: number): SeatDeed => ({ kind: 'reads', who, seat, position });
const resizes = (capacity: number, promoted?: string[]): SeatDeed => ({ kind: 'resizes', capacity, promoted });
const lists = (...waiting: string[]): SeatDeed => ({ kind: 'lists', waiting });
const counts = (capacity: number, confirmed: number, waitlisted: number): SeatDeed => ({
  ...{ kind: 'counts', capacity, confirmed, waitlisted },
});

/** One after the other, a millisecond each; the client is the one of whom it tells. */
function inTurn(...deeds: SeatDeed[]): Row<SeatDeed>[] {
  return deeds.map((deed, n) => [n * 2, n * 2 + 1, 'who' in deed ? deed.who : 'organiser', deed]);
}
const explainable = (capacity: number, rows: Row<SeatDeed>[]) =>
  explain(historyOf(rows), subForumModel(capacity)).explainable;

describe('a sub-forum, one at a time', () => {
  it('confirms, waitlists, promotes, evicts nobody, refuses when closed and ends when cancelled', () => {
    const rows = inTurn(
      ...[asks('a'), reads('a', 'confirmed'), asks('b'), reads('b', 'waitlisted', 1), asks('c'), lists('b', 'c')],
      ...[asks('a'), counts(1, 1, 2), resizes(2, ['b']), reads('b', 'confirmed'), reads('c', 'waitlisted', 1)],
      ...[resizes(1, []), counts(1, 2, 1), releases('a'), reads('a', 'released'), counts(1, 1, 1)],
      ...[{ kind: 'sets', state: 'closed' } as const, asks('d'), reads('d', 'refused')],
      ...[releases('b'), reads('c', 'confirmed'), lists(), { kind: 'sets', state: 'scheduled' } as const, asks('b')],
      ...[lists('b'), { kind: 'sets', state: 'cancelled' } as const, reads('c', 'released'), reads('b', 'refused')],
      ...[asks('e'), reads('e', 'refused'), releases('b'), counts(1, 0, 0)],
    );
    expect(explain(historyOf(rows), subForumModel(1))).toMatchObject({ explainable: true });
  });

  it.each<[string, number, Row<SeatDeed>[]]>([
    ['two confirmed at capacity 1', 1, inTurn(asks('a'), asks('b'), reads('a', 'confirmed'), reads('b', 'confirmed'))],
    [
      'two confirmed at capacity 1, asked at the same time',
      1,
      [
        [0, 10, 'a', asks('a')],
        [0, 10, 'b', asks('b')],
        [0, 10, 'a', reads('a', 'confirmed')],
        [0, 10, 'b', reads('b', 'confirmed')],
      ],
    ],
    [
      'a later one confirmed while an earlier one waits at rest',
      2,
      inTurn(asks('a'), asks('b'), asks('c'), reads('b', 'waitlisted'), reads('c', 'confirmed')),
    ],
    ['waitlisted before a free seat', 1, inTurn(asks('a'), reads('a', 'waitlisted'))],
    ['confirmed after full', 1, inTurn(asks('a'), reads('a', 'confirmed'), asks('b'), reads('b', 'confirmed'))],
    [
      'promoted past an earlier waiter',
      1,
      inTurn(asks('a'), asks('b'), asks('c'), releases('a'), reads('c', 'confirmed')),
    ],
    [
      'promoted past an earlier waiter by a raised capacity, as the organiser was told',
      1,
      inTurn(asks('a'), asks('b'), asks('c'), resizes(2, ['c'])),
    ],
    ['a lost release', 1, inTurn(asks('a'), asks('b'), releases('a'), reads('b', 'waitlisted'))],
    ['a seat that came back after it was given up', 1, inTurn(asks('a'), releases('a'), reads('a', 'confirmed'))],
    ['a lost request', 2, inTurn(asks('a'), asks('b'), counts(2, 1, 0))],
    ['a waitlist out of order', 0, inTurn(asks('a'), asks('b'), lists('b', 'a'))],
    ['a place that is not the rank', 0, inTurn(asks('a'), asks('b'), reads('b', 'waitlisted', 1))],
    ['evicted by a lowered capacity', 2, inTurn(asks('a'), asks('b'), resizes(1), counts(1, 1, 0))],
    [
      'a promotion above a lowered capacity',
      2,
      inTurn(...['a', 'b', 'c'].map(asks), resizes(1), releases('a'), lists()),
    ],
    ['nobody was refused by a closed one', 1, inTurn({ kind: 'sets', state: 'closed' }, asks('a'), lists('a'))],
  ])('does not explain %s', (_, capacity, rows) => {
    expect(explainable(capacity, rows)).toBe(false);
  });

  it('explains what only seems wrong because it overlaps, or because what is read lags', () => {
    const confirmedOutOfOrder: Row<SeatDeed>[] = [
      [0, 10, 'a', asks('a')],
      [1, 9, 'b', asks('b')],
      [11, 12, 'b', reads('b', 'confirmed')],
      [11, 12, 'a', reads('a', 'waitlisted')],
    ];
    expect(explainable(1, confirmedOutOfOrder)).toBe(true);
    const promoted = inTurn(asks('a'), asks('b'), releases('a'));
    expect(explainable(1, [...promoted, [2, 20, 'b', reads('b', 'waitlisted')]])).toBe(true);
    expect(explainable(1, [...promoted, [19, 20, 'b', reads('b', 'waitlisted')]])).toBe(false);
    // What was read once is not unread, however old a reading may be.
    const backwards: Row<SeatDeed>[] = [
      [2, 20, 'b', reads('b', 'confirmed')],
      [2, 22, 'b', reads('b', 'waitlisted')],
    ];
    expect(explainable(1, [...promoted, ...backwards])).toBe(false);
  });
});

/** Wishes without answers; what is answered is what the model says when their turn comes. */
const people = ['a', 'b', 'c', 'd', 'e'];
const who = fc.constantFrom(...people);
const wish = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('asks' as const), who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('releases' as const), who }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('reads' as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('counts' as const, 'lists' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('resizes' as const), capacity: fc.integer({ min: 0, max: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('sets' as const),
      state: fc.constantFrom('closed' as const, 'scheduled' as const),
    }),
  },
);

function truth(
  state: SubForumSeats,
  one: typeof wish extends fc.Arbitrary<infer Wish> ? Wish : never,
): SeatDeed | undefined {
  switch (one.kind) {
    case 'reads': {
      const seat = state.seats[one.who];
      return seat && reads(one.who, seat, seat === 'waitlisted' ? state.waiting.indexOf(one.who) + 1 : undefined);
    }
    case 'counts':
      return counts(state.capacity, holders(state).length, state.waiting.length);
    case 'lists':
      return lists(...state.waiting);
    case 'resizes': {
      const free = Math.max(0, one.capacity - holders(state).length);
      return resizes(one.capacity, state.waiting.slice(0, free));
    }
    default:
      return one;
  }
}

const run = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.array(wish, { minLength: 5, maxLength: 25 }))
  .map(([capacity, wishes]) => {
    const model = subForumModel(capacity);
    let state = model.initial;
    const deeds = wishes.flatMap((one) => {
      const deed = truth(state, one);
      if (!deed) return [];
      state = model.step(state, deed) as SubForumSeats;
      expect(state).toBeDefined();
      return [{ client: 'who' in deed ? deed.who : 'organiser', deed }];
    });
    return { model, deeds };
  });

describe('whatever happened', () => {
  it('is explained, however much of it overlapped and whatever answers were lost', () => {
    fc.assert(
      fc.property(run, fc.array(spread, { minLength: 1, maxLength: 25 }), ({ model, deeds }, spreads) => {
        const explanation = explain(overlapped(deeds, spreads, model), model);
        expect(explanation).toMatchObject({ explainable: true });
      }),
      { numRuns: 500 },
    );
  });

  it('is not explained with one reading changed, where nothing overlapped', () => {
    const words: SeatWord[] = ['confirmed', 'waitlisted', 'released', 'refused'];
    let changed = 0;
    fc.assert(
      fc.property(run, fc.nat(), fc.integer({ min: 1, max: 3 }), ({ model, deeds }, which, by) => {
        const readings = deeds.filter(({ deed }) => deed.kind === 'reads');
        const chosen = readings[which % Math.max(1, readings.length)];
        if (chosen?.deed.kind !== 'reads') return;
        changed += 1;
        const seat = words[(words.indexOf(chosen.deed.seat) + by) % words.length] as SeatWord;
        const wrong = deeds.map((one) => (one === chosen ? { ...one, deed: reads(chosen.client, seat) } : one));
        expect(explain(overlapped(wrong, [apart], model), model).explainable).toBe(false);
      }),
      { numRuns: 500 },
    );
    expect(changed).toBeGreaterThan(100);
  });
});
