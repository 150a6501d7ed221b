import { randomUUID } from 'node:crypto';
import { Client, routes, type ServiceName, type SubForum, services, topics } from '@plenary/contracts';
import { metricsOf, settled, stack, topicEvents, until } from '@plenary/testing';
import { badgeOf, Conference, scanOf } from '../e2e/world';
import { freeze, itInWholeForm, kill, replicasOf, report, thaw } from './chaos';
import { asSuperuser, relayOf, Superuser, waitingForLock } from './inside';

/** Something that a replica at `url` does, and that makes it publish. */
type Command = (url: string) => Promise<unknown>;
interface Outgoing {
  readonly event_id: string;
  readonly topic: string;
}

const outboxOf = (service: ServiceName) => `${service.replaceAll('-', '_')}.outbox`;
const otherThan = (service: ServiceName, replica: string) =>
  stack().urls[service][replicasOf(service).findIndex((one) => one !== replica)] as string;

/** The active relay stands still, and an event lies in its outbox: told by another replica meanwhile. */
async function commandBehind(service: ServiceName, command: Command) {
  await settled();
  const relay = await relayOf(service);
  freeze(relay);
  await command(otherThan(service, relay));
  const waiting = await asSuperuser<Outgoing>(`SELECT event_id, topic FROM ${outboxOf(service)} ORDER BY id`);
  expect(waiting.length).toBeGreaterThan(0);
  return { relay, waiting };
}

/** Until the relay of a service waits for a lock with a statement that begins so; its backend's pid. */
const relayWaits = (session: Superuser, service: ServiceName, statement: string): Promise<number> =>
  until(async () => (await waitingForLock(session, `plenary-relay-${service}`, statement))[0], {
    what: `the relay of ${service} to wait with ${statement}`,
    everyMs: 5,
  });

/** How often each of the events lies in its topic. */
async function copiesOf(events: readonly Outgoing[]): Promise<number[]> {
  const found = new Map(events.map(({ event_id }) => [event_id, 0]));
  for (const name of new Set(events.map(({ topic }) => topic))) {
    const short = (Object.keys(topics) as (keyof typeof topics)[]).find((one) => topics[one].name === name);
    for await (const { headers } of topicEvents(short as keyof typeof topics)) {
      const id = headers.ce_id as string;
      const known = found.get(id);
      if (known !== undefined) found.set(id, known + 1);
    }
  }
  return [...found.values()];
}

const published = (service: ServiceName, events: readonly Outgoing[], timeoutMs = 30_000) =>
  until(
    async () => {
      const ids = events.map(({ event_id }) => event_id);
      const left = await asSuperuser(`SELECT 1 FROM ${outboxOf(service)} WHERE event_id = ANY($1)`, [ids]);
      return left.length === 0;
    },
    { what: `${service} to publish ${events.length} events`, timeoutMs },
  );

const droppedBy = async (service: ServiceName): Promise<number> =>
  (await metricsOf(service, 'plenary_consumer_dropped')).flat().reduce((sum, { value }) => sum + value, 0);

describe('a relay', () => {
  let conference: Conference;
  let subForum: SubForum;
  let commands: Partial<Record<ServiceName, Command>>;
  let registered: { id: string; token: string };

  const register: Command = async (url) => {
    const answer = await new Client(url).call(
      routes.submitRegistration,
      { params: { slug: conference.slug }, body: conference.submission([subForum.id]) },
      { idempotencyKey: randomUUID() },
    );
    if (!('delegateToken' in answer)) throw new Error('registered before');
    registered = { id: answer.id, token: answer.delegateToken };
  };

  /** The registration has its one seat, and the sub-forum counts it once. */
  const expectOneSeat = async () => {
    const seats = await asSuperuser(
      `SELECT s.state, s.version, f.confirmed FROM sub_forum.seats s JOIN sub_forum.sub_forums f ON f.id = s.sub_forum_id
       WHERE s.registration_id = $1`,
      [registered.id],
    );
    expect(seats).toEqual([{ state: 'confirmed', version: 1, confirmed: expect.any(Number) }]);
    const [{ held } = {}] = await asSuperuser<{ held: number }>(
      `SELECT count(*)::int AS held FROM sub_forum.seats WHERE sub_forum_id = $1 AND state = 'confirmed'`,
      [subForum.id],
    );
    expect(seats[0]?.confirmed).toBe(held);
  };

  beforeAll(async () => {
    conference = await Conference.create();
    const room = await conference.room();
    subForum = room.subForum;
    const delegate = await conference.register([subForum.id]);
    const badge = await badgeOf(delegate);
    const as = (url: string) => new Client(url, conference.organiser.token);
    commands = {
      registration: register,
      'sub-forum': (url) =>
        as(url).call(
          routes.createSubForum,
          {
            params: { slug: conference.slug },
            body: {
              code: 'LATE',
              title: { en: 'Late' },
              room: 'Late',
              startsAt: subForum.startsAt,
              endsAt: subForum.endsAt,
            },
          },
          { idempotencyKey: randomUUID() },
        ),
      badge: (url) => as(url).call(routes.reissueBadge, { params: { id: delegate.id }, body: { reason: 'lost it' } }),
      'check-in': (url) =>
        new Client(url, room.door.client.token).call(routes.postScan, { body: scanOf(room.gate, badge) }),
      identity: (url) =>
        as(url).call(
          routes.createDevice,
          { params: { slug: conference.slug }, body: { name: 'Device', venue: true } },
          { idempotencyKey: randomUUID() },
        ),
    };
    await settled();
  }, 60_000);

  async function killedBetweenSendAndDelete(service: ServiceName): Promise<Outgoing[]> {
    const { relay, waiting } = await commandBehind(service, commands[service] as Command);
    const held = await Superuser.session(async (session) => {
      await session.rows('BEGIN');
      const locked = await session.rows(`SELECT event_id, topic FROM ${outboxOf(service)} ORDER BY id FOR UPDATE`);
      expect(locked).toEqual(waiting);
      thaw(relay);
      // It has read, and sent, and now wants to delete.
      const backend = await relayWaits(session, service, 'DELETE FROM outbox');
      expect(await copiesOf(waiting)).toEqual(waiting.map(() => 1));
      await kill(relay);
      // Without its client PostgreSQL would still carry the DELETE out once the lock is free.
      await session.rows('SELECT pg_terminate_backend($1, 5000)', [backend]);
      return performance.now();
    });
    await published(service, waiting);
    const takeoverMs = performance.now() - held;
    expect(await copiesOf(waiting)).toEqual(waiting.map(() => 2));
    report(
      `relay of ${service} (${relay}) killed -9 between send and delete: all ${waiting.length} events twice in the topic, ` +
        `the second time ${takeoverMs.toFixed(0)} ms after the kill`,
    );
    return waiting;
  }

  it('killed -9 between send and delete sends twice; consumers apply once', async () => {
    const before = await droppedBy('sub-forum');
    const sent = await killedBetweenSendAndDelete('registration');
    expect(new Set(sent.map(({ topic }) => topic))).toEqual(
      new Set([topics.registrations.name, topics.seatRequests.name]),
    );
    await settled(60_000);
    await expectOneSeat();
    expect(await droppedBy('sub-forum')).toBeGreaterThan(before);
  }, 120_000);

  for (const service of services.filter((one) => !['registration', 'attendance'].includes(one))) {
    itInWholeForm(
      `of ${service} killed -9 between send and delete`,
      async () => {
        await killedBetweenSendAndDelete(service);
      },
      120_000,
    );
  }

  it('stopped with a batch in hand is replaced, and its late batch harms nothing', async () => {
    const { relay, waiting } = await commandBehind('registration', register);
    const since = await Superuser.session(async (session) => {
      await session.rows('BEGIN');
      await session.rows(`LOCK TABLE ${outboxOf('registration')} IN ACCESS EXCLUSIVE MODE`);
      thaw(relay);
      await relayWaits(session, 'registration', 'SELECT id, topic, key');
      // The rows will lie in its socket, read by nobody.
      freeze(relay);
      await session.rows('ROLLBACK');
      return performance.now();
    });
    await published('registration', waiting);
    const takeoverMs = performance.now() - since;
    const successor = await relayOf('registration', { but: relay });
    // The subject goes on: what the stopped one still has in hand is old by now.
    const own = new Client(otherThan('registration', relay), registered.token);
    await own.call(routes.cancelOwnRegistration);
    await until(async () => (await copiesOf(waiting)).every((count) => count === 1), { what: 'one copy of each' });

    thaw(relay);
    await until(async () => (await copiesOf(waiting)).every((count) => count === 2), {
      what: 'the late batch of the relay that was stopped',
      everyMs: 250,
      timeoutMs: 20_000,
    });
    await settled(60_000);
    const seats = await asSuperuser('SELECT state, reason FROM sub_forum.seats WHERE registration_id = $1', [
      registered.id,
    ]);
    expect(seats).toEqual([{ state: 'released', reason: 'registration_cancelled' }]);
    const known = await asSuperuser('SELECT status FROM registration.registrations WHERE id = $1', [registered.id]);
    expect(known).toEqual([{ status: 'cancelled' }]);
    report(
      `relay of registration (${relay}) stopped between read and send: ${successor} published after ${takeoverMs.toFixed(0)} ms; ` +
        `once it went on, it sent its ${waiting.length} events a second time, behind newer ones`,
    );
  }, 120_000);

  itInWholeForm(
    'stopped while it has nothing to do is replaced, and becomes a stand-by',
    async () => {
      const { relay, waiting } = await commandBehind('registration', register);
      const since = performance.now();
      await published('registration', waiting);
      const takeoverMs = performance.now() - since;
      const successor = await relayOf('registration', { but: relay });
      thaw(relay);
      await settled(60_000);
      await expectOneSeat();
      expect(await relayOf('registration')).toBe(successor);
      expect(await copiesOf(waiting)).toEqual(waiting.map(() => 1));
      report(
        `relay of registration (${relay}) stopped while idle: ${successor} published after ${takeoverMs.toFixed(0)} ms`,
      );
    },
    120_000,
  );
});
