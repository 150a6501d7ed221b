import { randomUUID } from 'node:crypto';
import { routes, services, topics } from '@plenary/contracts';
import { requestRebuild, settled, topicEvents, until } from '@plenary/testing';
import { badgeOf, Conference, choiceBecomes, scan, scanOf } from '../e2e/world';
import { brokers, schemaOf } from './badge-holders';
import { report } from './chaos';
import { asSuperuser } from './inside';

/** Who keeps a projection. identity keeps one of the conferences, the two others decide only. */
const rebuilt = ['attendance', 'check-in', 'registration', 'identity'] as const;

describe('a rebuild from nothing', () => {
  it('gives the projections that there were, and no owner decides anything again', async () => {
    await someDay();
    await settled();
    const before = await tables();
    const ends = await offsetRows();
    const projections = Object.keys(before).filter((name) =>
      /^(attendance|check_in|registration|identity)\.known_/.test(name),
    );
    for (const name of [
      'attendance.known_seats',
      'attendance.known_stays',
      'check_in.known_badges',
      'check_in.known_seats',
    ])
      expect(before[name]?.length).toBeGreaterThan(0);

    // What no repair but this one could mend: rows that nobody ever told, and rows that say something else.
    await asSuperuser(
      `INSERT INTO attendance.known_seats SELECT '${randomUUID()}', sub_forum_id, 1, conference_id, 'confirmed', NULL
       FROM attendance.known_seats LIMIT 1`,
    );
    await asSuperuser(`UPDATE attendance.known_seats SET state = 'confirmed' WHERE state = 'waitlisted'`);
    await asSuperuser('DELETE FROM check_in.known_badges');
    await asSuperuser(`UPDATE registration.known_sub_forums SET code = 'WRONG'`);

    const since = performance.now();
    for (const service of rebuilt) await requestRebuild(brokers(), service);
    await untilRepaired();
    const rebuiltMs = performance.now() - since;

    const after = await tables();
    for (const name of Object.keys(before)) expect([name, after[name]]).toEqual([name, before[name]]);

    const told = new Map<string, number>();
    for (const topic of Object.keys(topics) as (keyof typeof topics)[]) {
      for await (const { partition, offset, headers } of topicEvents(topic)) {
        if (BigInt(offset) < BigInt(ends.get(`${topics[topic].name}/${partition}`) ?? 0)) continue;
        told.set(headers.ce_type ?? '', (told.get(headers.ce_type ?? '') ?? 0) + 1);
      }
    }
    const decided = [...told.keys()].filter(
      (type) => !/\.snapshot\.v1$/.test(type) && !/^(resync|rebuild)\.requested\.v1$/.test(type),
    );
    expect(decided).toEqual([]);
    for (const type of [
      'seat.snapshot.v1',
      'badge.snapshot.v1',
      'scan.snapshot.v1',
      'stays.snapshot.v1',
      'registration.snapshot.v1',
    ])
      expect([type, told.get(type) ?? 0]).not.toEqual([type, 0]);
    const rows = projections.reduce((sum, name) => sum + (before[name]?.length ?? 0), 0);
    report(
      `rebuild of ${rebuilt.join(', ')}: ${rows} rows of ${projections.length} tables the same again after ${rebuiltMs.toFixed(0)} ms, ` +
        `${[...told.values()].reduce((sum, count) => sum + count, 0)} events, none but snapshots`,
    );
  }, 240_000);
});

/** A bit of everything: a waitlist, a promotion, a cancellation, lost and revoked badges, scans, an undo, a moved room. */
async function someDay(): Promise<void> {
  const conference = await Conference.create();
  const { organiser, slug } = conference;
  const small = await conference.room({ capacity: 1 });
  const open = await conference.room({ admission: 'open', capacity: null });
  const people = [];
  for (let count = 0; count < 4; count += 1) people.push(await conference.register([small.subForum.id]));
  const [first, second, third, fourth] = people as [
    (typeof people)[number],
    (typeof people)[number],
    (typeof people)[number],
    (typeof people)[number],
  ];
  await organiser.call(routes.createDelegation, {
    params: { slug },
    body: { name: 'A delegation', leader: { name: 'Leader', email: `${randomUUID()}@delegates.example` }, quota: 5 },
  });
  const badges = await Promise.all(people.map(badgeOf));
  await settled();
  await scan(open.door, open.gate, badges[0] as string);
  await scan(open.door, open.gate, badges[0] as string, { direction: 'exit' });
  await scan(small.door, small.gate, badges[0] as string);
  await scan(open.door, open.gate, badges[3] as string);
  await scan(open.door, open.gate, 'NO BADGE AT ALL');
  const undone = scanOf(open.gate, badges[1] as string);
  await open.door.client.call(routes.postScan, { body: undone });
  await open.door.client.call(routes.undoScan, { params: { scanId: undone.scanId }, body: {} });
  const late = scanOf(open.gate, badges[2] as string, { acted: 'admitted' });
  await small.door.client.call(routes.postScanBatch, { body: { scans: [{ ...late, gateId: small.gate.id }] } });
  await second.client.call(routes.cancelOwnRegistration);
  await conference.change(small.subForum.id, { capacity: 2 });
  await choiceBecomes(third, small.subForum.id, 'confirmed');
  await organiser.call(routes.reissueBadge, { params: { id: first.id }, body: { reason: 'lost' } });
  await organiser.call(routes.revokeBadge, { params: { id: fourth.id }, body: { reason: 'withdrawn' } });
  await organiser.call(routes.revokeDevice, { params: { id: small.door.id } });
}

/**
 * Every table of every service but those of messaging and platform, as sorted rows. Left out: how often a picture was
 * drawn, and counts that have come to nothing, since they count to the same where they are missing.
 */
async function tables(): Promise<Record<string, string[]>> {
  const names = await asSuperuser<{ name: string }>(
    `SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname = ANY($1)
       AND tablename NOT IN ('outbox', 'consumer_offsets', 'subject_versions', 'parked', 'repairs', 'migrations',
                             'idempotency_keys', 'rate_limits', 'picture_versions') ORDER BY 1`,
    [services.map(schemaOf)],
  );
  const found: Record<string, string[]> = {};
  for (const { name } of names) {
    const rows = await asSuperuser<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${name} t`);
    const nothing = /_counts$/.test(name) ? isNothing : () => false;
    found[name] = rows
      .map(({ row }) => row)
      .filter((row) => !nothing(row))
      .sort();
  }
  return found;
}

/** A row of counts of which each is 0. */
function isNothing(row: string): boolean {
  return Object.entries(JSON.parse(row) as Record<string, unknown>).every(
    ([name, value]) => typeof value !== 'number' || name === 'partition' || value === 0,
  );
}

/** Where the topics end, by `topic/partition`: at rest every consumer stands there. */
async function offsetRows(): Promise<Map<string, string>> {
  const rows = await Promise.all(
    services.map((service) =>
      asSuperuser<{ place: string; next: string }>(
        `SELECT topic || '/' || partition AS place, next_offset AS next FROM ${schemaOf(service)}.consumer_offsets`,
      ),
    ),
  );
  return new Map(rows.flat().map(({ place, next }) => [place, next]));
}

/** Until no repair is under way and all that came of them has been heard. */
async function untilRepaired(): Promise<void> {
  const repairs = async () => {
    const counts = services.map((service) => `(SELECT count(*) FROM ${schemaOf(service)}.repairs)`);
    return Number((await asSuperuser<{ n: string }>(`SELECT ${counts.join(' + ')} AS n`))[0]?.n);
  };
  do {
    await until(async () => (await repairs()) === 0, { what: 'no repair under way', timeoutMs: 60_000 });
    await settled(60_000);
  } while ((await repairs()) > 0);
}
