import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp, LinkTokens } from '@plenary/platform';
import { RegistrationModule } from './registration.module';
import { World } from './registration.test-world';

let world: World;
let app: NestFastifyApplication;
beforeAll(async () => {
  world = await World.open();
  Object.assign(process.env, {
    PORT: '0',
    DATABASE_URL: world.url,
    KAFKA_BROKERS: '127.0.0.1:1',
    LINK_KEY: Buffer.alloc(32, 1).toString('base64url'),
    PLENARY_CHECK_ANSWERS: '1',
    LOG_LEVEL: 'silent',
  });
  app = await createApp(RegistrationModule, 'registration');
});
afterAll(async () => {
  await app?.close();
  await world?.close();
});

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
async function call(method: Method, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await app.inject({
    method,
    url: `/api/v1${path}`,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}

describe('the service over HTTP', () => {
  it('registers, reads, amends by tag, rotates the link and cancels', async () => {
    const choice = await world.subForum();
    const path = `/conferences/${world.slug}/registrations`;
    const body = world.submission([choice]);
    const first = await call('POST', path, body, { 'idempotency-key': '"k-1"' });
    expect(first).toMatchObject({ status: 201, headers: { etag: '"1"' }, body: { status: 'approved' } });
    expect((await call('POST', path, body, { 'idempotency-key': '"k-1"' })).body).toEqual(first.body);
    expect(await call('POST', path, body)).toMatchObject({ status: 202, body: { state: 'link_sent' } });

    const own = { authorization: `Bearer ${first.body.delegateToken}` };
    expect(await call('GET', '/registration', undefined, own)).toMatchObject({ status: 200, headers: { etag: '"1"' } });
    const change = { choices: [] };
    expect(await call('PATCH', '/registration', change, own)).toMatchObject({ status: 428 });
    expect(await call('PATCH', '/registration', change, { ...own, 'if-match': '"1"' })).toMatchObject({
      status: 200,
      headers: { etag: '"2"' },
      body: { choices: [{ subForumId: choice, state: 'released', reason: 'withdrawn' }] },
    });
    expect(await call('PATCH', '/registration', change, { ...own, 'if-match': '"1"' })).toMatchObject({
      status: 412,
      body: { code: 'stale' },
    });

    const rotated = await call('POST', '/registration/link/rotate', undefined, own);
    expect(rotated.status).toBe(200);
    expect(await call('GET', '/registration', undefined, own)).toMatchObject({ status: 401 });
    const next = { authorization: `Bearer ${rotated.body.delegateToken}` };
    expect(await call('DELETE', '/registration', undefined, next)).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    });
  });

  it('refuses half characters, which no database takes', async () => {
    const person = { name: 'half \ud842', email: 'half@delegates.example' };
    const answer = await call('POST', `/conferences/${world.slug}/registrations`, world.submission([], { person }));
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'person.name' }] } });
  });

  it('shows the form to all, and registrations to nobody without a role', async () => {
    expect(await call('GET', `/conferences/${world.slug}/registration-form`)).toMatchObject({
      status: 200,
      body: { open: true, categories: [{ key: 'delegate' }, { key: 'press' }] },
    });
    expect(await call('GET', `/conferences/${world.slug}/registrations`)).toMatchObject({ status: 401 });
    const { token } = await world.register();
    expect(
      await call('GET', `/conferences/${world.slug}/registrations`, undefined, { authorization: `Bearer ${token}` }),
    ).toMatchObject({ status: 403 });
  });

  it('knows a leader by the link and tells the delegation', async () => {
    const { leaderToken, id } = await world.delegations.create(
      { params: { slug: world.slug }, query: {}, body: { name: 'Bergen', leader: { name: 'Kari' }, quota: null } },
      world.organiser,
      undefined,
    );
    const leader = { authorization: `Bearer ${leaderToken}` };
    const path = `/conferences/${world.slug}/registrations`;
    const member = world.submission([], { person: { name: 'Ola' }, category: 'vip' });
    expect(await call('POST', path, member, leader)).toMatchObject({ status: 201, body: { delegationId: id } });
    expect(await call('GET', '/delegation', undefined, leader)).toMatchObject({ status: 200, body: { registered: 1 } });
    const forged = new LinkTokens(Buffer.alloc(32, 2)).make('leader', id, 1);
    expect(await call('GET', '/delegation', undefined, { authorization: `Bearer ${forged}` })).toMatchObject({
      status: 401,
    });
  });
});
