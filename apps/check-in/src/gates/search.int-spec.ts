import { type FoundAtGate, type RegistrationState, routes } from '@plenary/contracts';
import { type Caller, newId } from '@plenary/platform';
import { DoorWorld, iso, minute } from '../door.test-world';

let world: DoorWorld;
beforeEach(async () => {
  world = await DoorWorld.open();
});
afterEach(() => world?.close());

const problem = (status: number, code: string) => expect.objectContaining({ status, code });
const named = (name: string, latinName: string | null = null) =>
  ({
    person: { name, latinName, email: 'secret@example.org', organisation: null, jobTitle: null, country: null },
  }) as Partial<RegistrationState>;

async function search(gateId: string, q: string, caller: Caller = world.door): Promise<FoundAtGate[]> {
  const answer = await world.replica.search.search({ params: { id: gateId }, query: { q }, body: undefined }, caller);
  expect(routes.searchAtGate.answer.parse(answer)).toEqual(answer);
  return answer.items;
}
const names = async (gateId: string, q: string, caller?: Caller) =>
  (await search(gateId, q, caller)).map(({ name }) => name);

describe('finding a person at a gate', () => {
  it('by part of the name or its Latin spelling, without case, accents and order of words', async () => {
    const { gateId } = await world.subForum();
    await world.delegate([], named('欧阳明慧', 'OUYANG Minghui'));
    await world.delegate([], named('𠮷野 太郎', 'Yoshino Taro'));
    await world.delegate([], named('José Åström-Łukasz'));
    await world.delegate([], named('100% Anna_B'));
    for (const [q, found] of [
      ['欧阳', ['欧阳明慧']],
      ['明慧', ['欧阳明慧']],
      ['欧阳 明慧', ['欧阳明慧']],
      ['欧 阳', ['欧阳明慧']],
      ['𠮷野', ['𠮷野 太郎']],
      ['𠮷野太郎', ['𠮷野 太郎']],
      ['ouyang', ['欧阳明慧']],
      ['minghui  OUYANG', ['欧阳明慧']],
      ['yang ming', ['欧阳明慧']],
      ['jose', ['José Åström-Łukasz']],
      ['ÅSTROM', ['José Åström-Łukasz']],
      ['lukasz', ['José Åström-Łukasz']],
      ['anna_b', ['100% Anna_B']],
      ['ann%b', []],
      ['ann_', []],
      ['secret', []],
      ["'; DROP TABLE gates; --", []],
      ['ouyang taro', []],
    ] as const) {
      expect([q, await names(gateId, q)]).toEqual([q, found]);
    }
    for (const q of ['', '欧', 'ou', 'o y', '%%%', '1234']) {
      await expect(search(gateId, q)).rejects.toThrow(problem(422, 'search_too_short'));
    }
  });

  it('shows what a door needs to see, and nothing more', async () => {
    const { subForumId, gateId } = await world.subForum();
    const later = { startsAt: iso(Date.now() + 60 * minute), endsAt: iso(Date.now() + 90 * minute) };
    const other = await world.subForum({ ...later, room: 'Hall B', title: { en: 'Water', 'zh-CN': '水' } });
    const [inside, first, waits, elsewhere, revoked, none] = [
      await world.delegate([subForumId], named('Delegate B')),
      await world.delegate([], named('Delegate A')),
      await world.delegate([], named('Delegate C')),
      await world.delegate([other.subForumId], { ...named('Delegate D'), category: 'press' }),
      await world.delegate([], named('Delegate E')),
      { registrationId: newId() },
    ];
    await world.registration(none.registrationId, { ...named('Delegate F'), status: 'pending' });
    await world.seat(first.registrationId, subForumId, { state: 'waitlisted', place: 4 });
    await world.seat(waits.registrationId, subForumId, { state: 'waitlisted', place: 9 });
    await world.seat(revoked.registrationId, subForumId, { state: 'released', place: null });
    await world.revoke(revoked);
    await world.scan(gateId, inside);
    const of = { category: 'delegate', status: 'approved', inside: false, badge: 'valid' };
    const item = ({ registrationId }: { registrationId: string }, name: string, more: object) => ({
      registrationId,
      name,
      ...of,
      ...more,
    });
    expect(await search(gateId, 'delegate')).toEqual([
      item(inside, 'Delegate B', { seat: 'confirmed', inside: true }),
      item(first, 'Delegate A', { seat: 'waitlisted', position: 1 }),
      item(waits, 'Delegate C', { seat: 'waitlisted', position: 2 }),
      item(elsewhere, 'Delegate D', {
        seat: 'none',
        category: 'press',
        seatElsewhere: { title: { en: 'Water', 'zh-CN': '水' }, room: 'Hall B' },
      }),
      item(revoked, 'Delegate E', { seat: 'none', badge: 'revoked' }),
      item(none, 'Delegate F', { seat: 'none', badge: 'none', status: 'pending' }),
    ]);
    // At the venue a seat is no question; where one is awaited, is.
    const [atVenue] = await search(world.venueGate, 'delegate b');
    expect(atVenue).toMatchObject({ seat: 'none', inside: false, seatElsewhere: { room: 'Hall A' } });
    await world.scan(world.venueGate, inside);
    expect((await search(world.venueGate, 'delegate b'))[0]?.inside).toBe(true);
    await world.erase(inside.registrationId);
    expect(await names(gateId, 'delegate b')).toEqual([]);
  });

  it('10 rows for a door and 20 for staff, each search audited without what was typed', async () => {
    const { gateId } = await world.subForum();
    const made = [];
    for (let n = 0; n < 25; n += 1)
      made.push(await world.delegate([], named(`Somebody ${String(n).padStart(2, '0')}`)));
    const found = await search(gateId, 'somebody');
    expect(found.map(({ registrationId }) => registrationId)).toEqual(
      made.slice(0, 10).map(({ registrationId }) => registrationId),
    );
    expect(await search(gateId, 'somebody', world.supervisor)).toHaveLength(20);
    await expect(search(gateId, 'so')).rejects.toThrow(problem(422, 'search_too_short'));
    const told = await world.published('audit.recorded.v1');
    expect(told).toMatchObject([
      {
        conferenceId: world.conferenceId,
        actor: { kind: 'device', id: world.door.id },
        action: 'gate.search',
        target: { kind: 'gate', id: gateId },
        details: { found: 10, registrationIds: found.map(({ registrationId }) => registrationId).join(' ') },
      },
      { actor: { kind: 'staff', id: world.supervisor.id }, details: { found: 20 } },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/somebody/i);
  });

  it('only at gates that the caller may use, and among people of their conference', async () => {
    const { gateId } = await world.subForum();
    const foreign = newId();
    await world.announce(foreign, `other-${foreign}`, world.keyId + 1);
    await world.delegate([], { ...named('Foreign Person'), conferenceId: foreign });
    expect(await names(gateId, 'foreign')).toEqual([]);
    const elsewhere = await world.device({ rooms: ['Hall B'] });
    await expect(search(gateId, 'anybody', elsewhere)).rejects.toThrow(problem(403, 'gate_not_bound'));
    await expect(search(newId(), 'anybody')).rejects.toThrow(problem(404, 'not_found'));
    const stranger: Caller = { kind: 'device', id: newId(), conferenceId: foreign };
    await expect(search(gateId, 'anybody', stranger)).rejects.toThrow(problem(404, 'not_found'));
    const cohost: Caller = {
      ...world.supervisor,
      grants: [{ conferenceId: world.conferenceId, role: 'cohost', subForumIds: [] }],
    };
    await expect(search(gateId, 'anybody', cohost)).rejects.toThrow(problem(403, 'role_required'));
  });
});

describe('the counts at a gate', () => {
  /** Collects what a stream tells until it ends. */
  async function watch(gateId: string, caller: Caller = world.door, lastEventId?: string) {
    const stream = await world.replica.counter.watch(gateId, caller, lastEventId);
    return stream[Symbol.asyncIterator]();
  }
  const next = async (stream: Awaited<ReturnType<typeof watch>>) => {
    const { value } = (await stream.next()) as { value: { id: string; data: { inside: number } } };
    expect(routes.watchGate.answer.parse(value.data)).toEqual(value.data);
    return value;
  };

  it('are told at once and after each change, by ids that any replica can go on from', async () => {
    const { subForumId, gateId } = await world.subForum({ capacity: 3, walkIn: 'from_start' });
    const people = [await world.delegate([subForumId]), await world.delegate([subForumId])];
    const stream = await watch(gateId);
    expect((await next(stream)).data).toMatchObject({ gateId, inside: 0, cap: 3, walkInPlaces: 3 });
    await world.scan(gateId, people[0] as never);
    const entered = await next(stream);
    expect(entered.data).toMatchObject({ inside: 1, cap: 3, walkInPlaces: 2 });
    // Another replica says nothing twice.
    const resumed = await watch(gateId, world.supervisor, entered.id);
    const told = next(resumed);
    await world.scan(gateId, people[0] as never, { direction: 'exit' });
    expect((await told).data).toMatchObject({ inside: 0 });
    await world.subForum({ subForumId, capacity: 3, roomCap: 5, walkIn: 'always' });
    const wider = await next(resumed);
    expect(wider.data).toMatchObject({ cap: 5, walkInPlaces: 4 });
    await stream.return?.();
    await resumed.return?.();
  });

  it('of the venue have no cap; places follow the seats that are taken', async () => {
    const venue = await watch(world.venueGate);
    expect((await next(venue)).data).toMatchObject({ inside: 0, cap: null, walkInPlaces: null });
    const { subForumId, gateId } = await world.subForum({ capacity: 5, walkIn: 'always' });
    const stream = await watch(gateId);
    expect((await next(stream)).data).toMatchObject({ walkInPlaces: 5 });
    const holder = await world.delegate([subForumId]);
    expect((await next(stream)).data).toMatchObject({ inside: 0, walkInPlaces: 4 });
    await world.scan(world.venueGate, holder);
    expect((await next(venue)).data).toMatchObject({ inside: 1 });
    await venue.return?.();
    await stream.return?.();
  });

  it('end when the device is revoked, and are not for one that stands elsewhere', async () => {
    const { gateId } = await world.subForum();
    const device = await world.device({ rooms: ['Hall A'] });
    const stream = await watch(gateId, device);
    await next(stream);
    const ended = stream.next();
    await world.device({ rooms: ['Hall A'] }, { deviceId: device.id, state: 'revoked' });
    expect(await ended).toEqual({ done: true, value: undefined });
    const elsewhere = await world.device({ rooms: ['Hall B'] });
    await expect(watch(gateId, elsewhere)).rejects.toThrow(problem(403, 'gate_not_bound'));
    await expect(watch(newId())).rejects.toThrow(problem(404, 'not_found'));
  });
});
