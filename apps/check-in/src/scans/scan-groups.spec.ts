import { Groups } from './scan-groups';

const tick = () => new Promise((resolve) => setImmediate(resolve));

function recorder(options: { size: number; inFlight: number }) {
  const groups: string[][] = [];
  const finish: (() => void)[] = [];
  const run = (calls: string[]) => {
    groups.push(calls);
    return new Promise<string[]>((resolve) => finish.push(() => resolve(calls.map((call) => call.toUpperCase()))));
  };
  return { groups, finish, gathered: new Groups(run, { ...options, keyOf: (call: string) => call }) };
}

describe('groups of calls', () => {
  it('what comes in one turn is one group; what comes while all are busy waits and goes together', async () => {
    const { groups, finish, gathered } = recorder({ size: 3, inFlight: 1 });
    const answers = ['a', 'b'].map((call) => gathered.add(call));
    await tick();
    answers.push(...['c', 'd', 'e', 'f'].map((call) => gathered.add(call)));
    await tick();
    expect(groups).toEqual([['a', 'b']]);
    for (let n = 0; n < 3; n++) {
      finish.shift()?.();
      await tick();
      await tick();
    }
    expect(groups).toEqual([['a', 'b'], ['c', 'd', 'e'], ['f']]);
    expect(await Promise.all(answers)).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
  });

  it('two of one key are never in one group', async () => {
    const { groups, finish, gathered } = recorder({ size: 9, inFlight: 2 });
    const answers = ['a', 'a', 'b'].map((call) => gathered.add(call));
    await tick();
    expect(groups).toEqual([['a', 'b'], ['a']]);
    for (const done of finish) done();
    expect(await Promise.all(answers)).toEqual(['A', 'A', 'B']);
  });

  it('a group that fails tells all of it, and the next goes on', async () => {
    let fails = true;
    const gathered = new Groups(
      async (calls: number[]) => {
        if (fails) throw new Error('away');
        return calls;
      },
      { size: 5, inFlight: 1, keyOf: String },
    );
    const failed = await Promise.allSettled([gathered.add(1), gathered.add(2)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect(await gathered.add(3)).toBe(3);
  });
});
