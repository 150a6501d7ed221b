/** Days after the last day of a conference on which its badges are still good. */
const graceDays = 3;
/** A door's clock may be behind ours by this much. */
const clockSlackSeconds = 300;

/**
 * When the badges of a conference expire: three days after the end of its last day, as days turn in its time zone.
 * `endsOn` is `2026-05-21`, `timeZone` an IANA name.
 */
export function expiryOf(endsOn: string, timeZone: string): Date {
  const wanted = Date.parse(`${endsOn}T00:00:00Z`) + (graceDays + 1) * 86_400_000;
  // The zone's offset depends on the instant we are looking for: a second look settles it across a change of clocks.
  let instant = wanted;
  for (let look = 0; look < 2; look++) instant = wanted - offsetAt(instant, timeZone);
  return new Date(instant);
}

/** Not-before of a badge issued at `now`: whole seconds, a little earlier. */
export function notBeforeOf(now: Date): Date {
  return new Date((Math.floor(now.getTime() / 1000) - clockSlackSeconds) * 1000);
}

/** How far local time is ahead of UTC at an instant, in ms. */
function offsetAt(instant: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(instant / 1000) * 1000;
}
