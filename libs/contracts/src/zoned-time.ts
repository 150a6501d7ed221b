/**
 * Days and times of day in an IANA time zone, by Intl alone: runs in Node and in browsers. Instants are milliseconds since
 * the epoch; days are `2026-05-21`, times of day `08:30`.
 */

const formats = new Map<string, Intl.DateTimeFormat>();
const dayMs = 86_400_000;

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return format;
}

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/** Years that a conference can be in, and that every part of the system can store. NaN is in none. */
export function isInReach(at: number): boolean {
  return at >= Date.UTC(1970, 0) && at < Date.UTC(2200, 0);
}

/** What the clocks of the zone show, written as if it were UTC, to the second. */
export function wallClock(at: number, timeZone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * The instant at which the clocks of the zone show this. Where they show it twice, the first; where it is skipped, as much
 * later as the clocks jump.
 */
export function instantOf(wall: number, timeZone: string): number {
  const offsetAt = (at: number) => wallClock(at, timeZone) - Math.floor(at / 1000) * 1000;
  const early = wall - offsetAt(wall - dayMs);
  const late = wall - offsetAt(wall + dayMs);
  // One of them is right but at a change of the clocks; the earlier offset is right before it, and in what it skips.
  return early + offsetAt(early) === wall || late + offsetAt(late) !== wall ? early : late;
}

/** The instant of a time of day; undefined for no such day or time. */
export function instantIn(day: string, timeOfDay: string, timeZone: string): number | undefined {
  const wall = Date.parse(`${day}T${timeOfDay}:00Z`);
  return Number.isNaN(wall) ? undefined : instantOf(wall, timeZone);
}

/** The first instant of the day `days` after this one. NaN for no such day. */
export function startOfDay(day: string, timeZone: string, days = 0): number {
  const wall = Date.parse(`${day}T00:00:00Z`) + days * dayMs;
  return Number.isNaN(wall) ? wall : instantOf(wall, timeZone);
}
