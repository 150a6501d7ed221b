import { randomUUID } from 'node:crypto';
import { routes, services, topics } from '@plenary/contracts';
import { outboxesEmpty, settled, until } from '@plenary/testing';
import { Conference } from '../e2e/world';
import {
  bringBack,
  freeze,
  holdDown,
  itInWholeForm,
  kill,
  replicasOf,
  report,
  rounds,
  thaw,
  untilReady,
} from './chaos';
import { asSuperuser, Superuser } from './inside';
import { Traffic } from './traffic';

/** While PostgreSQL is away callers hear 503 and ask again; what they were told before stands. */
describe('PostgreSQL', () => {
  async function interrupted(what: string, interrupt: () => Promise<unknown>): Promise<void> {
    const traffic = await Traffic.start();
    for (let round = 1; round <= rounds(1, 3); round++) {
      await traffic.goesOn(20);
      const since = performance.now();
      await interrupt();
      await untilReady('postgres');
      const backMs = performance.now() - since;
      await traffic.goesOn(20);
      report(
        `${what}: ready again after ${backMs.toFixed(0)} ms, longest silence ${traffic.longestSilence(since).toFixed(0)} ms`,
      );
    }
    await traffic.stop();
    report(await traffic.account());
    expect(traffic.met.unavailable).toBeGreaterThan(0);
  }

  it('killed -9', () => interrupted('postgres killed -9', () => kill('postgres')), 240_000);

  itInWholeForm(
    'restarted in order',
    () =>
      interrupted('postgres restarted (fast)', async () => {
        expect(await holdDown('postgres', 'SIGINT')).toBe('ended with code 0');
        await bringBack('postgres');
      }),
    240_000,
  );

  itInWholeForm(
    'cuts every connection of a service',
    async () => {
      const traffic = await Traffic.start();
      for (const service of services) {
        await traffic.goesOn(20);
        const role = `plenary_${service.replaceAll('-', '_')}`;
        const since = performance.now();
        const cut = await asSuperuser('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [
          role,
        ]);
        expect(cut.length).toBeGreaterThan(2);
        await traffic.goesOn(20);
        report(
          `${cut.length} connections of ${role} cut: longest silence ${traffic.longestSilence(since).toFixed(0)} ms`,
        );
      }
      await traffic.stop();
      report(await traffic.account());
    },
    240_000,
  );

  itInWholeForm(
    'killed -9 before the last chunk of a consumer is on disk: the chunk is handled again',
    async () => {
      const conference = await Conference.create();
      await settled();
      // What is committed without waiting for the disk stays in memory for longer than a few hundred ms.
      await asSuperuser("ALTER SYSTEM SET wal_writer_delay = '10s'");
      await asSuperuser('SELECT pg_reload_conf()');
      try {
        for (let attempt = 1; ; attempt++) {
          expect(attempt).toBeLessThanOrEqual(5);
          const { device, lost } = await forgottenChunk(conference);
          await until(() => knows(device), { what: 'check-in to know the device again', timeoutMs: 60_000 });
          await settled(90_000);
          if (!lost) continue;
          report(`postgres killed -9 with a chunk of check-in not on disk (attempt ${attempt}): handled again`);
          break;
        }
      } finally {
        await asSuperuser('ALTER SYSTEM RESET wal_writer_delay');
        await asSuperuser('SELECT pg_reload_conf()');
      }
    },
    300_000,
  );

  const knows = async (device: string): Promise<boolean> =>
    (await asSuperuser('SELECT 1 FROM check_in.known_devices WHERE device_id = $1', [device])).length > 0;
  const rowsOfAccess = () =>
    asSuperuser('SELECT partition, next_offset FROM check_in.consumer_offsets WHERE topic = $1 ORDER BY partition', [
      topics.access.name,
    ]);

  /** Check-in hears of a device, and the server dies before that is on disk; nothing else comes in that partition. */
  async function forgottenChunk(conference: Conference): Promise<{ device: string; lost: boolean }> {
    const doors = replicasOf('check-in');
    const before = await rowsOfAccess();
    doors.forEach(freeze);
    const { id: device } = await conference.organiser.call(
      routes.createDevice,
      { params: { slug: conference.slug }, body: { name: 'Device', venue: true } },
      { idempotencyKey: randomUUID() },
    );
    await until(outboxesEmpty, { what: 'the event to be in Kafka' });
    await Superuser.session(async (session) => {
      // Everything up to here is on disk: the relay will not send the event a second time.
      await session.rows(`SELECT pg_logical_emit_message(true, 'delivery', '')`);
      doors.forEach(thaw);
      await until(
        async () => (await session.rows('SELECT 1 FROM check_in.known_devices WHERE device_id = $1', [device])).length,
        {
          what: 'check-in to hear of the device',
          timeoutMs: 30_000,
          everyMs: 1,
        },
      );
      await kill('postgres');
    });
    await untilReady('postgres');
    const lost = JSON.stringify(await rowsOfAccess()) === JSON.stringify(before) && !(await knows(device));
    return { device, lost };
  }
});
