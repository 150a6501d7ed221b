import { kill, report, untilReady } from './chaos';
import { Traffic } from './traffic';

describe('a process killed -9 under traffic', () => {
  it.each(['registration-2', 'gateway'])(
    '%s',
    async (name) => {
      const traffic = await Traffic.start();
      await traffic.goesOn(20);
      const since = performance.now();
      await kill(name);
      await untilReady(name);
      const backMs = performance.now() - since;
      await traffic.goesOn(20);
      await traffic.stop();
      report(
        `${name} killed -9: ready again after ${backMs.toFixed(0)} ms, longest silence ${traffic.longestSilence(since).toFixed(0)} ms; ` +
          (await traffic.account()),
      );
    },
    180_000,
  );
});
