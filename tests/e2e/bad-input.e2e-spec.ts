import { request } from 'node:http';
import { problem, type RouteDefinition, routes } from '@plenary/contracts';
import { stack, until } from '@plenary/testing';
import { Conference, signIn } from './world';

const unknownId = '0190a5d0-0000-7000-8000-000000000000';

/** Every route, called wrongly in every way that fits it: a problem with a stable code, never a 5xx. */
describe('bad input', () => {
  const all = Object.values(routes as Record<string, RouteDefinition>);
  let tokens: Record<string, string | undefined>;
  let conference: Conference;

  beforeAll(async () => {
    conference = await Conference.create();
    const staff = await signIn('organiser');
    const delegate = await conference.register([]);
    const { door } = await conference.room();
    const leader = await conference.organiser.call(routes.createDelegation, {
      params: { slug: conference.slug },
      body: { name: 'Leaders', leader: { name: 'Leader' } },
    });
    const wall = await conference.organiser.call(routes.createWallLink, {
      params: { slug: conference.slug },
      body: {},
    });
    tokens = {
      staff: staff.token,
      delegate: delegate.token,
      door: door.client.token,
      leader: leader.leaderToken,
      wall: wall.token,
      anyone: undefined,
    };
  });

  const tokenFor = (route: RouteDefinition): string | undefined => {
    if (route.who.includes('anyone')) return undefined;
    for (const kind of ['delegate', 'leader', 'wall'] as const) if (route.who.includes(kind)) return tokens[kind];
    return route.who.every((role) => role === 'door') ? tokens.door : tokens.staff;
  };
  const call = async (
    route: RouteDefinition,
    options: {
      path?: string;
      token?: string | undefined;
      body?: string | Buffer;
      type?: string;
      query?: string;
      headers?: Record<string, string>;
    },
  ) => {
    const path = (options.path ?? route.path).replace('{slug}', conference.slug).replace(/\{\w+\}/g, unknownId);
    const response = await fetch(`${stack().url}/api/v1${path}${options.query ?? ''}`, {
      method: route.method,
      headers: {
        ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
        ...(options.body !== undefined ? { 'content-type': options.type ?? 'application/json' } : {}),
        ...options.headers,
      },
      ...(options.body !== undefined ? { body: new Uint8Array(Buffer.from(options.body)) } : {}),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    return { status: response.status, type: response.headers.get('content-type') ?? '', text };
  };
  /** Announces a body of so many bytes and reads the answer without sending it: too much is refused by its announcement. */
  const announce = (route: RouteDefinition, token: string | undefined, length: number): ReturnType<typeof call> =>
    new Promise((resolve, reject) => {
      const path = route.path.replace('{slug}', conference.slug).replace(/\{\w+\}/g, unknownId);
      const sending = request(`${stack().url}/api/v1${path}`, {
        method: route.method,
        headers: {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          'content-type': 'application/json',
          'content-length': length,
          'if-match': '"1"',
        },
        timeout: 10_000,
      });
      sending.on('error', reject);
      sending.on('timeout', () => sending.destroy(new Error('no answer to an announced body')));
      sending.on('response', async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        sending.destroy();
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          text: Buffer.concat(chunks).toString(),
        });
      });
      sending.flushHeaders();
    });
  const expectProblem = (answer: Awaited<ReturnType<typeof call>>, status: number | number[]) => {
    expect([status].flat()).toContain(answer.status);
    expect(answer.type).toContain('application/problem+json');
    const document = problem.parse(JSON.parse(answer.text));
    expect(document.status).toBe(answer.status);
    expect(document.code).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(document.detail.length).toBeGreaterThan(10);
    expect(answer.text).not.toMatch(/\bat .+\.(js|ts):\d+/);
    return document;
  };

  const named = all.map((route) => [route.id, route] as const);
  const withBody = named.filter(([, route]) => route.method !== 'GET' && route.method !== 'DELETE' && !route.rawBody);

  it.each(named.filter(([, route]) => !route.who.includes('anyone')))(
    '%s without credentials: 401',
    async (_, route) => {
      expectProblem(await call(route, {}), 401);
    },
  );
  it.each(named)('%s with made-up credentials: 401', async (_, route) => {
    expectProblem(await call(route, { token: 'AAAA.BBBB.CCCC' }), 401);
    expectProblem(await call(route, { token: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAA' }), 401);
  });
  it.each(withBody)('%s with malformed JSON: 400', async (_, route) => {
    const answer = await call(route, { token: tokenFor(route), body: '{"a":', headers: { 'if-match': '"1"' } });
    expect(expectProblem(answer, 400).code).toBe('json_invalid');
  });
  it.each(withBody)('%s with wrong types and unknown fields: 400, naming them', async (_, route) => {
    const mayBeAbsent = route.body.safeParse(undefined).success;
    for (const body of ['[]', '7', '"text"', 'null', '{"noSuchField":1}', '{"person":7,"scans":"x","body":[]}']) {
      // Where a body may be absent, null says that it is.
      if (body === 'null' && mayBeAbsent) continue;
      const answer = await call(route, { token: tokenFor(route), body, headers: { 'if-match': '"1"' } });
      expectProblem(answer, [400, 404, 409]);
    }
  });
  it.each(withBody)('%s with another media type: 415', async (_, route) => {
    const answer = await call(route, {
      token: tokenFor(route),
      body: 'a=b',
      type: 'application/x-www-form-urlencoded',
      headers: { 'if-match': '"1"' },
    });
    expectProblem(answer, 415);
  });
  it.each(withBody)('%s too large: 413, before the body is sent', async (_, route) => {
    const length = route.bodyLimit + 1;
    expectProblem(await announce(route, tokenFor(route), length), 413);
  });
  it.each(named)('%s with an unknown query field: 400', async (_, route) => {
    const answer = await call(route, {
      token: tokenFor(route),
      query: '?noSuchField=1',
      headers: { 'if-match': '"1"' },
      ...(route.method === 'GET' || route.method === 'DELETE' ? {} : { body: '{}' }),
    });
    expectProblem(answer, 400);
  });
  it.each(named.filter(([, route]) => /\{(id|scanId)\}/.test(route.path)))(
    '%s with an id that is none: 400, unknown: 404',
    async (_, route) => {
      const token = tokenFor(route);
      expectProblem(
        await call(route, {
          token,
          path: route.path.replace(/\{(id|scanId)\}/, 'not-an-id'),
          headers: { 'if-match': '"1"' },
        }),
        [400, 404],
      );
      const query = route.id === 'searchAtGate' ? '?q=somebody' : '';
      if (route.method === 'GET') expectProblem(await call(route, { token, query }), 404);
    },
  );
  it.each(named.filter(([, route]) => route.path.includes('{slug}') && route.method === 'GET'))(
    '%s of a conference that is none: 404',
    async (_, route) => {
      expectProblem(
        await call(route, { token: tokenFor(route), path: route.path.replace('{slug}', 'no-such-conference') }),
        404,
      );
    },
  );
  it.each(named.filter(([, route]) => route.ifMatch))('%s without If-Match: 428', async (_, route) => {
    expectProblem(await call(route, { token: tokenFor(route), body: '{}' }), 428);
  });
  it.each(named.filter(([, route]) => 'cursor' in route.query.shape))(
    '%s with a cursor or limit that is none: 400',
    async (_, route) => {
      for (const query of ['?cursor=%00garbage', '?limit=0', '?limit=201', '?limit=many']) {
        expectProblem(await call(route, { token: tokenFor(route), query }), [400, 404]);
      }
    },
  );

  it('a path that is none: 404', async () => {
    const answer = await fetch(`${stack().url}/api/v1/no/such/path`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('names of every kind are kept as typed', async () => {
    for (const name of [
      '𠮷野家',
      '<img src=x onerror=alert(1)>',
      'مرحبا بالعالم',
      'x'.repeat(200),
      "Robert'); DROP TABLE people;--",
      '🙂 Emoji',
      'a\u202Eb',
    ]) {
      const delegate = await conference.register([], {
        person: { name, email: `${crypto.randomUUID()}@delegates.example` },
      });
      expect((await delegate.client.call(routes.getOwnRegistration)).person.name).toBe(name);
    }
  });

  it('a registration window that is closed: 409, saying when', async () => {
    const own = await Conference.create();
    const form = await own.organiser.request(routes.getRegistrationForm, { params: { slug: own.slug } });
    const { conferenceId: _c, open: _o, categories: _k, ...settings } = form.body;
    await own.organiser.call(
      routes.putRegistrationForm,
      { params: { slug: own.slug }, body: { ...settings, closesAt: new Date(Date.now() - 60_000).toISOString() } },
      { ifMatch: form.etag as string },
    );
    // Another replica may remember the form for a second.
    const answer = await until(
      async () => {
        const answer = await call(routes.submitRegistration as unknown as RouteDefinition, {
          path: `/conferences/${own.slug}/registrations`,
          body: JSON.stringify(own.submission([])),
        });
        return answer.status === 201 ? undefined : answer;
      },
      { what: 'the window to be closed on every replica' },
    );
    expect(expectProblem(answer, 409).code).toBe('registration_closed');
  });
});
