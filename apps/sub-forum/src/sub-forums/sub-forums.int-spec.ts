import { type Conference, type SubForum, topics } from '@plenary/contracts';
import { newId } from '@plenary/platform';
import { until } from '@plenary/testing';
import { World } from '../sub-forum.test-world';

let world: World;
let conference: Conference;
beforeAll(async () => {
  world = await World.open();
  conference = await world.conference();
});
afterAll(() => world?.close());

const refused = (status: number, code: string) =>
  expect.objectContaining({ status, body: expect.objectContaining({ code }) });
const versions = async (topic: string, id: string) =>
  (await world.told(topic, id)).map(({ type, body }) => [type, body.version]);

describe('conferences', () => {
  it('has what the contract promises without more, and is told', async () => {
    const made = await world.conference();
    expect(made).toMatchObject({
      state: 'published',
      mode: 'live',
      eraseAfterDays: 90,
      locales: ['en', 'zh-CN'],
      breaks: [],
    });
    expect(made.categories.map((one) => one.key)).toEqual(['delegate', 'speaker', 'vip', 'press', 'staff']);
    expect(await world.told(topics.conferences.name, made.id)).toMatchObject([
      {
        type: 'conference.announced.v1',
        subject: made.id,
        body: { version: 1, conferenceId: made.id, slug: made.slug },
      },
    ]);
    expect((await world.call('GET', `/conferences/${made.slug}`)).body).toEqual(made);
  });

  it('takes a slug once, and answers a repeat of the same request alike', async () => {
    const body = {
      slug: 'taken',
      name: { en: 'X' },
      venue: { en: 'Y' },
      timeZone: 'UTC',
      startsOn: '2026-05-21',
      endsOn: '2026-05-21',
    };
    const key = newId();
    const first = await world.call('POST', '/conferences', { token: world.admin, body, key });
    expect(first.status).toBe(201);
    expect((await world.call('POST', '/conferences', { token: world.admin, body, key })).body).toEqual(first.body);
    expect(await world.call('POST', '/conferences', { token: world.admin, body })).toEqual(refused(409, 'slug_taken'));
    expect(await world.call('POST', '/conferences', { body })).toMatchObject({ status: 401 });
    const organiser = await world.staff('organiser', first.body.id);
    expect(await world.call('POST', '/conferences', { token: organiser, body })).toEqual(refused(403, 'role_required'));
  });

  it('is changed under If-Match, told whole, audited', async () => {
    const made = await world.conference();
    const organiser = await world.staff('organiser', made.id);
    const path = `/conferences/${made.slug}`;
    expect(await world.call('PATCH', path, { token: organiser, body: { mode: 'rehearsal' } })).toMatchObject({
      status: 428,
    });
    const changed = await world.call('PATCH', path, { token: organiser, body: { mode: 'rehearsal' }, ifMatch: '"1"' });
    expect(changed).toMatchObject({ status: 200, etag: '"2"', body: { ...made, mode: 'rehearsal' } });
    expect(await world.call('PATCH', path, { token: organiser, body: { mode: 'live' }, ifMatch: '"1"' })).toEqual(
      refused(412, 'stale'),
    );
    const nothing = await world.call('PATCH', path, { token: organiser, body: { mode: 'rehearsal' }, ifMatch: '"2"' });
    expect(nothing.etag).toBe('"2"');
    expect(await versions(topics.conferences.name, made.id)).toEqual([
      ['conference.announced.v1', 1],
      ['conference.announced.v1', 2],
    ]);
    const audits = await world.told(topics.audit.name);
    expect(audits.filter((one) => one.body.conferenceId === made.id).map((one) => one.body.action)).toEqual([
      'conference.create',
      'conference.change',
    ]);
    const elsewhere = await world.staff('organiser', conference.id);
    expect(await world.call('PATCH', path, { token: elsewhere, body: { mode: 'live' }, ifMatch: '*' })).toMatchObject({
      status: 404,
    });
    expect(await world.call('PATCH', path, { token: organiser, body: { endsOn: '2020-01-01' }, ifMatch: '*' })).toEqual(
      refused(422, 'conference_invalid'),
    );
  });

  it('hides a draft and its sub-forums from everybody but its staff', async () => {
    const draft = await world.conference({ state: 'draft' });
    const subForum = await world.subForum(draft);
    const desk = await world.staff('desk', draft.id);
    const other = await world.staff('organiser', conference.id);
    for (const path of [
      `/conferences/${draft.slug}`,
      `/conferences/${draft.slug}/sub-forums`,
      `/sub-forums/${subForum.id}`,
    ]) {
      expect((await world.call('GET', path)).status).toBe(404);
      expect((await world.call('GET', path, { token: other })).status).toBe(404);
      expect((await world.call('GET', path, { token: desk })).status).toBe(200);
    }
    const slugs = async (token?: string) =>
      (await world.call('GET', '/conferences?limit=200', token ? { token } : {})).body.items.map(
        (one: Conference) => one.slug,
      );
    expect(await slugs()).not.toContain(draft.slug);
    expect(await slugs(other)).not.toContain(draft.slug);
    expect(await slugs(desk)).toContain(draft.slug);
    expect(await slugs(world.admin)).toContain(draft.slug);
  });

  it('lists in pages, each once', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await world.call('GET', `/conferences?limit=2${cursor && `&cursor=${cursor}`}`, {
        token: world.admin,
      });
      seen.push(...body.items.map((one: Conference) => one.id));
      cursor = body.nextCursor;
    }
    const [{ n } = { n: 0 }] = await world.database.query<{ n: number }>('SELECT count(*)::int AS n FROM conferences');
    expect([seen.length, new Set(seen).size]).toEqual([n, n]);
    expect(await world.call('GET', '/conferences?cursor=rubbish')).toEqual(refused(400, 'cursor_invalid'));
  });
});

describe('the programme', () => {
  it('is listed by start and room, filtered, in pages, with an ETag that follows seats', async () => {
    const own = await world.conference();
    const at = (time: string) => `2026-05-21T${time}:00+08:00`;
    const make = (code: string, room: string, from: string, to: string, more: Partial<SubForum> = {}) =>
      world.subForum(own, { code, room, startsAt: at(from), endsAt: at(to), ...more });
    await make('late', 'B', '14:00', '15:00', { track: 'Water', floor: '2' });
    await make('b', 'B', '09:00', '10:00', { title: { 'zh-CN': '智慧城市' } });
    const a = await make('a', 'A', '09:00', '10:00', {
      sessions: [
        {
          title: { en: 'On Grids' },
          abstract: { en: 'Long.' },
          startsAt: at('09:00'),
          endsAt: at('09:30'),
          speakers: [{ name: 'Ada' }],
        },
      ],
    });
    await world.subForum(own, {
      code: 'next',
      room: 'A',
      startsAt: '2026-05-22T00:30:00+08:00',
      endsAt: '2026-05-22T01:00:00+08:00',
    });

    const list = async (query = '') => (await world.call('GET', `/conferences/${own.slug}/sub-forums${query}`)).body;
    const codes = async (query = '') => (await list(query)).items.map((one: SubForum) => one.code);
    expect(await codes()).toEqual(['a', 'b', 'late', 'next']);
    expect(await codes('?day=2026-05-22')).toEqual(['next']);
    expect(await codes('?day=1970-01-01')).toEqual([]);
    expect(await world.call('GET', `/conferences/${own.slug}/sub-forums?day=0000-01-01`)).toMatchObject({
      status: 400,
    });
    expect(await codes('?track=Water')).toEqual(['late']);
    expect(await codes('?room=A')).toEqual(['a', 'next']);
    expect(await codes('?floor=2')).toEqual(['late']);
    expect(await codes(`?q=${encodeURIComponent('智慧')}`)).toEqual(['b']);
    expect(await codes('?q=GRIDS')).toEqual(['a']);
    expect(await codes('?q=%25')).toEqual([]);
    expect(await codes('?q=%00grids')).toEqual(['a']);
    expect(await codes('?state=cancelled')).toEqual([]);
    expect(await world.call('GET', `/conferences/${own.slug}/sub-forums?colour=red`)).toMatchObject({ status: 400 });

    const first = await list('?limit=3');
    expect(first.items).toHaveLength(3);
    expect(await codes(`?limit=3&cursor=${first.nextCursor}`)).toEqual(['next']);
    for (const forged of [
      ['x', 'a', 'b'],
      ['+275760-01-01T00:00:00Z', 'a', 'b'],
      [1, 2, 3],
      ['2026-99-99T00:00:00Z', 'a', 'b'],
    ]) {
      const cursor = Buffer.from(JSON.stringify(forged)).toString('base64url');
      expect(await world.call('GET', `/conferences/${own.slug}/sub-forums?cursor=${cursor}`)).toEqual(
        refused(400, 'cursor_invalid'),
      );
    }

    // A list leaves abstracts out, the single one has them.
    expect((await list()).items[0].sessions[0]).toEqual({ ...a.sessions[0], abstract: undefined });
    expect((await world.call('GET', `/sub-forums/${a.id}`)).body.sessions[0].abstract).toEqual({ en: 'Long.' });

    const path = `/conferences/${own.slug}/sub-forums`;
    const { etag, body: whole } = await world.call('GET', path);
    expect((await world.call('GET', path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    const cards = await world.call('GET', `${path}?fields=card`);
    expect(cards.body.items).toEqual(
      whole.items.map(({ abstract, hosts, supporters, sessions, crew, ...card }: SubForum) => card),
    );
    const again = (tag: string | undefined) =>
      world.call('GET', `${path}?fields=card`, { headers: { 'if-none-match': tag as string } });
    expect((await again(cards.etag)).status).toBe(304);
    expect((await again(etag)).status).toBe(200);
    for (const fields of ['all', 'card,all', '']) {
      expect((await world.call('GET', `${path}?fields=${fields}`)).status).toBe(400);
    }
    await world.seat(
      await make('open', 'C', '09:00', '10:00', { endsAt: new Date(Date.now() + 3_600_000).toISOString() }),
      1,
    );
    expect((await world.call('GET', path, { headers: { 'if-none-match': etag } })).status).toBe(200);
    expect((await again(cards.etag)).status).toBe(200);
  });

  it('tells seats left for the public, and which have some', async () => {
    const own = await world.conference();
    const make = (code: string, more: Partial<SubForum>) => world.subForum(own, { code, ...more });
    await world.seat(await make('some', { capacity: 5, reserved: 2 }), 1);
    await world.seat(await make('full', { capacity: 1 }), 2);
    await make('held', { capacity: 2, reserved: 2 });
    await make('given', { capacity: 2, reserved: 2, reservedUntil: new Date(Date.now() - 1000).toISOString() });
    await make('unlimited', {});
    await make('free-entry', { capacity: 0, admission: 'open' });
    await make('over', { startsAt: '2020-01-01T00:00:00Z', endsAt: '2020-01-01T01:00:00Z' });
    const { items } = (await world.call('GET', `/conferences/${own.slug}/sub-forums`)).body;
    expect(Object.fromEntries(items.map((one: SubForum) => [one.code, one.seatsLeft]))).toEqual({
      some: 2,
      full: 0,
      held: 0,
      given: 2,
      unlimited: null,
      'free-entry': null,
      over: null,
    });
    const available = (await world.call('GET', `/conferences/${own.slug}/sub-forums?available=true`)).body.items;
    expect(available.map((one: SubForum) => one.code).sort()).toEqual(['free-entry', 'given', 'some', 'unlimited']);
  });
});

describe('a sub-forum', () => {
  it('needs five fields, takes a code once per conference in any case of letters', async () => {
    const body = {
      code: 'K.1',
      title: { en: 'T' },
      room: 'R',
      startsAt: '2026-05-21T09:00:00+08:00',
      endsAt: '2026-05-21T10:00:00+08:00',
    };
    const path = `/conferences/${conference.slug}/sub-forums`;
    const { status, body: made, etag } = await world.call('POST', path, { token: world.admin, body });
    expect([status, etag]).toEqual([201, '"1"']);
    expect(made).toMatchObject({
      startsAt: '2026-05-21T01:00:00.000Z',
      capacity: null,
      seatsLeft: null,
      walkIn: 'off',
      reEntry: true,
      state: 'scheduled',
      confirmed: 0,
    });
    expect(await versions(topics.subForums.name, made.id)).toEqual([['sub-forum.scheduled.v1', 1]]);
    expect(await world.call('POST', path, { token: world.admin, body: { ...body, code: 'k.1' } })).toEqual(
      refused(409, 'code_taken'),
    );
    const other = await world.conference();
    expect(
      (await world.call('POST', `/conferences/${other.slug}/sub-forums`, { token: world.admin, body })).status,
    ).toBe(201);
  });

  it.each([
    [{ endsAt: '2026-05-21T08:00:00+08:00' }, 400, 'request_invalid'],
    [{ reserved: 3, capacity: 2 }, 400, 'request_invalid'],
    [{ colour: 'red' }, 400, 'request_invalid'],
    [{ code: 'no spaces' }, 400, 'request_invalid'],
    [{ title: { en: 'half \ud83d a face' } }, 400, 'request_invalid'],
    [{ categories: ['wizards'] }, 422, 'sub_forum_invalid'],
    [{ startsAt: '0000-01-01T00:00:00Z' }, 400, 'request_invalid'],
    [{ endsAt: '9999-12-31T23:59:59-23:59' }, 400, 'request_invalid'],
    [
      {
        sessions: [
          { title: { en: 'x' }, startsAt: '2026-05-21T09:00:00Z', endsAt: '2026-05-21T08:00:00Z', speakers: [] },
        ],
      },
      422,
      'sub_forum_invalid',
    ],
  ])('refuses %j', async (wrong, status, code) => {
    const body = {
      code: 'wrong',
      title: { en: 'T' },
      room: 'R',
      startsAt: '2026-05-21T09:00:00+08:00',
      endsAt: '2026-05-21T10:00:00+08:00',
      ...wrong,
    };
    expect(
      await world.call('POST', `/conferences/${conference.slug}/sub-forums`, { token: world.admin, body }),
    ).toEqual(refused(status, code));
    expect((await world.call('GET', `/conferences/${conference.slug}/sub-forums?q=wrong`)).body.items).toEqual([]);
  });

  it('is changed under If-Match of its settings, which seats do not touch', async () => {
    const one = await world.subForum(conference, { capacity: 5 });
    const { etag } = await world.call('GET', `/sub-forums/${one.id}`);
    await world.seat(one, 3);
    expect((await world.call('GET', `/sub-forums/${one.id}`)).etag).toBe(etag);
    const changed = await world.change(one.id, { room: 'Hall 9' }, { ifMatch: etag });
    expect(changed).toMatchObject({
      status: 200,
      etag: '"2"',
      body: { dryRun: false, subForum: { room: 'Hall 9', confirmed: 3, seatsLeft: 2 }, promoted: [], over: 0 },
    });
    expect(await world.change(one.id, { room: 'Hall 8' }, { ifMatch: etag })).toEqual(refused(412, 'stale'));
    expect((await world.change(one.id, { room: 'Hall 9' })).etag).toBe('"2"');
    expect(await versions(topics.subForums.name, one.id)).toEqual([
      ['sub-forum.scheduled.v1', 1],
      ['sub-forum.scheduled.v1', 2],
    ]);
    expect(await world.change(one.id, { reserved: 6 })).toEqual(refused(422, 'sub_forum_invalid'));
    expect(await world.change(newId(), {}, { ifMatch: '*' })).toEqual(refused(404, 'not_found'));
  });

  it('lets co-hosts change their fields of their own, up to the room', async () => {
    const own = await world.subForum(conference, { capacity: 5, roomCap: 10 });
    const other = await world.subForum(conference);
    const token = await world.staff('cohost', conference.id, [own.id]);
    const mine = (body: unknown) => world.change(own.id, body, { token });
    expect(
      await mine({ capacity: 10, walkIn: 'always', reEntry: false, releaseNoShowsAfterMinutes: 10, state: 'closed' }),
    ).toMatchObject({ status: 200 });
    expect(await mine({ capacity: 11 })).toEqual(refused(422, 'capacity_above_room_cap'));
    expect(await mine({ capacity: null })).toEqual(refused(422, 'capacity_above_room_cap'));
    expect(await mine({ capacity: 6, roomCap: 100 })).toEqual(refused(403, 'field_not_allowed'));
    const uncapped = await world.subForum(conference, { capacity: 5 });
    const host = await world.staff('cohost', conference.id, [uncapped.id]);
    expect(await world.change(uncapped.id, { capacity: 6 }, { token: host })).toEqual(
      refused(422, 'capacity_above_room_cap'),
    );
    expect((await world.change(uncapped.id, { capacity: 4 }, { token: host })).status).toBe(200);
    expect(await mine({ title: { en: 'Mine' } })).toEqual(refused(403, 'field_not_allowed'));
    expect((await world.change(other.id, { capacity: 1 }, { token })).status).toBe(403);
    expect((await world.call('POST', `/sub-forums/${own.id}/cancel`, { token, body: {} })).status).toBe(403);
    expect(
      (
        await world.call('POST', `/conferences/${conference.slug}/sub-forums`, {
          token,
          body: {
            code: 'x',
            title: { en: 'x' },
            room: 'x',
            startsAt: '2026-05-21T09:00:00Z',
            endsAt: '2026-05-21T10:00:00Z',
          },
        })
      ).status,
    ).toBe(403);
    const stranger = await world.staff('organiser', newId());
    expect((await world.change(own.id, { capacity: 1 }, { token: stranger })).status).toBe(404);
  });

  it('evicts nobody when lowered, promotes in order when raised, and says so beforehand', async () => {
    const one = await world.subForum(conference, { capacity: 4 });
    const people = await world.seat(one, 7);
    expect((await world.change(one.id, { capacity: 2 })).body).toMatchObject({
      over: 2,
      promoted: [],
      subForum: { confirmed: 4, waitlisted: 3, seatsLeft: 0 },
    });
    expect(await world.counters(one.id)).toMatchObject({ confirmed: 4, seat_limit: 4 });

    // Two releases bring it down to the capacity, and nobody is promoted before.
    await world.take([world.releases(one, people[0] as string), world.releases(one, people[1] as string)]);
    expect(await world.counters(one.id)).toMatchObject({ confirmed: 2, waitlisted: 3, seat_limit: 2 });
    await world.take([world.releases(one, people[2] as string)]);
    expect(await world.counters(one.id)).toMatchObject({ confirmed: 2, waitlisted: 2, seat_limit: 2 });
    expect((await world.seatsTold(one.id)).at(-1)).toMatchObject({
      registrationId: people[4],
      state: 'confirmed',
      promoted: true,
    });

    const expected = [
      { registrationId: people[5], position: 1 },
      { registrationId: people[6], position: 2 },
    ];
    const before = await world.seatsTold(one.id);
    const foreseen = await world.change(one.id, { capacity: 9 }, { dryRun: true });
    expect(foreseen.body).toMatchObject({
      dryRun: true,
      promoted: expected,
      over: 0,
      subForum: { capacity: 9, confirmed: 4, waitlisted: 0, seatsLeft: 5 },
    });
    expect(await world.seatsTold(one.id)).toEqual(before);
    expect((await world.call('GET', `/sub-forums/${one.id}`)).body).toMatchObject({ capacity: 2, confirmed: 2 });
    expect((await world.change(one.id, { capacity: 9 })).body).toMatchObject({ ...foreseen.body, dryRun: false });
    expect(
      (await world.seatsTold(one.id)).slice(before.length).map((seat) => [seat.registrationId, seat.state]),
    ).toEqual(people.slice(5).map((id) => [id, 'confirmed']));
  });

  it('closed to new requests, still promotes', async () => {
    const one = await world.subForum(conference, { capacity: 1 });
    const [holder, waiter] = await world.seat(one, 2);
    await world.change(one.id, { state: 'closed' });
    const [late] = await world.seat(one, 1);
    await world.take([world.releases(one, holder as string)]);
    expect(
      (await world.seatsTold(one.id)).slice(2).map((seat) => [seat.registrationId, seat.state, seat.reason]),
    ).toEqual([
      [late, 'refused', 'closed'],
      [holder, 'released', 'withdrawn'],
      [waiter, 'confirmed', null],
    ]);
  });

  it('cancelled, releases every seat and refuses every waiter, also requests still under way', async () => {
    const one = await world.subForum(conference, { capacity: 2 });
    const people = await world.seat(one, 3);
    const cancelled = await world.call('POST', `/sub-forums/${one.id}/cancel`, {
      token: world.admin,
      body: { reason: 'The speaker is ill' },
    });
    expect(cancelled).toMatchObject({
      status: 200,
      etag: '"2"',
      body: { state: 'cancelled', confirmed: 0, waitlisted: 0 },
    });
    expect(await world.counters(one.id)).toMatchObject({ confirmed: 0, waitlisted: 0 });
    const [late] = await world.seat(one, 1);
    const told = (await world.seatsTold(one.id))
      .slice(3)
      .map((seat) => [seat.registrationId, seat.state, seat.reason, seat.version]);
    expect(told.slice(0, 2).sort()).toEqual(
      people
        .slice(0, 2)
        .map((id) => [id, 'released', 'sub_forum_cancelled', 2])
        .sort(),
    );
    expect(told.slice(2)).toEqual([
      [people[2], 'refused', 'sub_forum_cancelled', 2],
      [late, 'refused', 'sub_forum_cancelled', 1],
    ]);
    expect(await versions(topics.subForums.name, one.id)).toEqual([
      ['sub-forum.scheduled.v1', 1],
      ['sub-forum.cancelled.v1', 2],
    ]);
    expect((await world.call('POST', `/sub-forums/${one.id}/cancel`, { token: world.admin, body: {} })).etag).toBe(
      '"2"',
    );
    expect(await world.change(one.id, { capacity: 9 })).toEqual(refused(409, 'sub_forum_cancelled'));
  });
});

describe('the waitlist', () => {
  it('is listed in order, in pages, for organisers and its co-hosts', async () => {
    const one = await world.subForum(conference, { capacity: 1 });
    const people = await world.seat(one, 6);
    await world.take([world.releases(one, people[2] as string)]);
    const token = await world.staff('cohost', conference.id, [one.id]);
    const page = async (query: string) =>
      (await world.call('GET', `/sub-forums/${one.id}/waitlist${query}`, { token })).body;
    const first = await page('?limit=3');
    expect(
      first.items.map((one: { registrationId: string; position: number }) => [one.registrationId, one.position]),
    ).toEqual([
      [people[1], 1],
      [people[3], 2],
      [people[4], 3],
    ]);
    expect((await page(`?limit=3&cursor=${first.nextCursor}`)).items).toMatchObject([
      { registrationId: people[5], position: 4, category: 'delegate' },
    ]);
    expect((await world.call('GET', `/sub-forums/${one.id}/waitlist`)).status).toBe(401);
    expect(
      (await world.call('GET', `/sub-forums/${one.id}/waitlist`, { token: await world.staff('desk', conference.id) }))
        .status,
    ).toBe(403);
  });

  it('is passed with a reason alone, on a seat of the reserve; told, audited, 409 when full', async () => {
    const one = await world.subForum(conference, { capacity: 2, reserved: 1 });
    const people = await world.seat(one, 4);
    const promote = (id: string, body: unknown = { reason: 'Guest of honour' }) =>
      world.call('POST', `/sub-forums/${one.id}/waitlist/${id}/promote`, { token: world.admin, body });
    expect((await promote(people[3] as string, { reason: '' })).status).toBe(400);
    expect(await promote(people[3] as string)).toEqual({
      status: 200,
      etag: '',
      body: { registrationId: people[3], subForumId: one.id, state: 'confirmed', passedOver: 2 },
    });
    expect((await world.seatsTold(one.id)).at(-1)).toMatchObject({
      registrationId: people[3],
      state: 'confirmed',
      promoted: true,
      outOfTurn: true,
      version: 2,
    });
    expect(await world.counters(one.id)).toMatchObject({ confirmed: 2, waitlisted: 2, reserved_used: 1 });
    const [audited] = (await world.told(topics.audit.name)).filter((event) => event.body.action === 'waitlist.promote');
    expect(audited?.body).toMatchObject({
      reason: 'Guest of honour',
      target: { kind: 'registration', id: people[3] },
      details: { subForumId: one.id, passedOver: 2 },
    });
    expect(await promote(people[1] as string)).toEqual(refused(409, 'sub_forum_full'));
    expect(await promote(people[3] as string)).toEqual(refused(404, 'not_waiting'));
    expect(await promote(newId())).toEqual(refused(404, 'not_waiting'));
  });
});

describe('time alone', () => {
  it('refuses those who wait at the end, and gives the reserve to them at its instant', async () => {
    const soon = new Date(Date.now() + 400).toISOString();
    const ending = await world.subForum(conference, { capacity: 1, endsAt: soon });
    const reserve = await world.subForum(conference, { capacity: 2, reserved: 1, reservedUntil: soon });
    const [, waiter] = await world.seat(ending, 2);
    const [, promoted] = await world.seat(reserve, 2);
    await until(async () => (await world.seatsTold(ending.id)).length === 3, { what: 'the end' });
    expect((await world.seatsTold(ending.id)).at(-1)).toMatchObject({
      registrationId: waiter,
      state: 'refused',
      reason: 'ended',
    });
    await until(async () => (await world.seatsTold(reserve.id)).length === 3, { what: 'the reserve' });
    expect((await world.seatsTold(reserve.id)).at(-1)).toMatchObject({
      registrationId: promoted,
      state: 'confirmed',
      promoted: true,
      outOfTurn: false,
    });
    expect(Date.now()).toBeLessThan(Date.parse(soon) + 3000);
  });
});
