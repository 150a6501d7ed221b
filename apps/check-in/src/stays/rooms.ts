import type { FoldedStay } from '@plenary/door-rules';
import { rows, type Tx } from '@plenary/messaging';

/** How full a place is: a sub-forum's room, or the venue under its conference's id. */
export interface RoomState {
  placeId: string;
  inside: number;
  /** People who were admitted at least once. */
  admitted: number;
}

/** What changes under this key is how full a place is. */
export function placeKey(placeId: string): string {
  return `place/${placeId}`;
}

/** Locks places, sorted, and reads them as they are then. */
export async function lockRooms(tx: Tx, placeIds: Iterable<string>): Promise<Map<string, RoomState>> {
  const ids = [...new Set(placeIds)].sort();
  if (ids.length === 0) return new Map();
  const locked = await rows<RoomState>(
    tx,
    `SELECT place_id AS "placeId", inside, admitted FROM room_states
     WHERE place_id = ANY($1::uuid[]) ORDER BY place_id FOR UPDATE`,
    [ids],
  );
  return new Map(locked.map((room) => [room.placeId, room]));
}

/** How counts move. */
export type RoomChanges = Map<string, { inside: number; admitted: number }>;

/** The counts' way from one list of a person's stays to the next. */
export function roomChanges(
  conferenceId: string,
  before: readonly FoldedStay[],
  after: readonly FoldedStay[],
): RoomChanges {
  const changes: RoomChanges = new Map();
  for (const [sign, stays] of [
    [-1, before],
    [1, after],
  ] as const) {
    const seen = new Set<string>();
    for (const stay of stays) {
      const place = stay.subForumId ?? conferenceId;
      const change = changes.get(place) ?? { inside: 0, admitted: 0 };
      if (stay.exitedAt === null) change.inside += sign;
      if (!seen.has(place)) change.admitted += sign;
      seen.add(place);
      changes.set(place, change);
    }
  }
  for (const [place, change] of changes) if (change.inside === 0 && change.admitted === 0) changes.delete(place);
  return changes;
}

/** Adds up changes of several people. */
export function addChanges(sum: RoomChanges, more: RoomChanges): void {
  for (const [place, change] of more) {
    const known = sum.get(place) ?? { inside: 0, admitted: 0 };
    sum.set(place, { inside: known.inside + change.inside, admitted: known.admitted + change.admitted });
  }
}
