import { services } from '@plenary/contracts';
import { settled } from '@plenary/testing';
import { itInWholeForm, kill, replicasOf, report, restartGracefully, untilReady, wholeForm } from './chaos';
import { logFrom } from './inside';
import { Traffic } from './traffic';

/** One replica of each service, whichever, and the gateway; in the short form one service that decides. */
const victims = (): string[] => {
  const replicas = (wholeForm ? services : (['sub-forum'] as const)).map((service) => {
    const names = replicasOf(service);
    return names[Math.floor(Math.random() * names.length)] as string;
  });
  return [...replicas, 'gateway'];
};

describe('a process of Plenary', () => {
  it('killed -9 under traffic loses nothing', async () => {
    const traffic = await Traffic.start();
    for (const name of victims()) {
      await traffic.goesOn(20);
      const since = performance.now();
      await kill(name);
      await untilReady(name);
      const backMs = performance.now() - since;
      await traffic.goesOn(20);
      report(
        `${name} killed -9: ready again after ${backMs.toFixed(0)} ms, ` +
          `longest silence ${traffic.longestSilence(since).toFixed(0)} ms`,
      );
    }
    await traffic.stop();
    await settled(90_000);
    report(await traffic.account());
  }, 400_000);

  itInWholeForm(
    'ended by SIGTERM under traffic drains: it answers what it has begun and ends with code 0',
    async () => {
      const traffic = await Traffic.start();
      const names = [...services.map((service) => replicasOf(service)[1] as string), 'gateway'];
      for (const name of names) {
        await traffic.goesOn(20);
        const { cut } = traffic.met;
        const log = logFrom(name);
        const since = performance.now();
        expect([name, await restartGracefully(name)]).toEqual([name, 'ended with code 0']);
        const backMs = performance.now() - since;
        expect(log()).toContain('"why":"SIGTERM","msg":"stopping"');
        expect(log()).toContain('"msg":"stopped"');
        // Behind the gateway nobody notices; the gateway itself is the origin.
        if (name !== 'gateway') expect([name, traffic.met.cut]).toEqual([name, cut]);
        await traffic.goesOn(20);
        report(
          `${name} ended by SIGTERM: code 0, the new one ready after ${backMs.toFixed(0)} ms, ` +
            `longest silence ${traffic.longestSilence(since).toFixed(0)} ms`,
        );
      }
      await traffic.stop();
      await settled(90_000);
      report(await traffic.account());
    },
    400_000,
  );
});
