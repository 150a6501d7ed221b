import { Injectable } from '@nestjs/common';
import { type Bindings, deviceChanged, deviceEnrolled, deviceRevoked, type InputOf, routes } from '@plenary/contracts';
import { Database, publish, rows, type Tx } from '@plenary/messaging';
import {
  audit,
  authorise,
  type Caller,
  encodeCursor,
  type IdempotencyKey,
  newId,
  once,
  Problem,
} from '@plenary/platform';
import { Conferences } from '../known/conferences';
import { listCursor } from '../list-cursor';
import { SigningKeys } from '../signing-keys/signing-keys';
import { deviceTokenEnd } from './device.rules';
import { bindingsOf, type DeviceRow, deviceOf, stateOf } from './device-row';
import { EnrolmentCodes } from './enrolment-codes';

const codeMinutes = 10;

@Injectable()
export class Devices {
  constructor(
    private readonly database: Database,
    private readonly conferences: Conferences,
    private readonly codes: EnrolmentCodes,
    private readonly keys: SigningKeys,
  ) {}

  async list({ params, query }: InputOf<typeof routes.listDevices>, caller: Caller) {
    const conferenceId = await this.conferences.idOf(params.slug);
    authorise(caller, routes.listDevices.who, { conferenceId });
    const found = await this.database.query<DeviceRow & { sort: string }>(
      `SELECT *, lower(name) AS sort FROM devices
       WHERE conference_id = $1 AND ($2::text IS NULL OR (lower(name), id) > ($2, $3::uuid))
       ORDER BY lower(name), id LIMIT $4`,
      [conferenceId, ...listCursor(query.cursor), query.limit + 1],
    );
    const items = found.slice(0, query.limit);
    const last = items.at(-1);
    return {
      items: items.map(deviceOf),
      nextCursor: found.length > items.length && last ? encodeCursor([last.sort, last.id]) : null,
    };
  }

  async create({ params, body }: InputOf<typeof routes.createDevice>, caller: Caller, key: IdempotencyKey | undefined) {
    const conferenceId = await this.conferences.idOf(params.slug);
    authorise(caller, routes.createDevice.who, { conferenceId });
    const { codeNumber, ...made } = await this.database.transaction((tx) =>
      once(tx, key, async () => {
        const id = newId();
        await rows(
          tx,
          `INSERT INTO devices (id, version, conference_id, name, state, venue, rooms, gate_ids, changed_at)
           VALUES ($1, 0, $2, $3, 'pending', $4, $5, $6, now())`,
          [id, conferenceId, body.name, body.venue, body.rooms, body.gateIds],
        );
        const { expiresAt, codeNumber } = await this.newCode(tx, id);
        const created = await this.tell(tx, id, deviceChanged);
        await this.audit(tx, caller, created, 'device.create', bindingCounts(body));
        return { ...deviceOf(created), expiresAt, codeNumber };
      }),
    );
    return { ...made, enrolmentCode: this.codes.make(made.id, codeNumber) };
  }

  /** 422 `code_invalid`: one answer for wrong, used and expired. Of two with one code exactly one gets the token. */
  async enrol({ body }: InputOf<typeof routes.enrolDevice>) {
    const hash = this.codes.hash(body.code);
    const enrolled = hash && (await this.database.transaction((tx) => this.take(tx, hash, body.previousDeviceId)));
    if (!enrolled) {
      throw new Problem(422, 'code_invalid', 'The code is wrong, used or too old; ask an organiser for a new one.');
    }
    const conference = await this.conferences.find(enrolled.conference_id);
    const deviceToken = await this.keys.sign(
      {
        typ: 'device',
        sub: enrolled.id,
        conferenceId: enrolled.conference_id,
        gen: enrolled.token_generation,
      },
      deviceTokenEnd(new Date(), conference?.endsOn),
    );
    return {
      deviceToken,
      device: deviceOf(enrolled),
      conference: { id: enrolled.conference_id, slug: conference?.slug ?? null },
    };
  }

  async change({ params, body }: InputOf<typeof routes.changeDevice>, caller: Caller) {
    return this.database.transaction(async (tx) => {
      let device = await this.lock(tx, params.id);
      authorise(caller, routes.changeDevice.who, { conferenceId: device.conference_id });
      if (body.name !== undefined || body.bindings) {
        const { venue, rooms, gateIds } = body.bindings ?? bindingsOf(device);
        await rows(tx, 'UPDATE devices SET name = $2, venue = $3, rooms = $4, gate_ids = $5 WHERE id = $1', [
          device.id,
          body.name ?? device.name,
          venue,
          rooms,
          gateIds,
        ]);
        device = await this.tell(tx, device.id, device.state === 'revoked' ? deviceRevoked : deviceChanged);
        await this.audit(tx, caller, device, 'device.change', bindingCounts({ venue, rooms, gateIds }));
      }
      if (!body.newCode) return deviceOf(device);
      const { codeNumber, expiresAt } = await this.newCode(tx, device.id);
      await this.audit(tx, caller, device, 'device.new_code');
      return { ...deviceOf(device), enrolmentCode: this.codes.make(device.id, codeNumber), expiresAt };
    });
  }

  /** Revoking twice changes nothing more. */
  async revoke({ params, query }: InputOf<typeof routes.revokeDevice>, caller: Caller): Promise<void> {
    await this.database.transaction(async (tx) => {
      const device = await this.lock(tx, params.id);
      authorise(caller, routes.revokeDevice.who, { conferenceId: device.conference_id });
      await rows(tx, 'UPDATE devices SET code_hash = NULL, code_expires_at = NULL WHERE id = $1', [device.id]);
      if (device.state === 'revoked') return;
      await rows(tx, `UPDATE devices SET state = 'revoked' WHERE id = $1`, [device.id]);
      await this.tell(tx, device.id, deviceRevoked);
      await this.audit(tx, caller, device, 'device.revoke', {}, query.reason);
    });
  }

  private async take(tx: Tx, hash: Buffer, previousDeviceId: string | undefined): Promise<DeviceRow | undefined> {
    // The condition is looked at again under the row's lock: the second of two finds the code gone.
    const [taken] = await rows<{ id: string; conference_id: string }>(
      tx,
      `UPDATE devices SET state = 'enrolled', token_generation = token_generation + 1, enrolled_at = now(),
         previous_device_id = $2, code_hash = NULL, code_expires_at = NULL
       WHERE code_hash = $1 AND code_expires_at > now() RETURNING id, conference_id`,
      [hash, previousDeviceId ?? null],
    );
    if (!taken) return undefined;
    const device = await this.tell(tx, taken.id, deviceEnrolled);
    const itself: Caller = { kind: 'device', id: device.id, conferenceId: device.conference_id };
    await this.audit(tx, itself, device, 'device.enrol', { generation: device.token_generation });
    return device;
  }

  private async lock(tx: Tx, id: string): Promise<DeviceRow> {
    const [device] = await rows<DeviceRow>(tx, 'SELECT * FROM devices WHERE id = $1 FOR UPDATE', [id]);
    if (!device) throw Problem.notFound('device');
    return device;
  }

  private async newCode(tx: Tx, id: string): Promise<{ codeNumber: number; expiresAt: string }> {
    const [numbered] = await rows<{ code_number: number; code_expires_at: Date }>(
      tx,
      `UPDATE devices SET code_number = code_number + 1, code_expires_at = now() + make_interval(mins => $2)
       WHERE id = $1 RETURNING code_number, code_expires_at`,
      [id, codeMinutes],
    );
    if (!numbered) throw Problem.notFound('device');
    const { code_number: codeNumber, code_expires_at: expiresAt } = numbered;
    await rows(tx, 'UPDATE devices SET code_hash = $2 WHERE id = $1', [
      id,
      this.codes.hash(this.codes.make(id, codeNumber)),
    ]);
    return { codeNumber, expiresAt: expiresAt.toISOString() };
  }

  /** Raises the version and tells the state. */
  private async tell(
    tx: Tx,
    id: string,
    definition: typeof deviceChanged | typeof deviceEnrolled | typeof deviceRevoked,
  ): Promise<DeviceRow> {
    const [device] = await rows<DeviceRow>(
      tx,
      'UPDATE devices SET version = version + 1, changed_at = now() WHERE id = $1 RETURNING *',
      [id],
    );
    if (!device) throw Problem.notFound('device');
    await publish(tx, definition, stateOf(device));
    return device;
  }

  private audit(
    tx: Tx,
    caller: Caller,
    device: DeviceRow,
    action: string,
    details: Record<string, string | number | boolean> = {},
    reason?: string,
  ): Promise<void> {
    const target = { kind: 'device', id: device.id };
    return audit(tx, caller, { conferenceId: device.conference_id, action, target, details, reason });
  }
}

const bindingCounts = ({ venue, rooms, gateIds }: Bindings) => ({ venue, rooms: rooms.length, gates: gateIds.length });
