import type { Gate, SubForumCard } from '@plenary/contracts';
import { subForumWindow } from '@plenary/door-rules';

/** When each gate of a sub-forum lets people in, epoch ms, by gate id; as the doors themselves reckon it. */
export function hoursOf(
  gates: readonly Gate[],
  subForums: ReadonlyMap<string, SubForumCard>,
): Map<string, { opensAt: number; closesAt: number }> {
  const planned = [...subForums.values()].filter(({ state }) => state !== 'cancelled');
  return new Map(
    gates.flatMap((gate) => {
      const subForum = gate.subForumId ? subForums.get(gate.subForumId) : undefined;
      if (!subForum) return [];
      const [startsAt, endsAt] = [Date.parse(subForum.startsAt), Date.parse(subForum.endsAt)];
      const before = planned
        .filter(
          ({ id, room, endsAt: end }) => id !== subForum.id && room === subForum.room && Date.parse(end) <= startsAt,
        )
        .map(({ endsAt: end }) => Date.parse(end));
      const previous = before.length > 0 ? Math.max(...before) : null;
      const { opensAt, closesAt } = subForumWindow(gate, { startsAt, endsAt }, previous);
      return [[gate.id, { opensAt: opensAt ?? startsAt, closesAt: closesAt ?? endsAt }] as const];
    }),
  );
}
