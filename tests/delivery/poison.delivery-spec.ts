import { randomBytes } from 'node:crypto';
import { type ServiceName, services, topics } from '@plenary/contracts';
import { metricsOf, putOnTopic, requestReplay, requestResync, settled, until } from '@plenary/testing';
import { brokers, type Hearer, type Holder, hearers, holders, nothingParked, notices, schemaOf } from './badge-holders';
import { bringBack, holdDown, report } from './chaos';
import { asSuperuser, holderOf, Superuser } from './inside';

const { badges } = topics;

describe('what is no good event', () => {
  it('bytes that no contract knows are parked by all who hear the topic, and nobody waits for them', async () => {
    const [holder] = (await holders(1)) as [Holder];
    const before = await parkedCounted();
    const bad: { topic: string; partition: number; offset: string }[] = [];
    const names = Object.keys(topics) as (keyof typeof topics)[];
    for (const topic of names) {
      bad.push(await putOnTopic(topic, { key: null, value: randomBytes(300) }));
      bad.push(await putOnTopic(topic, { key: holder.id, value: null }));
    }
    // What no index and no number of PostgreSQL's could hold, under a type that is known.
    for (const version of [-3_000_000_000, 1e300]) {
      const subject = randomBytes(20_000).toString('base64');
      const odd = { ce_type: 'badge.issued.v1', ce_subject: subject, ce_time: 'never', traceparent: 'none\0' };
      bad.push(await putOnTopic('badges', { key: holder.id, value: JSON.stringify({ version }), headers: odd }));
    }

    const revision = await holder.reissue();
    await holder.heard(revision);
    const expected = new Map<string, string[]>();
    for (const service of services) {
      const hears = new Set(
        (await asSuperuser(`SELECT topic FROM ${schemaOf(service)}.consumer_offsets`)).map((row) => row.topic),
      );
      const takes = (topic: string, index: number) =>
        hears.has(topic) && (index < names.length * 2 || hearers.includes(service as Hearer));
      const places = bad.filter(({ topic }, index) => takes(topic, index)).map(placeOf);
      expected.set(service, places.sort());
      await until(async () => (await parkedAt(service)).length >= places.length, { what: `all of it at ${service}` });
      expect([service, await parkedAt(service)]).toEqual([service, expected.get(service)]);
    }
    const parked = [...expected.values()].flat().length;
    expect((await parkedCounted()) - before).toBe(parked);
    // A notice about what lies on the topic of notices would make the next one.
    const told = [...expected].flatMap(([service, places]) =>
      places
        .filter((place) => !place.startsWith(topics.deadLetters.name))
        .map((place) => `${service} ${place} unparsable`),
    );
    const wanted = new Set(bad.map(placeOf));
    await settled();
    const given = (await notices()).flatMap((notice) => {
      const place = `${notice.sourceTopic}/${notice.sourcePartition}@${notice.sourceOffset}`;
      return wanted.has(place) ? [`${notice.service} ${place} ${notice.cause}`] : [];
    });
    expect(given.sort()).toEqual(told.sort());
    // Looked at and of no use to anybody: a replay takes off what is no event at all.
    await Promise.all(services.map((service) => requestReplay(brokers(), service)));
    await until(async () => (await Promise.all(services.map(parkedAt))).flat().length === 6, {
      what: 'only the two unparsable events at three services to be left',
    });
    // Events of a subject that no owner knows: nobody will ever tell anything that stands above them.
    for (const service of services) await asSuperuser(`DELETE FROM ${schemaOf(service)}.parked`);
    report(
      `${bad.length} poison messages on ${names.length} topics: parked ${parked} times by ${services.length} services`,
    );
  }, 120_000);

  it('a type that nobody knows is passed over, and its version counts', async () => {
    const [holder] = (await holders(1)) as [Holder];
    const { headers, body } = await holder.lastEvent();
    const unknown = { ...headers, ce_type: 'badge.laminated.v9', ce_id: 'laminated' };
    const next = body.version + 1;
    await putOnTopic('badges', { key: holder.id, headers: unknown, value: JSON.stringify({ version: next }) });
    for (const service of hearers) {
      await until(async () => (await holder.version(service)) === next, { what: `version ${next} at ${service}` });
      expect(await holder.parked(service)).toEqual([]);
    }
    const before = await holder.known('attendance');
    // The owner does not know of it: its own event of this version comes too late, the one after that is the next.
    await holder.reissue();
    const revision = await holder.reissue();
    expect(revision).toBe((before as number) + 2);
    await holder.heard(revision);
    for (const service of hearers) {
      expect(await holder.version(service)).toBe(next + 1);
    }
  }, 60_000);

  it('a body that never parses, and a handler that fails for one: both wait alone, also on the other replica', async () => {
    const [unreadable, unbearable, sound] = (await holders(3)) as [Holder, Holder, Holder];
    const { headers, body } = await unreadable.lastEvent();
    const watch = await Watch.over(unbearable.id);
    try {
      const version = body.version + 1;
      const broken = { ...headers, ce_id: 'broken' };
      await putOnTopic('badges', { key: unreadable.id, headers: broken, value: `{"version":${version},"serial":"no` });
      for (const service of hearers) {
        await until(async () => (await unreadable.parked(service)).length === 1, {
          what: `it to be parked by ${service}`,
        });
      }
      await watch.reject();
      let bearable = await unbearable.reissue();
      await unreadable.reissue();
      await sound.heard(await sound.reissue());
      await until(async () => (await unbearable.parked('attendance')).length === 1, { what: 'the failing one parked' });

      const owner = await holderOf('attendance', badges.name, sound.partition);
      await holdDown(owner);
      const since = performance.now();
      bearable = await unbearable.reissue();
      const readable = await unreadable.reissue();
      await sound.heard(await sound.reissue());
      const takenOverMs = performance.now() - since;
      expect(await holderOf('attendance', badges.name, sound.partition)).not.toBe(owner);
      await until(async () => (await unbearable.parked('attendance')).length === 2, { what: 'what follows parked' });
      await until(async () => (await unreadable.parked('attendance')).length === 3, { what: 'what follows parked' });

      const causes = async (holder: Holder) =>
        (await holder.parked('attendance')).map(({ cause, error }) => [cause, error]);
      expect(await causes(unreadable)).toEqual([
        ['unparsable', 'unparsable'],
        ['behind_parked', 'behind_parked'],
        ['behind_parked', 'behind_parked'],
      ]);
      expect(await causes(unbearable)).toEqual([
        ['handler_failed', 'QueryFailedError 23514'],
        ['behind_parked', 'behind_parked'],
      ]);
      // The others have no such trouble, with the one at least.
      await unbearable.heard(bearable, ['registration', 'check-in']);

      await requestReplay(brokers(), 'attendance');
      await until(async () => (await unbearable.parked('attendance'))[0]?.tries === 4, {
        what: 'a replay that fails again',
      });
      await until(async () => (await unreadable.parked('attendance'))[0]?.tries === 2, {
        what: 'a replay that fails again',
      });

      await watch.accept();
      await requestReplay(brokers(), 'attendance', unbearable.id);
      await unbearable.heard(bearable);
      expect(await unbearable.parked('attendance')).toEqual([]);
      expect(await watch.seen()).toEqual([bearable - 1, bearable]);

      // What the owner tells of it now stands above all that is parked.
      await requestResync(brokers(), 'badges', unreadable.id);
      await unreadable.heard(readable);
      await nothingParked();
      await bringBack(owner);
      for (const holder of [unreadable, unbearable, sound]) await holder.heard(await holder.reissue());
      report(
        `parked subjects: the other replica went on with everybody else ${takenOverMs.toFixed(0)} ms after the kill`,
      );
    } finally {
      await watch.end();
    }
  }, 180_000);
});

const placeOf = ({ topic, partition, offset }: { topic: string; partition: number; offset: string }) =>
  `${topic}/${partition}@${offset}`;

async function parkedAt(service: ServiceName): Promise<string[]> {
  const rows = await asSuperuser<{ topic: string; partition: number; offset: string }>(
    `SELECT topic, partition, "offset" FROM ${schemaOf(service)}.parked`,
  );
  return rows.map(placeOf).sort();
}

/** How many events all replicas of all services say they have parked since they started. */
async function parkedCounted(): Promise<number> {
  const counts = await Promise.all(services.map((service) => metricsOf(service, 'plenary_consumer_parked')));
  return counts.flat(2).reduce((sum, { value }) => sum + value, 0);
}

/** Notes in which order attendance writes the revisions of one badge, and lets it fail from outside. */
class Watch {
  private constructor(private readonly id: string) {}

  static async over(id: string): Promise<Watch> {
    await Superuser.session(async (session) => {
      await session.rows('CREATE SCHEMA delivery_test');
      await session.rows('CREATE TABLE delivery_test.seen (n bigserial, revision int)');
      await session.rows(
        `CREATE FUNCTION delivery_test.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
         $$ BEGIN INSERT INTO delivery_test.seen (revision) VALUES (NEW.revision); RETURN NEW; END $$`,
      );
      await session.rows(
        `CREATE TRIGGER delivery_test AFTER INSERT OR UPDATE ON attendance.known_badges
         FOR EACH ROW WHEN (NEW.registration_id = '${id}') EXECUTE FUNCTION delivery_test.note()`,
      );
    });
    return new Watch(id);
  }

  /** From now on attendance can't write this badge. */
  async reject(): Promise<void> {
    await asSuperuser(
      `ALTER TABLE attendance.known_badges ADD CONSTRAINT delivery_test CHECK (registration_id <> '${this.id}') NOT VALID`,
    );
  }

  async accept(): Promise<void> {
    await asSuperuser('ALTER TABLE attendance.known_badges DROP CONSTRAINT IF EXISTS delivery_test');
  }

  async seen(): Promise<number[]> {
    const rows = await asSuperuser<{ revision: number }>('SELECT revision FROM delivery_test.seen ORDER BY n');
    return rows.map(({ revision }) => revision);
  }

  async end(): Promise<void> {
    await this.accept();
    await asSuperuser('DROP TRIGGER delivery_test ON attendance.known_badges');
    await asSuperuser('DROP SCHEMA delivery_test CASCADE');
  }
}
