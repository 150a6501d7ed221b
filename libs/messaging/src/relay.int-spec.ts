import { testDatabase, testKafka, until } from '@plenary/testing';
import { Client } from 'pg';
import {
  afterCommit,
  Database,
  ensureTopics,
  outgoing,
  PartitionMismatch,
  publish,
  publishAll,
  readTopic,
  rows,
} from './index';
import { testWorld, type World } from './messaging.test-world';

describe('the outbox and its relay', () => {
  let world: World;
  beforeEach(async () => {
    world = await testWorld(await testDatabase('attendance'), await testKafka());
  }, 20_000);
  afterEach(() => world.close(), 20_000);

  const waiting = async () => Number((await world.database.query('SELECT count(*) AS count FROM outbox'))[0]?.count);
  async function told(): Promise<Map<string, number[]>> {
    const versions = new Map<string, number[]>();
    for await (const { key, body } of readTopic({ brokers: world.brokers, topic: world.contract.topic.name })) {
      const of = versions.get(key ?? '') ?? [];
      versions.set(key ?? '', [...of, (body as { version: number }).version]);
    }
    return versions;
  }

  it('publishes inside a transaction alone, what fits the contract alone, and with it or not at all', async () => {
    const { changed } = world.contract;
    const body = { version: 1, thing: 'a', text: '' };
    await expect(publish(world.database.source.manager, changed, body)).rejects.toThrow('inside Database.transaction');
    await expect(world.database.transaction((tx) => publish(tx, changed, { ...body, version: 0 }))).rejects.toThrow(
      'thing.changed.v1 does not fit its contract: version',
    );
    const calls: string[] = [];
    await expect(
      world.database.transaction(async (tx) => {
        afterCommit(tx, () => calls.push('never'));
        await publish(tx, changed, body);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await waiting()).toBe(0);
    await world.database.transaction(async (tx) => {
      afterCommit(tx, () => calls.push('committed'));
      await publish(tx, changed, body);
    });
    expect(await waiting()).toBe(1);
    expect(calls).toEqual(['committed']);
  }, 20_000);

  it('runs a deadlocked transaction again as a whole, its callbacks once', async () => {
    await world.database.transaction((tx) =>
      rows(tx, `INSERT INTO consumer_offsets (topic, partition, next_offset) VALUES ('t', 1, 0), ('t', 2, 0)`),
    );
    let attempts = 0;
    const committed: string[] = [];
    let arrived = 0;
    const raise = (order: [number, number]) =>
      world.database.transaction(async (tx) => {
        attempts++;
        afterCommit(tx, () => committed.push(order.join()));
        for (const partition of order) {
          await rows(
            tx,
            `UPDATE consumer_offsets SET next_offset = next_offset + 1 WHERE topic = 't' AND partition = $1`,
            [partition],
          );
          if (arrived < 2) {
            arrived++;
            await until(() => arrived === 2);
          }
        }
      });
    await Promise.all([raise([1, 2]), raise([2, 1])]);
    expect(attempts).toBeGreaterThan(2);
    expect(committed.sort()).toEqual(['1,2', '2,1']);
    const sums = await world.database.query(`SELECT next_offset FROM consumer_offsets WHERE topic = 't'`);
    expect(sums).toEqual([{ next_offset: '2' }, { next_offset: '2' }]);
  }, 20_000);

  it('carries all that twelve writers commit, each subject in the order of its commits, and empties the outbox', async () => {
    const { relay } = world.messaging();
    relay.start();
    const versions = 60;
    await Promise.all(
      Array.from({ length: 12 }, async (_, writer) => {
        for (let version = 1; version <= versions; version++) {
          // Long and short transactions, so that ids become visible out of order.
          await world.database.transaction(async (tx) => {
            await publish(tx, world.contract.changed, { version, thing: `thing-${writer}`, text: '' });
            if ((version + writer) % 7 === 0) await rows(tx, 'SELECT pg_sleep(0.02)');
          });
        }
      }),
    );
    await until(async () => (await waiting()) === 0, { what: 'an empty outbox' });
    const all = await told();
    expect(all.size).toBe(12);
    for (const of of all.values()) expect(of).toEqual(Array.from({ length: versions }, (_, index) => index + 1));
    expect(relay.stats()).toMatchObject({
      active: 1,
      published: 12 * versions,
      kafkaFailures: 0,
      pendingAgeSeconds: 0,
    });
  }, 30_000);

  it('of two relays one is active; a commit on the other replica wakes it, and its loss makes the other take over', async () => {
    const other = new Database(world.database.source);
    const one = world.messaging().relay;
    one.start();
    await until(() => one.stats().active === 1);
    // A second replica: its own Database, so its commits wake its own relay alone.
    const { createMessaging } = await import('./index');
    const { silent } = await import('./options');
    const two = createMessaging(
      { service: world.service, brokers: world.brokers, databaseUrl: world.db.url, schema: 'attendance' },
      other,
      silent,
      [],
      () => {},
    );
    two.relay.start();
    await until(async () => (await backends(world, world.service)).length === 2);
    const started = performance.now();
    await other.transaction((tx) => publish(tx, world.contract.changed, { version: 1, thing: 'a', text: '' }));
    await until(async () => (await waiting()) === 0, { everyMs: 5 });
    expect(performance.now() - started).toBeLessThan(500);
    expect([one.stats().active, two.relay.stats().active]).toEqual([1, 0]);

    await terminate(
      world,
      `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
                            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    await until(() => one.stats().active + two.relay.stats().active === 1, { what: 'one active again' });
    await world.tell('a', 2);
    await until(async () => (await waiting()) === 0);
    await (one.stats().active === 1 ? one.stop() : two.relay.stop());
    await world.tell('a', 3);
    await until(async () => (await waiting()) === 0, { what: 'the stand-by to take over' });
    expect([...new Set((await told()).get('a'))]).toEqual([1, 2, 3]);
    await two.close();
  }, 30_000);

  it('a holder that was stopped (as by SIGSTOP) loses the lock to the stand-by within seconds', async () => {
    const stopped = new Client({ connectionString: world.db.url });
    stopped.on('error', () => {});
    await stopped.connect();
    await stopped.query('SET idle_session_timeout = 3000');
    await stopped.query(`SELECT pg_advisory_lock(hashtext('plenary.relay'), hashtext('attendance'))`);
    const { relay } = world.messaging();
    relay.start();
    await world.tell('a', 1);
    const started = performance.now();
    await until(() => relay.stats().active === 1, { what: 'the lock' });
    expect(performance.now() - started).toBeGreaterThan(1_000);
    await until(async () => (await waiting()) === 0);
    expect((await told()).get('a')).toEqual([1]);
  }, 30_000);

  it('keeps everything while Kafka is away, and says how old it is', async () => {
    const { relay } = world.messaging({ brokers: ['127.0.0.1:1'] });
    relay.start();
    await world.database.transaction((tx) =>
      publishAll(
        tx,
        [1, 2, 3].map((version) => outgoing(world.contract.changed, { version, thing: 'kept', text: '' })),
      ),
    );
    await until(() => relay.stats().kafkaFailures > 0 && relay.stats().pendingAgeSeconds > 0);
    expect(await waiting()).toBe(3);
    await relay.stop();
    const { relay: better } = world.messaging();
    better.start();
    await until(async () => (await waiting()) === 0);
    expect((await told()).get('kept')).toEqual([1, 2, 3]);
  }, 30_000);

  it('refuses a topic whose partition count differs from the contract, and creates the rest once', async () => {
    const { topic } = world.contract;
    await expect(ensureTopics({ brokers: world.brokers, topics: [topic] })).resolves.toEqual({ created: [] });
    const wider = { ...topic, partitions: 5 };
    await expect(ensureTopics({ brokers: world.brokers, topics: [wider] })).rejects.toThrow(PartitionMismatch);
  }, 20_000);
});

async function backends(world: World, service: string): Promise<number[]> {
  const found = await world.database.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE application_name = $1',
    [`plenary-relay-${service}`],
  );
  return found.map(({ pid }) => pid);
}

async function terminate(world: World, which: string): Promise<void> {
  const admin = new Client({ connectionString: world.db.adminUrl });
  await admin.connect();
  await admin.query(`SELECT pg_terminate_backend(pid) FROM (${which}) AS backend`);
  await admin.end();
}
