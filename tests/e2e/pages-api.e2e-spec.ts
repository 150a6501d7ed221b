import { type AnswerOf, Client, type RouteDefinition, routes, services } from '@plenary/contracts';
import { stack, until } from '@plenary/testing';
import { withTwoReplicas } from './two-replicas';
import { badgeOf, Conference, choiceBecomes, minutes, problemOf, scan } from './world';

/** What the pages ask for beyond registering and scanning: calendar, search at a gate, live counts, walls, figures. */

/** The same caller at one replica of a service. */
const replicaOf = (service: (typeof services)[number], index: number, client: Client) =>
  new Client(stack().urls[service][index] as string, client.token);

/** Reads a live view until it ends, or is closed. */
class Listener<Route extends RouteDefinition> {
  readonly seen: { id: string | undefined; data: AnswerOf<Route> }[] = [];
  isOver = false;
  private readonly cut = new AbortController();
  private readonly reading: Promise<void>;

  constructor(client: Client, route: Route, params: Record<string, string> = {}, lastEventId?: string) {
    this.reading = (async () => {
      const options = { signal: this.cut.signal, ...(lastEventId ? { lastEventId } : {}) };
      for await (const event of client.watch(route, { params } as never, options)) this.seen.push(event);
    })()
      .catch((error: unknown) => {
        if (!this.cut.signal.aborted) throw error;
      })
      .finally(() => {
        this.isOver = true;
      });
  }

  get last(): AnswerOf<Route> | undefined {
    return this.seen.at(-1)?.data;
  }

  async close(): Promise<void> {
    this.cut.abort();
    await this.reading;
  }
}

describe('the own calendar', () => {
  it('holds what is confirmed and what is waited for, and follows the programme', async () => {
    const conference = await Conference.create();
    const title = {
      en: 'Ports, rivers; and 🚢',
      'zh-CN': '港口，河流；以及未来城市的可持续发展与数字治理高峰论坛，港口与城市',
    };
    const seat = await conference.subForum({ title, room: '302', floor: '3F' });
    const full = await conference.subForum({ capacity: 0, startsAt: minutes(30), endsAt: minutes(40) });
    const delegate = await conference.register([seat.id, full.id]);
    await choiceBecomes(delegate, seat.id, 'confirmed');
    await choiceBecomes(delegate, full.id, 'waitlisted');
    const { body, headers } = await delegate.client.request(routes.getOwnCalendar);
    expect(headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    expect(headers.get('content-disposition')).toBe('attachment; filename="plenary.ics"');
    const text = body as unknown as string;
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    const entries = (file: string) =>
      file
        .replaceAll('\r\n ', '')
        .split('BEGIN:VEVENT\r\n')
        .slice(1)
        .map((entry) =>
          Object.fromEntries(
            entry.split('\r\n').map((line) => [line.split(':')[0], line.slice(line.indexOf(':') + 1)]),
          ),
        );
    const stamp = (at: string) =>
      new Date(at)
        .toISOString()
        .replace(/\.\d+Z$/, 'Z')
        .replace(/[-:]/g, '');
    const [first, second] = entries(text);
    expect(first).toMatchObject({
      UID: expect.stringContaining(seat.id),
      STATUS: 'CONFIRMED',
      SUMMARY: title['zh-CN'],
      LOCATION: '302\\, 3F\\, Test venue',
      DTSTART: stamp(seat.startsAt),
      DTEND: stamp(seat.endsAt),
    });
    expect(second).toMatchObject({ STATUS: 'TENTATIVE', SUMMARY: full.title.en });
    await conference.change(seat.id, { startsAt: minutes(12) });
    const moved = await until(
      async () => {
        const [entry] = entries((await delegate.client.call(routes.getOwnCalendar)) as unknown as string);
        return entry?.DTSTART === first?.DTSTART ? undefined : entry;
      },
      { what: 'the calendar to follow' },
    );
    expect(moved?.UID).toBe(first?.UID);
    expect(Number(moved?.SEQUENCE)).toBeGreaterThan(Number(first?.SEQUENCE));
  });
});

describe('finding a person at a gate', () => {
  it('scenario 28: two Latin letters are refused, two hanzi find the person, and no e-mail is in the answer', async () => {
    const conference = await Conference.create();
    const { subForum, gate, door } = await conference.room();
    const holder = await conference.register([subForum.id]);
    const other = await conference.subForum({ title: { en: 'Water' } });
    const elsewhere = await conference.register([other.id], {
      person: { name: '欧阳修', email: `${crypto.randomUUID()}@delegates.example`, phone: '+86 10 1234' },
    });
    await badgeOf(holder);
    await badgeOf(elsewhere);
    const search = (q: string, client = door.client) =>
      client.call(routes.searchAtGate, { params: { id: gate.id }, query: { q } });
    expect(await problemOf(search('ou'))).toMatchObject({ status: 422, code: 'search_too_short' });
    expect(await problemOf(search('欧'))).toMatchObject({ status: 422, code: 'search_too_short' });
    const found = await until(
      async () => {
        const answer = await search('欧阳');
        const whole = answer.items.length === 2 && answer.items.every(({ badge }) => badge === 'valid');
        return whole && answer.items[0]?.seat === 'confirmed' && answer.items[1]?.seatElsewhere ? answer : undefined;
      },
      { what: 'the door to know both' },
    );
    expect(found.items).toEqual([
      {
        ...{ registrationId: holder.id, name: '欧阳明慧', latinName: 'OUYANG Minghui', organisation: 'Data Bureau' },
        ...{ category: 'delegate', status: 'approved', seat: 'confirmed', inside: false, badge: 'valid' },
      },
      {
        ...{ registrationId: elsewhere.id, name: '欧阳修', category: 'delegate', status: 'approved', seat: 'none' },
        ...{ seatElsewhere: { title: { en: 'Water' }, room: other.room }, inside: false, badge: 'valid' },
      },
    ]);
    expect(JSON.stringify(found)).not.toMatch(/@|delegates\.example|1234/);
    expect((await search('minghui')).items.map(({ registrationId }) => registrationId)).toEqual([holder.id]);
    await scan(door, gate, await badgeOf(holder));
    expect((await search('minghui')).items[0]?.inside).toBe(true);

    const wrongDoor = await conference.door({ venue: true });
    expect(await problemOf(search('minghui', wrongDoor.client))).toMatchObject({ status: 403, code: 'gate_not_bound' });
    const foreign = await (await Conference.create()).door({ venue: true });
    expect(await problemOf(search('minghui', foreign.client))).toMatchObject({ status: 404 });

    const audited = await until(
      async () => {
        const { items } = await conference.organiser.call(routes.listAudit, {
          params: { slug: conference.slug },
          query: { action: 'gate.search' },
        });
        return items.length >= 3 ? items : undefined;
      },
      { what: 'the searches in the audit trail' },
    );
    expect(audited.every(({ actor, target }) => actor.kind === 'device' && target.id === gate.id)).toBe(true);
    expect(JSON.stringify(audited)).not.toMatch(/minghui|欧阳/i);
  });
});

withTwoReplicas('live counts of a gate', (it) => {
  it('come from either replica, go on where a client left off, and end with the device', async () => {
    const conference = await Conference.create();
    const { subForum, gate, door } = await conference.room({ capacity: 5, walkIn: 'always' });
    const holder = await conference.register([subForum.id]);
    const token = await badgeOf(holder);
    const at = (index: number, lastEventId?: string) =>
      new Listener(replicaOf('check-in', index, door.client), routes.watchGate, { id: gate.id }, lastEventId);
    const streams = [at(0), at(1)];
    await until(() => streams.every(({ last }) => last?.walkInPlaces === 4), { what: 'the counts on both replicas' });
    expect(streams[0]?.last).toMatchObject({ gateId: gate.id, inside: 0, cap: 5 });
    await scan(door, gate, token);
    await until(() => streams.every(({ last }) => last?.inside === 1), { what: 'one inside on both replicas' });
    const [first, second] = streams as [(typeof streams)[number], (typeof streams)[number]];
    const id = first.seen.at(-1)?.id;
    await first.close();
    const resumed = at(1, id);
    await scan(door, gate, token, { direction: 'exit' });
    await until(() => resumed.last?.inside === 0, { what: 'nobody inside' });
    expect(resumed.seen).toHaveLength(1);
    await conference.organiser.call(routes.revokeDevice, { params: { id: door.id } });
    await until(() => resumed.isOver && second.isOver, { timeoutMs: 5000, what: 'the streams to end' });
    const refused = await problemOf(
      door.client.call(routes.searchAtGate, { params: { id: gate.id }, query: { q: 'somebody' } }),
    );
    expect(refused).toMatchObject({ status: 401, code: 'device_revoked' });
  });
});

withTwoReplicas('a wall', (it) => {
  it('shows counts as they move, on either replica, until its link is revoked', async () => {
    const conference = await Conference.create();
    const { subForum, gate, door } = await conference.room();
    const params = { slug: conference.slug };
    const { token, id } = await conference.organiser.call(routes.createWallLink, { params, body: { name: 'Lobby' } });
    const wall = stack().client.as(token);
    const shown = await until(
      async () => {
        const answer = await wall.call(routes.getWall);
        return answer.subForums.length === 1 ? answer : undefined;
      },
      { what: 'the sub-forum on the wall' },
    );
    expect(shown.conference).toEqual({ name: { en: `Conference ${conference.slug}` }, timeZone: 'Asia/Shanghai' });
    expect(shown.subForums[0]).toMatchObject({
      subForumId: subForum.id,
      room: subForum.room,
      capacity: 100,
      inside: 0,
    });
    const streams = [0, 1].map((index) => new Listener(replicaOf('attendance', index, wall), routes.watchWall));
    const holder = await conference.register([subForum.id]);
    await scan(door, gate, await badgeOf(holder));
    await until(
      () =>
        streams.every(({ last }) => {
          const [room] = last?.subForums ?? [];
          return room?.confirmed === 1 && room.inside === 1 && room.admitted === 1;
        }),
      { what: 'the admission on both replicas' },
    );
    expect(JSON.stringify(streams.map(({ seen }) => seen))).not.toContain('欧阳');
    expect((await conference.organiser.call(routes.listWallLinks, { params })).items).toEqual([
      { id, name: 'Lobby', createdAt: expect.any(String) },
    ]);
    await conference.organiser.call(routes.revokeWallLink, { params: { id } });
    await until(() => streams.every(({ isOver }) => isOver), { timeoutMs: 2000, what: 'the screens to go dark' });
    expect(await problemOf(wall.call(routes.getWall))).toMatchObject({ status: 401, code: 'credentials_invalid' });
  });
});

describe('figures for organisers', () => {
  it('count registrations by status, and those who wait', async () => {
    const conference = await Conference.create();
    const full = await conference.subForum({ capacity: 0 });
    const delegates = [
      await conference.register([full.id]),
      await conference.register(),
      await conference.register(),
      await conference.register(),
    ];
    await choiceBecomes(delegates[0] as never, full.id, 'waitlisted');
    await conference.organiser.call(routes.declineRegistration, {
      params: { id: delegates[1]?.id as string },
      body: {},
    });
    await delegates[2]?.client.call(routes.cancelOwnRegistration);
    const params = { slug: conference.slug };
    expect(await conference.organiser.call(routes.registrationCounts, { params })).toEqual({
      total: 4,
      byStatus: { pending: 0, approved: 2, declined: 1, cancelled: 1 },
      waitlisted: 1,
    });
    const refused = await problemOf(
      delegates[0]?.client.call(routes.registrationCounts, { params }) as Promise<unknown>,
    );
    expect(refused).toMatchObject({ status: 403, code: 'role_required' });
  });

  it('a list is searched by name, spelling, mailbox and organisation', async () => {
    const conference = await Conference.create();
    const domain = `d${crypto.randomUUID().slice(0, 8)}.example`;
    const made = await conference.register([], {
      person: { name: '王 小明', latinName: 'WÁNG Xiaoming', email: `ming@${domain}`, organisation: 'Ports of Åland' },
    });
    await conference.register();
    const found = async (q: string) =>
      (
        await conference.organiser.call(routes.listRegistrations, { params: { slug: conference.slug }, query: { q } })
      ).items.map(({ id }) => id);
    for (const q of ['小明', '王小明', 'wang', 'xiaoming wang', 'MING@', domain, 'aland', 'ports OF']) {
      expect([q, await found(q)]).toEqual([q, [made.id]]);
    }
    expect(await found('nobody')).toEqual([]);
  });
});
