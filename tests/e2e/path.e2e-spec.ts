import { routes } from '@plenary/contracts';
import { settled, stack, until } from '@plenary/testing';
import { badgeOf, Conference, scan } from './world';

describe('the whole path', () => {
  it('register, seat, badge, door, attendance', async () => {
    const conference = await Conference.create();
    const { subForum, gate, door } = await conference.room();
    const delegate = await conference.register([subForum.id]);
    expect(delegate.registration).toMatchObject({
      status: 'approved',
      choices: [{ subForumId: subForum.id, state: 'confirmed' }],
      person: { name: '欧阳明慧', latinName: 'OUYANG Minghui' },
    });
    const token = await badgeOf(delegate);
    await settled();

    const verdict = await scan(door, gate, token);
    expect(verdict).toMatchObject({
      verdict: 'admitted',
      detail: 'first',
      method: 'token',
      replay: false,
      delegate: { name: '欧阳明慧', latinName: 'OUYANG Minghui', organisation: 'Data Bureau', category: 'delegate' },
      subForum: { id: subForum.id, room: subForum.room },
      room: { inside: 1, cap: 100 },
    });
    expect(JSON.stringify(verdict)).not.toContain('@');

    const board = await until(
      async () => {
        const answer = await conference.organiser.call(routes.getAttendance, { params: { slug: conference.slug } });
        return answer.totals.inside === 1 ? answer : undefined;
      },
      { what: 'one inside on the board' },
    );
    expect(board.totals).toMatchObject({ registered: 1, admitted: 1, inside: 1, confirmed: 1, waitlisted: 0 });
    expect(board.subForums).toEqual([
      expect.objectContaining({
        subForumId: subForum.id,
        capacity: 100,
        confirmed: 1,
        admitted: 1,
        inside: 1,
        walkIns: 0,
      }),
    ]);
  });

  it('shows the board live, and resumes the stream by its last event id', async () => {
    const conference = await Conference.create();
    const { subForum, gate, door } = await conference.room();
    const delegate = await conference.register([subForum.id]);
    const token = await badgeOf(delegate);
    await settled();

    const first = new AbortController();
    const live = conference.organiser.watch(
      routes.watchAttendance,
      { params: { slug: conference.slug } },
      { signal: first.signal },
    );
    let lastEventId: string | undefined;
    let admitted = false;
    for await (const { id, data } of live) {
      lastEventId = id;
      if (!admitted) {
        expect(data.totals.inside).toBe(0);
        expect((await scan(door, gate, token)).verdict).toBe('admitted');
        admitted = true;
      }
      if (data.totals.inside === 1) break;
    }
    first.abort();
    expect(lastEventId).toBeDefined();

    const second = new AbortController();
    const resumed = conference.organiser.watch(
      routes.watchAttendance,
      { params: { slug: conference.slug } },
      { signal: second.signal, lastEventId: lastEventId as string },
    );
    await scan(door, gate, token, { direction: 'exit' });
    for await (const { data } of resumed) if (data.totals.inside === 0) break;
    second.abort();
  });

  it('serves the start page and the documents, and nothing of the inside', async () => {
    const { url } = stack();
    const start = await fetch(url);
    expect(start.status).toBe(200);
    expect(start.headers.get('content-security-policy')).toMatch(/default-src 'none'|default-src 'self'/);
    expect(start.headers.get('content-security-policy')).not.toContain('unsafe-inline');
    expect(await start.text()).toContain('Plenary');
    const openapi = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as { paths: Record<string, unknown> };
    for (const route of Object.values(routes)) expect(openapi.paths).toHaveProperty([route.path]);
    const asyncapi = (await (await fetch(`${url}/api/v1/asyncapi.json`)).json()) as { asyncapi: string };
    expect(asyncapi.asyncapi).toMatch(/^3\./);
    expect((await fetch(`${url}/api/docs/`)).status).toBe(200);
    // What a proxy in front passes on comes from outside.
    for (const hidden of ['/metrics', '/api/v1/health/ready', '/api/v1/metrics']) {
      expect((await fetch(url + hidden, { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(404);
    }
    const keys = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: { d?: string }[] };
    expect(keys.keys.length).toBeGreaterThan(0);
    for (const key of keys.keys) expect(key.d).toBeUndefined();
  });
});
