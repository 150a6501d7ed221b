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

  it('gives the own seats as a calendar file', async () => {
    const [here, wait, asked] = [
      await world.subForum(0, 10),
      await world.subForum(20, 30),
      await world.subForum(40, 50),
    ];
    const delegate = await world.register([here, wait, asked]);
    await world.answer(await world.lastRequest(delegate.id, here), 'confirmed');
    await world.answer(await world.lastRequest(delegate.id, wait), 'waitlisted', { place: 1 });
    const answer = await app.inject({
      url: '/api/v1/registration/calendar.ics',
      headers: { authorization: `Bearer ${delegate.token}` },
    });
    expect(answer).toMatchObject({
      statusCode: 200,
      headers: {
        'content-type': 'text/calendar; charset=utf-8',
        'content-disposition': 'attachment; filename="plenary.ics"',
        'cache-control': 'no-store',
      },
    });
    const lines = answer.body.replaceAll('\r\n ', '').split('\r\n');
    expect(lines.filter((line) => /^(UID|STATUS|DTSTART|DTEND|SEQUENCE|LOCATION|SUMMARY)/.test(line))).toEqual([
      `UID:${delegate.id}.${here}@plenary`,
      'SEQUENCE:1',
      'STATUS:CONFIRMED',
      'DTSTART:20990520T010000Z',
      'DTEND:20990520T011000Z',
      `SUMMARY:Sub-forum ${here}`,
      'LOCATION:Hall 1\\, 3F\\, Test venue',
      `UID:${delegate.id}.${wait}@plenary`,
      'SEQUENCE:1',
      'STATUS:TENTATIVE',
      'DTSTART:20990520T012000Z',
      'DTEND:20990520T013000Z',
      `SUMMARY:Sub-forum ${wait}`,
      'LOCATION:Hall 1\\, 3F\\, Test venue',
    ]);
    expect(await call('GET', '/registration/calendar.ics')).toMatchObject({ status: 401 });
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
