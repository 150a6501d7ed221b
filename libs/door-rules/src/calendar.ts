import { instantOf, wallClock } from '@plenary/contracts';

/** The days of a door, in the conference's time zone. Instants are epoch milliseconds. */
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
