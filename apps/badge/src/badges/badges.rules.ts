import { startOfDay } from '@plenary/contracts';

/** Days after the last day of a conference on which its badges are still good. */
const graceDays = 3;
/** A door's clock may be behind ours by this much. */
const clockSlackSeconds = 300;

/**
 * When the badges of a conference expire: three days after the end of its last day, as days turn in its time zone.
 * `endsOn` is `2026-05-21`, `timeZone` an IANA name.
 */
export function expiryOf(endsOn: string, timeZone: string): Date {
  return new Date(startOfDay(endsOn, timeZone, graceDays + 1));
}

/** Not-before of a badge issued at `now`: whole seconds, a little earlier. */
export function notBeforeOf(now: Date): Date {
  return new Date((Math.floor(now.getTime() / 1000) - clockSlackSeconds) * 1000);
}
