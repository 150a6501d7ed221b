import { services } from '@plenary/contracts';
import { settled } from '@plenary/testing';
import { bringBack, holdDown, itInWholeForm, kill, report, rounds, untilReady } from './chaos';
import { asSuperuser } from './inside';
import { Traffic } from './traffic';

/** While PostgreSQL is away callers hear 503 and ask again; what they were told before stands. */
describe('PostgreSQL', () => {
  async function interrupted(what: string, interrupt: () => Promise<unknown>): Promise<void> {
    const traffic = await Traffic.start();
    await traffic.goesOn(20);
    const since = performance.now();
    await interrupt();
    await untilReady('postgres');
    const backMs = performance.now() - since;
    await traffic.goesOn(20);
    const silence = traffic.longestSilence(since);
    await traffic.stop();
    await settled(90_000);
    const restMs = performance.now() - since;
    report(
      `${what}: ready again after ${backMs.toFixed(0)} ms, longest silence ${silence.toFixed(0)} ms, ` +
        `at rest after ${restMs.toFixed(0)} ms; ${await traffic.account()}`,
    );
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

  it('cuts every connection of a service', async () => {
    const traffic = await Traffic.start();
    for (const service of services.slice(-rounds(4, services.length)).slice(0, rounds(1, services.length))) {
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
  }, 240_000);
});
