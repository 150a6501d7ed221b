import type { Bindings, Gate } from '@plenary/contracts';

/** What of a gate says whether a device stands at it; `room` null: a gate of the venue. */
export type PlacedGate = Pick<Gate, 'id' | 'name' | 'subForumId'> & { room: string | null };

/** Where a device stands, in the parts that a sentence is made of. Gates that are gone count as `lost`. */
export function placesOf(
  bindings: Bindings,
  gates: ReadonlyMap<string, { name: string }>,
): { venue: boolean; rooms: string[]; gates: string[]; lost: number } {
  const named = bindings.gateIds.map((id) => gates.get(id)?.name);
  return {
    venue: bindings.venue,
    rooms: bindings.rooms.toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })),
    gates: named.filter((name) => name !== undefined).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true })),
    lost: named.filter((name) => name === undefined).length,
  };
}

/** Whether a device stands at a gate: the gate itself, every gate of its room, or those of the venue. */
export function standsAt(bindings: Bindings, gate: PlacedGate): boolean {
  if (bindings.gateIds.includes(gate.id)) return true;
  return gate.room === null ? bindings.venue : bindings.rooms.includes(gate.room);
}

/** Whether a device stands anywhere. */
export const isBound = (bindings: Bindings): boolean =>
  bindings.venue || bindings.rooms.length > 0 || bindings.gateIds.length > 0;
