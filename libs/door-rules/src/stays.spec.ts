import fc from 'fast-check';
import { dayOf, type FoldContext, foldStays, type Happening, inOrder, presenceIn } from './index';

const zone = 'Asia/Shanghai';
const day = Date.parse('2026-05-21T00:00:00+08:00');
const hour = 3_600_000;
const rooms: Record<string, { closes: number }> = {
  a: { closes: day + 12 * hour },
  b: { closes: day + 15 * hour },
  c: { closes: day + 26 * hour },
};
const context = (until = Number.MAX_SAFE_INTEGER): FoldContext => ({
  until,
  closingOf: (id) => rooms[id]?.closes ?? null,
  midnightAfter: (at) => dayOf(at, zone).ends,
});
let scans = 0;
const happens = (at: number, did: 'admitted' | 'exited', subForumId: string | null): Happening => ({
  scanId: `scan-${String(++scans).padStart(4, '0')}`,
  at: day + at * hour,
  did,
  gateId: `gate-${subForumId ?? 'venue'}`,
  subForumId,
  detail: did === 'admitted' ? 'first' : null,
});
const tell = (happenings: Happening[], until?: number) =>
  foldStays(happenings, context(until === undefined ? undefined : day + until * hour)).stays.map((stay) => [
    stay.subForumId ?? 'venue',
    (stay.enteredAt - day) / hour,
    stay.exitedAt === null ? null : (stay.exitedAt - day) / hour,
    stay.exit,
  ]);

describe('the fold of stays', () => {
  it('an exit ends the stay, an entry after it begins another', () => {
    expect(tell([happens(9, 'admitted', 'a'), happens(10, 'exited', 'a'), happens(11, 'admitted', 'a')], 11.5)).toEqual(
      [
        ['a', 9, 10, 'scan'],
        ['a', 11, null, null],
      ],
    );
  });

  it('entry to room B ends the stay in A, inferred; the venue stay is untouched', () => {
    const day1 = [happens(8, 'admitted', null), happens(9, 'admitted', 'a'), happens(10, 'admitted', 'b')];
    expect(tell(day1, 11)).toEqual([
      ['venue', 8, null, null],
      ['a', 9, 10, 'inferred'],
      ['b', 10, null, null],
    ]);
  });

  it('leaving the venue ends both', () => {
    const leaves = [happens(8, 'admitted', null), happens(9, 'admitted', 'a'), happens(10, 'exited', null)];
    expect(tell(leaves, 11)).toEqual([
      ['venue', 8, 10, 'scan'],
      ['a', 9, 10, 'inferred'],
    ]);
  });

  it('an exit from a room where one is not inside ends nothing', () => {
    expect(tell([happens(9, 'admitted', 'a'), happens(10, 'exited', 'b')], 11)).toEqual([['a', 9, null, null]]);
  });

  it('a room stay ends when its sub-forum has closed, a venue stay at midnight', () => {
    const stays = [happens(8, 'admitted', null), happens(9, 'admitted', 'a')];
    expect(tell(stays, 12)).toEqual([
      ['venue', 8, null, null],
      ['a', 9, null, null],
    ]);
    expect(tell(stays, 12.001)).toContainEqual(['a', 9, 12, 'inferred']);
    expect(tell(stays, 24)).toEqual([
      ['venue', 8, 24, 'inferred'],
      ['a', 9, 12, 'inferred'],
    ]);
  });

  it('a sub-forum may run past midnight; whoever entered after the closing stays until midnight', () => {
    expect(tell([happens(23, 'admitted', 'c')], 25)).toEqual([['c', 23, null, null]]);
    expect(tell([happens(23, 'admitted', 'c')], 27)).toEqual([['c', 23, 26, 'inferred']]);
    expect(tell([happens(13, 'admitted', 'a')], 20)).toEqual([['a', 13, null, null]]);
    expect(tell([happens(13, 'admitted', 'a')], 24)).toEqual([['a', 13, 24, 'inferred']]);
  });

  it('day two: nobody is inside from day one, and the first of the day is counted anew', () => {
    const { stays } = foldStays([happens(9, 'admitted', null)], context(day + 33 * hour));
    const today = (at: number) => presenceIn(stays, null, dayOf(day + at * hour, zone));
    expect(today(33)).toEqual({ inside: null, first: null });
    expect(today(10).first).toEqual({ at: day + 9 * hour, gateId: 'gate-venue' });
  });

  it('two admissions without an exit between: the earlier one opens the stay, the later one is told as a double', () => {
    const [late, early] = [happens(10, 'admitted', 'a'), happens(9.9, 'admitted', 'a')];
    const fold = foldStays([late, early], context(day + 11 * hour));
    expect(fold.stays).toHaveLength(1);
    expect(fold.stays[0]?.scanId).toBe(early.scanId);
    expect(fold.doubles).toEqual([{ scanId: late.scanId, openedBy: early.scanId }]);
  });

  const happening: fc.Arbitrary<Happening> = fc
    .tuple(
      // A coarse grid, so that equal instants occur.
      fc.integer({ min: 14, max: 110 }),
      fc.constantFrom('admitted' as const, 'exited' as const),
      fc.constantFrom('a', 'b', 'c', 'unheard-of', null),
      fc.uuid(),
    )
    .map(([half, did, room, scanId]) => ({ ...happens(half / 2, did, room), scanId }));
  const history = fc.uniqueArray(happening, { selector: (one) => one.scanId, maxLength: 25 });
  const when = fc.integer({ min: 14, max: 130 }).map((half) => day + (half / 2) * hour);

  it('does not depend on the order in which it was heard of', () => {
    fc.assert(
      fc.property(history, when, fc.infiniteStream(fc.nat()), (all, until, luck) => {
        const shuffled = all
          .map((one) => ({ one, key: luck.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(foldStays(shuffled, context(until))).toEqual(foldStays(all, context(until)));
      }),
    );
  });

  it('leaves at most one open stay per level, no two that overlap, and none that ends before it began', () => {
    fc.assert(
      fc.property(history, when, (all, until) => {
        for (const level of ['venue', 'room'] as const) {
          const stays = foldStays(all, context(until)).stays.filter((stay) => stay.level === level);
          expect(stays.filter((stay) => stay.exitedAt === null).length).toBeLessThanOrEqual(1);
          stays.forEach((stay, index) => {
            const next = stays[index + 1];
            expect(stay.exitedAt ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(stay.enteredAt);
            if (next) expect(stay.exitedAt).toBeLessThanOrEqual(next.enteredAt);
            expect(stay.exitedAt === null).toBe(stay.exit === null);
          });
        }
      }),
    );
  });

  it('each admission opens a stay or is a double of one that did', () => {
    fc.assert(
      fc.property(history, when, (all, until) => {
        const { stays, doubles } = foldStays(all, context(until));
        const admissions = all.filter((one) => one.did === 'admitted').map((one) => one.scanId);
        expect([...stays, ...doubles].map((one) => one.scanId).sort()).toEqual(admissions.sort());
        const opened = new Set(stays.map((stay) => stay.scanId));
        expect(doubles.every((double) => opened.has(double.openedBy))).toBe(true);
      }),
    );
  });

  it('agrees with a slow, obvious model: somebody is where the last thing that happened left them', () => {
    fc.assert(
      fc.property(history, when, (all, until) => {
        const past = all.filter((one) => one.at <= until).toSorted(inOrder);
        const open = foldStays(past, context(until)).stays.filter((stay) => stay.exitedAt === null);
        // Asked backwards: the last admission to a room, unless something since then ended it.
        const entry = past.findLast((one) => one.did === 'admitted' && one.subForumId !== null);
        const after = entry ? past.slice(past.indexOf(entry) + 1) : [];
        const left = after.some((one) => one.did === 'exited' && [entry?.subForumId, null].includes(one.subForumId));
        const expected = entry && !left ? entry.subForumId : undefined;
        const inRoom = open.find((stay) => stay.level === 'room');
        if (inRoom) expect(inRoom.subForumId).toBe(expected);
        else if (expected) {
          const closing = rooms[expected]?.closes;
          const over = Math.max(...past.filter((one) => one.subForumId === expected).map((one) => one.at));
          const ends = closing !== undefined && (entry?.at ?? 0) <= closing ? closing : dayOf(over, zone).ends;
          // Nobody is there any more only because time ended the stay.
          expect(until).toBeGreaterThanOrEqual(Math.min(ends, dayOf(entry?.at ?? 0, zone).ends));
        }
      }),
    );
  });

  it('time that passes only ends stays: it opens none and moves no entry', () => {
    fc.assert(
      fc.property(history, when, when, (all, one, other) => {
        const [sooner, later] = [Math.min(one, other), Math.max(one, other)];
        const before = foldStays(all, context(sooner)).stays;
        const after = foldStays(all, context(later)).stays;
        expect(after.map(({ scanId, enteredAt }) => [scanId, enteredAt])).toEqual(
          before.map(({ scanId, enteredAt }) => [scanId, enteredAt]),
        );
        before.forEach((stay, index) => {
          if (stay.exitedAt !== null) expect(after[index]).toEqual(stay);
        });
      }),
    );
  });
});

describe('days in a time zone', () => {
  it.each([
    ['2026-03-29T12:00:00+02:00', 'Europe/Brussels', 23],
    ['2026-10-25T12:00:00+01:00', 'Europe/Brussels', 25],
    ['2026-05-21T12:00:00+08:00', 'Asia/Shanghai', 24],
    ['2026-05-21T12:00:00Z', 'Asia/Kathmandu', 24],
  ])('%s in %s has %d hours', (at, timeZone, hours) => {
    const { starts, ends } = dayOf(Date.parse(at), timeZone);
    expect((ends - starts) / hour).toBe(hours);
    expect(dayOf(starts, timeZone).starts).toBe(starts);
    expect(dayOf(ends, timeZone).starts).toBe(ends);
    expect(dayOf(ends - 1, timeZone).starts).toBe(starts);
  });

  it('each instant lies in exactly one day, in any zone', () => {
    const zones = fc.constantFrom('Asia/Shanghai', 'Europe/Brussels', 'America/St_Johns', 'Pacific/Apia', 'UTC');
    const instants = fc.integer({ min: Date.parse('2020-01-01T00:00Z'), max: Date.parse('2035-01-01T00:00Z') });
    fc.assert(
      fc.property(instants, zones, (at, timeZone) => {
        const { starts, ends } = dayOf(at, timeZone);
        expect(starts).toBeLessThanOrEqual(at);
        expect(ends).toBeGreaterThan(at);
        expect(dayOf(ends, timeZone).starts).toBe(ends);
        expect((ends - starts) / hour).toBeLessThanOrEqual(25);
      }),
    );
  });
});
