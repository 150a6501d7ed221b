import fc from 'fast-check';
import { instantIn, instantOf, isInReach, isTimeZone, startOfDay, wallClock } from './zoned-time';

describe('zoned time', () => {
  it('knows the zones that Intl knows', () => {
    expect(isTimeZone('Asia/Shanghai')).toBe(true);
    expect(isTimeZone('Mars/Olympus')).toBe(false);
  });

  it('turns days in the zone', () => {
    expect(new Date(startOfDay('2026-05-21', 'Asia/Shanghai')).toISOString()).toBe('2026-05-20T16:00:00.000Z');
    expect(new Date(startOfDay('2026-05-21', 'Asia/Shanghai', 1)).toISOString()).toBe('2026-05-21T16:00:00.000Z');
    expect(startOfDay('2026-02-30x', 'Asia/Shanghai')).toBeNaN();
    expect(instantIn('2026-05-21', '25:00', 'Asia/Shanghai')).toBeUndefined();
  });

  it.each([
    ['2026-05-21', 'Asia/Shanghai', '2026-05-21T16:00:00.000Z'],
    ['2026-05-21', 'UTC', '2026-05-22T00:00:00.000Z'],
    ['2026-03-28', 'Europe/Brussels', '2026-03-28T23:00:00.000Z'],
    ['2026-03-29', 'Europe/Brussels', '2026-03-29T22:00:00.000Z'],
    ['2026-11-01', 'America/New_York', '2026-11-02T05:00:00.000Z'],
    ['2026-01-31', 'Asia/Kathmandu', '2026-01-31T18:15:00.000Z'],
  ])('%s ends in %s at %s', (day, zone, expected) => {
    expect(new Date(startOfDay(day, zone, 1)).toISOString()).toBe(expected);
  });

  it('takes the first of two, and jumps with the clocks over what is skipped', () => {
    // Brussels, 2025: 02:00 to 03:00 is skipped on 30 March and shown twice on 26 October.
    expect(new Date(instantIn('2025-03-30', '02:30', 'Europe/Brussels') as number).toISOString()).toBe(
      '2025-03-30T01:30:00.000Z',
    );
    expect(new Date(instantIn('2025-10-26', '02:30', 'Europe/Brussels') as number).toISOString()).toBe(
      '2025-10-26T00:30:00.000Z',
    );
    // Days of 23 and of 25 hours.
    const hours = (day: string) =>
      (startOfDay(day, 'Europe/Brussels', 1) - startOfDay(day, 'Europe/Brussels')) / 3_600_000;
    expect([hours('2025-03-30'), hours('2025-10-26'), hours('2025-06-01')]).toEqual([23, 25, 24]);
  });

  it('shows what it was asked for, wherever the clocks show it at all', () => {
    const zones = fc.constantFrom(
      'Asia/Shanghai',
      'Europe/Brussels',
      'America/Sao_Paulo',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    );
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 4_000_000_000 }), (zone, seconds) => {
        const at = seconds * 1000;
        const wall = wallClock(at, zone);
        const found = instantOf(wall, zone);
        expect(wallClock(found, zone)).toBe(wall);
        expect(found).toBeLessThanOrEqual(at);
        expect(isInReach(found) || found < 0).toBe(true);
      }),
    );
  });
});
