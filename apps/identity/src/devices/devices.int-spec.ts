import { randomUUID } from 'node:crypto';
import { routes } from '@plenary/contracts';
import { newId } from '@plenary/platform';
import { decodeJwt } from 'jose';
import { IdentityWorld } from '../identity.test-world';

describe('door devices', () => {
  let world: IdentityWorld;
  beforeAll(async () => {
    world = await IdentityWorld.create();
  });
  afterAll(() => world.close());

  const enrol = (code: string, previousDeviceId?: string) =>
    world.call(routes.enrolDevice, { body: { code, ...(previousDeviceId && { previousDeviceId }) } });
  const created = async (body: object = {}) => {
    const scene = await world.organised();
    const device = await world.call(routes.createDevice, {
      params: scene.params,
      token: scene.organiser,
      body: { name: 'Door 1', rooms: ['Hall A'], ...body },
    });
    return { ...scene, device: device.body, params: { id: device.body.id } };
  };

  it('are enrolled by a code, and told with their bindings', async () => {
    const { device, conference } = await created();
    expect(device).toMatchObject({
      state: 'pending',
      bindings: { venue: false, rooms: ['Hall A'], gateIds: [] },
      enrolledAt: null,
    });
    const minutes = (Date.parse(device.expiresAt) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(9.5);
    expect(minutes).toBeLessThanOrEqual(10);
    const enrolled = await enrol(device.enrolmentCode.toLowerCase().replaceAll('-', ' '));
    expect(enrolled).toMatchObject({
      status: 200,
      body: { device: { id: device.id, state: 'enrolled' }, conference: { id: conference.id, slug: conference.slug } },
    });
    const claims = decodeJwt(enrolled.body.deviceToken);
    expect(claims).toMatchObject({
      typ: 'device',
      sub: device.id,
      conferenceId: conference.id,
      gen: 1,
      aud: 'plenary',
    });
    expect((claims.exp ?? 0) * 1000).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    expect(await world.told(device.id)).toMatchObject([
      { type: 'device.changed.v1', body: { version: 1, state: 'pending', tokenGeneration: 0 } },
      {
        type: 'device.enrolled.v1',
        body: { version: 2, state: 'enrolled', tokenGeneration: 1, bindings: { rooms: ['Hall A'] } },
      },
    ]);
  });

  it('are one device when twenty use one code at once', async () => {
    const { device } = await created();
    const tries = await Promise.all(Array.from({ length: 20 }, () => enrol(device.enrolmentCode)));
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of tries.filter((one) => one.status !== 200)) {
      expect({ status, code: body.code }).toEqual({ status: 422, code: 'code_invalid' });
    }
    expect(await world.told(device.id)).toHaveLength(2);
  });

  it('get one answer for a code that is wrong, used or too old', async () => {
    const { device } = await created();
    await enrol(device.enrolmentCode);
    const late = await created();
    await world.database.query(`UPDATE devices SET code_expires_at = now() - interval '1 second' WHERE id = $1`, [
      late.device.id,
    ]);
    const answers = [
      await enrol(device.enrolmentCode),
      await enrol(late.device.enrolmentCode),
      await enrol('0000-0000-0000'),
      await enrol('rubbish'),
      await enrol(''),
    ];
    const [first] = answers;
    expect(first).toMatchObject({ status: 422, body: { code: 'code_invalid' } });
    for (const { body } of answers) expect({ ...body, traceId: '' }).toEqual({ ...first?.body, traceId: '' });
  });

  it('die with their token when the device is enrolled again', async () => {
    const { device, organiser, params } = await created();
    const first = await enrol(device.enrolmentCode);
    const renewed = await world.call(routes.changeDevice, { params, token: organiser, body: { newCode: true } });
    expect(renewed.body.enrolmentCode).not.toBe(device.enrolmentCode);
    expect((await enrol(device.enrolmentCode)).status).toBe(422);
    const second = await enrol(renewed.body.enrolmentCode as string, newId());
    expect([first, second].map(({ body }) => decodeJwt(body.deviceToken).gen)).toEqual([1, 2]);
    expect((await world.told(device.id)).at(-1)).toMatchObject({ body: { version: 3, tokenGeneration: 2 } });
  });

  it('are renamed and bound anew', async () => {
    const { device, organiser, params } = await created();
    const gate = newId();
    const changed = await world.call(routes.changeDevice, {
      params,
      token: organiser,
      body: { name: 'Door 2', bindings: { gateIds: [gate] } },
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'Door 2', bindings: { venue: false, rooms: [], gateIds: [gate] } },
    });
    expect(changed.body).not.toHaveProperty('enrolmentCode');
    expect((await world.told(device.id)).at(-1)).toMatchObject({
      type: 'device.changed.v1',
      body: { version: 2, name: 'Door 2', state: 'pending', bindings: { gateIds: [gate] } },
    });
  });

  it('are revoked once, with their open code, and can come back by a new one', async () => {
    const { device, organiser, params } = await created();
    const revoke = () => world.call(routes.revokeDevice, { params, token: organiser, query: { reason: 'lost' } });
    expect((await revoke()).status).toBe(204);
    expect((await revoke()).status).toBe(204);
    expect((await enrol(device.enrolmentCode)).status).toBe(422);
    expect((await world.told(device.id)).map(({ type }) => type)).toEqual(['device.changed.v1', 'device.revoked.v1']);
    const renewed = await world.call(routes.changeDevice, { params, token: organiser, body: { newCode: true } });
    expect(renewed.body.state).toBe('revoked');
    expect((await enrol(renewed.body.enrolmentCode as string)).body.device.state).toBe('enrolled');
  });

  it('are made once per key, with the same code on a repeat', async () => {
    const { params, organiser } = await world.organised();
    const call = { params, token: organiser, body: { name: 'Door' }, headers: { 'idempotency-key': randomUUID() } };
    const made = await Promise.all(Array.from({ length: 5 }, () => world.call(routes.createDevice, call)));
    expect(new Set(made.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(made[0]?.status).toBe(201);
    const [stored] = await world.database.query<{ text: string }>(
      'SELECT (SELECT json_agg(k) FROM idempotency_keys k)::text || (SELECT json_agg(d) FROM devices d)::text AS text',
    );
    expect(stored?.text).not.toContain(made[0]?.body.enrolmentCode);
    expect((await world.call(routes.listDevices, { params, token: organiser })).body.items).toHaveLength(1);
  });

  it('are of their conference alone', async () => {
    const { params, device } = await created();
    const other = await world.organised();
    const call = { params, token: other.organiser };
    expect((await world.call(routes.changeDevice, { ...call, body: { name: 'Mine' } })).status).toBe(404);
    expect((await world.call(routes.revokeDevice, call)).status).toBe(404);
    expect((await world.call(routes.revokeDevice, { ...call, params: { id: newId() } })).status).toBe(404);
    expect(await world.told(device.id)).toHaveLength(1);
    const list = await world.call(routes.listDevices, { params: other.params, token: other.organiser });
    expect(list.body.items).toEqual([]);
  });
});
