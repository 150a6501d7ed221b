import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { events as contracts, resyncRequested, topics } from '@plenary/contracts';
import type { OutgoingEvent, SnapshotSource } from '@plenary/messaging';
import { World } from './registration.test-world';
import { DelegationSnapshots, RegistrationSnapshots, SeatRequestSnapshots } from './snapshots';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world?.close());

async function all(source: SnapshotSource): Promise<OutgoingEvent[]> {
  const found: OutgoingEvent[] = [];
  let after: string | null = null;
  do {
    const page = await world.database.transaction((tx) => source.page(tx, after, 2));
    found.push(...page.events);
    after = page.next;
  } while (after !== null);
  return found;
}

it('repeats every registration and delegation as it was last told, with unchanged versions', async () => {
  const delegates = [await world.register(), await world.register(), await world.register()];
  await world.amend(delegates[1] as never, { person: { organisation: 'Data Bureau' } });
  await world.decide('decline', delegates[2]?.id as string);
  const { id: delegation } = await world.delegations.create(
    { params: { slug: world.slug }, query: {}, body: { name: 'Oslo', leader: { name: 'Kari' }, quota: null } },
    world.organiser,
    undefined,
  );
  for (const [source, ids] of [
    [new RegistrationSnapshots(), delegates.map(({ id }) => id)],
    [new DelegationSnapshots(), [delegation]],
  ] as const) {
    const snapshots = await all(source);
    expect(snapshots).toHaveLength(ids.length);
    for (const { definition, body } of snapshots) {
      const subject = definition.subject(body as never);
      expect(contracts.get(definition.type)?.snapshot).toBe(true);
      expect(body).toEqual((await world.told(subject)).findLast((told) => told.subject === subject)?.body);
      expect(await world.database.transaction((tx) => source.one(tx, subject))).toEqual([
        { ...snapshots.find((one) => one.body === body) },
      ]);
    }
    expect(await world.database.transaction((tx) => source.one(tx, 'nobody'))).toEqual([]);
  }
});

it('sends open requests again under their names, and answered ones not', async () => {
  const [a, b] = [await world.subForum(0, 10), await world.subForum(10, 20)];
  const delegate = await world.register([a, b]);
  await world.answer(await world.lastRequest(delegate.id, a), 'confirmed');
  const first = await world.lastRequest(delegate.id, b);
  const sent = await all(new SeatRequestSnapshots());
  expect(sent.map(({ body }) => body)).toEqual([
    expect.objectContaining({ registrationId: delegate.id, subForumId: b, requestId: first.requestId, version: 2 }),
  ]);
});

it('the migration that added rooms asks for all sub-forums to be told again, where any was heard of', async () => {
  const own = await World.open();
  try {
    const sql = readFileSync(join(process.cwd(), 'apps/registration/src/migrations/0002-pages.sql'), 'utf8');
    const asking = /^INSERT INTO outbox[^;]+;/m.exec(sql)?.[0] as string;
    await own.sql(asking);
    expect(await own.told()).toEqual([]);
    await own.subForum();
    await own.sql(asking);
    const [told] = await own.told();
    expect(told?.type).toBe(resyncRequested.type);
    expect(resyncRequested.body.parse(told?.body)).toMatchObject({ topic: topics.subForums.name, subject: null });
    expect(told?.subject).toBe(told?.body.requestId);
  } finally {
    await own.close();
  }
});
