import { type Bindings, type DeviceState, deviceSnapshot } from '@plenary/contracts';
import { rows, type Tx } from '@plenary/messaging';

/** A row of `devices`, without its code. */
export interface DeviceRow {
  id: string;
  version: number;
  conference_id: string;
  name: string;
  state: DeviceState['state'];
  token_generation: number;
  venue: boolean;
  rooms: string[];
  gate_ids: string[];
  code_number: number;
  enrolled_at: Date | null;
  changed_at: Date;
}

export const bindingsOf = (device: DeviceRow): Bindings => ({
  venue: device.venue,
  rooms: device.rooms,
  gateIds: device.gate_ids,
});
/** As the API shows it. */
export function deviceOf(device: DeviceRow) {
  return {
    id: device.id,
    conferenceId: device.conference_id,
    name: device.name,
    state: device.state,
    bindings: bindingsOf(device),
    enrolledAt: device.enrolled_at?.toISOString() ?? null,
  };
}

/** As events tell it. */
export function stateOf(device: DeviceRow): DeviceState {
  return {
    version: device.version,
    deviceId: device.id,
    conferenceId: device.conference_id,
    name: device.name,
    state: device.state,
    tokenGeneration: device.token_generation,
    bindings: bindingsOf(device),
    at: device.changed_at.toISOString(),
  };
}

/** Devices after an id (null: from the first), locked, as snapshots. */
export async function deviceSnapshots(tx: Tx, where: { after: string | null; limit: number } | { id: string }) {
  const found =
    'id' in where
      ? await rows<DeviceRow>(tx, 'SELECT * FROM devices WHERE id = $1 FOR UPDATE', [where.id])
      : await rows<DeviceRow>(
          tx,
          'SELECT * FROM devices WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2 FOR UPDATE',
          [where.after, where.limit],
        );
  return found.map((device) => ({ definition: deviceSnapshot, body: stateOf(device), id: device.id }));
}
