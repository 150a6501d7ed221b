import { newId } from '@plenary/platform';
import { DoorWorld, iso } from '../door.test-world';

let world: DoorWorld;
beforeAll(async () => {
  world = await DoorWorld.open();
});
afterAll(() => world.close());

describe('doors at the same instant', () => {
  it('two doors of two replicas, one badge, 200 times over: exactly one admitted each time', async () => {
    const { subForumId, gateId } = await world.subForum({ capacity: 500 });
    const other = world.anotherReplica();
    const otherDoor = await world.device({ rooms: ['Hall A'] });
    const wins = { one: 0, other: 0 };
    for (let round = 0; round < 200; round++) {
      const holder = await world.delegate([subForumId]);
      const [one, two] = await Promise.all([
        world.scan(gateId, holder),
        other.scans.scan(world.body(gateId, holder), otherDoor),
      ]);
      const admitted = [one, two].filter((verdict) => verdict.verdict === 'admitted');
      expect(admitted).toHaveLength(1);
      expect([one.reason, two.reason].filter(Boolean)).toEqual(['already_inside']);
      wins[one.verdict === 'admitted' ? 'one' : 'other']++;
    }
    expect(await world.inside(subForumId)).toBe(200);
    expect(wins.one + wins.other).toBe(200);
  }, 60_000);

  it('200 scans of one badge at once: exactly one admitted', async () => {
    const { subForumId, gateId } = await world.subForum();
    const holder = await world.delegate([subForumId]);
    const other = world.anotherReplica();
    const verdicts = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        (n % 2 ? other : world.replica).scans.scan(world.body(gateId, holder), world.door),
      ),
    );
    expect(verdicts.filter((verdict) => verdict.verdict === 'admitted')).toHaveLength(1);
    expect(await world.inside(subForumId)).toBe(1);
  }, 60_000);

  it('50 at once for a room with 10 places left, on two replicas: exactly 10 admitted', async () => {
    const { subForumId, gateId } = await world.subForum({ capacity: 50, roomCap: 10 });
    const holders = [];
    for (let n = 0; n < 50; n++) holders.push(await world.delegate([subForumId]));
    const other = world.anotherReplica();
    const verdicts = await Promise.all(
      holders.map((holder, n) => (n % 2 ? other : world.replica).scans.scan(world.body(gateId, holder), world.door)),
    );
    expect(verdicts.filter((verdict) => verdict.detail === 'first')).toHaveLength(10);
    expect(verdicts.filter((verdict) => verdict.reason === 'room_full')).toHaveLength(40);
    expect(await world.inside(subForumId)).toBe(10);
  });

  it('one scan id many times at once, on two replicas: one row, the same verdict for all', async () => {
    const { subForumId, gateId } = await world.subForum();
    const holder = await world.delegate([subForumId]);
    const other = world.anotherReplica();
    const body = world.body(gateId, holder);
    const verdicts = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? other : world.replica).scans.scan(body, world.door)),
    );
    expect(verdicts.every((verdict) => verdict.verdict === 'admitted')).toBe(true);
    expect(verdicts.filter((verdict) => !verdict.replay)).toHaveLength(1);
    const unknown = world.body(gateId, { ...holder, token: 'rubbish' });
    const refusals = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? other : world.replica).scans.scan(unknown, world.door)),
    );
    expect(refusals.filter((verdict) => !verdict.replay)).toHaveLength(1);
  });

  it('people crossing between two rooms in both directions, on two replicas: nobody is in two, counts are right', async () => {
    const [a, b] = [await world.subForum({ capacity: 100 }), await world.subForum({ room: 'Hall B', capacity: 100 })];
    const people = [];
    for (let n = 0; n < 20; n++) people.push(await world.delegate([a.subForumId, b.subForumId]));
    const other = world.anotherReplica();
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        people.map((who, n) => {
          const gateId = (n + round) % 2 ? a.gateId : b.gateId;
          return (n % 3 ? other : world.replica).scans.scan(world.body(gateId, who), world.door);
        }),
      );
    }
    const open = await world.database.query<{ place: string; count: number }>(
      'SELECT sub_forum_id AS place, count(*)::int AS count FROM stays WHERE exited_at IS NULL AND sub_forum_id = ANY($1::uuid[]) GROUP BY 1',
      [[a.subForumId, b.subForumId]],
    );
    expect(open.reduce((sum, row) => sum + row.count, 0)).toBe(20);
    for (const { place, count } of open) expect(await world.inside(place)).toBe(count);
  });

  it('one that cannot be judged takes no other of its group with it', async () => {
    const { subForumId, gateId } = await world.subForum();
    const holder = await world.delegate([subForumId]);
    const nowhere = world.scan(newId(), holder);
    const admitted = world.scan(gateId, holder);
    await expect(nowhere).rejects.toMatchObject({ status: 404, code: 'not_found' });
    expect(await admitted).toMatchObject({ verdict: 'admitted' });
  });
});

describe('who may scan where', () => {
  it('a device at a gate that it was never bound to: 403; at a new gate of its room: welcome', async () => {
    const { subForumId, gateId } = await world.subForum({ room: 'Hall C' });
    const holder = await world.delegate([subForumId]);
    await expect(world.scan(gateId, holder)).rejects.toMatchObject({ status: 403, code: 'gate_not_bound' });
    const door = await world.device({ rooms: ['Hall C'] });
    expect(await world.scan(gateId, holder, {}, door)).toMatchObject({ verdict: 'admitted' });
    const next = await world.subForum({ room: 'Hall C' });
    await world.seat(holder.registrationId, next.subForumId);
    expect(await world.scan(next.gateId, holder, {}, door)).toMatchObject({ verdict: 'admitted' });
  });

  it('a device that was rebound: the scans of before are taken, new ones at the old gate are not', async () => {
    const hour = 3_600_000;
    const { subForumId, gateId } = await world.subForum({ room: 'Hall D', startsAt: iso(Date.now() - 3 * hour) });
    const holder = await world.delegate([subForumId]);
    const door = await world.device({ rooms: ['Hall D'] });
    await world.device({ rooms: ['Hall B'] }, { deviceId: door.id, at: Date.now() - hour });
    const { results } = await world.upload(
      [
        world.body(gateId, holder, { scannedAt: iso(Date.now() - 2 * hour), acted: 'admitted' }),
        world.body(gateId, holder, { direction: 'exit', acted: 'exited' }),
      ],
      door,
    );
    expect(results).toMatchObject([{ verdict: 'admitted' }, { status: 403, code: 'gate_not_bound' }]);
  });

  it('staff at the desk or a supervisor at any gate of their conference; strangers find no gate', async () => {
    const { subForumId, gateId } = await world.subForum({ room: 'Hall E' });
    const holder = await world.delegate([subForumId]);
    const admitted = await world.scan(gateId, holder, {}, world.supervisor);
    expect(admitted).toMatchObject({ verdict: 'admitted' });
    const elsewhere = [{ conferenceId: newId(), role: 'supervisor' as const, subForumIds: [] }];
    const strangers = [
      { ...world.supervisor, grants: elsewhere },
      { kind: 'device' as const, id: newId(), conferenceId: newId() },
    ];
    for (const stranger of strangers) {
      await expect(world.scan(gateId, holder, {}, stranger)).rejects.toMatchObject({ status: 404 });
    }
    const cohost = [{ conferenceId: world.conferenceId, role: 'cohost' as const, subForumIds: [subForumId] }];
    await expect(world.scan(gateId, holder, {}, { ...world.supervisor, grants: cohost })).rejects.toMatchObject({
      status: 403,
      code: 'role_required',
    });
  });

  it('a revoked device is known as such at once', async () => {
    const door = await world.device({ venue: true });
    expect(await world.devices.find(door.id)).toMatchObject({ state: 'enrolled', tokenGeneration: 1 });
    await world.device({ venue: true }, { deviceId: door.id, state: 'revoked' });
    expect(await world.devices.find(door.id)).toMatchObject({ state: 'revoked' });
    expect(await world.devices.find(newId())).toBeUndefined();
  });
});
