import { randomUUID } from 'node:crypto';
import { routes, type SubForum, topics } from '@plenary/contracts';
import { lagOf, settled, stack, topicEvents, until } from '@plenary/testing';
import { Conference } from '../e2e/world';
import { freeze, itInWholeForm, kill, replicasOf, report, rounds, thaw, untilReady } from './chaos';
import { asSuperuser, holderOf, logFrom, Superuser, waitingForLock } from './inside';

const topic = topics.seatRequests.name;
/** Longer than the session timeout (8 s) and a rebalance. */
const TAKEOVER_MS = 40_000;

describe('a consumer', () => {
  let conference: Conference;
  let subForum: SubForum;
  let partition: number;

  /** Makes a registration with one choice, without waiting for the seat. */
  async function ask(): Promise<string> {
    const answer = await stack().client.call(
      routes.submitRegistration,
      { params: { slug: conference.slug }, body: conference.submission([subForum.id]) },
      { idempotencyKey: randomUUID() },
    );
    if (!('delegateToken' in answer)) throw new Error('registered before');
    return answer.id;
  }

  const rowOf = async (session: { rows: Superuser['rows'] }): Promise<number> => {
    const [row] = await session.rows<{ next_offset: string }>(
      'SELECT next_offset FROM sub_forum.consumer_offsets WHERE topic = $1 AND partition = $2',
      [topic, partition],
    );
    return Number(row?.next_offset);
  };

  /** Until the other replica has the partition; ms since `since`. */
  async function takenFrom(loser: string, since: number): Promise<{ winner: string; takeoverMs: number }> {
    const winner = await holderOf('sub-forum', topic, partition, { but: loser, timeoutMs: TAKEOVER_MS });
    return { winner, takeoverMs: performance.now() - since };
  }

  /** One seat per registration, told once, counted once. */
  async function expectOneSeatEach(registrations: readonly string[]): Promise<void> {
    const seats = await asSuperuser<{ version: number; state: string }>(
      'SELECT version, state FROM sub_forum.seats WHERE registration_id = ANY($1)',
      [registrations],
    );
    expect(seats).toEqual(registrations.map(() => ({ version: 1, state: 'confirmed' })));
    // An event may lie in its topic twice, since the relay may have been killed too; there is one event all the same.
    const told = new Map<string, string>();
    for await (const { body, headers } of topicEvents('seats')) {
      const registrationId = (body as { registrationId?: string } | undefined)?.registrationId;
      if (registrationId && registrations.includes(registrationId)) told.set(headers.ce_id as string, registrationId);
    }
    expect([...told.values()].sort()).toEqual([...registrations].sort());
    const [counted] = await asSuperuser(
      `SELECT confirmed, (SELECT count(*)::int FROM sub_forum.seats WHERE sub_forum_id = id AND state = 'confirmed') AS rows
       FROM sub_forum.sub_forums WHERE id = $1`,
      [subForum.id],
    );
    expect(counted?.confirmed).toBe(counted?.rows);
  }

  beforeEach(async () => {
    conference = await Conference.create();
    subForum = await conference.subForum();
    await settled();
    // The partition in front of this sub-forum: where its first request lies.
    const { id } = await conference.register([subForum.id]);
    await settled();
    for await (const record of topicEvents('seatRequests')) {
      if ((record.body as { registrationId?: string } | undefined)?.registrationId === id) partition = record.partition;
    }
  });

  it('killed -9 between its commit and the commit of the offset in Kafka goes on from the row', async () => {
    for (let round = 1; round <= rounds(1, 3); round++) {
      const { id, holder, behind, killedAt } = await killedBeforeKafkaKnew();
      // The same partition again: whoever has it now starts from the row.
      const next = await ask();
      await settled(60_000);
      const resumedMs = performance.now() - killedAt;
      await expectOneSeatEach([id, next]);
      report(
        `consumer of seat-requests (${holder}) killed -9 after its commit: Kafka's offset ${behind} behind the row, ` +
          `resumed by the row and at rest ${resumedMs.toFixed(0)} ms later`,
      );
      await untilReady(holder);
    }
  }, 240_000);

  /** Kafka is told some times a second only; where it was told already, the kill came too late and is repeated. */
  async function killedBeforeKafkaKnew() {
    const session = await Superuser.connect();
    try {
      for (let attempt = 1; attempt <= 5; attempt++) {
        const holder = await holderOf('sub-forum', topic, partition);
        const before = await rowOf(session);
        const id = await ask();
        await until(async () => (await rowOf(session)) > before, { what: 'the row to move', everyMs: 1 });
        const killedAt = performance.now();
        await kill(holder);
        const row = await rowOf(session);
        const { partitions } = await lagOf('sub-forum');
        const behind = partitions.find((one) => one.topic === topic && one.partition === partition)?.lag ?? 0;
        // Kafka's offset is `behind` the end of the log, the row is at its end.
        if (behind > 0 && row > before) return { id, holder, behind, killedAt };
        await settled(60_000);
        await untilReady(holder);
      }
    } finally {
      await session.close();
    }
    throw new Error('Killed five times, and five times Kafka knew the offset already');
  }

  /** The holder stands still in the middle of a chunk, its transaction open, all locks held. */
  async function stoppedInMidChunk() {
    const loser = await holderOf('sub-forum', topic, partition);
    const before = await Superuser.session(rowOf);
    const logOf = new Map(replicasOf('sub-forum').map((replica) => [replica, logFrom(replica)]));
    const { id, backend } = await Superuser.session(async (session) => {
      await session.rows('BEGIN');
      await session.rows('SELECT 1 FROM sub_forum.sub_forums WHERE id = $1 FOR UPDATE', [subForum.id]);
      const asked = await ask();
      const waiting = await until(async () => (await waitingForLock(session, 'plenary-sub-forum'))[0], {
        what: 'the chunk to wait for the sub-forum',
        everyMs: 5,
      });
      freeze(loser);
      await session.rows('ROLLBACK');
      return { id: asked, backend: waiting };
    });
    return { loser, id, backend, before, since: performance.now(), logOf };
  }

  const backendLives = async (session: { rows: Superuser['rows'] }, pid: number): Promise<boolean> =>
    (await session.rows('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [pid])).length > 0;

  it('that loses its partition in mid-chunk, and one that gets it: one of the two commits', async () => {
    const { loser, id, backend, before, since, logOf } = await stoppedInMidChunk();
    const { winner, takeoverMs } = await takenFrom(loser, since);
    // Both want to move the same row. On a slow machine the server may have given up the stopped one by then.
    const met = await Superuser.session((session) =>
      until(
        async () => {
          if (!(await backendLives(session, backend))) return 'ended';
          return (await waitingForLock(session, 'plenary-sub-forum')).some((pid) => pid !== backend)
            ? 'waits'
            : undefined;
        },
        { what: `${winner} to wait for the row that ${loser} has locked`, timeoutMs: 30_000 },
      ),
    );
    if (met === 'waits') expect(await Superuser.session(rowOf)).toBe(before);
    thaw(loser);
    await settled(60_000);
    await expectOneSeatEach([id]);
    expect(await Superuser.session(rowOf)).toBe(before + 1);
    if (met === 'waits') expect(logOf.get(winner)?.()).toContain('The offset was moved by another replica');
    report(
      `consumer of seat-requests (${loser}) stopped in mid-chunk: ${winner} had the partition after ${takeoverMs.toFixed(0)} ms; ` +
        (met === 'waits'
          ? `it waited for the open transaction, which committed when ${loser} went on, and rolled its own back`
          : `PostgreSQL had ended the open transaction by then`),
    );
  }, 150_000);

  itInWholeForm(
    'that stands still in mid-chunk for long: its transaction is ended, another takes the chunk',
    async () => {
      const { loser, id, backend, since, logOf } = await stoppedInMidChunk();
      const { winner, takeoverMs } = await takenFrom(loser, since);
      await Superuser.session((session) =>
        until(async () => !(await backendLives(session, backend)), {
          what: 'PostgreSQL to end the open transaction of a stopped process',
          timeoutMs: 60_000,
        }),
      );
      await settled(60_000);
      const doneMs = performance.now() - since;
      await expectOneSeatEach([id]);
      thaw(loser);
      await until(() => logOf.get(loser)?.().includes('The infrastructure fails, the partition pauses'), {
        what: `${loser} to hear that its transaction is gone`,
        timeoutMs: 30_000,
      });
      await settled(60_000);
      await expectOneSeatEach([id]);
      report(
        `consumer of seat-requests (${loser}) stopped in mid-chunk for long: ${winner} had the partition after ` +
          `${takeoverMs.toFixed(0)} ms and gave the seat after ${doneMs.toFixed(0)} ms; ${loser} rolled back when it went on`,
      );
    },
    200_000,
  );
});
