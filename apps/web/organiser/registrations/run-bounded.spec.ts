import { runBounded } from './run-bounded';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('a bounded run', () => {
  it('does each once, and never more than its width at a time', async () => {
    let [running, most] = [0, 0];
    const seen: number[] = [];
    const run = await runBounded(numbers(50), 4, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(item);
      running -= 1;
    });
    expect(most).toBe(4);
    expect(seen.toSorted((a, b) => a - b)).toEqual(numbers(50));
    expect(run).toMatchObject({ failures: [], left: [] });
    expect(run.done).toHaveLength(50);
  });

  it('goes on after a failure, and names it', async () => {
    const error = new Error('no');
    const told: number[] = [];
    const run = await runBounded(numbers(6), 2, async (item) => (item === 2 ? Promise.reject(error) : item), {
      tell: ({ done, failures }) => told.push(done.length + failures.length),
    });
    expect(run.done.toSorted()).toEqual([0, 1, 3, 4, 5]);
    expect(run.failures).toEqual([{ item: 2, error }]);
    expect(told).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('begins none after it was stopped, and says which were left', async () => {
    const stop = new AbortController();
    const run = await runBounded(
      numbers(10),
      2,
      async (item) => {
        if (item === 3) stop.abort();
      },
      { stop: stop.signal },
    );
    expect([...run.done, ...run.left].toSorted((a, b) => a - b)).toEqual(numbers(10));
    expect(run.done).toContain(3);
    expect(run.left.length).toBeGreaterThanOrEqual(5);
  });

  it('does nothing with nothing', async () => {
    expect(await runBounded([], 4, async () => undefined)).toEqual({ done: [], failures: [], left: [] });
  });
});
