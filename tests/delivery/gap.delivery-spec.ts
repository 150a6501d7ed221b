import { readFileSync } from 'node:fs';
import { topics } from '@plenary/contracts';
import { metricsOf, putOnTopic, settled, topicEvents, until } from '@plenary/testing';
import { type Holder, hearers, holders, notices } from './badge-holders';
import { logFileOf, replicasOf, report } from './chaos';

describe('a gap of versions', () => {
  it('is parked, told in log, metric and notice, and repaired by a snapshot that nobody had to ask for', async () => {
    const [holder, other] = (await holders(2)) as [Holder, Holder];
    const { headers, body } = await holder.lastEvent();
    const before = await Promise.all(hearers.map(parkedCounted));
    const since = performance.now();
    const skipping = { ...body, version: body.version + 2 };
    const place = await putOnTopic('badges', {
      key: holder.id,
      headers: { ...headers, ce_id: 'a gap' },
      value: JSON.stringify(skipping),
    });
    await until(async () => (await snapshotsOf(holder.id)) >= hearers.length, {
      what: 'a snapshot for each who asks',
      timeoutMs: 30_000,
    });
    const repairedMs = performance.now() - since;
    await settled();
    for (const service of hearers) {
      expect(await holder.parked(service)).toEqual([]);
      expect(await holder.version(service)).toBe(body.version);
      // Said once, by the replica that has the partition.
      const lines = replicasOf(service).flatMap((replica) =>
        readFileSync(logFileOf(replica), 'utf8')
          .split('\n')
          .filter((line) => line.includes('"version_gap"') && line.includes(holder.id)),
      );
      expect(lines.map((line) => (JSON.parse(line) as { msg: string; offset: string }).offset)).toEqual([place.offset]);
    }
    const counted = await Promise.all(hearers.map(parkedCounted));
    expect(counted.map((count, index) => count - (before[index] as number))).toEqual([1, 1, 1]);
    const told = (await notices()).filter(({ subject }) => subject === holder.id);
    expect(told.map(({ service, cause }) => `${service} ${cause}`).sort()).toEqual(
      hearers.map((service) => `${service} version_gap`).sort(),
    );
    expect((await askedFor(holder.id)).sort()).toEqual([...hearers].sort());

    // What comes next is taken as if nothing had been.
    for (const one of [holder, other]) await one.heard(await one.reissue());
    for (const service of hearers) expect(await holder.version(service)).toBe(body.version + 1);
    // The invented version stays in the topic: the real ones pass it, or whoever reads the topic again would take it for news.
    await holder.heard(await holder.reissue());
    for (const service of hearers) expect(await holder.version(service)).toBe(skipping.version);
    report(
      `a gap: parked by ${hearers.length} services, every snapshot there ${repairedMs.toFixed(0)} ms later (reading the topic included)`,
    );
  }, 90_000);
});

async function parkedCounted(service: (typeof hearers)[number]): Promise<number> {
  return (await metricsOf(service, 'plenary_consumer_parked')).flat().reduce((sum, { value }) => sum + value, 0);
}

async function snapshotsOf(id: string): Promise<number> {
  let count = 0;
  for await (const { headers } of topicEvents('badges')) {
    if (headers.ce_type === 'badge.snapshot.v1' && headers.ce_subject === id) count += 1;
  }
  return count;
}

/** Who asked the owner for a snapshot of this subject. */
async function askedFor(id: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { headers, body } of topicEvents('deadLetters')) {
    const request = body as { topic: string; subject: string | null; requestedBy: string };
    if (headers.ce_type === 'resync.requested.v1' && request.topic === topics.badges.name && request.subject === id)
      found.push(request.requestedBy);
  }
  return found;
}
