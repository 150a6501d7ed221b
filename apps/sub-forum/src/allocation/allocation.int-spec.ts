import { type Conference, type SubForum, seatSnapshot, topics } from '@plenary/contracts';
import { newId } from '@plenary/platform';
import { World } from '../sub-forum.test-world';
import { SeatSnapshots } from './seats.snapshots';

let world: World;
let conference: Conference;
beforeAll(async () => {
  world = await World.open();
  conference = await world.conference();
});
afterAll(() => world?.close());

type Request = Parameters<World['take']>[0][number];
const seats = (subForumId: string) =>
  world.database.query<{ registration_id: string; state: string; place: number | null; version: number }>(
    'SELECT registration_id, state, place, version FROM seats WHERE sub_forum_id = $1',
    [subForumId],
  );
/** A small generator with a seed: a failing run can be had again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

/** Counters equal rows, the limit holds, nobody waits while a public seat is free, versions and events agree. */
async function soundAtRest(subForum: SubForum): Promise<void> {
  const rows = await seats(subForum.id);
  const of = (state: string) => rows.filter((row) => row.state === state).length;
  const counters = await world.counters(subForum.id);
  expect(counters).toMatchObject({ confirmed: of('confirmed'), waitlisted: of('waitlisted') });
  const told = await world.seatsTold(subForum.id);
  const last = new Map<string, number>();
  for (const seat of told) {
    expect(seat.version).toBe((last.get(seat.registrationId) ?? 0) + 1);
    last.set(seat.registrationId, seat.version);
  }
  expect(Object.fromEntries(last)).toEqual(Object.fromEntries(rows.map((row) => [row.registration_id, row.version])));
}

describe('a rush', () => {
  it('of 2,000 registrations with 3 choices each in random chunks, four at a time: none oversold, order exact', async () => {
    const next = random(7);
    const rooms = await Promise.all(
      Array.from({ length: 20 }, (_, n) => world.subForum(conference, { capacity: 30 + n * 10 })),
    );
    // What a partition of Kafka holds: the requests of its sub-forums in one order.
    const partitions: Request[][] = Array.from({ length: 4 }, () => []);
    for (let n = 0; n < 2000; n++) {
      const registrationId = newId();
      const wished = new Set<number>();
      while (wished.size < 3) wished.add(Math.floor(next() ** 2 * rooms.length));
      for (const room of wished) partitions[room % 4]?.push(world.asks(rooms[room] as SubForum, { registrationId }));
    }
    const asked = new Map(
      rooms.map((room) => [room.id, partitions.flat().filter((one) => one.body.subForumId === room.id)]),
    );
    const began = performance.now();
    await Promise.all(
      partitions.map(async (queue) => {
        for (let at = 0; at < queue.length; ) {
          const size = 1 + Math.floor(next() * 500);
          await world.take(queue.slice(at, at + size));
          at += size;
        }
      }),
    );
    const took = performance.now() - began;
    console.log(`6,000 requests over 20 sub-forums: ${Math.round(6_000_000 / took)} a second`);

    let outcomes = 0;
    for (const room of rooms) {
      const requests = asked.get(room.id) ?? [];
      const told = await world.seatsTold(room.id);
      outcomes += told.length;
      // In the order of asking: confirmed until full, then places 1, 2, 3, …
      expect(told.map((seat) => [seat.requestId, seat.state, seat.place, seat.position])).toEqual(
        requests.map(({ body }, index) => {
          const place = index - (room.capacity as number) + 1;
          return place > 0 ? [body.requestId, 'waitlisted', place, place] : [body.requestId, 'confirmed', null, null];
        }),
      );
      await soundAtRest(room);
    }
    expect(outcomes).toBe(6000);
  }, 60_000);

  it('of requests, releases, repeats and changed capacities at once leaves everything sound', async () => {
    const next = random(11);
    const rooms = await Promise.all(
      Array.from({ length: 6 }, () => world.subForum(conference, { capacity: 20, reserved: 3 })),
    );
    const people = Array.from({ length: 120 }, () => newId());
    const known = new Map<string, Request>();
    const some = (room: SubForum): Request => {
      const registrationId = people[Math.floor(next() * people.length)] as string;
      const key = `${registrationId}/${room.id}`;
      const before = known.get(key);
      const one =
        before && next() < 0.2
          ? before
          : next() < 0.4
            ? world.releases(room, registrationId)
            : world.asks(room, { registrationId });
      known.set(key, one);
      return one;
    };
    const partition = async (mine: SubForum[]) => {
      for (let n = 0; n < 15; n++) {
        await world.take(Array.from({ length: 40 }, () => some(mine[Math.floor(next() * mine.length)] as SubForum)));
      }
    };
    const organiser = async () => {
      for (let n = 0; n < 25; n++) {
        const room = rooms[n % rooms.length] as SubForum;
        const { status } = await world.change(room.id, { capacity: 5 + Math.floor(next() * 30) });
        expect([200, 412]).toContain(status);
        const waiting = (await world.call('GET', `/sub-forums/${room.id}/waitlist`, { token: world.admin })).body.items;
        const last = waiting.at(-1)?.registrationId ?? newId();
        const path = `/sub-forums/${room.id}/waitlist/${last}/promote`;
        const promoted = await world.call('POST', path, { token: world.admin, body: { reason: 'because' } });
        expect([200, 404, 409]).toContain(promoted.status);
      }
    };
    await Promise.all([partition(rooms.slice(0, 3)), partition(rooms.slice(3)), organiser()]);

    for (const room of rooms) {
      await soundAtRest(room);
      const { body } = await world.call('GET', `/sub-forums/${room.id}`);
      if (body.waitlisted > 0) expect(body.seatsLeft).toBe(0);
      // The last word on each request is an outcome under its own id.
      const told = await world.seatsTold(room.id);
      for (const [key, { body: asked }] of known) {
        if (!key.endsWith(room.id)) continue;
        expect(told.some((seat) => seat.requestId === asked.requestId)).toBe(true);
      }
    }
  }, 60_000);
});

describe('the queue', () => {
  it('answers a request that is sent again with its outcome, under a raised version', async () => {
    const one = await world.subForum(conference, { capacity: 1 });
    const [a, b] = [newId(), newId()];
    const chunk = [world.asks(one, { registrationId: a }), world.asks(one, { registrationId: b })];
    await world.take(chunk);
    await world.take(chunk);
    expect(
      (await world.seatsTold(one.id)).map(({ requestId, state, version, place }) => [requestId, state, version, place]),
    ).toEqual([
      [chunk[0]?.body.requestId, 'confirmed', 1, null],
      [chunk[1]?.body.requestId, 'waitlisted', 1, 1],
      [chunk[0]?.body.requestId, 'confirmed', 2, null],
      [chunk[1]?.body.requestId, 'waitlisted', 2, 1],
    ]);
  });

  it('takes a release behind its own request in one chunk, and one for nothing', async () => {
    const one = await world.subForum(conference, { capacity: 1 });
    const [a, b, c] = [newId(), newId(), newId()];
    const nothing = world.releases(one, c);
    await world.take([
      world.asks(one, { registrationId: a }),
      world.asks(one, { registrationId: b }),
      world.releases(one, a),
      nothing,
    ]);
    expect((await world.seatsTold(one.id)).map((seat) => [seat.registrationId, seat.state, seat.promoted])).toEqual([
      [a, 'confirmed', false],
      [b, 'waitlisted', false],
      [a, 'released', false],
      [b, 'confirmed', true],
      [c, 'released', false],
    ]);
    expect((await world.seatsTold(one.id)).at(-1)).toMatchObject({ requestId: nothing.body.requestId, version: 1 });
  });

  it('reads only the heads of a long waitlist, and they are the right ones', async () => {
    const one = await world.subForum(conference, { capacity: 3 });
    const people = await world.seat(one, 60);
    const gone = [people[0], people[3], people[20], people[1]] as string[];
    await world.take(gone.map((id) => world.releases(one, id)));
    const promoted = (await world.seatsTold(one.id)).filter((seat) => seat.promoted).map((seat) => seat.registrationId);
    // The first release takes waiter 3 in, who leaves again and makes room for 4; then 1 leaves for 5.
    expect(promoted).toEqual([people[3], people[4], people[5]]);
    await soundAtRest(one);
  });

  it('refuses a chunk that names what is not ours, whole', async () => {
    const one = await world.subForum(conference);
    const stranger = { ...one, id: newId() };
    const chunk = [world.asks(one, { registrationId: newId() }), world.asks(stranger, { registrationId: newId() })];
    await expect(world.take(chunk)).rejects.toThrow('not known');
    expect(await seats(one.id)).toEqual([]);
  });

  it('is not oversold even by a rule that errs: the schema refuses', async () => {
    const one = await world.subForum(conference, { capacity: 2 });
    await world.seat(one, 2);
    const oversell = world.database.query('UPDATE sub_forums SET confirmed = confirmed + 1 WHERE id = $1', [one.id]);
    await expect(oversell).rejects.toThrow('never_oversold');
  });
});

describe('seats told again', () => {
  it('are each told once, at their version, page by page, and alone', async () => {
    const rooms = await Promise.all([1, 2, 3].map((capacity) => world.subForum(conference, { capacity })));
    for (const room of rooms) await world.seat(room, 7);
    const source = new SeatSnapshots();
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<SeatSnapshots['page']>> = await world.database.transaction((tx) =>
        source.page(tx, after, 50),
      );
      for (const { definition, body } of page.events) {
        expect(definition.type).toBe(seatSnapshot.type);
        expect(seatSnapshot.body.parse(body)).toEqual(body);
        seen.push(`${body.registrationId}/${body.subForumId} ${body.version} ${body.state}`);
      }
      after = page.next;
    } while (after);
    const stored = await world.database.query<{ line: string }>(
      `SELECT registration_id || '/' || sub_forum_id || ' ' || version || ' ' || state AS line FROM seats`,
    );
    expect(seen.sort()).toEqual(stored.map((row) => row.line).sort());
    const subject = (seen[0] as string).split(' ')[0] as string;
    const alone = await world.database.transaction((tx) => source.one(tx, subject));
    expect(alone.map(({ definition, body }) => definition.subject(body as never))).toEqual([subject]);
    expect(await world.database.transaction((tx) => source.one(tx, `${newId()}/nonsense`))).toEqual([]);
    expect(source.topic).toBe(topics.seats);
  });
});

describe('one hot sub-forum', () => {
  it('takes 10,000 requests in chunks of 500', async () => {
    const one = await world.subForum(conference, { capacity: 5000 });
    const chunks = Array.from({ length: 20 }, () =>
      Array.from({ length: 500 }, () => world.asks(one, { registrationId: newId() })),
    );
    const began = performance.now();
    for (const chunk of chunks) await world.take(chunk);
    const rate = 10_000_000 / (performance.now() - began);
    console.log(`10,000 requests in one sub-forum: ${Math.round(rate)} a second`);
    expect(await world.counters(one.id)).toMatchObject({ confirmed: 5000, waitlisted: 5000 });
    expect(rate).toBeGreaterThan(500);
  }, 60_000);
});
