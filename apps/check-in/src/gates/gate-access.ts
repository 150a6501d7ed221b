import type { Role } from '@plenary/contracts';
import type { Database } from '@plenary/messaging';
import { authorise, type Caller, Problem } from '@plenary/platform';
import { type Place, placesOf } from '../scans/places';
import { bindingsOf, wasBound } from './bindings';

/**
 * The gate with all that is behind it, for a caller in one of these roles who may use it now: 404 where there is none, or
 * it is another conference's; a device that does not stand there gets the same 403 as for a scan.
 */
export async function usableGate(
  database: Database,
  gateId: string,
  caller: Caller,
  roles: readonly Role[],
): Promise<Place> {
  const place = (await placesOf(database, [gateId])).get(gateId.toLowerCase());
  if (!place) throw Problem.notFound('gate');
  authorise(caller, roles, { conferenceId: place.conferenceId });
  if (caller.kind !== 'device') return place;
  const history = (await bindingsOf(database, [caller.id])).get(caller.id) ?? [];
  if (!wasBound(history, place, Date.now())) throw gateNotBound();
  return place;
}

export function gateNotBound(): Problem {
  return new Problem(
    403,
    'gate_not_bound',
    'This device does not stand at that gate. Choose one of its own gates, or have it bound by the organiser.',
  );
}
