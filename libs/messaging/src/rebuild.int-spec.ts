import { testDatabase, testKafka, until } from '@plenary/testing';
import { type EventContext, OnEvents, outgoing, publish, requestRebuild, type SnapshotSource } from './index';
import { keepSeen, type Thing, testWorld, type World } from './messaging.test-world';

describe('a rebuild', () => {
  let world: World;
  let seen: Awaited<ReturnType<typeof keepSeen>>;
  beforeEach(async () => {
    world = await testWorld(await testDatabase('attendance'), await testKafka());
    seen = await keepSeen(world);
  }, 20_000);
  afterEach(() => world.close(), 20_000);

  it('empties what a topic has filled, forgets its versions and what is parked, and has the owner tell it anew', async () => {
    const { topic, changed, snapshot, erased } = world.contract;
    let broken = true;
    class Noting {
      @OnEvents(topic, [changed, snapshot], { tables: ['seen'] })
      async on(event: Thing, context: EventContext) {
        if (broken && event.body.text === '!') throw new RangeError('broken');
        await seen.note(event, context);
      }
    }
    const owner: SnapshotSource = {
      topic,
      page: async () => ({
        events: ['a', 'bad', 'gone'].map((thing) => outgoing(snapshot, { version: 3, thing, text: 'whole' })),
        next: null,
      }),
      one: async () => [],
    };
    await world.consume(Noting, world.messaging({ sources: [owner] }));
    for (const [version, text] of [
      [1, ''],
      [2, '!'],
      [3, ''],
    ] as const) {
      await world.tell('a', version);
      await world.tell('bad', version, text);
    }
    await world.database.transaction((tx) => publish(tx, erased, { version: 1, thing: 'gone', text: '' }));
    const parked = () => world.database.query('SELECT version FROM parked ORDER BY "offset"');
    await until(async () => (await parked()).length === 2 && (await seen.of('a')).length === 3, { what: 'all heard' });
    await until(async () => (await tombstones(world)) === 1, { what: 'the tombstone' });
    broken = false;

    await requestRebuild(world.brokers, world.service);
    await until(async () => (await seen.of('bad')).includes('3whole'), { what: 'the snapshots' });
    expect(await seen.of('a')).toEqual(['3whole']);
    expect(await seen.of('bad')).toEqual(['3whole']);
    expect(await parked()).toEqual([]);
    expect(await tombstones(world)).toBe(1);
    await world.tell('a', 4);
    await world.tell('gone', 4);
    await world.tell('a', 5);
    await until(async () => (await seen.of('a')).length === 3, { what: 'what comes afterwards' });
    expect(await seen.of('a')).toEqual(['3whole', '4', '5']);
    expect(await seen.of('gone')).toEqual([]);
  }, 30_000);

  it('of a topic that does not exist is refused where it is asked for', async () => {
    await expect(requestRebuild(world.brokers, 'attendance', 'no-such-topic')).rejects.toThrow('There is no topic');
  });
});

async function tombstones(world: World): Promise<number> {
  return (await world.database.query('SELECT 1 FROM subject_versions WHERE version = 2147483647')).length;
}
