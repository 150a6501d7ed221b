import { randomUUID } from 'node:crypto';
import { type Attendance, routes, type ServiceName, type Topic, topics } from '@plenary/contracts';
import { partitionOf, partitionOwners, replicaOf, settled, topicEvents, until } from '@plenary/testing';
import { withTwoReplicas } from './two-replicas';
import { badgeOf, Conference, type Delegate, inParallel, problemOf, scan } from './world';

withTwoReplicas('two replicas', (it) => {
  it('Prefer: wait answers whichever replica hears the outcome', async () => {
    const conference = await Conference.create();
    const subForum = await conference.subForum({ capacity: 500 });
    const owners = await owning('registration', topics.seats);
    const waited = { 'the replica that was asked': [] as number[], 'the other replica': [] as number[] };
    for (let count = 0; count < 200 && Object.values(waited).some((one) => one.length < 12); count += 1) {
      const asked = count % 2;
      const began = performance.now();
      const delegate = await conference.register([subForum.id], {}, replicaOf('registration', asked));
      const heard = owners.get(partitionOf(topics.seats, delegate.id));
      waited[heard === asked ? 'the replica that was asked' : 'the other replica'].push(performance.now() - began);
      expect(delegate.registration.choices).toMatchObject([{ subForumId: subForum.id, state: 'confirmed' }]);
    }
    expect(await owning('registration', topics.seats)).toEqual(owners);
    for await (const { partition, body } of topicEvents('seats')) {
      expect(partition).toBe(partitionOf(topics.seats, (body as { registrationId: string }).registrationId));
    }
    for (const [who, times] of Object.entries(waited)) {
      expect(times.length).toBeGreaterThanOrEqual(12);
      console.info(`Prefer: wait, outcome heard by ${who}: ${times.length} times, ${figures(times)}`);
    }
  });

  it("a registration's stream brings what the other replica heard, and goes on at the other one", async () => {
    const conference = await Conference.create();
    const owners = await owning('registration', topics.badges);
    for (const owner of [0, 1]) {
      const delegate = await registeredAt(conference, topics.badges, owners, owner);
      await badgeOf(delegate);
      const ids: string[] = [];
      const revisions: number[] = [];
      let revision = 1;
      // At the one that does not hear it, then at the one that does, and back; each time some of it happens in between.
      for (const replica of [1 - owner, owner, 1 - owner]) {
        const client = replicaOf('registration', replica, delegate.client);
        const since = from(ids.at(-1));
        const stream = new Listener((signal) => client.watch(routes.watchOwnRegistration, {}, { signal, ...since }));
        await stream.until(({ badge }) => badge.revision === revision);
        for (let round = 0; round < 5; round += 1) {
          revision = await reissue(conference, delegate);
          await stream.until(({ badge }) => badge.revision === revision);
        }
        const told = await stream.end();
        ids.push(...told.map(({ id }) => id as string));
        revisions.push(...told.map(({ data }) => data.badge.revision ?? 0));
        revision = await reissue(conference, delegate);
      }
      expect(new Set(ids).size).toBe(ids.length);
      // Each event tells a whole state, so one that was reissued between two streams is told with the next one.
      expect(revisions.filter((one, index) => one > (revisions[index - 1] ?? 0))).toEqual(
        Array.from({ length: revision - 1 }, (_, index) => index + 1),
      );
      expect([...revisions].sort((one, other) => one - other)).toEqual(revisions);
      expect(await owning('registration', topics.badges)).toEqual(owners);
    }
  });

  it("the board's stream brings what the other replica heard, and goes on at the other one", async () => {
    const conference = await Conference.create();
    const { subForum, gate, door } = await conference.room({ admission: 'open', capacity: null });
    const owners = await owning('attendance', topics.checkIns);
    const people: Delegate[] = [];
    for (const owner of [0, 1, 0, 1, 0, 1, 0, 1]) {
      people.push(await registeredAt(conference, topics.checkIns, owners, owner));
    }
    const badges = await Promise.all(people.map(badgeOf));
    await settled();
    const board = (replica: number, lastEventId?: string) =>
      new Listener((signal) =>
        replicaOf('attendance', replica, conference.organiser).watch(
          routes.watchAttendance,
          { params: { slug: conference.slug } },
          { signal, ...from(lastEventId) },
        ),
      );
    const shows = (count: number) => (data: Attendance) =>
      data.subForums.some((one) => one.subForumId === subForum.id && one.admitted === count);

    const streams = [board(0), board(1)] as const;
    let admitted = 0;
    for (const stream of streams) await stream.until(shows(0));
    for (const badge of badges.slice(0, 4)) {
      expect(await scan(door, gate, badge)).toMatchObject({ verdict: 'admitted' });
      admitted += 1;
      for (const stream of streams) await stream.until(shows(admitted));
    }
    const [last, other] = [await streams[0].end(), await streams[1].end()];
    for (const told of [last, other]) {
      const counts = told.map(({ data }) => data.totals.admitted);
      expect(counts).toEqual([...counts].sort((one, other) => one - other));
    }
    await settled();

    // Resumed at the other replica: what happened meanwhile comes at once, and what was seen does not come again.
    for (const [replica, told] of [
      [1, last],
      [0, other],
    ] as const) {
      const seen = told.at(-1);
      expect(await scan(door, gate, badges[admitted] as string)).toMatchObject({ verdict: 'admitted' });
      admitted += 1;
      await settled();
      const resumed = board(replica, seen?.id);
      await resumed.until(shows(admitted));
      const [first] = await resumed.end();
      expect(first?.id).not.toBe(seen?.id);
      const again = board(1 - replica, first?.id);
      expect(await scan(door, gate, badges[admitted] as string)).toMatchObject({ verdict: 'admitted' });
      admitted += 1;
      await again.until(shows(admitted));
      for (const { id, data } of await again.end()) {
        // The same id only where the clock alone has moved a rate.
        if (id === first?.id) expect({ ...data, at: '' }).not.toEqual({ ...first?.data, at: '' });
      }
    }
    expect(await owning('attendance', topics.checkIns)).toEqual(owners);
  });

  it('one badge at two doors at the same moment, through two replicas, 200 badges: one admission each', async () => {
    const conference = await Conference.create();
    const room = await conference.room({ capacity: null, admission: 'open' });
    const gate = await conference.organiser.call(routes.createGate, {
      params: { slug: conference.slug },
      body: { name: 'Second door', subForumId: room.subForum.id },
    });
    const door = await conference.door({ rooms: [room.subForum.room] });
    const badges = await inParallel(20, Array.from({ length: 200 }), async () => badgeOf(await conference.register()));
    await settled();
    const doors = [
      { gate: room.gate, door: { ...room.door, client: replicaOf('check-in', 0, room.door.client) } },
      { gate, door: { ...door, client: replicaOf('check-in', 1, door.client) } },
    ];
    let byTheFirst = 0;
    await inParallel(4, badges, async (badge) => {
      const verdicts = await Promise.all(doors.map(({ gate, door }) => scan(door, gate, badge)));
      const admitted = verdicts.filter((one) => one.verdict === 'admitted');
      expect(admitted).toMatchObject([{ detail: 'first', replay: false }]);
      expect(verdicts.filter((one) => one.verdict === 'refused')).toMatchObject([{ reason: 'already_inside' }]);
      if (verdicts[0]?.verdict === 'admitted') byTheFirst += 1;
    });
    console.info(
      `one badge at two doors: ${byTheFirst} of 200 were admitted by the first replica, the others by the second`,
    );
    expect(byTheFirst).toBeGreaterThan(0);
    expect(byTheFirst).toBeLessThan(200);
    await settled();
    const told: string[] = [];
    for await (const { headers, body } of topicEvents('checkIns')) {
      const record = body as { subForumId?: string; outcome?: string; registrationId?: string };
      if (headers.ce_type !== 'scan.recorded.v1' || record.subForumId !== room.subForum.id) continue;
      if (record.outcome === 'admitted') told.push(record.registrationId as string);
    }
    expect([told.length, new Set(told).size]).toEqual([200, 200]);
    const board = await conference.organiser.call(routes.getAttendance, { params: { slug: conference.slug } });
    expect(board.subForums).toMatchObject([{ admitted: 200, inside: 200 }]);
  }, 120_000);

  it('an idempotency key sent to two replicas at once, 50 times: one registration, both answers the same', async () => {
    const conference = await Conference.create();
    const submit = (replica: number, body: ReturnType<Conference['submission']>, idempotencyKey: string) =>
      replicaOf('registration', replica).request(
        routes.submitRegistration,
        { params: { slug: conference.slug }, body },
        { idempotencyKey },
      );
    await inParallel(4, Array.from({ length: 50 }), async () => {
      const [body, key] = [conference.submission([]), randomUUID()];
      const answers = await Promise.all([0, 1].map((replica) => submit(replica, body, key)));
      expect(answers.map(({ status }) => status)).toEqual([201, 201]);
      const [one, other] = answers.map(({ body }) => body as { id: string; delegateToken: string });
      expect(one?.id).toBeDefined();
      expect([other?.id, other?.delegateToken]).toEqual([one?.id, one?.delegateToken]);
      for (const replica of [0, 1]) {
        const another = await problemOf(submit(replica, conference.submission([]), key));
        expect(another).toMatchObject({ status: 422, code: 'idempotency_key_reused' });
      }
    });
    // Two bodies race for one key: one is stored, the other is told so.
    await inParallel(4, Array.from({ length: 10 }), async () => {
      const key = randomUUID();
      const raced = await Promise.allSettled([0, 1].map((replica) => submit(replica, conference.submission([]), key)));
      const refused = raced.filter((one) => one.status === 'rejected').map(({ reason }) => reason as unknown);
      expect(refused).toMatchObject([{ status: 422, code: 'idempotency_key_reused' }]);
    });
    const ids = new Set<string>();
    for await (const one of conference.organiser.all(routes.listRegistrations, { params: { slug: conference.slug } })) {
      ids.add(one.id);
    }
    expect(ids.size).toBe(60);
  });
});

/** The events of a live view, gathered in the background. */
class Listener<Data> {
  private readonly told: { id: string | undefined; data: Data }[] = [];
  private readonly leave = new AbortController();
  private failure: unknown;
  private readonly running: Promise<void>;

  constructor(open: (signal: AbortSignal) => AsyncIterable<{ id: string | undefined; data: Data }>) {
    this.running = this.listen(open(this.leave.signal));
  }

  /** Until an event says so. */
  async until(says: (data: Data) => boolean): Promise<void> {
    await until(() => this.failure !== undefined || this.told.some(({ data }) => says(data)), {
      what: 'an event of the live view',
    });
    if (this.failure) throw this.failure;
  }

  /** Hangs up; all that has come. */
  async end(): Promise<{ id: string | undefined; data: Data }[]> {
    this.leave.abort();
    await this.running;
    return this.told;
  }

  private async listen(events: AsyncIterable<{ id: string | undefined; data: Data }>): Promise<void> {
    try {
      for await (const event of events) this.told.push(event);
    } catch (error) {
      if (!this.leave.signal.aborted) this.failure = error;
    }
  }
}

function from(lastEventId: string | undefined): { lastEventId?: string } {
  return lastEventId === undefined ? {} : { lastEventId };
}

/** Who consumes which partition of a topic, as soon as no rebalance is under way. */
function owning(service: ServiceName, topic: Topic): Promise<Map<number, number>> {
  return until(() => partitionOwners(service, topic), { what: `${service} to hold ${topic.name}` });
}

/** A delegate whose events on the topic are heard by that replica. */
async function registeredAt(
  conference: Conference,
  topic: Topic,
  owners: Map<number, number>,
  owner: number,
): Promise<Delegate> {
  for (let tries = 0; tries < 100; tries += 1) {
    const delegate = await conference.register();
    if (owners.get(partitionOf(topic, delegate.id)) === owner) return delegate;
  }
  throw new Error(`of 100 delegates none is heard by replica ${owner} on ${topic.name}`);
}

async function reissue({ organiser }: Conference, { id }: Delegate): Promise<number> {
  const { revision } = await organiser.call(routes.reissueBadge, { params: { id }, body: { reason: 'lost' } });
  return revision as number;
}

function figures(times: number[]): string {
  const sorted = [...times].sort((one, other) => one - other);
  return `p50 ${sorted[Math.floor(sorted.length / 2)]?.toFixed(0)} ms, at most ${sorted.at(-1)?.toFixed(0)} ms`;
}
