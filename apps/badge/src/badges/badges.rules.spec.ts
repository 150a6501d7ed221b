import fc from 'fast-check';
import { expiryOf, notBeforeOf } from './badges.rules';

const zones = [
  'Asia/Shanghai',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Australia/Lord_Howe',
  'UTC',
];
const days = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2090-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe('the end of a badge', () => {
  it.each([
    ['2026-05-21', 'Asia/Shanghai', '2026-05-24T16:00:00.000Z'],
    ['2026-05-21', 'UTC', '2026-05-25T00:00:00.000Z'],
    // Clocks go forward at 02:00 on the 29th.
    ['2026-03-25', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
    ['2026-03-26', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
    ['2026-12-30', 'America/New_York', '2027-01-03T05:00:00.000Z'],
    ['2026-05-21', 'Pacific/Kiritimati', '2026-05-24T10:00:00.000Z'],
  ])('last day %s in %s: %s', (endsOn, timeZone, expected) => {
    expect(expiryOf(endsOn, timeZone).toISOString()).toBe(expected);
  });

  it('is the midnight with which the third day after the last one ends, there', () => {
    fc.assert(
      fc.property(days, fc.constantFrom(...zones), (endsOn, timeZone) => {
        const local = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
        const fourthDay = new Date(Date.parse(endsOn) + 4 * 86_400_000).toISOString().slice(0, 10);
        expect(local.format(expiryOf(endsOn, timeZone))).toBe(`${fourthDay} 00:00:00`);
      }),
      { numRuns: 500 },
    );
  });

  it('begins on a whole second, before it is issued', () => {
    const now = new Date('2026-05-21T08:00:00.987Z');
    expect(notBeforeOf(now).toISOString()).toBe('2026-05-21T07:55:00.000Z');
  });
});
