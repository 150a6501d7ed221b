import type { Database } from '@plenary/messaging';

/** Where a device stood from `since` on. */
export interface Binding {
  deviceId: string;
  since: Date;
  venue: boolean;
  rooms: string[];
  gateIds: string[];
}

/** What of a gate decides whether a device stands at it. */
export interface BoundGate {
  gateId: string;
  subForumId: string | null;
  /** null: a gate of the venue. */
  room: string | null;
}

/** A device's clock, and ours, are this exact: a binding that began a moment after a scan covers it. */
const clockToleranceMs = 120_000;

/** The bindings of these devices, oldest first. */
export async function bindingsOf(database: Database, deviceIds: readonly string[]): Promise<Map<string, Binding[]>> {
  const history = await database.query<Binding>(
    `SELECT device_id AS "deviceId", since, venue, rooms, gate_ids AS "gateIds"
     FROM known_device_bindings WHERE device_id = ANY($1::uuid[]) ORDER BY device_id, version`,
    [deviceIds],
  );
  return Map.groupBy(history, (binding) => binding.deviceId);
}

/** A room means every gate that the room has, now or later. */
export function covers(binding: Binding, gate: BoundGate): boolean {
  if (binding.gateIds.includes(gate.gateId)) return true;
  return gate.subForumId === null ? binding.venue : gate.room !== null && binding.rooms.includes(gate.room);
}

/** Was the device bound to this gate at that time (epoch ms)? Late scans are asked about their own time. */
export function wasBound(history: readonly Binding[], gate: BoundGate, at: number): boolean {
  const then = history.findLast((binding) => binding.since.getTime() <= at) ?? history[0];
  if (then && covers(then, gate)) return true;
  return history.some(
    (binding) =>
      binding.since.getTime() > at && binding.since.getTime() <= at + clockToleranceMs && covers(binding, gate),
  );
}
