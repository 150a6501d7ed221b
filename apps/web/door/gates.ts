import type { Gate, SubForumCard } from '@plenary/contracts';
import { subForumWindow, venueWindow } from '@plenary/door-rules';

export type GateTime = 'now' | 'later' | 'over' | 'off' | 'cancelled';

/** A gate with what is behind it and when it lets people in. */
export interface PlacedGate {
  gate: Gate;
  /** undefined: the venue's own, or a sub-forum that is not (yet) known. */
  subForum: SubForumCard | undefined;
  time: GateTime;
  /** Epoch ms; null: no bound. */
  opensAt: number | null;
  closesAt: number | null;
}

const order: Record<GateTime, number> = { now: 0, later: 1, over: 2, off: 3, cancelled: 4 };

/** The gates in the order in which door staff look for theirs: what is open now, what opens next, what is over. */
export function placeGates(
  gates: readonly Gate[],
  subForums: readonly SubForumCard[],
  timeZone: string,
  at: number,
): PlacedGate[] {
  const known = new Map(subForums.map((one) => [one.id, one]));
  return gates
    .map((gate): PlacedGate => {
      const subForum = gate.subForumId ? known.get(gate.subForumId) : undefined;
      const { opensAt, closesAt } = subForum
        ? subForumWindow(
            gate,
            { startsAt: Date.parse(subForum.startsAt), endsAt: Date.parse(subForum.endsAt) },
            endBefore(subForum, subForums),
          )
        : gate.subForumId
          ? { opensAt: null, closesAt: null }
          : venueWindow(gate, at, timeZone);
      return { gate, subForum, opensAt, closesAt, time: timeOfGate(gate, subForum, opensAt, closesAt, at) };
    })
    .sort(
      (one, other) =>
        order[one.time] - order[other.time] ||
        // A room that is on now comes before the venue's door, which is open all day.
        Number(!one.subForum) - Number(!other.subForum) ||
        (one.time === 'over' ? -1 : 1) * ((one.opensAt ?? 0) - (other.opensAt ?? 0)) ||
        one.gate.name.localeCompare(other.gate.name),
    );
}

function timeOfGate(
  gate: Gate,
  subForum: SubForumCard | undefined,
  opensAt: number | null,
  closesAt: number | null,
  at: number,
): GateTime {
  if (subForum?.state === 'cancelled') return 'cancelled';
  if (!gate.open) return 'off';
  if (opensAt !== null && at < opensAt) return 'later';
  return closesAt !== null && at > closesAt ? 'over' : 'now';
}

/** When the room's previous sub-forum ends: the gate does not open before. */
function endBefore(subForum: SubForumCard, all: readonly SubForumCard[]): number | null {
  const start = Date.parse(subForum.startsAt);
  const ends = all
    .filter(({ id, room, state }) => id !== subForum.id && room === subForum.room && state !== 'cancelled')
    .map(({ endsAt }) => Date.parse(endsAt))
    .filter((end) => end <= start);
  return ends.length > 0 ? Math.max(...ends) : null;
}

/** The directions in which a gate can be used. */
export function directionsOf(gate: Gate): readonly ('entry' | 'exit')[] {
  return gate.direction === 'both' ? ['entry', 'exit'] : [gate.direction];
}
