import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { services, topics } from '@plenary/contracts';
import { requestRebuild, settled, topicEvents, until } from '@plenary/testing';
import { brokers, schemaOf } from './badge-holders';
import { report } from './chaos';
import { asSuperuser } from './inside';
import { someDay } from './some-day';

/** Who keeps a projection. identity keeps one of the conferences, the two others decide only. */
const rebuilt = ['attendance', 'check-in', 'registration', 'identity'] as const;

describe('a rebuild from nothing', () => {
  it('gives the projections that there were, and no owner decides anything again', async () => {
    const conference = await someDay();
    if (process.env.RECORD_DAY) await record(conference.id, process.env.RECORD_DAY);
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

/**
 * Every table of every service but those of messaging and platform, as sorted rows. Left out: how often a picture was
 * drawn. Counts are summed over their partitions, which say nothing: they only keep consumers from waiting.
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
    const rows = await asSuperuser<{ row: Row }>(`SELECT to_jsonb(t) AS row FROM ${name} t`);
    const held = rows.map(({ row }) => row);
    found[name] = (name.endsWith('_counts') ? summed(held) : held).map((row) => JSON.stringify(row)).sort();
  }
  return found;
}
type Row = Record<string, unknown>;

/** The numbers of all rows of one conference and sub-forum together; those that come to nothing are none. */
function summed(rows: Row[]): Row[] {
  const sums = new Map<string, Row>();
  for (const { partition: _, ...row } of rows) {
    const key = `${row.conference_id} ${row.sub_forum_id}`;
    const before = sums.get(key) ?? {};
    const added = Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'number' ? value + ((before[name] as number | undefined) ?? 0) : value,
    ]);
    sums.set(key, Object.fromEntries(added));
  }
  return [...sums.values()].filter((row) =>
    Object.values(row).some((value) => typeof value === 'number' && value !== 0),
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

/** Writes down every event of a conference, as it lies in Kafka: for tests that hand them over in other orders. */
async function record(conferenceId: string, file: string): Promise<void> {
  const lines: string[] = [];
  for (const topic of Object.keys(topics) as (keyof typeof topics)[]) {
    for await (const { topic: name, partition, offset, key, headers, body } of topicEvents(topic)) {
      const { conferenceId: whose } = (body ?? {}) as { conferenceId?: string };
      if (whose !== conferenceId) continue;
      lines.push(JSON.stringify({ topic: name, partition, offset, key: key ?? null, headers, body }));
    }
  }
  writeFileSync(file, `${lines.join('\n')}\n`);
}
