import { type Gate, routes, type SubForum } from '@plenary/contracts';
import {
  type DoorDeed,
  doorModel,
  explain,
  Recorder,
  type SeatDeed,
  seeded,
  settled,
  subForumModel,
} from '@plenary/testing';
import { RecordedDelegate } from './recorded-delegate';
import { RecordedDoor } from './recorded-door';
import { RecordedOrganiser } from './recorded-organiser';
import { badgeOf, Conference, minutes } from './world';

/**
 * What many clients saw at the same time, at two replicas of every service, over connections that are cut now and then:
 * for each sub-forum, and for each pair of rooms, there is an order of one at a time that explains all of it.
 */
const seeds = (process.env.HISTORY_SEED ?? String(Date.now() % 1_000_000)).split(',').map(Number);
let chance: () => number;
const another = () => seeded(Math.floor(chance() * 2 ** 32));
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
let conference: Conference;

/** Two sub-forums, at the same time or one after the other, and those who want to be there. */
class Pair {
  readonly recorders: Map<string, Recorder<SeatDeed>>;
  private readonly delegates: RecordedDelegate[];
  private readonly organisers: RecordedOrganiser[];

  private constructor(
    private readonly subForums: readonly SubForum[],
    overlapping: boolean,
  ) {
    this.recorders = new Map(subForums.map(({ id }) => [id, new Recorder<SeatDeed>()]));
    // The search grows by a multiple with each of them, the more so the slower the machine.
    this.delegates = upTo(4 + Math.floor(chance() * 3)).map(
      (n) => new RecordedDelegate(`d${n}`, conference, this.recorders, overlapping, another()),
    );
    const token = conference.organiser.token as string;
    this.organisers = subForums.flatMap((subForum) =>
      upTo(1 + Math.floor(chance() * 2)).map(
        (n) => new RecordedOrganiser(`organiser ${n}`, token, subForum, this.recorderOf(subForum.id), another()),
      ),
    );
  }

  static async open(overlapping: boolean): Promise<Pair> {
    const later = overlapping ? {} : { startsAt: minutes(25), endsAt: minutes(35) };
    const made = [{}, later].map((times) => conference.subForum({ ...times, capacity: 1 + Math.floor(chance() * 4) }));
    return new Pair(await Promise.all(made), overlapping);
  }

  async act(): Promise<void> {
    await Promise.all([...this.delegates.map((one) => one.act(5)), ...this.organisers.map((one) => one.act(4))]);
    await Promise.all(this.delegates.map((one) => one.rest()));
  }

  /** Once everything has been heard. The others' last acts may have completed a swap: that is noticed first. */
  async lookAtRest(): Promise<void> {
    await Promise.all(this.delegates.map((one) => one.rest()));
    await Promise.all([...this.delegates.map((one) => one.lookAtRest()), ...this.organisers.map((one) => one.look())]);
  }

  /** By sub-forum: its capacity at first, and what was recorded, people by name. */
  histories() {
    const names = new Map(this.delegates.map(({ registrationId, who }) => [registrationId, who]));
    const named = (ids: readonly string[]) => ids.map((id) => names.get(id) ?? id);
    return this.subForums.map(({ id, capacity }) => ({
      capacity: capacity as number,
      operations: this.recorderOf(id).operations.map((operation) => {
        const { deed } = operation;
        if (deed.kind === 'lists') return { ...operation, deed: { ...deed, waiting: named(deed.waiting) } };
        if (deed.kind !== 'resizes' || !deed.promoted) return operation;
        return { ...operation, deed: { ...deed, promoted: named(deed.promoted) } };
      }),
    }));
  }

  private recorderOf(subForumId: string): Recorder<SeatDeed> {
    return this.recorders.get(subForumId) as Recorder<SeatDeed>;
  }
}

/** HISTORY_SEED repeats what was done by chance, though not its timing; several, separated by commas, one after the other. */
describe.each(seeds)('histories, HISTORY_SEED=%d', (seed) => {
  beforeAll(async () => {
    chance = seeded(seed);
    conference = await Conference.create();
  });

  it('of 20 small sub-forums have an order that explains them: asked, given up, swapped, resized, closed, read', async () => {
    const pairs = await Promise.all(upTo(10).map((n) => Pair.open(n % 2 === 0)));
    await settled();
    const began = performance.now();
    await Promise.all(pairs.map((pair) => pair.act()));
    await settled();
    const tookMs = performance.now() - began;
    await Promise.all(pairs.map((pair) => pair.lookAtRest()));

    const sums = { operations: 0, asked: 0, released: 0, confirmed: 0, waitlisted: 0, resized: 0 };
    const also = { refused: 0, promoted: 0, unanswered: 0, visited: 0, mostVisited: 0 };
    for (const { capacity, operations } of pairs.flatMap((pair) => pair.histories())) {
      const explanation = explain(operations, subForumModel(capacity));
      if (!explanation.explainable) throw new Error(explanation.why);
      also.visited += explanation.visited;
      also.mostVisited = Math.max(also.mostVisited, explanation.visited);
      sums.operations += operations.length;
      for (const { deed, answered } of operations) {
        if (answered === undefined) also.unanswered += 1;
        if (deed.kind === 'asks') sums.asked += 1;
        if (deed.kind === 'releases') sums.released += 1;
        if (deed.kind === 'reads' && deed.seat === 'confirmed') sums.confirmed += 1;
        if (deed.kind === 'reads' && deed.seat === 'waitlisted') sums.waitlisted += 1;
        if (deed.kind === 'reads' && deed.seat === 'refused') also.refused += 1;
        if (deed.kind === 'resizes') sums.resized += 1;
        if (deed.kind === 'resizes') also.promoted += deed.promoted?.length ?? 0;
      }
    }
    console.info(
      `HISTORY_SEED=${seed}: histories of 20 sub-forums in ${(tookMs / 1000).toFixed(1)} s: ${JSON.stringify({ ...sums, ...also })}`,
    );
    // They say something only where seats were short and moved.
    for (const [what, count] of Object.entries(sums)) expect([what, count > 0]).toEqual([what, true]);
  }, 180_000);

  it('of 12 rooms with two gates each have an order that explains them: one admission, room caps, crossings', async () => {
    const pairs = await Promise.all(upTo(6).map(() => twoRooms()));
    const began = performance.now();
    await Promise.all(pairs.flatMap(({ doors }) => doors.map((door) => door.act(9))));
    const tookMs = performance.now() - began;

    const sums = { operations: 0, admitted: 0, refused: 0, unanswered: 0, visited: 0 };
    for (const { recorder, rooms } of pairs) {
      const explanation = explain(recorder.operations, doorModel(rooms));
      if (!explanation.explainable) throw new Error(explanation.why);
      sums.visited += explanation.visited;
      sums.operations += recorder.operations.length;
      for (const { deed } of recorder.operations) {
        if (!deed.said) sums.unanswered += 1;
        if (deed.said?.verdict.startsWith('admitted')) sums.admitted += 1;
        if (deed.said?.verdict.startsWith('refused')) sums.refused += 1;
      }
    }
    console.info(
      `HISTORY_SEED=${seed}: histories of 12 rooms in ${(tookMs / 1000).toFixed(1)} s: ${JSON.stringify(sums)}`,
    );
    for (const count of [sums.admitted, sums.refused]) expect(count).toBeGreaterThan(10);
  }, 180_000);
});

/** Two rooms that hold fewer people than have seats in both, with two gates and a device each, and one stranger. */
async function twoRooms() {
  const later = { startsAt: minutes(25), endsAt: minutes(35) };
  const subForums = await Promise.all([{}, later].map((times) => conference.subForum({ ...times, roomCap: 3 })));
  const ids = subForums.map(({ id }) => id);
  const holders = ['a', 'b', 'c', 'd', 'e'];
  const people = await Promise.all([...holders.map(() => conference.register(ids)), conference.register()]);
  const tokens = await Promise.all(people.map(badgeOf));
  const badges = new Map([...holders, 'stranger'].map((who, n) => [who, tokens[n] as string]));
  const recorder = new Recorder<DoorDeed>();
  const doors = await Promise.all(
    subForums.map(async ({ id, room }, n) => {
      const name = ['hall', 'annex'][n] as string;
      const [device, front] = await Promise.all([conference.door({ rooms: [room] }), conference.gateOf(id)]);
      const back: Gate = await conference.organiser.call(routes.createGate, {
        params: { slug: conference.slug },
        body: { name: `Back of the ${name}`, subForumId: id },
      });
      const token = device.client.token as string;
      return [front, back].map((gate) => new RecordedDoor(name, gate, token, badges, recorder, another()));
    }),
  );
  // Check-in has heard of every seat and badge before the first scan.
  await settled();
  const rooms = { hall: { cap: 3, holders }, annex: { cap: 3, holders } };
  return { recorder, rooms, doors: doors.flat() };
}
