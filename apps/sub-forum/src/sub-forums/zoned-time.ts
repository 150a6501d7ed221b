const formats = new Map<string, Intl.DateTimeFormat>();

/** Years that a conference can be in, and that every part of the system can store. NaN is in none. */
export function isInReach(at: number): boolean {
  return at >= Date.UTC(1970, 0) && at < Date.UTC(2200, 0);
}

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * The instant (ms since the epoch) at which the clocks of `zone` show that day and time; undefined for no such day.
 * Where the clock shows it twice the first is taken; where it is skipped, the instant after as long.
 */
export function instantIn(zone: string, day: string, time: string): number | undefined {
  const asUtc = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(asUtc)) return undefined;
  const early = asUtc - offsetAt(zone, asUtc - 86_400_000);
  const late = asUtc - offsetAt(zone, asUtc + 86_400_000);
  // One of them is right but at a change of the clocks; the earlier offset is right before it, and in what it skips.
  return early + offsetAt(zone, early) === asUtc || late + offsetAt(zone, late) !== asUtc ? early : late;
}

/** From the day's first instant in the zone to that of the next, ms since the epoch. */
export function boundsOfDay(zone: string, day: string): [number, number] {
  const first = instantIn(zone, day, '00:00');
  if (first === undefined || !isInReach(first)) return [0, 0];
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return [first, instantIn(zone, next, '00:00') as number];
}

/** How far the zone's clocks are ahead of UTC then, in ms. */
function offsetAt(zone: string, at: number): number {
  const part = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const shown = Date.UTC(
    part.year as number,
    (part.month as number) - 1,
    part.day as number,
    part.hour as number,
    part.minute as number,
    part.second as number,
  );
  return shown - Math.floor(at / 1000) * 1000;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US-u-hc-h23', {
      timeZone: zone,
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}
