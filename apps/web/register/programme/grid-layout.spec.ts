import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { axisOf, gapsOf, placeOf } from './grid-layout';

const day = Date.UTC(2026, 4, 21);
const span = (from: number, length: number, id = `${from}`) => ({
  id,
  startsAt: new Date(day + from * 60_000).toISOString(),
  endsAt: new Date(day + (from + length) * 60_000).toISOString(),
});

describe('the axis of a day', () => {
  it('goes from full hour to full hour at the venue, as coarse as the times allow', () => {
    const axis = axisOf([span(90, 180), span(300, 180)], 'UTC');
    expect([axis.from, axis.to, axis.minutes, axis.columns]).toEqual([day + 3600_000, day + 8 * 3600_000, 30, 14]);
    expect(axis.hours.map((hour) => hour.label)).toEqual([1, 2, 3, 4, 5, 6, 7].map((hour) => `0${hour}:00`));
    expect(placeOf(span(90, 180), axis)).toEqual({ before: 1, during: 6, after: 7, words: 'in' });
  });

  it('strikes the hour of a zone that lies half an hour off', () => {
    const axis = axisOf([span(30, 60)], 'Asia/Kolkata');
    expect(axis.hours.map((hour) => hour.label)).toEqual(['06:00']);
    expect(axis.from).toBe(day + 30 * 60_000);
  });

  it('goes over midnight, and cuts what never ends', () => {
    const night = axisOf([span(23 * 60, 180)], 'UTC');
    expect(night.hours.map((hour) => hour.label)).toEqual(['23:00', '00:00', '01:00']);
    const endless = axisOf([span(60, 10 * 24 * 60)], 'UTC');
    expect(endless.hours).toHaveLength(30);
    // Too many for `01:00` each.
    expect(endless.hours.slice(0, 2).map((hour) => hour.label)).toEqual(['01', '02']);
    expect(placeOf(span(60, 10 * 24 * 60), endless)).toEqual({ before: 0, during: 30, after: 0, words: 'in' });
  });

  it('leaves the words of a short one on the side with more room', () => {
    const axis = axisOf([span(540, 30), span(1080, 30)], 'UTC');
    expect(placeOf(span(540, 30), axis).words).toBe('after');
    expect(placeOf(span(1080, 30), axis).words).toBe('before');
  });

  it('holds every span, in its place to five minutes, filling each row', () => {
    const spans = record({ from: integer({ min: 0, max: 1440 }), length: integer({ min: 1, max: 720 }) });
    const zones = constantFrom('UTC', 'Asia/Shanghai', 'Asia/Kathmandu', 'America/New_York', 'Australia/Lord_Howe');
    assert(
      property(array(spans, { minLength: 1, maxLength: 30 }), zones, (wanted, timeZone) => {
        const all = wanted.map(({ from, length }, index) => span(from, length, `${index}`));
        const axis = axisOf(all, timeZone);
        expect(axis.columns).toBe(axis.hours.reduce((sum, hour) => sum + hour.columns, 0));
        expect(Number.isInteger(axis.columns)).toBe(true);
        for (const one of all) {
          const { before, during, after } = placeOf(one, axis);
          expect(before + during + after).toBe(axis.columns);
          expect(Math.min(before, during - 1, after)).toBeGreaterThanOrEqual(0);
          const drawn = axis.from + before * axis.minutes * 60_000;
          expect(Math.abs(drawn - Date.parse(one.startsAt))).toBeLessThanOrEqual(2.5 * 60_000 + 1);
        }
      }),
    );
  });

  it('has gaps that end with every hour and every break, and leave nothing out', () => {
    const axis = axisOf([span(0, 60), span(195, 30)], 'UTC');
    expect(axis.minutes).toBe(15);
    const lunch = placeOf(span(90, 60), axis);
    expect(gapsOf(4, 13, axis, [lunch])).toEqual([
      { column: 4, columns: 2, pause: false },
      { column: 6, columns: 2, pause: true },
      { column: 8, columns: 2, pause: true },
      { column: 10, columns: 2, pause: false },
      { column: 12, columns: 1, pause: false },
    ]);
    expect(gapsOf(4, 4, axis, [lunch])).toEqual([]);
  });
});
