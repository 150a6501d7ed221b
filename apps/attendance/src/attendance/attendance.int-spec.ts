import { type Topic, topics } from '@plenary/contracts';
import { Changes } from '@plenary/platform';
import { type TestDatabase, testDatabase } from '@plenary/testing';
import fc from 'fast-check';
import { at, History, steps, type Told } from '../history.test-world';
import { DoorEvents } from '../known/doors';
import { PeopleEvents } from '../known/people';
import { PictureVersions } from '../known/picture-versions';
import { ProgrammeEvents } from '../known/programme';
import { Pictures } from './pictures';

describe('the board', () => {
  let test: TestDatabase;
  let pictures: Pictures;
  let hear: (topic: Topic, events: Told['event'][]) => Promise<void>;
  beforeAll(async () => {
    test = await testDatabase('attendance');
    pictures = new Pictures(test.database);
    const changes = new Changes(test.database);
    const versions = new PictureVersions(changes);
    const programme = new ProgrammeEvents(versions, changes);
    const people = new PeopleEvents(versions);
    const doors = new DoorEvents(versions);
    hear = (topic, events) =>
      test.database.transaction(async (tx) => {
        const context = { tx, topic };
        const told = events as never[];
        if (topic === topics.subForums) return programme.subForums(told, context);
        if (topic === topics.gates) return programme.gates(told, context);
        if (topic === topics.registrations) return people.registrations(told, context);
        if (topic === topics.delegations) return people.delegations(told, context);
        if (topic === topics.seats) return people.seats(told, context);
        return doors.checkIns(told, context);
      });
  });
  afterAll(() => test.close());

  const drawn = async (history: History) => (await pictures.draw(history.conferenceId, at)).whole;

  /** Delivers lane by lane as `picks` say, in chunks, sometimes a chunk that was delivered before. */
  async function deliver(told: readonly Told[], picks: Iterator<number>): Promise<void> {
    const pick = () => picks.next().value as number;
    const lanes = new Map<string, Told[]>();
    for (const one of told) lanes.set(one.lane, [...(lanes.get(one.lane) ?? []), one]);
    const delivered: Told[][] = [];
    while (lanes.size > 0) {
      const lane = [...lanes.keys()][pick() % lanes.size] as string;
      const waiting = lanes.get(lane) as Told[];
      const chunk = waiting.splice(0, 1 + (pick() % 4));
      if (waiting.length === 0) lanes.delete(lane);
      delivered.push(chunk);
      const again = pick() % 3 === 0 ? delivered[pick() % delivered.length] : undefined;
      for (const one of [chunk, ...(again ? [again] : [])]) {
        const topic = one[0]?.topic as Topic;
        await hear(
          topic,
          one.map(({ event }) => event),
        );
      }
    }
  }

  it('shows the same whatever the order across topics and however often things are told', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.infiniteStream(fc.nat(1000)), async (whatHappens, picks) => {
        const history = new History(whatHappens);
        await deliver(history.told, picks);
        expect(await drawn(history)).toEqual(history.expected());
      }),
      { numRuns: 50 },
    );
  }, 120_000);

  it('is rebuilt to the same', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.infiniteStream(fc.nat(1000)), async (whatHappens, picks) => {
        const history = new History(whatHappens);
        await deliver(history.told, picks);
        const before = await drawn(history);
        for (const table of await knownTables()) await test.database.query(`DELETE FROM ${table}`);
        // Snapshots tell the last state of each subject, in any order.
        const last = [...new Map(history.told.map((one) => [`${one.topic.name} ${one.event.subject}`, one])).values()];
        const scans = history.told.filter(({ event }) => event.type === 'scan.recorded.v1');
        await deliver([...scans, ...last].reverse(), picks);
        expect(await drawn(history)).toEqual(before);
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  async function knownTables(): Promise<string[]> {
    const tables = await test.database.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'attendance' AND table_name LIKE 'known%'`,
    );
    return tables.map(({ name }) => name);
  }

  it('has a version that every change raises', async () => {
    const history = new History([
      { kind: 'register', person: 0, place: 0, minutesAgo: 0, option: 1 },
      { kind: 'enter', person: 0, place: 0, minutesAgo: 1, option: 1 },
    ]);
    let last = -1;
    for (const { topic, event } of history.told) {
      await hear(topic, [event]);
      const { version } = await pictures.draw(history.conferenceId, at);
      expect(Number(version)).toBeGreaterThan(last);
      last = Number(version);
    }
    expect((await pictures.draw(history.conferenceId, at)).version).toBe(String(last));
  });

  it('does not bring an erased person back', async () => {
    const history = new History([
      { kind: 'register', person: 0, place: 0, minutesAgo: 0, option: 1 },
      { kind: 'erase', person: 0, place: 0, minutesAgo: 0, option: 0 },
    ]);
    for (const { topic, event } of history.told) await hear(topic, [event]);
    const registered = history.told.find(({ event }) => event.type === 'registration.submitted.v1') as Told;
    const later = {
      ...registered.event,
      type: 'registration.snapshot.v1',
      body: { ...registered.event.body, version: 9 },
    };
    await hear(topics.registrations, [later]);
    const erased = history.told.at(-1) as Told;
    await hear(topics.registrations, [erased.event, { ...later, body: { ...later.body, version: 10 } }]);
    expect((await drawn(history)).totals.registered).toBe(0);
  });
});
