import { randomUUID } from 'node:crypto';
import { type Role, type RouteDefinition, routes, type StaffRole } from '@plenary/contracts';
import { settled, stack } from '@plenary/testing';
import { Conference, minutes, scanOf } from './world';

/** Every route, called by everybody: who may not is refused, and who belongs to another conference finds nothing. */
describe('who may call what', () => {
  const all = Object.values(routes as Record<string, RouteDefinition>);
  const callers = ['cohost', 'supervisor', 'desk', 'door', 'delegate', 'leader', 'wall'] as const;
  const tokens: Partial<Record<string, string>> = {};
  const ids: Record<string, string> = {};
  let slug: string;
  let bodies: Record<string, unknown>;

  const staff = async (conference: Conference, role: StaffRole, subForumIds: string[] = []): Promise<string> => {
    const email = `${role}-${randomUUID()}@staff.example`;
    const { link } = await conference.organiser.call(routes.createStaff, {
      params: { slug: conference.slug },
      body: { name: role, email, roles: [{ role, subForumIds }] },
    });
    const password = 'a long password';
    await stack().client.call(routes.setPassword, { body: { link: link as string, password } });
    return (await stack().client.call(routes.signIn, { body: { email, password } })).accessToken;
  };

  beforeAll(async () => {
    const conference = await Conference.create();
    const other = await Conference.create();
    slug = conference.slug;
    const { subForum, gate, door } = await conference.room();
    const foreignForum = await other.subForum();
    const delegate = await conference.register([subForum.id]);
    const leader = await conference.organiser.call(routes.createDelegation, {
      params: { slug },
      body: { name: 'Leaders', leader: { name: 'Leader' } },
    });
    const wall = await conference.organiser.call(routes.createWallLink, { params: { slug }, body: {} });
    const scan = scanOf(gate, 'NO BADGE');
    await conference.organiser.call(routes.postScan, { body: scan });
    const members = await conference.organiser.call(routes.listStaff, { params: { slug } });
    Object.assign(tokens, {
      cohost: await staff(conference, 'cohost', [subForum.id]),
      supervisor: await staff(conference, 'supervisor'),
      desk: await staff(conference, 'desk'),
      door: door.client.token,
      delegate: delegate.token,
      leader: leader.leaderToken,
      wall: wall.token,
      // Organiser, co-host, supervisor, desk and door of another conference.
      'foreign organiser': await staff(other, 'organiser'),
      'foreign cohost': await staff(other, 'cohost', [foreignForum.id]),
      'foreign supervisor': await staff(other, 'supervisor'),
      'foreign desk': await staff(other, 'desk'),
      'foreign door': (await other.door({ venue: true })).client.token,
    });
    const device = await conference.door({ venue: true });
    Object.assign(ids, {
      subForum: subForum.id,
      registration: delegate.id,
      gate: gate.id,
      device: device.id,
      scan: scan.scanId,
      wallLink: wall.id,
      staff: members.items[0]?.id ?? randomUUID(),
    });
    const reason = { reason: 'because of the test' };
    bodies = {
      changeConference: {},
      createSubForum: { code: 'X', title: { en: 'X' }, room: 'X', startsAt: minutes(10), endsAt: minutes(20) },
      changeSubForum: {},
      cancelSubForum: {},
      importProgramme: '<schedule/>',
      promoteOutOfTurn: reason,
      putRegistrationForm: { opensAt: null, closesAt: null, approval: 'automatic', questions: [], privacy: null },
      approveRegistration: {},
      declineRegistration: {},
      resetRegistration: {},
      cancelRegistration: {},
      reinstateRegistration: {},
      rotateLink: { registrationId: delegate.id },
      createDelegation: { name: 'X', leader: { name: 'X' } },
      reissueBadge: reason,
      revokeBadge: reason,
      createWallLink: {},
      createGate: { name: 'X' },
      changeGate: {},
      postScan: scanOf(gate, 'NO BADGE'),
      postScanBatch: { scans: [scanOf(gate, 'NO BADGE')] },
      undoScan: {},
      createStaff: { name: 'X', email: 'x@staff.example', roles: [{ role: 'desk' }] },
      changeStaff: {},
      createDevice: { name: 'X', venue: true },
      changeDevice: {},
      createConference: {
        slug: `x-${randomUUID().slice(0, 8)}`,
        name: { en: 'X' },
        venue: { en: 'X' },
        timeZone: 'UTC',
        startsOn: '2030-01-01',
        endsOn: '2030-01-02',
      },
    };
    await settled();
  });

  /** What `{id}` names, by the path. */
  const idOf = (path: string): string => {
    const kind = (['registrations', 'sub-forums', 'gates', 'devices', 'staff', 'wall-links'] as const).find((name) =>
      path.includes(`/${name}/`),
    );
    const known = {
      registrations: 'registration',
      'sub-forums': 'subForum',
      gates: 'gate',
      devices: 'device',
      staff: 'staff',
      'wall-links': 'wallLink',
    };
    return ids[kind ? known[kind] : ''] ?? randomUUID();
  };
  const call = async (route: RouteDefinition, token: string | undefined) => {
    const path = route.path
      .replace('{slug}', slug)
      .replace('{registrationId}', ids.registration as string)
      .replace('{scanId}', ids.scan as string)
      .replace('{id}', idOf(route.path));
    const body = bodies[route.id];
    const queries: Partial<Record<string, string>> = {
      importProgramme: '?format=frab-xml',
      searchAtGate: '?q=somebody',
    };
    const query = queries[route.id] ?? '';
    const response = await fetch(`${stack().url}/api/v1${path}${query}`, {
      method: route.method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': route.rawBody ?? 'application/json' }),
        'if-match': '"0"',
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    return {
      status: response.status,
      code: text.startsWith('{') ? (JSON.parse(text) as { code?: string }).code : undefined,
    };
  };

  const closed = all.filter((route) => !route.who.includes('anyone'));
  const refusals = closed.flatMap((route) =>
    callers.filter((caller) => !route.who.includes(caller as Role)).map((caller) => [route.id, caller, route] as const),
  );
  it.each(refusals)('%s is refused to a %s', async (_, caller, route) => {
    // A service that knows no delegations, or no walls, can't tell their links from made-up ones.
    const unknownThere =
      (caller === 'leader' && route.service === 'badge') || (caller === 'wall' && route.service !== 'attendance');
    expect(await call(route, tokens[caller])).toMatchObject({ status: unknownThere ? 401 : 403 });
  });

  const staffRoles: readonly Role[] = ['admin', 'organiser', 'cohost', 'supervisor', 'desk', 'door'];
  const own = new Set(['whoAmI']);
  const foreign = closed
    .filter((route) => route.who.some((role) => staffRoles.includes(role) && role !== 'admin') && !own.has(route.id))
    .flatMap((route) =>
      ['organiser', 'cohost', 'supervisor', 'desk', 'door']
        // A role that the guard lets in, so that the service has to look at the conference.
        .filter(
          (role) =>
            route.who.includes(role as Role) ||
            (role === 'organiser' && route.who.some((one) => one !== 'door' && staffRoles.includes(one))),
        )
        .map((role) => [route.id, role, route] as const),
    );
  it.each(foreign)('%s finds nothing for a %s of another conference', async (id, role, route) => {
    const answer = await call(route, tokens[`foreign ${role}`]);
    if (id === 'postScanBatch') {
      // A batch answers scan by scan.
      expect(answer.status).toBe(200);
      return;
    }
    expect(answer).toMatchObject({ status: 404 });
  });

  it('a batch for gates of another conference is refused scan by scan', async () => {
    const answer = await stack()
      .client.as(tokens['foreign door'])
      .call(routes.postScanBatch, {
        body: bodies.postScanBatch as { scans: unknown[] },
      });
    expect(answer.results).toEqual([expect.objectContaining({ status: 404, code: 'not_found' })]);
  });

  it('a co-host of one sub-forum may not touch another, nor what belongs to the whole conference', async () => {
    const { items } = await stack().client.call(routes.listSubForums, { params: { slug } });
    expect(items).toHaveLength(1);
    const board = await stack().client.as(tokens.cohost).call(routes.getAttendance, { params: { slug } });
    expect(board.subForums.map((one) => one.subForumId)).toEqual([ids.subForum]);
  });
});
