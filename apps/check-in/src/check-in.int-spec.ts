import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp, createLog, encodeCursor, newId, signAccessToken } from '@plenary/platform';
import { until } from '@plenary/testing';
import fc from 'fast-check';
import { exportJWK, generateKeyPair } from 'jose';
import { CheckInModule } from './check-in.module';
import { DoorWorld } from './door.test-world';

/** Kafka is away all the time: doors go on. */
describe('the check-in service over HTTP', () => {
  let world: DoorWorld;
  let app: NestFastifyApplication;
  let jwks: Server;
  let sign: (claims: Parameters<typeof signAccessToken>[0]) => Promise<string>;
  let door: string;
  let supervisor: string;
  let place: { subForumId: string; gateId: string };

  beforeAll(async () => {
    world = await DoorWorld.open();
    const pair = await generateKeyPair('EdDSA', { extractable: true });
    const keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'EdDSA', use: 'sig' }] };
    jwks = createServer((_, response) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(keys)),
    );
    await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
    sign = (claims) =>
      signAccessToken(claims, { privateKey: pair.privateKey, kid: 'k' }, new Date(Date.now() + 300_000));
    Object.assign(process.env, {
      PORT: '0',
      DATABASE_URL: world.url,
      KAFKA_BROKERS: '127.0.0.1:1',
      LINK_KEY: randomBytes(32).toString('base64url'),
      IDENTITY_URL: `http://127.0.0.1:${(jwks.address() as AddressInfo).port}`,
      PLENARY_CHECK_ANSWERS: '1',
      RATE_LIMIT_ALLOWLIST: '127.0.0.0/8',
      LOG_LEVEL: 'silent',
    });
    app = await createApp(CheckInModule, 'check-in', createLog('check-in', 'silent'));
    const { conferenceId } = world;
    door = await sign({ typ: 'device', sub: world.door.id, conferenceId, gen: 1 });
    supervisor = await sign({ typ: 'staff', sub: newId(), admin: false, grants: world.supervisor.grants });
    place = await world.subForum({ capacity: 1000 });
  });
  afterAll(async () => {
    await app?.close();
    jwks?.close();
    await world?.close();
  });

  const post = (url: string, payload: unknown, token = door) =>
    app.inject({
      method: 'POST',
      url: `/api/v1${url}`,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      payload: JSON.stringify(payload),
    });
  const get = (url: string, token = supervisor) =>
    app.inject({ url: `/api/v1${url}`, headers: { authorization: `Bearer ${token}` } });

  it('scan, batch, undo, conflicts, gates: answers as the contract says', async () => {
    const holder = await world.delegate([place.subForumId]);
    const body = world.body(place.gateId, holder);
    const first = await post('/scans', body);
    expect([first.statusCode, first.json().verdict]).toEqual([200, 'admitted']);
    const batch = await post('/scans/batch', {
      scans: [world.body(place.gateId, holder, { acted: 'admitted' }), { scanId: 1 }],
    });
    expect(batch.statusCode).toBe(200);
    expect(batch.json().results).toMatchObject([
      { verdict: 'refused', reason: 'already_inside', conflictId: expect.any(String) },
      { status: 400, code: 'request_invalid', type: expect.any(String), title: expect.any(String) },
    ]);
    const conflicts = await get(`/conferences/${world.slug}/conflicts?state=open`);
    expect(conflicts.json().items).toMatchObject([{ kind: 'offline_double' }]);
    expect((await get(`/conferences/${world.slug}/conflicts`, door)).statusCode).toBe(403);
    const undone = await post(`/scans/${body.scanId}/undo`, {});
    expect([undone.statusCode, undone.json().undone]).toEqual([200, true]);
    expect((await get(`/conferences/${world.slug}/conflicts?state=open`)).json().items).toEqual([]);
    const gates = await get(`/conferences/${world.slug}/gates`, door);
    expect(gates.json().items.length).toBeGreaterThan(1);
    const gate = await get(`/gates/${place.gateId}`);
    expect([gate.statusCode, gate.headers.etag]).toEqual([200, '"1"']);
  });

  it('a revoked device: 401', async () => {
    const device = await world.device({ rooms: ['Hall A'] });
    const token = await sign({ typ: 'device', sub: device.id, conferenceId: world.conferenceId, gen: 1 });
    const holder = await world.delegate([place.subForumId]);
    expect((await post('/scans', world.body(place.gateId, holder), token)).statusCode).toBe(200);
    await world.device({ rooms: ['Hall A'] }, { deviceId: device.id, state: 'revoked' });
    const answer = await until(
      async () => {
        const response = await post('/scans', world.body(place.gateId, holder), token);
        return response.statusCode === 401 ? response : undefined;
      },
      { timeoutMs: 2000, what: 'the revocation to count' },
    );
    expect(answer.json().code).toBe('device_revoked');
  });

  it('a person is found by name over HTTP; 30 times a minute, by device and by member of staff', async () => {
    const holder = await world.delegate([place.subForumId]);
    const url = `/gates/${place.gateId}/search?q=${encodeURIComponent('王小')}`;
    const answer = await get(url, door);
    expect(answer.statusCode).toBe(200);
    expect(answer.json().items.map((one: { registrationId: string }) => one.registrationId)).toContain(
      holder.registrationId,
    );
    expect(answer.body).not.toContain('wang@example.org');
    expect([(await get(`/gates/${place.gateId}/search?q=wa`)).json().code]).toEqual(['search_too_short']);
    expect((await get(`/gates/${place.gateId}/search`)).statusCode).toBe(400);
    expect((await get(`/gates/${place.gateId}/search?q=${'x'.repeat(201)}`)).statusCode).toBe(400);
    expect((await get(`/gates/${place.gateId}/search?q=wang%00`)).statusCode).toBe(400);
    // Tests on this machine are let off limits; somebody who calls from elsewhere is not.
    const elsewhere = (token: string) =>
      app.inject({
        url: `/api/v1${url}`,
        headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': '203.0.113.9' },
      });
    const tries = [];
    // A minute may turn meanwhile: more than two windows allow.
    while (tries.length < 61 && tries.at(-1) !== 429) tries.push((await elsewhere(door)).statusCode);
    expect(tries.length).toBeGreaterThan(30);
    expect(tries.at(-1)).toBe(429);
    expect((await elsewhere(supervisor)).statusCode).toBe(200);
  });

  it('bad input is told as such, never a 5xx', async () => {
    const holder = await world.delegate([place.subForumId]);
    const good = world.body(place.gateId, holder);
    const bad: [unknown, number][] = [
      [{}, 400],
      [null, 400],
      [[], 400],
      [{ ...good, extra: 1 }, 400],
      [{ ...good, scanId: 'x' }, 400],
      [{ ...good, token: 'x'.repeat(20_000) }, 400],
      [{ ...good, registrationId: newId() }, 400],
      [{ ...good, scannedAt: 'yesterday' }, 400],
      [{ ...good, clockOffsetMs: 1e15 }, 400],
      [{ ...good, gateId: newId() }, 404],
      [{ ...good, token: 'x'.repeat(100_000) }, 413],
    ];
    for (const [payload, status] of bad) {
      const answer = await post('/scans', payload);
      expect([payload, answer.statusCode]).toEqual([payload, status]);
      expect(answer.headers['content-type']).toContain('application/problem+json');
    }
    for (const list of ['gates', 'conflicts']) {
      for (const values of [
        ['a', 'no id'],
        [1, 2],
        [null, null],
        ['yesterday', 'tomorrow'],
      ]) {
        const answer = await get(`/conferences/${world.slug}/${list}?cursor=${encodeCursor(values)}`);
        expect([list, values, answer.statusCode]).toEqual([list, values, 400]);
        expect(answer.json().code).toBe('cursor_invalid');
      }
    }
    const unsigned = await app.inject({ method: 'POST', url: '/api/v1/scans', payload: good });
    expect(unsigned.statusCode).toBe(401);
    const values = fc.oneof(fc.constant(good.token), fc.string(), fc.uuid(), fc.date().map(String), fc.anything());
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(good), 'acted', 'clockOffsetMs'),
        values,
        async (field, value) => {
          const { statusCode } = await post('/scans', { ...good, scanId: newId(), [field]: value });
          expect(statusCode).toBeLessThan(500);
        },
      ),
      { numRuns: 200 },
    );
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (token) => {
        const answer = await post('/scans', { ...good, scanId: newId(), token });
        expect([answer.statusCode, answer.json().reason]).toEqual([200, 'invalid_badge']);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
