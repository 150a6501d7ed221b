/** Days and times of day in an IANA time zone, by Intl alone: runs in Node and in browsers. Instants are epoch milliseconds. */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** What a clock on the wall shows, written as if it were UTC, to the second. */
function wallClock(at: number, timeZone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** The first instant at which the wall clock shows this; where it is skipped in spring, the instant it jumps to. */
function instantOf(wall: number, timeZone: string): number {
  // Two rounds settle it unless an offset change lies between, then the later guess is the one after the change.
  const first = wall - (wallClock(wall, timeZone) - wall);
  return wall - (wallClock(first, timeZone) - first);
}

const dayMs = 86_400_000;
const lastDay = new Map<string, { starts: number; ends: number }>();

/** The day in which an instant lies: `starts` is inside, `ends` is the next midnight and outside. */
export function dayOf(at: number, timeZone: string): { starts: number; ends: number } {
  // A day's scans all ask for the same day.
  const known = lastDay.get(timeZone);
  if (known && known.starts <= at && at < known.ends) return known;
  const wall = wallClock(at, timeZone);
  const midnight = wall - (((wall % dayMs) + dayMs) % dayMs);
  const day = { starts: instantOf(midnight, timeZone), ends: instantOf(midnight + dayMs, timeZone) };
  lastDay.set(timeZone, day);
  return day;
}

/** The instant of a time of day (`08:30`) in the day in which `at` lies, or `days` later. */
export function timeOfDayAt(at: number, timeOfDay: string, timeZone: string, days = 0): number {
  const wall = wallClock(dayOf(at, timeZone).starts + dayMs / 2, timeZone);
  const midnight = wall - (((wall % dayMs) + dayMs) % dayMs);
  const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number);
  return instantOf(midnight + days * dayMs + (hours * 60 + minutes) * 60_000, timeZone);
}
