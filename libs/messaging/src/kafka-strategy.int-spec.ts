import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { eventParked, resyncRequested, type ServiceName, topics } from '@plenary/contracts';
import { testDatabase, testKafka, until } from '@plenary/testing';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { Client } from 'pg';
import {
  type EventContext,
  OnEventChunk,
  OnEvents,
  outgoing,
  publish,
  publishAll,
  readTopic,
  requestReplay,
  rows,
  type SnapshotSource,
} from './index';
import { keepSeen, type Thing, testWorld, type World } from './messaging.test-world';

describe('the consumer', () => {
  let world: World;
  let seen: Awaited<ReturnType<typeof keepSeen>>;
  beforeEach(async () => {
    world = await testWorld(await testDatabase('attendance'), await testKafka());
    seen = await keepSeen(world);
  }, 20_000);
  afterEach(() => world.close(), 20_000);

  /** A controller whose one handler notes what it gets, after `act` on each. */
  function noting(act: (event: Thing, context: EventContext) => void | Promise<void> = () => {}) {
    const { topic, changed, snapshot } = world.contract;
    class Noting {
      @OnEvents(topic, [changed, snapshot])
      async on(event: Thing, context: EventContext) {
        await act(event, context);
        await seen.note(event, context);
      }
    }
    return Noting;
  }
  const parked = () =>
    world.database.query<{ subject: string; version: number; cause: string; error: string; tries: number }>(
      'SELECT subject, version, cause, error, tries FROM parked ORDER BY subject, "offset"',
    );

  it('hands over every event once, in order per subject, whatever lies twice in the topic', async () => {
    const chunks: number[] = [];
    const { topic, changed } = world.contract;
    class Chunked {
      @OnEventChunk(topic, [changed])
      async on(events: Thing[], context: EventContext) {
        chunks.push(events.length);
        for (const event of events) await seen.note(event, context);
      }
    }
    const things = ['a', 'b', 'c', 'd'];
    for (let version = 1; version <= 25; version++)
      await Promise.all(things.map((thing) => world.tell(thing, version)));
    const relay = world.messaging().relay;
    relay.start();
    await until(() => relay.stats().published === 100, { what: 'all published' });
    await relay.stop();
    await again(world);
    await world.consume(Chunked);
    await until(async () => (await standsAt(world)) === 200n, { what: 'both copies consumed' });
    for (const thing of things) {
      expect(await seen.of(thing)).toEqual(Array.from({ length: 25 }, (_, index) => `${index + 1}`));
    }
    expect(Math.max(...chunks)).toBeGreaterThan(1);
    const { consumer } = (await world.consume(class {})).messaging.stats();
    expect(consumer.parked).toBe(0);
  }, 30_000);

  it('handles again what a crashed server has forgotten, also where nothing more comes', async () => {
    await world.consume(noting());
    await world.tell('quiet', 1);
    await until(async () => (await seen.count()) === 1, { what: 'the event' });
    // A chunk that published nothing has not waited for the disk: all of it may be gone, and nothing but all of it.
    await world.database.transaction(async (tx) => {
      await rows(tx, 'DELETE FROM seen');
      await rows(tx, 'DELETE FROM subject_versions');
      await rows(tx, 'UPDATE consumer_offsets SET next_offset = 0 WHERE topic = $1', [world.contract.topic.name]);
    });
    expect(await seen.count()).toBe(0);
    await until(async () => (await seen.count()) === 1, { what: 'the event a second time', timeoutMs: 15_000 });
    expect(await standsAt(world)).toBe(1n);
  }, 30_000);

  it('takes a partition up while a stopped replica is just moving its row', async () => {
    await world.tell('thing', 1);
    const first = await world.consume(noting());
    await until(async () => (await seen.count()) === 1, { what: 'the event' });
    await first.close();
    const holder = new Client({ connectionString: world.db.adminUrl });
    await holder.connect();
    try {
      await holder.query('BEGIN; UPDATE attendance.consumer_offsets SET updated_at = now()');
      const { messaging } = await world.consume(noting());
      await until(
        () => messaging.strategy.held().length === world.contract.topic.partitions + topics.deadLetters.partitions,
        {
          what: 'the partitions to be taken up',
        },
      );
    } finally {
      await holder.end();
    }
  }, 30_000);

  it('two replicas that both believe to have the partitions: the offset row lets each event through once', async () => {
    // Two groups over one schema: Kafka gives both all partitions, as a rebalance may for a moment.
    const one = await world.consume(noting());
    const twin = world.messaging({ service: `${world.service}-twin` as ServiceName });
    await world.consume(noting(), twin);
    for (let version = 1; version <= 40; version++)
      await Promise.all(['x', 'y', 'z'].map((thing) => world.tell(thing, version)));
    await until(async () => (await seen.count()) >= 120, { what: '120 events' });
    // Not even the version rule had anything to drop.
    const counts = [one.messaging, twin].map((messaging) => messaging.stats().consumer);
    expect(counts.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(0);
    for (const thing of ['x', 'y', 'z']) {
      expect(await seen.of(thing)).toEqual(Array.from({ length: 40 }, (_, index) => `${index + 1}`));
    }
  }, 30_000);

  it('a poison event parks its subject alone, JavaScript errors included; replay repairs in order', async () => {
    let broken = true;
    const { messaging } = await world.consume(
      noting(async ({ body }) => {
        if (!broken && body.version === 4) {
          // A newer one comes while the last parked one is in hand: it has to wait, not to be parked behind nothing.
          await world.tell('bad', 5);
          await delay(500);
        }
        if (broken && body.text === '!') (undefined as unknown as { trap(): void }).trap();
      }),
    );
    await world.tell('bad', 1);
    await world.tell('bad', 2, '!');
    await world.tell('bad', 3);
    await world.tell('good', 1);
    await world.tell('good', 2);
    await until(async () => (await parked()).length === 2, { what: 'two parked' });
    await world.tell('bad', 4);
    await world.tell('good', 3);
    await until(async () => (await parked()).length === 3 && (await seen.of('good')).length === 3);
    expect(await seen.of('bad')).toEqual(['1']);
    expect(await parked()).toEqual([
      { subject: 'bad', version: 2, cause: 'handler_failed', error: 'TypeError', tries: 3 },
      { subject: 'bad', version: 3, cause: 'behind_parked', error: 'behind_parked', tries: 0 },
      { subject: 'bad', version: 4, cause: 'behind_parked', error: 'behind_parked', tries: 0 },
    ]);
    await until(() => messaging.relay.stats().pendingAgeSeconds === 0);
    const told = await until(async () => {
      const found = await notices(world);
      return found.length === 3 ? found : undefined;
    });
    expect(told.map(({ cause, tries }) => [cause, tries])).toEqual([
      ['handler_failed', 3],
      ['behind_parked', 0],
      ['behind_parked', 0],
    ]);

    await requestReplay(world.brokers, world.service);
    await until(async () => (await parked())[0]?.tries === 4, { what: 'a replay that fails again' });
    expect(await seen.of('bad')).toEqual(['1']);

    broken = false;
    await requestReplay(world.brokers, world.service, 'bad');
    await until(async () => (await seen.of('bad')).length === 5, { what: 'all five' });
    expect(await parked()).toEqual([]);
    expect(await seen.of('bad')).toEqual(['1', '2!', '3', '4', '5']);
  }, 40_000);

  it('finds the one poison event in a chunk', async () => {
    const { topic, changed } = world.contract;
    class Chunked {
      @OnEventChunk(topic, [changed])
      async on(events: Thing[], context: EventContext) {
        for (const event of events) await seen.note(event, context);
        if (events.some(({ body }) => body.text === '!')) throw new RangeError('too much');
      }
    }
    const tellAll = (things: string[], version: number, text: string) =>
      world.database.transaction((tx) =>
        publishAll(
          tx,
          things.map((thing) => outgoing(changed, { version, thing, text })),
        ),
      );
    const things = Array.from({ length: 20 }, (_, index) => `thing-${index}`);
    await world.consume(Chunked);
    await tellAll([...things.slice(0, 10), 'bad', ...things.slice(10)], 1, '');
    await tellAll([...things.slice(0, 10), 'bad', ...things.slice(10)], 2, '');
    await until(async () => (await seen.count()) === 42);
    await world.database.transaction((tx) =>
      publishAll(tx, [
        ...things.slice(0, 10).map((thing) => outgoing(changed, { version: 3, thing, text: '' })),
        outgoing(changed, { version: 3, thing: 'bad', text: '!' }),
        ...things.slice(10).map((thing) => outgoing(changed, { version: 3, thing, text: '' })),
      ]),
    );
    await until(async () => (await parked()).length === 1 && (await seen.count()) === 62);
    expect(await parked()).toEqual([
      { subject: 'bad', version: 3, cause: 'handler_failed', error: 'RangeError', tries: 3 },
    ]);
    for (const thing of things) expect(await seen.of(thing)).toEqual(['1', '2', '3']);
  }, 30_000);

  it('an owner repeats its whole state page by page, its several sources one after the other', async () => {
    const { topic, snapshot } = world.contract;
    const pages = (prefix: string): SnapshotSource => ({
      topic,
      page: async (_tx, cursor) => {
        const page = cursor === null ? 0 : Number(cursor);
        const events = [1, 2].map((n) => outgoing(snapshot, { version: 7, thing: `${prefix}${page}${n}`, text: 's' }));
        return { events, next: page < 2 ? `${page + 1}` : null };
      },
      one: async () => [],
    });
    await world.consume(noting(), world.messaging({ sources: [pages('a'), pages('b')] }));
    await world.database.transaction((tx) =>
      publish(tx, resyncRequested, {
        version: 1,
        requestId: randomUUID(),
        topic: topic.name,
        subject: null,
        requestedBy: 'operator',
        at: new Date().toISOString(),
      }),
    );
    await until(async () => (await seen.count()) === 12, { what: 'two sources of three pages of two' });
    expect(await seen.of('b22')).toEqual(['7s']);
    expect(await world.database.query('SELECT 1 FROM repairs')).toEqual([]);
    await world.tell('a01', 8);
    await until(async () => (await seen.of('a01')).length === 2);
  }, 30_000);

  it('a gap parks the subject and asks the owner, whose snapshot stands above it', async () => {
    const { topic, snapshot } = world.contract;
    const source = {
      topic,
      page: async () => ({ events: [], next: null }),
      one: async (_tx: unknown, thing: string) => [outgoing(snapshot, { version: 4, thing, text: 'whole' })],
    };
    await world.consume(noting(), world.messaging({ sources: [source] }));
    await world.tell('lossy', 1);
    await world.tell('lossy', 3);
    await world.tell('lossy', 4);
    await until(async () => (await seen.of('lossy')).includes('4whole'), { what: 'the snapshot' });
    expect(await parked()).toEqual([]);
    await world.tell('lossy', 5);
    await until(async () => (await seen.of('lossy')).length === 3);
    expect(await seen.of('lossy')).toEqual(['1', '4whole', '5']);
  }, 30_000);

  it('a body that does not parse is parked with its cause; after a tombstone nothing is taken', async () => {
    await world.consume(noting());
    await raw(world, [
      { key: 'odd', headers: { ce_type: 'thing.changed.v1', ce_subject: 'odd', ce_id: '1' }, value: '{"version":1' },
      { key: 'odd', headers: { ce_type: 'thing.changed.v1', ce_subject: 'odd\0' }, value: '{"version":1,"thing":7}' },
      { key: 'new', headers: { ce_type: 'thing.renamed.v9', ce_subject: 'new' }, value: '{"version":1}' },
    ]);
    await world.tell('new', 2);
    await until(async () => (await seen.of('new')).length === 1 && (await parked()).length === 2);
    expect((await parked()).map(({ cause }) => cause)).toEqual(['unparsable', 'unparsable']);
    await raw(world, [
      { key: 'odd', headers: { ce_type: 'thing.erased.v1', ce_subject: 'odd' }, value: '{"version":9,"thing":"odd"}' },
    ]);
    await world.tell('odd', 10);
    await until(async () => (await standsAt(world)) === 6n, { what: 'all six consumed' });
    expect((await parked()).map(({ subject }) => subject)).toEqual(['odd\ufffd']);
    expect(await seen.of('odd')).toEqual([]);
  }, 30_000);

  it('an infrastructure failure is no poison: the partition waits and goes on', async () => {
    let failures = 3;
    const { messaging } = await world.consume(
      noting(() => {
        if (failures-- > 0) throw Object.assign(new Error('terminating connection'), { code: '57P01' });
      }),
    );
    await world.tell('patient', 1);
    await world.tell('patient', 2);
    await until(async () => (await seen.of('patient')).length === 2);
    expect(await parked()).toEqual([]);
    expect(messaging.stats().consumer.outages).toBe(3);
  }, 30_000);

  it.each([
    ['beyond the end of the log', 1_000],
    ['before its start', 1],
  ])(
    'an offset row %s ends the consumer with a clear error',
    async (_where, offset) => {
      const { topic } = world.contract;
      await raw(world, [{ key: '1', value: '{}', headers: {} }], [1, 1, 1]);
      await truncate(world, 1, '2');
      await putRow(world, topic.name, 1, offset);
      const fatal = new Promise<Error>((resolve) => {
        void world.consume(noting(), world.messaging({ onFatal: resolve }));
      });
      const error = await fatal;
      expect(error.name).toBe('OffsetOutOfLog');
      expect(error.message).toContain(
        `${topic.name}/1: this schema stands at offset ${offset}, but the log holds 2 to 3.`,
      );
    },
    30_000,
  );

  it('closing finishes the chunk in hand; the next process goes on behind it', async () => {
    let entered: () => void = () => {};
    const inHand = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const first = await world.consume(
      noting(async () => {
        entered();
        await new Promise((resolve) => setTimeout(resolve, 400));
      }),
    );
    await world.tell('slow', 1);
    await inHand;
    await first.close();
    expect(await seen.of('slow')).toEqual(['1']);
    await world.tell('slow', 2);
    await world.consume(noting());
    await until(async () => (await seen.of('slow')).length === 2);
    expect(await seen.of('slow')).toEqual(['1', '2']);
  }, 30_000);
});

async function notices(world: World) {
  const found: { cause: string; tries: number; sourceOffset: string }[] = [];
  for await (const { headers, body } of readTopic({ brokers: world.brokers, topic: topics.deadLetters.name })) {
    if (headers.ce_type !== eventParked.type) continue;
    const notice = eventParked.body.parse(body);
    if (notice.service === world.service) found.push(notice);
  }
  return found.sort((a, b) => Number(a.sourceOffset) - Number(b.sourceOffset));
}

/** The sum of the offsets of the test's topic. */
async function standsAt(world: World): Promise<bigint> {
  const [row] = await world.database.query<{ sum: string }>(
    'SELECT coalesce(sum(next_offset), 0) AS sum FROM consumer_offsets WHERE topic = $1',
    [world.contract.topic.name],
  );
  return BigInt(row?.sum ?? 0);
}

async function putRow(world: World, topic: string, partition: number, offset: number): Promise<void> {
  await world.database.transaction((tx) =>
    rows(tx, 'INSERT INTO consumer_offsets (topic, partition, next_offset) VALUES ($1, $2, $3)', [
      topic,
      partition,
      offset,
    ]),
  );
}

/** Writes to the topic past the outbox; with `partitions`: the first message once to each of them. */
async function raw(
  world: World,
  messages: { key: string; value: string; headers: Record<string, string> }[],
  partitions?: number[],
): Promise<void> {
  const producer = new Kafka({ brokers: world.brokers, logLevel: logLevel.NOTHING }).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const [first] = messages;
  const all = first && partitions ? partitions.map((partition) => ({ ...first, partition })) : messages;
  await producer.send({ topic: world.contract.topic.name, messages: all });
  await producer.disconnect();
}

/** Deletes what stands before `offset`, as retention does. */
async function truncate(world: World, partition: number, offset: string): Promise<void> {
  const admin = new Kafka({ brokers: world.brokers, logLevel: logLevel.NOTHING }).admin();
  const topic = world.contract.topic.name;
  await admin.connect();
  // kafkajs deletes only from topics that it has asked about before.
  await admin.fetchTopicOffsets(topic);
  await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset }] });
  await admin.disconnect();
}

/** Appends a copy of everything in the topic, as a relay killed between sending and deleting does. */
async function again(world: World): Promise<void> {
  const copies: { key: string; value: string; headers: Record<string, string> }[] = [];
  for await (const { key, headers, body } of readTopic({ brokers: world.brokers, topic: world.contract.topic.name })) {
    copies.push({ key: key ?? '', value: JSON.stringify(body), headers: { ...headers } });
  }
  await raw(world, copies);
}
