import fc from 'fast-check';
import {
  type Allocation,
  allocate,
  freeSeats,
  headsNeeded,
  promoteOutOfTurn,
  type QueueItem,
  releaseAll,
  type Seat,
  type SeatQueue,
  settle,
} from './allocate.rules';

const noon = Date.parse('2026-05-21T12:00:00Z');
const at = '2026-05-21T10:00:00.000Z';

function queueOf(settings: Partial<SeatQueue> = {}): SeatQueue {
  return {
    admission: 'seat',
    state: 'scheduled',
    endsAt: noon + 3_600_000,
    capacity: 2,
    reserved: 0,
    reservedUntil: null,
    categories: [],
    confirmed: 0,
    waitlisted: 0,
    reservedUsed: 0,
    nextPlace: 1,
    seats: new Map(),
    waiters: [],
    ...settings,
  };
}
const ask = (registrationId: string, requestId = `ask ${registrationId}`, category = 'delegate'): QueueItem => ({
  kind: 'request',
  requestId,
  registrationId,
  category,
  at,
});
const giveUp = (registrationId: string, requestId = `release ${registrationId}`): QueueItem => ({
  kind: 'release',
  requestId,
  registrationId,
  reason: 'withdrawn',
  at,
});
const said = ({ outcomes }: Allocation) =>
  outcomes.map((seat) => `${seat.registrationId} ${seat.state}${seat.reason ? ` ${seat.reason}` : ''}`);

describe('allocate', () => {
  it('confirms until the capacity, then waitlists with place and position', () => {
    const { outcomes, queue } = allocate(
      queueOf(),
      ['a', 'b', 'c', 'd'].map((id) => ask(id)),
      noon,
    );
    expect(outcomes.map(({ state, place, position }) => ({ state, place, position }))).toEqual([
      { state: 'confirmed', place: null, position: null },
      { state: 'confirmed', place: null, position: null },
      { state: 'waitlisted', place: 1, position: 1 },
      { state: 'waitlisted', place: 2, position: 2 },
    ]);
    expect(queue).toMatchObject({ confirmed: 2, waitlisted: 2, nextPlace: 3 });
  });

  it('promotes the head when a seat is released', () => {
    const full = allocate(
      queueOf(),
      ['a', 'b', 'c', 'd'].map((id) => ask(id)),
      noon,
    ).queue;
    const released = allocate(full, [giveUp('a')], noon);
    expect(said(released)).toEqual(['a released withdrawn', 'c confirmed']);
    expect(released.outcomes[0]).toMatchObject({ requestId: 'release a', version: 2 });
    expect(released.outcomes[1]).toMatchObject({ promoted: true, outOfTurn: false, version: 2, requestId: 'ask c' });
  });

  it('answers a request sent again, and a new one for a seat that is held, with the same state', () => {
    const first = allocate(queueOf({ capacity: 1 }), [ask('a'), ask('b')], noon).queue;
    const { outcomes, queue } = allocate(first, [ask('a'), ask('b', 'another')], noon);
    expect(outcomes).toMatchObject([
      { registrationId: 'a', state: 'confirmed', requestId: 'ask a', version: 2 },
      { registrationId: 'b', state: 'waitlisted', requestId: 'another', version: 2, place: 1, position: 1 },
    ]);
    expect(queue).toMatchObject({ confirmed: 1, waitlisted: 1, nextPlace: 2 });
  });

  it('gives one who asks anew after a release the tail of the queue', () => {
    const held = allocate(queueOf({ capacity: 1 }), [ask('a'), ask('b'), ask('c'), giveUp('b')], noon).queue;
    expect(allocate(held, [ask('b', 'again')], noon).outcomes).toMatchObject([
      { state: 'waitlisted', place: 3, position: 2 },
    ]);
  });

  it('answers a release of what was never asked for, or is released already', () => {
    const { outcomes, queue } = allocate(queueOf(), [giveUp('a', 'one'), giveUp('a', 'two')], noon);
    expect(outcomes).toMatchObject([
      { state: 'released', reason: 'withdrawn', requestId: 'one', version: 1 },
      { state: 'released', reason: 'withdrawn', requestId: 'two', version: 2 },
    ]);
    expect(queue).toMatchObject({ confirmed: 0, waitlisted: 0 });
  });

  it('keeps the reason of an earlier release', () => {
    const held = allocate(queueOf(), [ask('a')], noon).queue;
    const noShow = allocate(held, [{ ...giveUp('a'), reason: 'no_show' } as QueueItem], noon).queue;
    expect(said(allocate(noShow, [giveUp('a', 'later')], noon))).toEqual(['a released no_show']);
  });

  it('refuses by the nearest reason: cancelled, ended, closed, category', () => {
    const refused = (settings: Partial<SeatQueue>) =>
      said(allocate(queueOf({ categories: ['vip'], ...settings }), [ask('a')], noon));
    expect(refused({})).toEqual(['a refused category']);
    expect(refused({ state: 'closed' })).toEqual(['a refused closed']);
    expect(refused({ state: 'closed', endsAt: noon })).toEqual(['a refused ended']);
    expect(refused({ state: 'cancelled', endsAt: noon })).toEqual(['a refused sub_forum_cancelled']);
  });

  it('still promotes when closed, and not after the end', () => {
    const full = allocate(queueOf({ capacity: 1 }), [ask('a'), ask('b'), ask('c')], noon).queue;
    expect(said(allocate({ ...full, state: 'closed' }, [giveUp('a')], noon))).toEqual([
      'a released withdrawn',
      'b confirmed',
    ]);
    expect(said(allocate(full, [giveUp('a')], full.endsAt))).toEqual([
      'b refused ended',
      'c refused ended',
      'a released withdrawn',
    ]);
  });

  it('confirms everybody where there is no limit or no seat is needed', () => {
    const all = [ask('a'), ask('b'), ask('c')];
    for (const settings of [{ capacity: null }, { capacity: 1, admission: 'open' as const }]) {
      expect(allocate(queueOf(settings), all, noon).queue).toMatchObject({ confirmed: 3, waitlisted: 0 });
    }
  });

  it('holds reserved seats back until their instant, then gives them to those who wait', () => {
    const settings = { capacity: 3, reserved: 2, reservedUntil: noon };
    const before = allocate(queueOf(settings), [ask('a'), ask('b'), ask('c')], noon - 1);
    expect(said(before)).toEqual(['a confirmed', 'b waitlisted', 'c waitlisted']);
    expect(freeSeats(before.queue, noon - 1)).toBe(0);
    expect(said(settle(before.queue, noon))).toEqual(['b confirmed', 'c confirmed']);
  });

  it('evicts nobody under a lowered capacity, and promotes again once it fits', () => {
    const full = allocate(
      queueOf({ capacity: 3 }),
      ['a', 'b', 'c', 'd'].map((id) => ask(id)),
      noon,
    ).queue;
    const lowered = { ...full, capacity: 2 };
    expect(settle(lowered, noon).outcomes).toEqual([]);
    const one = allocate(lowered, [giveUp('a')], noon);
    expect(said(one)).toEqual(['a released withdrawn']);
    expect(said(allocate(one.queue, [giveUp('b')], noon))).toEqual(['b released withdrawn', 'd confirmed']);
  });
});

describe('releaseAll', () => {
  it('releases who has a seat and refuses who waits', () => {
    const full = allocate(queueOf({ capacity: 1 }), [ask('a'), ask('b')], noon).queue;
    const gone = releaseAll({ ...full, state: 'cancelled' }, noon);
    expect(said(gone)).toEqual(['a released sub_forum_cancelled', 'b refused sub_forum_cancelled']);
    expect(gone.queue).toMatchObject({ confirmed: 0, waitlisted: 0 });
  });
});

describe('promoteOutOfTurn', () => {
  const waiting = allocate(
    queueOf({ capacity: 2, reserved: 1 }),
    ['a', 'b', 'c'].map((id) => ask(id)),
    noon,
  ).queue;

  it('takes a seat of the reserve, which goes back to it when released', () => {
    const promoted = promoteOutOfTurn(waiting, 'c', noon);
    expect(promoted.verdict).toBe('promoted');
    expect(promoted.outcomes).toMatchObject([
      { registrationId: 'c', state: 'confirmed', promoted: true, outOfTurn: true },
    ]);
    expect(promoted.queue).toMatchObject({ confirmed: 2, waitlisted: 1, reservedUsed: 1 });
    const back = allocate(promoted.queue, [giveUp('c')], noon);
    expect(said(back)).toEqual(['c released withdrawn']);
    expect(back.queue).toMatchObject({ confirmed: 1, waitlisted: 1, reservedUsed: 0 });
  });

  it('is refused when full, and where the person does not wait', () => {
    const full = promoteOutOfTurn(waiting, 'c', noon).queue;
    expect(promoteOutOfTurn(full, 'b', noon)).toMatchObject({ verdict: 'full', outcomes: [] });
    expect(promoteOutOfTurn(waiting, 'a', noon)).toMatchObject({ verdict: 'not_waiting', outcomes: [] });
    expect(promoteOutOfTurn(waiting, 'x', noon)).toMatchObject({ verdict: 'not_waiting', outcomes: [] });
  });

  it('after the end there is nobody left to promote', () => {
    expect(promoteOutOfTurn(waiting, 'c', waiting.endsAt).verdict).toBe('not_waiting');
  });
});

/** A few people, so that they meet each other and themselves again. */
const people = fc.integer({ min: 0, max: 11 }).map((n) => `p${n}`);
const item: fc.Arbitrary<QueueItem> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(people, fc.nat(3), fc.constantFrom('delegate', 'vip'))
      .map(([id, n, category]) => ask(id, `ask ${id} ${n}`, category)),
  },
  { weight: 2, arbitrary: fc.tuple(people, fc.nat(3)).map(([id, n]) => giveUp(id, `release ${id} ${n}`)) },
);
const settings = fc.record({
  capacity: fc.option(fc.integer({ min: 0, max: 6 }), { freq: 8 }),
  reserved: fc.integer({ min: 0, max: 3 }),
  reservedUntil: fc.constantFrom(null, noon - 1, noon + 1),
  admission: fc.constantFrom('seat' as const, 'seat' as const, 'seat' as const, 'open' as const),
  state: fc.constantFrom('scheduled' as const, 'scheduled' as const, 'closed' as const),
  categories: fc.constantFrom([], [], ['vip']),
});
const step = fc.oneof(
  { weight: 6, arbitrary: fc.array(item, { maxLength: 8 }).map((items) => ({ do: 'take' as const, items })) },
  { weight: 2, arbitrary: settings.map((change) => ({ do: 'change' as const, change })) },
  { weight: 1, arbitrary: people.map((id) => ({ do: 'promote' as const, id })) },
);

function counted(queue: SeatQueue) {
  const of = (state: Seat['state']) => [...queue.seats.values()].filter((seat) => seat.state === state).length;
  return { confirmed: of('confirmed'), waitlisted: of('waitlisted'), released: of('released'), refused: of('refused') };
}

/** All that must hold after anything that happened. */
function holdsAtRest(before: SeatQueue, { queue, outcomes }: Allocation, now: number): void {
  const { confirmed, waitlisted, released, refused } = counted(queue);
  expect({ confirmed, waitlisted }).toEqual({ confirmed: queue.confirmed, waitlisted: queue.waitlisted });
  expect(confirmed + waitlisted + released + refused).toBe(queue.seats.size);
  expect([...queue.seats.values()].filter((seat) => seat.fromReserve).length).toBe(queue.reservedUsed);

  // Nobody becomes confirmed at or above capacity: it is exceeded only where it was lowered, and then only falls.
  if (queue.admission === 'seat' && queue.capacity !== null)
    expect(queue.confirmed).toBeLessThanOrEqual(Math.max(queue.capacity, before.confirmed));
  if (queue.waitlisted > 0) expect(freeSeats(queue, now)).toBe(0);

  // The waitlist is what waits, in the order of places, each place drawn once.
  const waiting = [...queue.seats.values()].filter((seat) => seat.state === 'waitlisted');
  expect(queue.waiters.map((seat) => seat.registrationId)).toEqual(
    waiting.sort((a, b) => (a.place ?? 0) - (b.place ?? 0)).map((seat) => seat.registrationId),
  );
  expect(new Set(waiting.map((seat) => seat.place)).size).toBe(waiting.length);
  expect(Math.max(0, ...waiting.map((seat) => seat.place ?? 0))).toBeLessThan(queue.nextPlace);

  // Told again, step by step: whoever is promoted in turn had the lowest place of all who waited then.
  const places = new Map(before.waiters.map((seat) => [seat.registrationId, seat.place as number]));
  for (const seat of outcomes) {
    const place = places.get(seat.registrationId);
    if (seat.state === 'confirmed' && place !== undefined && !seat.outOfTurn)
      expect(place).toBe(Math.min(...places.values()));
    if (seat.state === 'waitlisted') places.set(seat.registrationId, seat.place as number);
    else places.delete(seat.registrationId);
  }

  // Each outcome raises its seat's version by one.
  const versions = new Map([...before.seats].map(([id, seat]) => [id, seat.version]));
  for (const seat of outcomes) {
    expect(seat.version).toBe((versions.get(seat.registrationId) ?? 0) + 1);
    versions.set(seat.registrationId, seat.version);
  }
}

describe('whatever happens', () => {
  it('is never oversold, keeps the order, and counts right', () => {
    fc.assert(
      fc.property(settings, fc.array(step, { maxLength: 25 }), (start, steps) => {
        let queue = queueOf(start);
        for (const one of steps) {
          const before = one.do === 'change' ? { ...queue, ...one.change } : queue;
          const decision =
            one.do === 'take'
              ? allocate(before, one.items, noon)
              : one.do === 'promote'
                ? promoteOutOfTurn(before, one.id, noon)
                : settle(before, noon);
          holdsAtRest(before, decision, noon);
          queue = decision.queue;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('answers every request: each has an outcome that repeats its id', () => {
    fc.assert(
      fc.property(settings, fc.array(item, { maxLength: 40 }), (start, items) => {
        const { outcomes } = allocate(queueOf(start), items, noon);
        let from = 0;
        for (const one of items) {
          const found = outcomes.findIndex(
            (seat, index) =>
              index >= from && seat.registrationId === one.registrationId && seat.requestId === one.requestId,
          );
          expect(found).toBeGreaterThanOrEqual(from);
          from = found + 1;
        }
      }),
    );
  });

  it('does not depend on how the requests are split into batches', () => {
    fc.assert(
      fc.property(
        settings,
        fc.array(item, { maxLength: 40 }),
        fc.array(fc.nat(40), { maxLength: 6 }),
        (start, items, cuts) => {
          const whole = allocate(queueOf(start), items, noon);
          let queue = queueOf(start);
          const outcomes: Seat[] = [];
          let from = 0;
          for (const cut of [...cuts.sort((a, b) => a - b), items.length]) {
            const part = allocate(queue, items.slice(from, cut), noon);
            outcomes.push(...part.outcomes);
            queue = part.queue;
            from = Math.max(from, cut);
          }
          expect(outcomes).toEqual(whole.outcomes);
          expect(counted(queue)).toEqual(counted(whole.queue));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('needs no more of the waitlist than its heads, and of the seats than those named', () => {
    fc.assert(
      fc.property(
        settings,
        fc.array(item, { maxLength: 30 }),
        settings,
        fc.array(item, { maxLength: 20 }),
        (start, first, change, items) => {
          const stored = { ...allocate(queueOf(start), first, noon).queue, ...change };
          const releases = items.filter((one) => one.kind === 'release').length;
          const named = new Set(items.map((one) => one.registrationId));
          const loaded = {
            ...stored,
            seats: new Map([...stored.seats].filter(([id]) => named.has(id))),
            waiters: stored.waiters.slice(0, headsNeeded(stored, releases, noon)),
          };
          expect(allocate(loaded, items, noon).outcomes).toEqual(allocate(stored, items, noon).outcomes);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('leaves what it was given as it was', () => {
    fc.assert(
      fc.property(settings, fc.array(item, { maxLength: 20 }), (start, items) => {
        const before = allocate(queueOf(start), items.slice(0, 10), noon).queue;
        const copy = structuredClone(before);
        allocate(before, items.slice(10), noon);
        expect(before).toEqual(copy);
      }),
      { numRuns: 50 },
    );
  });
});
