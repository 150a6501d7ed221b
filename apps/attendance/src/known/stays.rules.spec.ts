import type { Stay } from '@plenary/contracts';
import fc from 'fast-check';
import { counted } from './stays.rules';

const minute = (n: number) => new Date(Date.UTC(2026, 4, 21, 9, n)).toISOString();
function stay(place: string | null, entered: number, exited: number | null, detail: Stay['detail'] = 'first'): Stay {
  return {
    level: place === null ? 'venue' : 'room',
    subForumId: place,
    scanId: 'scan',
    gateId: 'gate',
    enteredAt: minute(entered),
    detail,
    exitedAt: exited === null ? null : minute(exited),
    exit: exited === null ? null : 'scan',
  };
}

const anyStays = fc.array(
  fc
    .record({
      place: fc.constantFrom(null, 'a', 'b', 'c'),
      entered: fc.integer({ min: 0, max: 50 }),
      length: fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }),
      detail: fc.constantFrom('first', 're_entry', 'walk_in') as fc.Arbitrary<Stay['detail']>,
    })
    .map(({ place, entered, length, detail }) =>
      stay(place, entered, length === null ? null : entered + length, detail),
    ),
  { maxLength: 12 },
);

describe('what a stay counts for', () => {
  it('counts a day: venue, room, next room, lunch outside, back', () => {
    const day = counted([
      stay(null, 0, 30),
      stay('a', 1, 10, 'walk_in'),
      stay('b', 10, 20),
      stay(null, 40, null),
      stay('a', 41, null, 're_entry'),
    ]);
    expect(day.map(({ fromOutside }) => fromOutside)).toEqual([true, false, false, true, false]);
    expect(day.map(({ firstHere }) => firstHere)).toEqual([true, true, true, false, false]);
    expect(day.map(({ firstWalkIn }) => firstWalkIn)).toEqual([false, true, false, false, false]);
    expect(day.map(({ firstEver }) => firstEver)).toEqual([true, false, false, false, false]);
    expect(day.map(({ nowInside }) => nowInside)).toEqual([false, false, false, true, false]);
  });

  it('counts a person once, whatever the stays and their order', () => {
    fc.assert(
      fc.property(anyStays, (stays) => {
        const all = counted(stays);
        const count = (mark: (one: (typeof all)[number]) => boolean) => all.filter(mark).length;
        expect(count((one) => one.firstEver)).toBe(stays.length > 0 ? 1 : 0);
        expect(count((one) => one.nowInside)).toBe(stays.some(({ exitedAt }) => exitedAt === null) ? 1 : 0);
        for (const place of [null, 'a', 'b', 'c']) {
          const here = stays.filter(({ subForumId }) => subForumId === place);
          expect(count((one) => one.firstHere && one.subForumId === place)).toBe(here.length > 0 ? 1 : 0);
          const walkedIn = here.some(({ detail }) => detail === 'walk_in');
          expect(count((one) => one.firstWalkIn && one.subForumId === place)).toBe(walkedIn ? 1 : 0);
        }
        if (stays.length > 0) expect(all[0]?.fromOutside).toBe(true);
      }),
    );
  });
});
