import fc from 'fast-check';
import { overlap, planAmendment, type Span, type Wish } from './amendment.rules';
import { type Choice, isActive, newChoice } from './choice';

const at = (minute: number) => new Date(Date.UTC(2030, 0, 1, 9, minute));
const span = (from: number, to: number, name = `${from}-${to}`): Span => ({ startsAt: at(from), endsAt: at(to), name });
const held = (subForumId: string, more: Partial<Choice> = {}): Choice =>
  Object.assign(newChoice('r', subForumId), { state: 'confirmed', ...more });

describe('overlap', () => {
  it('is symmetric, and true exactly when a minute is shared', () => {
    const times = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(times, times, ([a, aLength], [b, bLength]) => {
        const shared = Array.from({ length: aLength }, (_, n) => a + n).some(
          (minute) => minute >= b && minute < b + bLength,
        );
        const [one, other] = [span(a, a + aLength), span(b, b + bLength)];
        expect(overlap(one, other)).toBe(shared);
        expect(overlap(other, one)).toBe(shared);
      }),
    );
  });
});

describe('planAmendment', () => {
  const spans = new Map([
    ['a', span(0, 10, 'A')],
    ['b', span(5, 15, 'B')],
    ['c', span(10, 20, 'C')],
    ['d', span(30, 40, 'D')],
  ]);
  const plan = (choices: Choice[], wishes: Wish[]) => planAmendment(choices, wishes, spans);
  const refused = (code: string) => expect.objectContaining({ status: 422, code });

  it('asks for what is new and gives up what is left out', () => {
    expect(plan([held('a'), held('d')], [{ subForumId: 'd' }, { subForumId: 'c' }])).toEqual({
      ask: [{ subForumId: 'c', replaces: null }],
      rewire: [],
      withdraw: ['a'],
      swap: [],
    });
  });

  it('keeps a replaced seat, with or without a line of its own, though it overlaps', () => {
    const expected = { ask: [{ subForumId: 'b', replaces: 'a' }], rewire: [], withdraw: [], swap: [] };
    expect(plan([held('a')], [{ subForumId: 'b', replaces: 'a' }])).toEqual(expected);
    expect(plan([held('a')], [{ subForumId: 'a' }, { subForumId: 'b', replaces: 'a' }])).toEqual(expected);
  });

  it('gives a seat up at once for one that is confirmed already', () => {
    expect(plan([held('a'), held('d')], [{ subForumId: 'd', replaces: 'a' }]).swap).toEqual(['a']);
  });

  it('takes a repeat of a completed swap as what is held', () => {
    const choices = [held('a', { state: 'released', reason: 'swapped' }), held('b')];
    expect(plan(choices, [{ subForumId: 'b', replaces: 'a' }])).toEqual({
      ask: [],
      rewire: [],
      withdraw: [],
      swap: [],
    });
  });

  it('asks again for what was refused or released', () => {
    const choices = [held('a', { state: 'refused' }), held('d', { state: 'released' })];
    expect(plan(choices, [{ subForumId: 'a' }, { subForumId: 'd' }]).ask.map((one) => one.subForumId)).toEqual([
      'a',
      'd',
    ]);
  });

  it('refuses to replace anything but one confirmed seat, and only once', () => {
    const waiting = [held('a', { state: 'waitlisted' })];
    expect(() => plan(waiting, [{ subForumId: 'b', replaces: 'a' }])).toThrow(refused('replaces_not_confirmed'));
    expect(() => plan([], [{ subForumId: 'b', replaces: 'a' }])).toThrow(refused('replaces_not_confirmed'));
    expect(() => plan([held('a')], [{ subForumId: 'a', replaces: 'a' }])).toThrow(refused('replaces_not_confirmed'));
    const twice = [
      { subForumId: 'b', replaces: 'a' },
      { subForumId: 'd', replaces: 'a' },
    ];
    expect(() => plan([held('a')], twice)).toThrow(refused('replaces_twice'));
  });

  it('names both of an overlapping pair with a new member; an old pair is left alone', () => {
    expect(() => plan([held('a')], [{ subForumId: 'a' }, { subForumId: 'b' }])).toThrow(
      expect.objectContaining({
        code: 'choices_overlap',
        errors: [
          { path: 'choices.1.subForumId', code: 'choices_overlap', message: 'b (B)' },
          { path: 'choices.0.subForumId', code: 'choices_overlap', message: 'a (A)' },
        ],
      }),
    );
    // Rescheduled onto one another after both were granted.
    expect(
      plan([held('a'), held('b')], [{ subForumId: 'a' }, { subForumId: 'b' }, { subForumId: 'd' }]).ask,
    ).toHaveLength(1);
  });

  it('refuses to keep both when a waiting swap no longer replaces its seat', () => {
    const choices = [held('a'), held('b', { state: 'waitlisted', replaces: 'a' })];
    expect(() => plan(choices, [{ subForumId: 'a' }, { subForumId: 'b' }])).toThrow(refused('choices_overlap'));
    expect(plan(choices, [{ subForumId: 'b' }])).toMatchObject({
      withdraw: ['a'],
      rewire: [{ subForumId: 'b', replaces: null }],
    });
  });

  it('leaves, in whatever it allows, exactly the wished list and the seats to be replaced', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const state = fc.constantFrom('confirmed', 'waitlisted', 'pending', 'refused', 'released') as fc.Arbitrary<
      Choice['state']
    >;
    const someHeld = fc
      .uniqueArray(fc.tuple(fc.constantFrom(...names), state), { selector: ([name]) => name })
      .map((list) => list.map(([name, one]) => held(name, { state: one })));
    const someWishes = fc
      .uniqueArray(
        fc.tuple(fc.constantFrom(...names), fc.option(fc.constantFrom(...names), { nil: undefined, freq: 3 })),
        {
          selector: ([name]) => name,
        },
      )
      .map((list) => list.map(([subForumId, replaces]) => ({ subForumId, replaces })));
    fc.assert(
      fc.property(someHeld, someWishes, (choices, wishes) => {
        // Nothing overlaps: refusals are about swaps alone.
        let result: ReturnType<typeof planAmendment>;
        try {
          result = planAmendment(choices, wishes, new Map());
        } catch (error) {
          expect((error as { code: string }).code).toMatch(/^replaces_/);
          return;
        }
        const active = new Set(choices.filter(isActive).map((choice) => choice.subForumId));
        for (const id of [...result.withdraw, ...result.swap]) expect(active.delete(id)).toBe(true);
        for (const { subForumId } of result.ask) {
          expect(active.has(subForumId)).toBe(false);
          active.add(subForumId);
        }
        const replaced = [...result.ask, ...result.rewire].flatMap(({ replaces }) => replaces ?? []);
        const wished = wishes.map((wish) => wish.subForumId).filter((id) => !result.swap.includes(id));
        expect([...active].sort()).toEqual([...new Set([...wished, ...replaced])].sort());
      }),
      { numRuns: 500 },
    );
  });
});
