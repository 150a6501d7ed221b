import type { Gate, GateState } from '@plenary/contracts';
import { type Caller, newId } from '@plenary/platform';
import { DoorWorld } from '../door.test-world';
import { CheckInSnapshots } from '../snapshots/check-ins.snapshots';
import { GateSnapshots } from '../snapshots/gates.snapshots';

let world: DoorWorld;
let organiser: Caller;
beforeAll(async () => {
  world = await DoorWorld.open();
  organiser = {
    kind: 'staff',
    id: newId(),
    admin: false,
    grants: [{ conferenceId: world.conferenceId, role: 'organiser', subForumIds: [] }],
  };
});
afterAll(() => world.close());

const list = (caller: Caller, query: { limit?: number; cursor?: string; subForum?: string } = {}) =>
  world.replica.gates.list({ params: { slug: world.slug }, query: { limit: 50, ...query }, body: undefined }, caller);
const get = async (id: string, caller = organiser) => (await world.replica.gates.get(id, caller)).body;
const change = (id: string, body: Partial<Gate>, ifMatch = '*', caller = organiser) =>
  world.replica.gates.change({ params: { id }, query: {}, body: body as never }, caller, ifMatch);

describe('gates', () => {
  it('each sub-forum and the venue get one, once, told at version 1; it follows when the room changes', async () => {
    const { subForumId, gateId } = await world.subForum({ room: 'Hall K' });
    await world.subForum({ subForumId, room: 'Hall K' });
    expect((await list(organiser, { subForum: subForumId })).items).toMatchObject([
      {
        ...{ id: gateId, subForumId, name: 'Hall K', direction: 'both', open: true, opensBeforeMinutes: 30 },
        ...{ closesAfterMinutes: 0, opensAt: null, closesAt: null, rosterMaxAgeMinutes: 240 },
      },
    ]);
    expect(await get(world.venueGate)).toMatchObject({ subForumId: null, name: 'Centre' });
    await world.subForum({ subForumId, room: 'Hall L' });
    expect((await get(gateId)).name).toBe('Hall L');
    await change(gateId, { name: 'North door' });
    await world.subForum({ subForumId, room: 'Hall M' });
    expect((await get(gateId)).name).toBe('North door');
    const told = (await world.published<GateState>('gate.changed.v1')).filter((event) => event.gateId === gateId);
    expect(told.map(({ version, name }) => [version, name])).toEqual([
      [1, 'Hall K'],
      [2, 'Hall L'],
      [3, 'North door'],
    ]);
  });

  it('is changed under its ETag, and the change is on record', async () => {
    const { subForumId, gateId } = await world.subForum();
    const read = await world.replica.gates.get(gateId, organiser);
    expect(read.options.etag).toBe('"1"');
    const changed = await change(gateId, { open: false, closesAfterMinutes: 15, open_: 1 } as never, '1');
    expect(changed).toMatchObject({ body: { open: false, closesAfterMinutes: 15 }, options: { etag: '"2"' } });
    await expect(change(gateId, { open: true }, '1')).rejects.toMatchObject({ status: 412 });
    expect((await change(gateId, { open: false }, '2')).options.etag).toBe('"2"');
    const holder = await world.delegate([subForumId]);
    expect(await world.scan(gateId, holder)).toMatchObject({ reason: 'gate_closed' });
    const records = await world.published<{ action: string; target: { id: string }; details: object }>(
      'audit.recorded.v1',
    );
    expect(records.filter((record) => record.target.id === gateId)).toMatchObject([
      { action: 'gate.change', details: { changed: 'open closesAfterMinutes' } },
    ]);
  });

  it('a further one is made once per key; of a sub-forum that does not exist: 422', async () => {
    const { subForumId } = await world.subForum();
    const settings = {
      ...{ name: 'Side door', subForumId, direction: 'entry' as const, open: true, opensBeforeMinutes: 10 },
      ...{ closesAfterMinutes: 5, opensAt: null, closesAt: null, reEntry: true, categories: ['vip'] },
      ...{ missedExit: true, rosterMaxAgeMinutes: 60 },
    };
    const key = { scope: 'test', key: newId(), requestHash: 'one' };
    const create = (body: typeof settings) =>
      world.replica.gates.create({ params: { slug: world.slug }, query: {}, body }, organiser, key);
    const made = await create(settings);
    expect(made.body).toMatchObject(settings);
    expect((await create(settings)).body).toEqual(made.body);
    expect((await list(organiser, { subForum: subForumId })).items).toHaveLength(2);
    const unknown = { ...settings, subForumId: newId() };
    await expect(create(unknown)).rejects.toMatchObject({ status: 422, code: 'sub_forum_unknown' });
    const holder = await world.delegate([subForumId]);
    expect(await world.scan(made.body.id, holder)).toMatchObject({ reason: 'category' });
  });

  it('a door sees its own, a co-host those of its sub-forums, a stranger none; pages join', async () => {
    const { subForumId, gateId } = await world.subForum({ room: 'Hall Q' });
    const door = await world.device({ rooms: ['Hall Q'] });
    expect((await list(door)).items.map((gate) => gate.id)).toEqual([gateId]);
    await expect(get(world.venueGate, door)).rejects.toMatchObject({ status: 404 });
    const cohost: Caller = {
      kind: 'staff',
      id: newId(),
      admin: false,
      grants: [{ conferenceId: world.conferenceId, role: 'cohost', subForumIds: [subForumId] }],
    };
    expect((await list(cohost)).items.map((gate) => gate.id)).toEqual([gateId]);
    await expect(change(world.venueGate, { open: false }, '*', cohost)).rejects.toMatchObject({ status: 403 });
    expect((await change(gateId, { opensBeforeMinutes: 20 }, '*', cohost)).body.opensBeforeMinutes).toBe(20);
    for (const body of [{ categories: ['vip'] }, { direction: 'exit' }, { open: true, name: 'Mine' }] as const) {
      await expect(change(gateId, body as Partial<Gate>, '*', cohost)).rejects.toMatchObject({
        status: 403,
        code: 'field_not_allowed',
      });
    }
    const stranger: Caller = { kind: 'staff', id: newId(), admin: false, grants: [] };
    await expect(list(stranger)).rejects.toMatchObject({ status: 404 });
    const all = (await list(organiser, { limit: 200 })).items.map((gate) => gate.id);
    const paged: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await list(organiser, { limit: 2, ...(cursor ? { cursor } : {}) });
      paged.push(...page.items.map((gate) => gate.id));
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(all);
  });

  it('snapshots repeat gates and the whole ledger of the doors, with the versions told last', async () => {
    const { subForumId, gateId } = await world.subForum();
    const holder = await world.delegate([subForumId]);
    const { scanId } = await world.scan(gateId, holder);
    await world.undo(scanId);
    await world.upload([
      world.body(gateId, holder, { acted: 'admitted' }),
      world.body(gateId, holder, { acted: 'admitted' }),
    ]);
    for (const source of [new GateSnapshots(), new CheckInSnapshots()]) {
      const told = new Map<string, number>();
      const events = await world.database.query<{ subject: string; body: { version: number } }>(
        'SELECT subject, body FROM outbox WHERE topic = $1 ORDER BY id',
        [source.topic.name],
      );
      for (const { subject, body } of events) told.set(subject, body.version);
      const repeated = new Map<string, number>();
      for (let after: string | null = null, more = true; more; ) {
        const page = await world.database.transaction((tx) => source.page(tx, after, 3));
        for (const { definition, body } of page.events) {
          expect(definition.body.safeParse(body).error).toBeUndefined();
          repeated.set(definition.subject(body as never), body.version as number);
        }
        after = page.next;
        more = after !== null;
      }
      expect(repeated).toEqual(told);
      for (const subject of told.keys()) {
        const one = await world.database.transaction((tx) => source.one(tx, subject));
        expect(one.map(({ body }) => body.version)).toEqual([told.get(subject)]);
      }
      expect(await world.database.transaction((tx) => source.one(tx, 'nobody'))).toEqual([]);
    }
  });
});
