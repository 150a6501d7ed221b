import fc from 'fast-check';
import { explain } from './explain';
import { type Model, type Operation, Recorder } from './operation';
import { historyOf } from './overlapped.test-world';

/** A number that is set and read: the least that has an order. */
type RegisterDeed = { kind: 'set' | 'read'; value: number };
const register: Model<{ value: number }, RegisterDeed> = {
  initial: { value: 0 },
  step: (state, { kind, value }) => (kind === 'set' ? { value } : state.value === value ? state : undefined),
  keyOf: ({ value }) => String(value),
  unanswered: (deed) => (deed.kind === 'set' ? deed : undefined),
  tell: ({ kind, value }) => `${kind} ${value}`,
  show: ({ value }) => `it is ${value}`,
};
const set = (value: number): RegisterDeed => ({ kind: 'set', value });
const read = (value: number): RegisterDeed => ({ kind: 'read', value });

/** Every order of every choice of what happened, tried without any cleverness. */
function bruteForce(history: readonly Operation<RegisterDeed>[]): boolean {
  const goOn = (left: readonly Operation<RegisterDeed>[], state: { value: number }): boolean => {
    if (left.every(({ answered }) => answered === undefined)) return true;
    return left.some((one) => {
      const others = left.filter((other) => other !== one);
      const ofItsClient = left.find(({ client, answered }) => client === one.client && answered !== undefined);
      if (
        (one.answered !== undefined && ofItsClient !== one) ||
        others.some(({ answered }) => answered !== undefined && answered < one.called)
      )
        return false;
      const after = register.step(state, one.deed);
      return (after !== undefined && goOn(others, after)) || (one.answered === undefined && goOn(others, state));
    });
  };
  return goOn(history, register.initial);
}

/** The order has all that was answered, is possible, and puts nothing before what had been answered when it was called. */
function expectOrder(order: readonly Operation<RegisterDeed>[], history: readonly Operation<RegisterDeed>[]): void {
  expect(history.filter((one) => one.answered !== undefined && !order.includes(one))).toEqual([]);
  let state: { value: number } | undefined = register.initial;
  for (const [index, one] of order.entries()) {
    state = state && register.step(state, one.deed);
    const later = order.slice(index + 1);
    expect(later.filter(({ answered }) => answered !== undefined && answered < one.called)).toEqual([]);
  }
  expect(state).toBeDefined();
}

describe('explain', () => {
  it('lets what overlaps come in any order, and what does not only in one', () => {
    const overlapping = historyOf([
      [0, 10, 'a', set(1)],
      [5, 15, 'b', read(0)],
    ]);
    expect(explain(overlapping, register)).toMatchObject({
      explainable: true,
      order: [{ deed: read(0) }, { deed: set(1) }],
    });
    const after = historyOf([
      [0, 10, 'a', set(1)],
      [11, 15, 'b', read(0)],
    ]);
    expect(explain(after, register).explainable).toBe(false);
  });

  it('takes what was never answered as done or not, at any time after its call', () => {
    const unanswered = (value: number) =>
      historyOf([
        [0, 1, 'a', set(1)],
        [2, undefined, 'b', set(2)],
        [3, 4, 'b', read(1)],
        [50, 51, 'b', read(value)],
      ]);
    expect(explain(unanswered(1), register).explainable).toBe(true);
    expect(explain(unanswered(2), register).explainable).toBe(true);
    expect(explain(unanswered(3), register).explainable).toBe(false);
  });

  it("keeps each client's own order, also where its times overlap", () => {
    const history = (client: string) =>
      historyOf([
        [0, 10, 'a', set(1)],
        [0, 10, client, set(2)],
        [11, 12, 'c', read(1)],
      ]);
    expect(explain(history('b'), register).explainable).toBe(true);
    expect(explain(history('a'), register).explainable).toBe(false);
  });

  it('names the shortest part that has no order, one operation per line, and how far it got', () => {
    const explanation = explain(
      historyOf([
        [100, 101, 'alice', set(1)],
        [102, 103, 'bob', read(1)],
        [104, 110, 'carol', set(7)],
        [105, 106, 'bob', read(2)],
        [120, 121, 'bob', read(7)],
      ]),
      register,
    );
    expect(explanation).toMatchObject({ explainable: false });
    expect(explanation.explainable === false && explanation.why.split('\n')).toEqual([
      'No order of these operations explains their answers:',
      '       0.0 -     1.0  alice        set 1',
      '       2.0 -     3.0  bob          read 1',
      '       4.0 -no answer carol        set 7',
      '       5.0 -     6.0  bob          read 2   <- the last answer',
      expect.stringMatching(/^The longest order tried \(of \d+ states\): set 1; read 1; set 7\.$/),
      'Then it is 7, and nothing that could come next fits.',
    ]);
  });

  it('says that it does not know at its limit, and never more', () => {
    const many = historyOf(Array.from({ length: 9 }, (_, n) => [0, 100, `client ${n}`, set(n)] as const));
    const impossible = [...many, ...historyOf([[101, 102, 'z', read(99)]])];
    const explanation = explain(impossible, register, 500);
    expect(explanation).toMatchObject({ explainable: undefined, visited: 500 });
    expect(explanation.explainable === undefined && explanation.why).toContain('client 8     set 8');
    expect(explain(impossible, register).explainable).toBe(false);
  });

  it('agrees with trying every order', () => {
    const operation = fc
      .tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 12 }))
      .chain(([client, called, took]) =>
        fc.record({
          client: fc.constant(client),
          called: fc.constant(called),
          answered: fc.constantFrom(called + took, called + took, called + took, undefined),
          deed: fc.record({ kind: fc.constantFrom('set', 'read'), value: fc.integer({ min: 0, max: 2 }) }),
        }),
      )
      .filter(({ deed, answered }) => deed.kind === 'set' || answered !== undefined) as fc.Arbitrary<
      Operation<RegisterDeed>
    >;
    const seen = { yes: 0, no: 0 };
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 7 }), (history) => {
        const expected = bruteForce(history);
        seen[expected ? 'yes' : 'no'] += 1;
        const explanation = explain(history, register);
        expect(explanation.explainable).toBe(expected);
        if (explanation.explainable) expectOrder(explanation.order, history);
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(100);
  });
});

describe('the recorder', () => {
  it('keeps what was begun, answered once or never, and forgets what was refused', () => {
    let now = 0;
    const recorder = new Recorder<RegisterDeed>(() => ++now);
    const first = recorder.begin('a', set(1));
    const second = recorder.begin('b', set(2));
    recorder.begin('c', set(3));
    first.answered({ kind: 'set', value: 4 });
    first.answered(set(5));
    second.never();
    recorder.read('a', read(4), 1);
    expect(recorder.operations).toEqual([
      { client: 'a', called: 1, answered: 4, deed: set(4) },
      { client: 'c', called: 3, answered: undefined, deed: set(3) },
      { client: 'a', called: 1, answered: 5, deed: read(4) },
    ]);
  });
});
