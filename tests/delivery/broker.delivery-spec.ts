import { settled, until } from '@plenary/testing';
import { bringBack, holdDown, itInWholeForm, kill, pidOf, processNames, report, rounds, untilReady } from './chaos';
import { Traffic } from './traffic';

const DOWN_MS = rounds(5_000, 10_000);

/** Kafka may go: people still register, doors still open, and what is decided later is decided once. */
describe('the broker', () => {
  const services = () => processNames().filter((name) => name !== 'kafka');
  const pids = () => services().map((name) => [name, pidOf(name)]);

  async function away(signal: NodeJS.Signals): Promise<void> {
    const before = pids();
    const traffic = await Traffic.start();
    await traffic.goesOn(20);
    const how = await holdDown('kafka', signal);
    const downAt = performance.now();
    const answered = traffic.answered;
    await until(() => performance.now() - downAt > DOWN_MS, { what: `${DOWN_MS} ms`, timeoutMs: DOWN_MS + 5_000 });
    await traffic.goesOn(20);
    const meanwhile = traffic.answered - answered;
    const pending = traffic.pendingSince(downAt);
    expect(pending).toBeGreaterThan(0);
    const silence = traffic.longestSilence(downAt);
    await bringBack('kafka');
    const backAt = performance.now();
    await traffic.goesOn(20);
    await traffic.stop();
    await settled(90_000);
    const restMs = performance.now() - backAt;
    report(
      `kafka ${how}, away for ${((backAt - downAt) / 1000).toFixed(1)} s: ${meanwhile} commands answered meanwhile, ` +
        `${pending} of them with a seat pending, longest silence ${silence.toFixed(0)} ms; all decided ${restMs.toFixed(0)} ms ` +
        `after it was back; ${await traffic.account()}`,
    );
    expect(pids()).toEqual(before);
  }

  it('killed -9 and away for a while', () => away('SIGKILL'), 240_000);

  itInWholeForm('stopped in order and away for a while', () => away('SIGTERM'), 240_000);

  itInWholeForm(
    'killed -9 and started again at once',
    async () => {
      const before = pids();
      const traffic = await Traffic.start();
      await traffic.goesOn(20);
      const since = performance.now();
      await kill('kafka');
      await untilReady('kafka');
      const backMs = performance.now() - since;
      await traffic.goesOn(20);
      await traffic.stop();
      await settled(90_000);
      report(
        `kafka killed -9: ready again after ${backMs.toFixed(0)} ms, longest silence ${traffic.longestSilence(since).toFixed(0)} ms, ` +
          `at rest ${(performance.now() - since).toFixed(0)} ms after the kill; ${await traffic.account()}`,
      );
      expect(pids()).toEqual(before);
    },
    240_000,
  );
});
