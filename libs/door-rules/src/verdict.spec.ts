import fc from 'fast-check';
import { type DoorFacts, decide, seatElsewhere, subForumWindow, venueWindow, walkInPlaces } from './index';

const start = Date.parse('2026-05-21T02:00:00Z');
const minute = 60_000;

/** A holder of a confirmed seat at the sub-forum's own door, ten minutes before it starts. */
const holder: DoorFacts = {
  at: start - 10 * minute,
  direction: 'entry',
  badge: { is: 'good' },
  person: { status: 'approved', category: 'delegate' },
  pass: false,
  gate: {
    open: true,
    direction: 'both',
    window: { opensAt: start - 30 * minute, closesAt: start + 90 * minute },
    categories: [],
    reEntry: true,
  },
  subForum: {
    cancelled: false,
    admission: 'seat',
    categories: [],
    walkIn: 'off',
    reEntry: true,
    startsAt: start,
  },
  seat: { state: 'confirmed' },
  presence: { inside: null, first: null },
  room: { inside: 3, cap: 10, holdersToCome: 4 },
};
const facts = (change: Partial<DoorFacts> = {}): DoorFacts => ({ ...holder, ...change });
const gate = (change: Partial<DoorFacts['gate']>) => ({ gate: { ...holder.gate, ...change } });
const subForum = (change: Partial<NonNullable<DoorFacts['subForum']>>) => ({
  subForum: { ...(holder.subForum as NonNullable<DoorFacts['subForum']>), ...change },
});
const room = (change: Partial<DoorFacts['room']>) => ({ room: { ...holder.room, ...change } });
const noSeat = { seat: { state: 'none' } } as const;
const earlier = { at: start - 20 * minute, gateId: 'gate-a' };
const venue = { subForum: null, seat: { state: 'none' }, room: { inside: 800, cap: null, holdersToCome: 0 } } as const;

describe('the verdict table, row by row', () => {
  const table: [row: string, situation: string, facts: DoorFacts, decision: object][] = [
    ['1', 'not a badge', facts({ badge: { is: 'invalid' }, person: null }), { reason: 'invalid_badge' }],
    ['2', 'of another conference', facts({ badge: { is: 'wrong_conference' } }), { reason: 'wrong_conference' }],
    ['3', 'serial not known', facts({ badge: { is: 'unknown' } }), { reason: 'unknown_badge' }],
    ['3', 'registration not heard of', facts({ person: null }), { reason: 'unknown_badge' }],
    ['4', 'older revision', facts({ badge: { is: 'superseded', since: 5 } }), { reason: 'superseded', since: 5 }],
    ['4', 'withdrawn', facts({ badge: { is: 'revoked', since: 6 } }), { reason: 'revoked', since: 6 }],
    ['5', 'cancelled', facts({ person: { status: 'cancelled', category: 'delegate' } }), { reason: 'cancelled' }],
    [
      '5',
      'pending',
      facts({ person: { status: 'pending', category: 'delegate' } }),
      { reason: 'not_approved', status: 'pending' },
    ],
    [
      '5',
      'declined',
      facts({ person: { status: 'declined', category: 'delegate' } }),
      { reason: 'not_approved', status: 'declined' },
    ],
    ['5', 'by name, no badge yet', facts({ badge: { is: 'missing' } }), { reason: 'not_approved', status: 'approved' }],
    [
      '5',
      'by name, no badge yet, cancelled',
      facts({ badge: { is: 'missing' }, person: { status: 'cancelled', category: 'delegate' } }),
      { reason: 'cancelled' },
    ],
    ['6', 'gate switched off', facts(gate({ open: false })), { reason: 'gate_closed' }],
    ['6', 'an exit only', facts(gate({ direction: 'exit' })), { reason: 'gate_closed' }],
    ['6', 'sub-forum cancelled', facts(subForum({ cancelled: true })), { reason: 'gate_closed' }],
    [
      '6',
      'a millisecond too early',
      facts({ at: start - 30 * minute - 1 }),
      { reason: 'too_early', opensAt: start - 30 * minute },
    ],
    ['6', 'the very opening', facts({ at: start - 30 * minute }), { verdict: 'admitted', detail: 'first' }],
    ['6', 'the very closing', facts({ at: start + 90 * minute }), { verdict: 'admitted', detail: 'first' }],
    ['6', 'a millisecond too late', facts({ at: start + 90 * minute + 1 }), { reason: 'too_late' }],
    ['7', 'not a category of the sub-forum', facts(subForum({ categories: ['press'] })), { reason: 'category' }],
    ['7', 'not a category of the gate', facts(gate({ categories: ['vip'] })), { reason: 'category' }],
    [
      '7',
      'a category of both',
      facts({ ...subForum({ categories: ['delegate'] }), ...gate({ categories: ['delegate', 'vip'] }) }),
      { verdict: 'admitted' },
    ],
    [
      '8',
      'waitlisted',
      facts({ seat: { state: 'waitlisted', position: 3 } }),
      { reason: 'waitlisted', position: 3, tellSeatElsewhere: true },
    ],
    ['8', 'no seat here', facts(noSeat), { reason: 'no_seat', tellSeatElsewhere: true }],
    ['8', 'seat given up', facts({ seat: { state: 'released', since: 7 } }), { reason: 'no_seat', since: 7 }],
    ['8', 'open admission', facts({ ...noSeat, ...subForum({ admission: 'open' }) }), { detail: 'first' }],
    [
      '8',
      'walk-in, a place is free',
      facts({ ...noSeat, ...subForum({ walkIn: 'always' }) }),
      { verdict: 'admitted', detail: 'walk_in' },
    ],
    [
      '8',
      'walk-in, the places left belong to holders to come',
      facts({ ...noSeat, ...subForum({ walkIn: 'always' }), ...room({ inside: 6 }) }),
      { reason: 'no_seat' },
    ],
    [
      '8',
      'waitlisted, a walk-in place is free',
      facts({ seat: { state: 'waitlisted', position: 1 }, ...subForum({ walkIn: 'always' }) }),
      { detail: 'walk_in' },
    ],
    [
      '8',
      'walk-ins from the start, before it',
      facts({ ...noSeat, ...subForum({ walkIn: 'from_start' }) }),
      { reason: 'no_seat' },
    ],
    [
      '8',
      'walk-ins from the start, at it: nobody is waited for',
      facts({ ...noSeat, at: start, ...subForum({ walkIn: 'from_start' }), ...room({ inside: 9 }) }),
      { detail: 'walk_in' },
    ],
    [
      '8',
      'a walk-in inside sits on a walk-in place',
      facts({
        ...noSeat,
        ...subForum({ walkIn: 'always' }),
        ...room({ inside: 6 }),
        presence: { inside: earlier, first: earlier },
      }),
      { reason: 'already_inside' },
    ],
    [
      '8',
      'a walk-in comes back',
      facts({ ...noSeat, ...subForum({ walkIn: 'always' }), presence: { inside: null, first: earlier } }),
      { detail: 're_entry' },
    ],
    [
      '9',
      'inside',
      facts({ presence: { inside: earlier, first: earlier } }),
      { reason: 'already_inside', first: earlier },
    ],
    ['9', 'comes back', facts({ presence: { inside: null, first: earlier } }), { detail: 're_entry' }],
    [
      '9',
      'comes back, re-entry off',
      facts({ presence: { inside: null, first: earlier }, ...subForum({ reEntry: false }) }),
      { reason: 'already_admitted', first: earlier },
    ],
    ['10', 'full', facts(room({ inside: 10 })), { reason: 'room_full' }],
    [
      '10',
      'full, walk-in',
      facts({ ...noSeat, ...subForum({ walkIn: 'always' }), ...room({ inside: 10 }) }),
      { reason: 'room_full' },
    ],
    ['10', 'the last place', facts(room({ inside: 9 })), { detail: 'first' }],
    ['10', 'no limit', facts(room({ inside: 5000, cap: null })), { detail: 'first' }],
    ['pass', 'no seat', facts({ ...noSeat, pass: true }), { verdict: 'admitted', detail: 'pass' }],
    ['pass', 'another category', facts({ pass: true, ...subForum({ categories: ['press'] }) }), { detail: 'pass' }],
    ['pass', 'full', facts({ pass: true, ...room({ inside: 10 }) }), { reason: 'room_full' }],
    [
      'pass',
      'inside',
      facts({ pass: true, presence: { inside: earlier, first: earlier } }),
      { reason: 'already_inside' },
    ],
    ['pass', 'too early', facts({ pass: true, at: start - 31 * minute }), { reason: 'too_early' }],
    ['venue', 'first of the day', facts(venue), { verdict: 'admitted', detail: 'first' }],
    ['venue', 'for other categories', facts({ ...venue, ...gate({ categories: ['vip'] }) }), { reason: 'category' }],
    [
      'venue',
      're-entry off',
      facts({ ...venue, ...gate({ reEntry: false }), presence: { inside: null, first: earlier } }),
      { reason: 'already_admitted' },
    ],
    [
      'exit',
      'of somebody inside',
      facts({ direction: 'exit', presence: { inside: earlier, first: earlier } }),
      { verdict: 'exited', detail: 'normal' },
    ],
    ['exit', 'of somebody not inside', facts({ direction: 'exit' }), { verdict: 'exited', detail: 'not_inside' }],
    ['exit', 'not a badge', facts({ direction: 'exit', badge: { is: 'invalid' } }), { reason: 'invalid_badge' }],
  ];
  it.each(table)('row %s: %s', (_row, _situation, given, expected) => {
    const decision = decide(given);
    expect(decision).toMatchObject(expected);
    expect(decision.verdict === 'refused').toBe(decision.reason !== undefined);
    expect(decision.verdict === 'refused').toBe(decision.detail === undefined);
  });
});

describe('the order of the rows', () => {
  /** What makes each row refuse, in the table's order. */
  const faults: [reason: string, spoil: (given: DoorFacts) => DoorFacts][] = [
    ['invalid_badge', (given) => ({ ...given, badge: { is: 'invalid' } })],
    ['wrong_conference', (given) => ({ ...given, badge: { is: 'wrong_conference' } })],
    ['unknown_badge', (given) => ({ ...given, badge: { is: 'unknown' } })],
    ['superseded', (given) => ({ ...given, badge: { is: 'superseded', since: 1 } })],
    ['cancelled', (given) => ({ ...given, person: { status: 'cancelled', category: 'delegate' } })],
    ['gate_closed', (given) => ({ ...given, gate: { ...given.gate, open: false } })],
    ['category', (given) => ({ ...given, gate: { ...given.gate, categories: ['vip'] } })],
    ['no_seat', (given) => ({ ...given, seat: { state: 'none' } })],
    ['already_inside', (given) => ({ ...given, presence: { inside: earlier, first: earlier } })],
    ['room_full', (given) => ({ ...given, room: { ...given.room, inside: 10 } })],
  ];

  it('the nearest of several reasons is told, whatever else is wrong', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(faults.length - 1), { minLength: 1 }), (which) => {
        // Later faults first, so that the nearest badge finding is the one that stands.
        const chosen = which.toSorted((a, b) => b - a);
        const given = chosen.reduce((spoilt, index) => faults[index]?.[1](spoilt) ?? spoilt, facts());
        expect(decide(given).reason).toBe(faults[Math.min(...which)]?.[0]);
      }),
    );
  });

  it('a pass is stopped by the same, category and seat aside', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(faults.length - 1)), (which) => {
        const chosen = which.toSorted((a, b) => b - a);
        const given = chosen.reduce((spoilt, index) => faults[index]?.[1](spoilt) ?? spoilt, facts({ pass: true }));
        const stopping = which.filter((index) => !['category', 'no_seat'].includes(faults[index]?.[0] ?? ''));
        const expected = stopping.length > 0 ? { reason: faults[Math.min(...stopping)]?.[0] } : { detail: 'pass' };
        expect(decide(given)).toMatchObject(expected);
      }),
    );
  });

  it('an exit never fails for a known badge', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 3, max: faults.length - 1 })), (which) => {
        const given = which.reduce(
          (spoilt, index) => faults[index]?.[1](spoilt) ?? spoilt,
          facts({ direction: 'exit' }),
        );
        expect(decide(given).verdict).toBe('exited');
      }),
    );
  });
});

describe('walk-in places', () => {
  it('walk-ins never take the last places of holders to come, nor pass the cap', () => {
    const people = fc.array(fc.record({ seat: fc.constantFrom('confirmed', 'none'), leaves: fc.boolean() }));
    fc.assert(
      fc.property(fc.nat(12), people, (cap, arrivals) => {
        let inside = 0;
        let toCome = Math.min(cap, arrivals.filter((one) => one.seat === 'confirmed').length);
        let seats = toCome;
        for (const { seat, leaves } of arrivals) {
          const holds = seat === 'confirmed' && seats > 0;
          const given = facts({
            seat: { state: holds ? 'confirmed' : 'none' },
            ...subForum({ walkIn: 'always' }),
            room: { inside, cap, holdersToCome: toCome },
          });
          const { verdict } = decide(given);
          // Whoever holds a seat always finds a place.
          if (holds) expect(verdict).toBe('admitted');
          if (holds) {
            seats--;
            toCome--;
          }
          if (verdict === 'admitted') inside += leaves ? 0 : 1;
          expect(inside + toCome).toBeLessThanOrEqual(cap);
        }
      }),
    );
  });

  it.each([
    ['off', start, 0],
    ['from_start', start - 1, 0],
    ['from_start', start, 7],
    ['always', start - 1, 3],
    ['always', start, 3],
  ] as const)('%s at %d: %d', (walkIn, at, places) => {
    expect(walkInPlaces({ ...facts(subForum({ walkIn })), at })).toBe(places);
  });
});

describe('the window of a gate', () => {
  const settings = { opensBeforeMinutes: 30, closesAfterMinutes: 5 };
  const times = { startsAt: start, endsAt: start + 90 * minute };

  it('is not open while the room still has its previous sub-forum', () => {
    expect(subForumWindow(settings, times, null).opensAt).toBe(start - 30 * minute);
    expect(subForumWindow(settings, times, start - 10 * minute).opensAt).toBe(start - 10 * minute);
    expect(subForumWindow(settings, times, start - 60 * minute).opensAt).toBe(start - 30 * minute);
    expect(subForumWindow(settings, times, null).closesAt).toBe(start + 95 * minute);
  });

  it.each([
    ['2026-05-21T03:00:00+08:00', '08:30', '18:00', '2026-05-21T08:30:00+08:00', '2026-05-21T18:00:00+08:00'],
    ['2026-05-21T23:59:00+08:00', '08:30', '18:00', '2026-05-21T08:30:00+08:00', '2026-05-21T18:00:00+08:00'],
    ['2026-05-21T21:00:00+08:00', '20:00', '02:00', '2026-05-21T20:00:00+08:00', '2026-05-22T02:00:00+08:00'],
    ['2026-05-22T01:00:00+08:00', '20:00', '02:00', '2026-05-21T20:00:00+08:00', '2026-05-22T02:00:00+08:00'],
    ['2026-05-22T12:00:00+08:00', '20:00', '02:00', '2026-05-22T20:00:00+08:00', '2026-05-23T02:00:00+08:00'],
  ])('of the venue at %s, %s to %s', (at, opensAt, closesAt, opens, closes) => {
    expect(venueWindow({ opensAt, closesAt }, Date.parse(at), 'Asia/Shanghai')).toEqual({
      opensAt: Date.parse(opens),
      closesAt: Date.parse(closes),
    });
  });
});

describe('a seat elsewhere', () => {
  const seats = [3, 1, 5].map((hour) => ({ startsAt: hour * 60 * minute, endsAt: (hour + 1) * 60 * minute }));
  it.each([
    [0, 1],
    [1.5, 1],
    [2, 3],
    [5.5, 5],
    [9, 5],
  ])('at hour %d is the one at %d', (hour, expected) => {
    expect(seatElsewhere(seats, hour * 60 * minute)?.startsAt).toBe(expected * 60 * minute);
  });
  it('may not exist', () => expect(seatElsewhere([], 0)).toBeUndefined());
});
