import type { Attendance } from '@plenary/contracts';
import { newId } from '@plenary/platform';
import fc from 'fast-check';
import { viewOf } from './attendance.controller';
import { forecastFullAt, ofSubForums } from './attendance.rules';

const at = new Date('2026-05-21T09:00:30Z');
const endsAt = new Date('2026-05-21T12:00:00Z');

describe('the forecast', () => {
  it('needs a limit, room left, and ten arrivals in a quarter of an hour', () => {
    const room = { at, endsAt, cap: 100, inside: 70, arrivals: 30 };
    expect(forecastFullAt(room)).toBe('2026-05-21T09:16:00.000Z');
    expect(forecastFullAt({ ...room, cap: null })).toBeNull();
    expect(forecastFullAt({ ...room, inside: 100 })).toBeNull();
    expect(forecastFullAt({ ...room, inside: 110 })).toBeNull();
    expect(forecastFullAt({ ...room, arrivals: 9 })).toBeNull();
    expect(forecastFullAt({ ...room, cap: 5000 })).toBeNull();
  });

  it('lies ahead, before the end, and comes no later when more people come', () => {
    const room = fc.record({
      cap: fc.integer({ min: 1, max: 2000 }),
      inside: fc.integer({ min: 0, max: 2000 }),
      arrivals: fc.integer({ min: 10, max: 600 }),
    });
    fc.assert(
      fc.property(room, fc.integer({ min: 0, max: 100 }), (one, more) => {
        const full = forecastFullAt({ at, endsAt, ...one });
        if (full === null) return;
        expect(Date.parse(full)).toBeGreaterThan(at.getTime());
        expect(Date.parse(full)).toBeLessThan(endsAt.getTime());
        const sooner = forecastFullAt({ at, endsAt, ...one, arrivals: one.arrivals + more });
        expect(Date.parse(sooner as string)).toBeLessThanOrEqual(Date.parse(full));
      }),
    );
  });
});

describe('a co-host', () => {
  const [own, other, conferenceId, elsewhere] = [newId(), newId(), newId(), newId()];
  const subForum = (subForumId: string, n: number): Attendance['subForums'][number] => ({
    subForumId,
    code: 'A',
    title: { en: 'A' },
    track: null,
    room: 'Hall',
    floor: null,
    startsAt: at.toISOString(),
    endsAt: endsAt.toISOString(),
    state: 'scheduled',
    capacity: 100,
    roomCap: null,
    confirmed: n,
    waitlisted: n,
    admitted: n,
    inside: n,
    noShows: 0,
    walkIns: 0,
    arrivalsPerMinute: n / 10,
    forecastFullAt: null,
  });
  const gate = (subForumId: string | null) => ({
    gateId: newId(),
    name: 'Door',
    subForumId,
    scansPerMinute: 1,
    refusals: {},
    lastScanAt: null,
  });
  const whole: Attendance = {
    at: at.toISOString(),
    totals: { registered: 9, admitted: 9, inside: 9, confirmed: 9, waitlisted: 9, arrivalsPerMinute: 9 },
    subForums: [subForum(own, 3), subForum(other, 5)],
    gates: [gate(null), gate(own), gate(other)],
    delegations: [{ delegationId: newId(), name: 'Delegation', registered: 1, arrived: 1 }],
  };

  it('sees its own sub-forums and their gates, and totals over nothing else', () => {
    const seen = ofSubForums(whole, new Set([own]));
    expect(seen.subForums.map(({ subForumId }) => subForumId)).toEqual([own]);
    expect(seen.gates.map(({ subForumId }) => subForumId)).toEqual([own]);
    expect(seen.delegations).toEqual([]);
    expect(seen.totals).toEqual({
      registered: 6,
      admitted: 3,
      inside: 3,
      confirmed: 3,
      waitlisted: 3,
      arrivalsPerMinute: 0.3,
    });
    expect(ofSubForums(whole, new Set()).subForums).toEqual([]);
  });

  it('is one who is not also organiser or supervisor there', () => {
    const staff = (
      ...grants: { conferenceId: string; role: 'organiser' | 'cohost' | 'supervisor'; subForumIds: string[] }[]
    ) => viewOf({ kind: 'staff', id: newId(), admin: false, grants }, conferenceId);
    const cohost = { conferenceId, role: 'cohost' as const, subForumIds: [own] };
    expect(staff(cohost)).toEqual([own]);
    expect(staff(cohost, { ...cohost, conferenceId: elsewhere, subForumIds: [other] })).toEqual([own]);
    expect(staff(cohost, { conferenceId, role: 'supervisor', subForumIds: [] })).toBe('all');
    expect(staff(cohost, { conferenceId: elsewhere, role: 'organiser', subForumIds: [] })).toEqual([own]);
    expect(staff({ conferenceId, role: 'organiser', subForumIds: [] })).toBe('all');
    expect(viewOf({ kind: 'staff', id: newId(), admin: true, grants: [] }, conferenceId)).toBe('all');
  });
});
