const day = 86_400_000;

/**
 * When a device token ends: 30 days from now or, if that is later, 7 days after the conference's last day, so that a
 * door prepared early lives through the conference. `endsOn` is a day, `2026-05-22`; undefined: not heard of.
 */
export function deviceTokenEnd(now: Date, endsOn: string | undefined): Date {
  const month = now.getTime() + 30 * day;
  // The last day ends a day after its midnight, wherever on earth the venue is.
  const afterConference = endsOn === undefined ? 0 : Date.parse(`${endsOn}T00:00:00Z`) + (1 + 7) * day;
  return new Date(Math.floor(Math.max(month, afterConference) / 1000) * 1000);
}
