import { type SubForum } from '@plenary/contracts';
import { stack, topicEvents } from '@plenary/testing';
import { type Bench, type Case, withDatabase } from '../case';
import { percentile } from '../load';
import { comeToRest } from '../quiet';
import type { Figure } from '../report';
import { BenchConference, heard, minutes } from '../world';

const connections = 64;
const settlesWithinMs = 300_000;

/** The hour in which registration opens: everybody at once, for more than there is. */
export const rush: Case = {
  name: 'rush',
  title: '10,000 registrations x 3 choices over 40 sub-forums, 64 connections, closed model',
  changesData: true,
  async run(bench) {
    const people = bench.scaled(10_000);
    const conference = await BenchConference.create('rush');
    const rows: SubForum[][] = [];
    for (const [slot, count] of [14, 13, 13].entries()) {
      // Two thirds of what is wished for: each queue ends in a waitlist.
      const capacity = Math.max(1, Math.floor((people / count) * 0.66));
      const times = { startsAt: minutes(60 + slot * 10), endsAt: minutes(70 + slot * 10) };
      rows.push(await conference.subForums(count, { ...times, capacity }));
    }
    const choose = (index: number) =>
      rows.map((row, slot) => (row[(index * 7 + slot * 3) % row.length] as SubForum).id);
    return registerAll(bench, conference, rows.flat(), people, choose);
  },
};

/** Everybody wants the same one. A submission names a sub-forum once, so that is one choice each. */
export const hot: Case = {
  name: 'hot',
  title: '10,000 registrations x 1 choice, all for the same sub-forum, 64 connections, closed model',
  changesData: true,
  async run(bench) {
    const people = bench.scaled(10_000);
    const conference = await BenchConference.create('hot');
    const times = { startsAt: minutes(60), endsAt: minutes(70) };
    const made = await conference.subForums(1, { ...times, capacity: Math.max(1, Math.floor(people * 0.66)) });
    return registerAll(bench, conference, made, people, () => [(made[0] as SubForum).id]);
  },
};

async function registerAll(
  bench: Bench,
  conference: BenchConference,
  subForums: SubForum[],
  people: number,
  choose: (index: number) => string[],
): Promise<Figure[]> {
  await heard();
  const requests = Array.from({ length: people }, (_, index) => conference.submission(choose(index)));
  return withDatabase(async (database) => {
    const { value, baseline } = await bench.besideInserts('the rush', async () => {
      bench.say(`${people} registrations`);
      return bench.counted('the rush until everything is at rest', people, async () => {
        const sent = await bench.generator.load({ origin: stack().url, requests, connections });
        return { sent, rest: await comeToRest(database, settlesWithinMs) };
      });
    });
    const { sent, rest } = value;

    bench.say('reading the queues back');
    const seats = await seatsOf(database, conference.id);
    bench.check('every choice has its outcome', countOf(seats, people * choose(0).length));
    bench.check('no sub-forum is oversold', oversold(seats, subForums));
    bench.check('the order is exact', await outOfOrder(seats, subForums));

    const rate = people / ((sent.endedAt - sent.startedAt) / 1_000);
    return [
      { what: 'registrations', value: rate, unit: '/s', target: { atLeast: 1_000 } },
      { what: 'beside durable INSERTs', value: rate / baseline.mean, unit: 'x' },
      { what: 'answer p50', value: percentile(sent.latency, 0.5), unit: 'ms' },
      { what: 'answer p99', value: percentile(sent.latency, 0.99), unit: 'ms' },
      {
        what: 'every outcome there, after the last answer',
        value: Math.max(0, rest.outcomesAt - sent.endedAt) / 1_000,
        unit: 's',
        target: { atMost: 2 },
      },
      {
        what: 'all outboxes empty, nobody behind, after the last answer',
        value: Math.max(0, rest.quietAt - sent.endedAt) / 1_000,
        unit: 's',
        target: { atMost: 2 },
      },
    ];
  });
}

interface Seat {
  readonly registrationId: string;
  readonly subForumId: string;
  readonly state: string;
  readonly place: number | null;
}

async function seatsOf(
  database: Parameters<Parameters<typeof withDatabase>[0]>[0],
  conferenceId: string,
): Promise<Seat[]> {
  const { rows } = await database.query(
    `SELECT registration_id AS "registrationId", sub_forum_id AS "subForumId", state, place
     FROM registration.choices JOIN registration.registrations ON id = registration_id WHERE conference_id = $1`,
    [conferenceId],
  );
  return rows;
}

function countOf(seats: Seat[], wanted: number): string[] {
  const done = seats.filter(({ state }) => state === 'confirmed' || state === 'waitlisted').length;
  return done === wanted && seats.length === wanted ? [] : [`${done} of ${wanted}`];
}

function oversold(seats: Seat[], subForums: SubForum[]): string[] {
  const confirmed = new Map<string, number>();
  for (const { subForumId, state } of seats) {
    if (state === 'confirmed') confirmed.set(subForumId, (confirmed.get(subForumId) ?? 0) + 1);
  }
  return subForums
    .filter(({ id, capacity }) => (confirmed.get(id) ?? 0) > (capacity as number))
    .map(({ id, capacity }) => `${id}: ${confirmed.get(id)} of ${capacity}`);
}

/** Per sub-forum: the confirmed are exactly the first in Kafka's order of `seat-requests`, the waiters follow in it. */
async function outOfOrder(seats: Seat[], subForums: SubForum[]): Promise<string[]> {
  const queues = new Map<string, string[]>(subForums.map(({ id }) => [id, []]));
  for await (const { body } of topicEvents('seatRequests')) {
    const { subForumId, registrationId } = body as { subForumId: string; registrationId: string };
    queues.get(subForumId)?.push(registrationId);
  }
  const byChoice = new Map(seats.map((seat) => [`${seat.registrationId}/${seat.subForumId}`, seat]));
  const wrong: string[] = [];
  for (const { id, capacity } of subForums) {
    // A request that was repeated stands where it stood first.
    const queue = [...new Set(queues.get(id))].map((registrationId) => byChoice.get(`${registrationId}/${id}`));
    const free = capacity as number;
    const places = queue.slice(free).map((seat) => seat?.place ?? Number.NaN);
    if (queue.slice(0, free).some((seat) => seat?.state !== 'confirmed'))
      wrong.push(`${id}: the first are not confirmed`);
    if (queue.slice(free).some((seat) => seat?.state !== 'waitlisted'))
      wrong.push(`${id}: the rest are not waitlisted`);
    if (places.some((place, index) => index > 0 && !(place > (places[index - 1] as number)))) {
      wrong.push(`${id}: waiters stand in another order`);
    }
    if (queue.length === 0 && seats.some(({ subForumId }) => subForumId === id)) wrong.push(`${id}: no requests found`);
  }
  return wrong;
}
