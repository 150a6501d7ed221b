import { timeOfDayAt } from './calendar';

/** When a gate lets people in; both instants are inside. null: no bound. Epoch milliseconds. */
export interface GateWindow {
  readonly opensAt: number | null;
  readonly closesAt: number | null;
}

/**
 * A sub-forum's gate opens some minutes before the start, but never while the room's previous sub-forum still runs,
 * and closes some minutes after the end.
 * @param previousEndsAt end of the sub-forum before it in the same room, null where there is none
 */
export function subForumWindow(
  gate: { opensBeforeMinutes: number; closesAfterMinutes: number },
  subForum: { startsAt: number; endsAt: number },
  previousEndsAt: number | null,
): GateWindow {
  const opensAt = subForum.startsAt - gate.opensBeforeMinutes * 60_000;
  return {
    opensAt:
      previousEndsAt !== null && previousEndsAt <= subForum.startsAt ? Math.max(opensAt, previousEndsAt) : opensAt,
    closesAt: subForum.endsAt + gate.closesAfterMinutes * 60_000,
  };
}

/**
 * The venue's gate by its times of day in the venue's zone: the window of the day in which `at` lies. Hours that end
 * before they begin (20:00 to 02:00) run past midnight.
 */
export function venueWindow(
  gate: { opensAt: string | null; closesAt: string | null },
  at: number,
  timeZone: string,
): GateWindow {
  const opensAt = gate.opensAt === null ? null : timeOfDayAt(at, gate.opensAt, timeZone);
  const closesAt = gate.closesAt === null ? null : timeOfDayAt(at, gate.closesAt, timeZone);
  if (opensAt === null || closesAt === null || opensAt <= closesAt) return { opensAt, closesAt };
  return at <= closesAt
    ? { opensAt: timeOfDayAt(at, gate.opensAt as string, timeZone, -1), closesAt }
    : { opensAt, closesAt: timeOfDayAt(at, gate.closesAt as string, timeZone, 1) };
}
