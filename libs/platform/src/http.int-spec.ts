import 'reflect-metadata';
import { Controller, Injectable, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { defineRoute, type grant, type InputOf, problem } from '@plenary/contracts';
import { Database, traceparent } from '@plenary/messaging';
import { type TestDatabase, testDatabase, until } from '@plenary/testing';
import { exportJWK, generateKeyPair, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import {
  type AccessClaims,
  Answer,
  By,
  type Caller,
  createHttpAdapter,
  createLog,
  type EventStream,
  etag,
  Handles,
  type IdempotencyKey,
  IfMatch,
  Input,
  JwksSource,
  KnownDevices,
  Language,
  LastEventId,
  LinkGenerations,
  LinkTokens,
  LOG,
  newId,
  Once,
  once,
  PlatformModule,
  Problem,
  prepare,
  requireMatch,
  signAccessToken,
  Wait,
} from './index';

const service = 'badge';
const own = {
  echo: defineRoute({
    id: 'echo',
    service,
    method: 'POST',
    path: '/things/{id}',
    summary: '',
    who: ['anyone', 'desk'],
    preferWait: true,
    bodyLimit: 2048,
    query: z.strictObject({ n: z.coerce.number().int().default(1) }),
    body: z.strictObject({ name: z.string().max(50), tags: z.array(z.string()).default([]) }),
    answer: z.object({ name: z.string(), n: z.number(), who: z.string(), wait: z.number(), trace: z.string() }),
  }),
  count: defineRoute({
    id: 'count',
    service,
    method: 'POST',
    path: '/counts',
    summary: '',
    who: ['anyone'],
    idempotent: true,
    body: z.strictObject({ by: z.int() }),
    answer: z.object({ total: z.int() }),
  }),
  staffOnly: defineRoute({ id: 'staffOnly', service, method: 'GET', path: '/staff-only', summary: '', who: ['desk'] }),
  doorOnly: defineRoute({ id: 'doorOnly', service, method: 'GET', path: '/door-only', summary: '', who: ['door'] }),
  mine: defineRoute({
    id: 'mine',
    service,
    method: 'GET',
    path: '/mine',
    summary: '',
    who: ['delegate'],
    answer: z.object({ registrationId: z.string() }),
  }),
  change: defineRoute({
    id: 'change',
    service,
    method: 'PATCH',
    path: '/settings',
    summary: '',
    who: ['anyone'],
    ifMatch: true,
    body: z.strictObject({ a: z.int().optional() }),
    answer: z.object({ a: z.int() }),
  }),
  read: defineRoute({
    id: 'read',
    service,
    method: 'GET',
    path: '/settings',
    summary: '',
    who: ['anyone'],
    answer: z.object({ a: z.int(), language: z.string() }),
  }),
  bytes: defineRoute({
    id: 'bytes',
    service,
    method: 'POST',
    path: '/bytes',
    summary: '',
    who: ['anyone'],
    status: 200,
    rawBody: 'application/octet-stream',
    body: z.instanceof(Uint8Array),
    answer: z.object({ length: z.int() }),
  }),
  fails: defineRoute({
    id: 'fails',
    service,
    method: 'POST',
    path: '/fails',
    summary: '',
    who: ['anyone'],
    status: 200,
    body: z.strictObject({ how: z.string() }),
    answer: z.object({ never: z.string() }),
  }),
  few: defineRoute({
    id: 'few',
    service,
    method: 'GET',
    path: '/few',
    summary: '',
    who: ['anyone'],
    limit: { max: 3, perSeconds: 3600 },
  }),
  image: defineRoute({
    id: 'image',
    service,
    method: 'GET',
    path: '/image',
    summary: '',
    who: ['anyone'],
    produces: 'image/svg+xml',
  }),
  events: defineRoute({
    id: 'events',
    service,
    method: 'GET',
    path: '/events',
    summary: '',
    who: ['anyone'],
    produces: 'text/event-stream',
    answer: z.object({ n: z.int() }),
  }),
};

let total = 0;

@Controller()
class Things {
  constructor(private readonly database: Database) {}

  @Handles(own.echo)
  echo(@Input() { body, query }: InputOf<typeof own.echo>, @By() caller: Caller, @Wait() wait: number) {
    return { name: body.name, n: query.n, who: caller.kind, wait, trace: traceparent.getStore() ?? '' };
  }

  @Handles(own.count)
  count(@Input() { body }: InputOf<typeof own.count>, @Once() key?: IdempotencyKey): Promise<{ total: number }> {
    return this.database.transaction((tx) =>
      once(tx, key, async () => {
        total += body.by;
        return { total };
      }),
    );
  }

  @Handles(own.staffOnly)
  staffOnly(): void {}

  @Handles(own.doorOnly)
  doorOnly(): void {}

  @Handles(own.mine)
  mine(@By() caller: Caller): { registrationId: string } {
    return { registrationId: caller.kind === 'delegate' ? caller.registrationId : '' };
  }

  @Handles(own.change)
  change(@IfMatch() tag: string) {
    requireMatch(tag, 7);
    return new Answer({ a: 8 }, { etag: etag(8) });
  }

  @Handles(own.read)
  read(@Language() language: string) {
    return new Answer({ a: 7, language }, { etag: etag(7) });
  }

  @Handles(own.bytes)
  bytes(@Input() { body }: InputOf<typeof own.bytes>) {
    return { length: body.length };
  }

  @Handles(own.fails)
  async fails(@Input() { body }: InputOf<typeof own.fails>): Promise<{ never: string }> {
    if (body.how === 'unique') {
      const insert = "INSERT INTO idempotency_keys (scope, key, request_hash) VALUES ('secret@example.org', 'k', 'h')";
      await this.database.query(insert);
      await this.database.query(insert);
    }
    if (body.how === 'nul') await this.database.query('SELECT $1::text', ['a\0b']);
    if (body.how === 'cancelled')
      await this.database.query("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '57014'; END $$");
    if (body.how === 'problem') throw new Problem(422, 'no_luck', 'No luck today. Try another.');
    if (body.how === 'off') return { other: 1 } as never;
    throw new Error('with a secret inside');
  }

  @Handles(own.few)
  few(): void {}

  @Handles(own.image)
  image() {
    return new Answer('<svg/>', { headers: { 'cache-control': 'private, max-age=60' } });
  }

  @Handles(own.events)
  async *events(@LastEventId() last?: string): EventStream<{ n: number }> {
    for (let n = Number(last ?? 0) + 1; n <= 3; n++) yield { id: String(n), data: { n } };
  }
}

const conferenceId = newId();
const registrationId = newId();
const deviceId = newId();
const lateDevice = newId();
let heardOfLate = false;
const device = { conferenceId, state: 'enrolled' as 'enrolled' | 'revoked', tokenGeneration: 2 };

@Injectable()
class Links extends LinkGenerations {
  async current(_kind: 'delegate' | 'leader', id: string) {
    return id === registrationId ? { generation: 2, conferenceId } : undefined;
  }
}
@Injectable()
class Devices extends KnownDevices {
  async find(id: string) {
    if (id === deviceId) return { ...device };
    return id === lateDevice && heardOfLate
      ? { conferenceId, state: 'enrolled' as const, tokenGeneration: 1 }
      : undefined;
  }
}
let published: JSONWebKeySet;
@Injectable()
class Keys extends JwksSource {
  async keys() {
    return published;
  }
}

@Module({
  imports: [PlatformModule.forService({ service, links: Links, devices: Devices, jwks: Keys })],
  controllers: [Things],
})
class TestModule {}

let db: TestDatabase;
let app: NestFastifyApplication;
let sign: (claims: AccessClaims, expiresAt?: Date) => Promise<string>;
let forge: typeof sign;
const logged: string[] = [];

beforeAll(async () => {
  db = await testDatabase(service);
  Object.assign(process.env, {
    PORT: '0',
    DATABASE_URL: db.url,
    KAFKA_BROKERS: '127.0.0.1:1',
    LINK_KEY: Buffer.alloc(32, 7).toString('base64url'),
    NODE_ENV: 'test',
  });
  const [good, bad] = await Promise.all([
    generateKeyPair('EdDSA', { extractable: true }),
    generateKeyPair('EdDSA', { extractable: true }),
  ]);
  published = { keys: [{ ...(await exportJWK(good.publicKey)), kid: 'k1', alg: 'EdDSA', use: 'sig' }] };
  sign = (claims, expiresAt = new Date(Date.now() + 60_000)) =>
    signAccessToken(claims, { privateKey: good.privateKey, kid: 'k1' }, expiresAt);
  forge = (claims, expiresAt = new Date(Date.now() + 60_000)) =>
    signAccessToken(claims, { privateKey: bad.privateKey, kid: 'k1' }, expiresAt);
  const log = createLog(service, 'info', { write: (line: string) => void logged.push(line) });
  const module = Test.createTestingModule({ imports: [TestModule] })
    .overrideProvider(LOG)
    .useValue(log);
  const made = await module.compile();
  app = await prepare(
    made.createNestApplication<NestFastifyApplication>(createHttpAdapter(), { bodyParser: false }),
    log,
  );
}, 60_000);

afterAll(async () => {
  await app?.close();
  await db?.close();
});

const call = async (
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  options: { body?: unknown; raw?: string | Buffer; headers?: Record<string, string>; token?: string } = {},
) => {
  const body = options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
  const answer = await app.inject({
    method,
    url: path.startsWith('/health') ? path : `/api/v1${path}`,
    ...(body === undefined ? {} : { payload: body }),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
      ...options.headers,
    },
  });
  const type = String(answer.headers['content-type'] ?? '');
  const json = type.includes('json') ? answer.json() : undefined;
  if (answer.statusCode >= 400) {
    expect(type).toContain('application/problem+json');
    expect(problem.parse(json)).toMatchObject({
      status: answer.statusCode,
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  }
  return { status: answer.statusCode, headers: answer.headers, json, text: answer.body };
};
const staff = (roles: z.output<typeof grant>['role'][]): AccessClaims => ({
  typ: 'staff',
  sub: newId(),
  admin: false,
  grants: roles.map((role) => ({ conferenceId, role, subForumIds: [] })),
});
const thing = `/things/${newId()}`;

describe('validation', () => {
  it('hands over what the contract makes of a request', async () => {
    const { status, json, headers } = await call('POST', `${thing}?n=5`, {
      body: { name: '王小明' },
      headers: { prefer: 'respond-async, wait=3' },
    });
    expect(status).toBe(201);
    expect(json).toMatchObject({ name: '王小明', n: 5, who: 'anonymous', wait: 3000 });
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  it('names every field at fault, unknown ones too', async () => {
    const { status, json } = await call('POST', '/things/7?n=x&m=1', { body: { name: 7, tags: [1], nmae: 'a' } });
    expect(status).toBe(400);
    expect(json.code).toBe('request_invalid');
    expect(json.errors.map((error: { path: string; code: string }) => [error.path, error.code])).toEqual(
      expect.arrayContaining([
        ['params.id', 'invalid_format'],
        ['query.n', 'invalid_type'],
        ['query.m', 'unknown_field'],
        ['name', 'invalid_type'],
        ['tags.0', 'invalid_type'],
        ['nmae', 'unknown_field'],
      ]),
    );
  });

  const form = { raw: 'name=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
  it.each([
    ['broken JSON', { raw: '{"name":' }, 400, 'json_invalid'],
    ['bytes that are no UTF-8', { raw: Buffer.from([0x22, 0xff, 0x22]) }, 400, 'json_invalid'],
    ['a prototype', { raw: '{"name":"a","__proto__":{"x":1}}' }, 400, 'json_invalid'],
    ['no body', {}, 400, 'request_invalid'],
    ['a list', { body: [] }, 400, 'request_invalid'],
    ['a form', form, 415, 'media_type_unsupported'],
    ['no media type', { raw: '{"name":"a"}', headers: { 'content-type': '' } }, 415, 'media_type_unsupported'],
    ['too much', { body: { name: 'x'.repeat(3000) } }, 413, 'body_too_large'],
  ])('refuses %s', async (_, options, status, code) => {
    const answer = await call('POST', thing, options as never);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
  });

  it('answers unknown and malformed addresses as problems', async () => {
    expect((await call('GET', '/nothing-here')).json).toMatchObject({ status: 404, code: 'not_found' });
    const bad = await app.inject({ method: 'GET', url: '/api/v1/%zz' });
    expect([bad.statusCode, bad.json().code]).toEqual([400, 'request_invalid']);
  });

  it('hands a raw body over as bytes, whatever its type', async () => {
    const answer = await call('POST', '/bytes', { raw: '{"broken', headers: { 'content-type': 'application/json' } });
    expect(answer.json).toEqual({ length: 8 });
    expect((await call('POST', '/bytes', { raw: 'abc', headers: { 'content-type': 'text/xml' } })).json.length).toBe(3);
  });

  it('keeps the trace of the caller', async () => {
    const given = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { json } = await call('POST', thing, { body: { name: 'a' }, headers: { traceparent: given } });
    expect(json.trace).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
    expect(json.trace).not.toBe(given);
  });
});

describe('credentials', () => {
  it('knows staff by their token, and asks for the role', async () => {
    expect((await call('GET', '/staff-only')).json.code).toBe('credentials_missing');
    expect((await call('GET', '/staff-only', { token: await sign(staff(['desk'])) })).status).toBe(204);
    expect((await call('GET', '/staff-only', { token: await sign(staff(['organiser'])) })).status).toBe(204);
    expect((await call('GET', '/staff-only', { token: await sign(staff(['cohost'])) })).json.code).toBe(
      'role_required',
    );
    const admin = { ...staff([]), admin: true } as AccessClaims;
    expect((await call('GET', '/staff-only', { token: await sign(admin) })).status).toBe(204);
  });

  it('refuses what is presented and bad, also where nobody needs to sign in', async () => {
    const forged = await forge(staff(['desk']));
    const old = await sign(staff(['desk']), new Date(Date.now() - 60_000));
    const link = new LinkTokens(Buffer.alloc(32, 8)).make('delegate', registrationId, 2);
    for (const token of [forged, old, link, 'x', 'a.b.c', `${forged}x`]) {
      const answer = await call('POST', thing, { body: { name: 'a' }, token });
      expect([answer.status, answer.json.code]).toEqual([401, 'credentials_invalid']);
    }
    const basic = await call('GET', '/settings', { headers: { authorization: 'Basic YTpi' } });
    expect(basic.json.code).toBe('credentials_invalid');
  });

  it('knows a delegate by the link of the current generation only', async () => {
    const links = app.get(LinkTokens);
    const mine = await call('GET', '/mine', { token: links.make('delegate', registrationId, 2) });
    expect(mine.json).toEqual({ registrationId });
    expect((await call('GET', '/mine', { token: links.make('delegate', registrationId, 1) })).status).toBe(401);
    const leader = await call('GET', '/mine', { token: links.make('leader', registrationId, 2) });
    expect(leader.json.code).toBe('role_required');
  });

  it('knows a device until it is revoked', async () => {
    const token = (gen: number, sub = deviceId) => sign({ typ: 'device', sub, conferenceId, gen });
    expect((await call('GET', '/door-only', { token: await token(2) })).status).toBe(204);
    expect((await call('GET', '/door-only', { token: await token(1) })).json.code).toBe('device_revoked');
    expect((await call('GET', '/staff-only', { token: await token(2) })).json.code).toBe('role_required');
    device.state = 'revoked';
    const refused = await until(
      async () => {
        const answer = await call('GET', '/door-only', { token: await token(2) });
        return answer.status === 401 ? answer : undefined;
      },
      { timeoutMs: 2000 },
    );
    expect(refused.json.code).toBe('device_revoked');
    device.state = 'enrolled';
  });

  it('waits for a device that was enrolled a moment ago', async () => {
    const token = await sign({ typ: 'device', sub: lateDevice, conferenceId, gen: 1 });
    const unknown = await call('GET', '/door-only', { token });
    expect([unknown.status, unknown.headers['retry-after']]).toEqual([503, '1']);
    const soon = call('GET', '/door-only', { token });
    heardOfLate = true;
    expect((await soon).status).toBe(204);
  });
});

describe('answers', () => {
  it('sends an ETag, 304 for what is known, 428 and 412 for changes', async () => {
    const read = await call('GET', '/settings', { headers: { 'accept-language': 'fr, zh-Hans;q=0.9, en;q=0.8' } });
    expect([read.headers.etag, read.json.language]).toEqual(['"7"', 'zh-CN']);
    const again = await call('GET', '/settings', { headers: { 'if-none-match': 'W/"6", "7"' } });
    expect([again.status, again.text]).toEqual([304, '']);
    expect((await call('PATCH', '/settings', { body: {} })).json.code).toBe('if_match_missing');
    expect((await call('PATCH', '/settings', { body: {}, headers: { 'if-match': '"6"' } })).json.code).toBe('stale');
    const changed = await call('PATCH', '/settings', { body: {}, headers: { 'if-match': '"7"' } });
    expect([changed.status, changed.headers.etag]).toEqual([200, '"8"']);
  });

  it('sends other media types as they are', async () => {
    const { status, headers, text } = await call('GET', '/image');
    expect([status, headers['content-type'], headers['cache-control'], text]).toEqual([
      200,
      'image/svg+xml',
      'private, max-age=60',
      '<svg/>',
    ]);
  });

  it('streams events with ids and resumes after the last one', async () => {
    const { headers, text } = await call('GET', '/events', { headers: { 'last-event-id': '1' } });
    expect(headers['content-type']).toContain('text/event-stream');
    expect(text).toBe('retry: 2000\n\nid: 2\ndata: {"n":2}\n\nid: 3\ndata: {"n":3}\n\n');
  });

  it('catches an answer that is off its contract', async () => {
    expect((await call('POST', '/fails', { body: { how: 'off' } })).json.code).toBe('answer_off_contract');
  });
});

describe('errors', () => {
  it.each([
    ['problem', 422, 'no_luck'],
    ['error', 500, 'internal_error'],
    ['unique', 500, 'internal_error'],
    ['nul', 400, 'request_invalid'],
    ['cancelled', 503, 'temporarily_unavailable'],
  ])('%s', async (how, status, code) => {
    logged.length = 0;
    const answer = await call('POST', '/fails', { body: { how } });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(answer.text).not.toMatch(/secret|idempotency_keys|stack|node_modules/i);
    expect(logged.join('').includes(answer.json.traceId)).toBe(status >= 500);
    expect(logged.join('')).not.toContain('secret@example.org');
  });
});

describe('idempotency', () => {
  it('runs 20 repeats at once a single time, and gives all the same answer', async () => {
    total = 0;
    const headers = { 'idempotency-key': 'once-1' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call('POST', '/counts', { body: { by: 1 }, headers })),
    );
    expect(answers.map((answer) => [answer.status, answer.json.total])).toEqual(Array(20).fill([201, 1]));
    expect(total).toBe(1);
    const other = await call('POST', '/counts', { body: { by: 2 }, headers });
    expect([other.status, other.json.code]).toEqual([422, 'idempotency_key_reused']);
    const byAnother = await call('POST', '/counts', { body: { by: 2 }, headers, token: await sign(staff(['desk'])) });
    expect(byAnother.json.total).toBe(3);
    const bad = await call('POST', '/counts', { body: { by: 1 }, headers: { 'idempotency-key': 'with space' } });
    expect(bad.json.code).toBe('idempotency_key_invalid');
  });
});

describe('limits and health', () => {
  it('lets through what the limit allows, then says when to come again', async () => {
    const from = (address: string) => call('GET', '/few', { headers: { 'x-forwarded-for': address } });
    const statuses = [];
    for (let n = 0; n < 5; n++) statuses.push((await from('203.0.113.7')).status);
    expect(statuses).toEqual([204, 204, 204, 429, 429]);
    const limited = await from('203.0.113.7');
    expect(limited.json.code).toBe('rate_limited');
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    expect((await from('203.0.113.8')).status).toBe(204);
  });

  it('is alive, ready and measured', async () => {
    expect((await call('GET', '/health/live')).json).toEqual({ status: 'ok' });
    expect((await call('GET', '/health/ready')).json).toEqual({ status: 'ok' });
    const metrics = await app.inject({ method: 'GET', url: '/metrics' });
    expect(metrics.body).toMatch(/plenary_http_seconds_count\{.*route="echo"/);
  });
});
