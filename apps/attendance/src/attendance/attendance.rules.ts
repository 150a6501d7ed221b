import { type Attendance, subForumStates, type Wall } from '@plenary/contracts';

/** Arrivals per minute are an average over this many minutes. */
export const rateMinutes = 5;
/** A forecast looks back further, and only where that many came. */
export const forecastMinutes = 15;
const forecastArrivals = 10;

export const perMinute = (n: number) => Math.round((n / rateMinutes) * 100) / 100;

/**
 * When the room will be full if people keep coming as in the last 15 minutes, to the minute; null without a limit, when
 * it is full already, with fewer than 10 arrivals in 15 minutes, or not before the end.
 */
export function forecastFullAt(room: {
  at: Date;
  endsAt: Date;
  cap: number | null;
  inside: number;
  /** First entries in the last 15 minutes. */
  arrivals: number;
}): string | null {
  const { at, endsAt, cap, inside, arrivals } = room;
  if (cap === null || inside >= cap || arrivals < forecastArrivals) return null;
  const minutes = (cap - inside) / (arrivals / forecastMinutes);
  const full = Math.ceil(at.getTime() / 60_000 + minutes) * 60_000;
  return full < endsAt.getTime() ? new Date(full).toISOString() : null;
}

/**
 * What a co-host sees: its own sub-forums, their gates, and totals over these alone. Someone who was in two of them
 * counts in both; `registered` are those who hold or wait for a seat.
 */
export function ofSubForums(whole: Attendance, own: ReadonlySet<string>): Attendance {
  const subForums = whole.subForums.filter(({ subForumId }) => own.has(subForumId));
  const sum = (field: 'confirmed' | 'waitlisted' | 'admitted' | 'inside' | 'arrivalsPerMinute') =>
    Math.round(subForums.reduce((total, subForum) => total + subForum[field], 0) * 100) / 100;
  return {
    at: whole.at,
    totals: {
      registered: sum('confirmed') + sum('waitlisted'),
      admitted: sum('admitted'),
      inside: sum('inside'),
      confirmed: sum('confirmed'),
      waitlisted: sum('waitlisted'),
      arrivalsPerMinute: sum('arrivalsPerMinute'),
    },
    subForums,
    gates: whole.gates.filter(({ subForumId }) => subForumId !== null && own.has(subForumId)),
    delegations: [],
  };
}

/** What a screen on the wall shows: counts of sub-forums, nothing of gates, delegations or trends. */
export function wallOf(whole: Attendance, conference: Wall['conference']): Wall {
  return {
    at: whole.at,
    conference,
    subForums: whole.subForums.map((one) => ({
      subForumId: one.subForumId,
      title: one.title,
      track: one.track,
      room: one.room,
      floor: one.floor,
      startsAt: one.startsAt,
      endsAt: one.endsAt,
      state: subForumStates.parse(one.state),
      capacity: one.capacity,
      roomCap: one.roomCap,
      confirmed: one.confirmed,
      waitlisted: one.waitlisted,
      inside: one.inside,
      admitted: one.admitted,
    })),
  };
}
