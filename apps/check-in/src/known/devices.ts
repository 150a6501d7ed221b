import { Controller, Injectable } from '@nestjs/common';
import { deviceChanged, deviceEnrolled, deviceRevoked, deviceSnapshot, topics } from '@plenary/contracts';
import { Database, type EventContext, OnEventChunk, type Received, rows } from '@plenary/messaging';
import { Changes, KnownDevices } from '@plenary/platform';
import { latest } from './latest';

/** Door devices and where they stand; what `access` says of staff is in their tokens. */
@Controller()
export class KnownDeviceEvents {
  constructor(private readonly changes: Changes) {}

  @OnEventChunk(topics.access, [deviceEnrolled, deviceChanged, deviceRevoked, deviceSnapshot], {
    tables: ['known_devices'],
  })
  async heard(events: Received<typeof deviceEnrolled>[], { tx }: EventContext): Promise<void> {
    const devices = latest(events).map(({ body }) => body);
    await rows(
      tx,
      `INSERT INTO known_devices (device_id, conference_id, name, state, token_generation)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[])
       ON CONFLICT (device_id) DO UPDATE SET conference_id = excluded.conference_id, name = excluded.name,
         state = excluded.state, token_generation = excluded.token_generation`,
      [
        devices.map((device) => device.deviceId),
        devices.map((device) => device.conferenceId),
        devices.map((device) => device.name),
        devices.map((device) => device.state),
        devices.map((device) => device.tokenGeneration),
      ],
    );
    for (const { deviceId } of devices) this.changes.touch(tx, deviceKey(deviceId));
    // Every state counts here, not only the last one: the bindings are a history, which no rebuild could tell anew.
    const history = [...new Map(events.map(({ body }) => [`${body.deviceId}/${body.version}`, body])).values()];
    await rows(
      tx,
      `INSERT INTO known_device_bindings (device_id, version, since, venue, rooms, gate_ids)
       SELECT device_id, version, since, venue, ARRAY(SELECT json_array_elements_text(rooms)),
         ARRAY(SELECT json_array_elements_text(gate_ids)::uuid)
       FROM json_to_recordset($1::json) AS b (device_id uuid, version int, since timestamptz, venue boolean,
         rooms json, gate_ids json)
       ON CONFLICT (device_id, version) DO NOTHING`,
      [
        JSON.stringify(
          history.map((body) => ({
            device_id: body.deviceId,
            version: body.version,
            since: body.at,
            venue: body.bindings.venue,
            rooms: body.bindings.rooms,
            gate_ids: body.bindings.gateIds,
          })),
        ),
      ],
    );
  }
}

/** What changes under this key is a device: its bindings, or whether it may call at all. */
export function deviceKey(deviceId: string): string {
  return `device/${deviceId}`;
}

/** Asked for each call of a door: a revoked one is stopped as soon as it is heard of. */
@Injectable()
export class DevicesByAccess extends KnownDevices {
  constructor(private readonly database: Database) {
    super();
  }

  async find(id: string) {
    const [device] = await this.database.query<{
      conferenceId: string;
      state: 'pending' | 'enrolled' | 'revoked';
      tokenGeneration: number;
    }>(
      `SELECT conference_id AS "conferenceId", state, token_generation AS "tokenGeneration"
       FROM known_devices WHERE device_id = $1`,
      [id],
    );
    return device;
  }
}
