import { ApiError, type RouteDefinition } from '@plenary/contracts';
import { type FreshClient, SessionKeeper, type Surroundings, type Tokens } from './keeper';

const route = { id: 'listThings' } as RouteDefinition;
const refused = (status: number, code = 'refused') =>
  new ApiError('x', status, { type: '', title: '', status, code, detail: '' });

/** A server that knows which tokens it takes, and a clock. */
class World implements Surroundings {
  time = 1_000_000;
  issued = 0;
  refreshes = 0;
  signedIn = true;
  good = new Set<string>();
  told: string[] = [];
  calls: string[] = [];
  refreshAnswer: () => Promise<Tokens> = async () => this.issue();
  signOutAnswer: () => Promise<void> = async () => {};

  issue(): Tokens {
    const accessToken = `token-${++this.issued}`;
    this.good.add(accessToken);
    return { accessToken, expiresAt: new Date(this.time + 300_000).toISOString() };
  }
  refresh = () => {
    this.refreshes += 1;
    return this.refreshAnswer();
  };
  signIn = async (_: string, password: string) => {
    if (password !== 'right') throw refused(401, 'sign_in_failed');
    return this.issue();
  };
  signOut = () => this.signOutAnswer();
  alone = <Result>(work: () => Promise<Result>) => work();
  wasSignedIn = () => this.signedIn;
  remember = (signedIn: boolean) => {
    this.signedIn = signedIn;
  };
  tell = (news: string) => void this.told.push(news);
  now = () => this.time;
  as = (token: string) => {
    const check = () => {
      this.calls.push(token);
      if (!this.good.has(token)) throw refused(401);
    };
    return {
      call: async () => {
        check();
        return token;
      },
      request: async () => {
        check();
        return { body: token };
      },
      async *watch() {
        check();
        yield { id: '1', data: token };
        yield { id: '2', data: token };
      },
    } as unknown as FreshClient;
  };
}

async function opened(change?: (world: World) => void) {
  const world = new World();
  change?.(world);
  const keeper = new SessionKeeper(world);
  await keeper.start();
  return { world, keeper };
}

describe('the start', () => {
  it('asks nothing where nobody was signed in', async () => {
    const { world, keeper } = await opened((world) => {
      world.signedIn = false;
    });
    expect([keeper.state(), world.refreshes]).toEqual(['signed_out', 0]);
  });

  it('is signed in by the cookie', async () => {
    const { keeper } = await opened();
    expect(keeper.state()).toBe('signed_in');
    expect(await keeper.client.call(route)).toBe('token-1');
  });

  it('is signed out where the session has ended, and remembers that', async () => {
    const { world, keeper } = await opened((world) => {
      world.refreshAnswer = () => Promise.reject(refused(401, 'session_ended'));
    });
    expect([keeper.state(), world.signedIn]).toEqual(['signed_out', false]);
  });

  it('knows nothing where nobody answers, and asks again', async () => {
    const { world, keeper } = await opened((world) => {
      world.refreshAnswer = () => Promise.reject(new TypeError('no network'));
    });
    expect([keeper.state(), world.signedIn]).toEqual(['unreachable', true]);
    world.refreshAnswer = async () => world.issue();
    await keeper.start();
    expect(keeper.state()).toBe('signed_in');
  });
});

describe('signing in and out', () => {
  it('passes on what the server says, and is signed in afterwards', async () => {
    const { world, keeper } = await opened((world) => {
      world.signedIn = false;
    });
    await expect(keeper.signIn('a@b.example', 'wrong')).rejects.toMatchObject({ code: 'sign_in_failed' });
    expect(keeper.state()).toBe('signed_out');
    await keeper.signIn('a@b.example', 'right');
    expect([keeper.state(), world.signedIn, world.told]).toEqual(['signed_in', true, ['signed_in']]);
  });

  it('signs out only where the server heard it', async () => {
    const { world, keeper } = await opened();
    world.signOutAnswer = () => Promise.reject(new TypeError('no network'));
    await expect(keeper.signOut()).rejects.toThrow('no network');
    expect(keeper.state()).toBe('signed_in');
    world.signOutAnswer = async () => {};
    await keeper.signOut();
    expect([keeper.state(), world.told]).toEqual(['signed_out', ['signed_out']]);
  });

  it('follows other tabs', async () => {
    const { world, keeper } = await opened();
    const seen: string[] = [];
    keeper.subscribe(() => seen.push(keeper.state()));
    keeper.heard('signed_out');
    world.signedIn = true;
    keeper.heard('signed_in');
    await keeper.client.call(route);
    expect(seen).toEqual(['signed_out', 'starting', 'signed_in']);
  });
});

describe('a fresh token', () => {
  it('is asked for before the old one ends, and not earlier', async () => {
    const { world, keeper } = await opened();
    world.time += 200_000;
    expect(await keeper.client.call(route)).toBe('token-1');
    world.time += 60_000;
    expect(await keeper.client.call(route)).toBe('token-2');
    expect(world.refreshes).toBe(2);
  });

  it('is asked for once, however many need it', async () => {
    const { world, keeper } = await opened();
    world.time += 300_000;
    const tokens = await Promise.all(Array.from({ length: 5 }, () => keeper.client.call(route)));
    expect(new Set(tokens)).toEqual(new Set(['token-2']));
    expect(world.refreshes).toBe(2);
  });

  it('is asked for once where the server refuses the old one, and the call made again', async () => {
    const { world, keeper } = await opened();
    world.good.clear();
    const answers = await Promise.all([keeper.client.call(route), keeper.client.request(route)]);
    expect(answers).toEqual(['token-2', { body: 'token-2' }]);
    expect(world.refreshes).toBe(2);
  });

  it('refused too, it ends the session', async () => {
    const { world, keeper } = await opened();
    world.good.clear();
    world.refreshAnswer = async () => ({ accessToken: 'bad', expiresAt: new Date(world.time + 300_000).toISOString() });
    await expect(keeper.client.call(route)).rejects.toMatchObject({ status: 401 });
    expect(keeper.state()).toBe('signed_out');
    expect(world.calls).toEqual(['token-1', 'bad']);
  });

  it('that nobody answers for leaves the session as it is', async () => {
    const { world, keeper } = await opened();
    world.time += 300_000;
    world.refreshAnswer = () => Promise.reject(new TypeError('no network'));
    await expect(keeper.client.call(route)).rejects.toThrow('no network');
    expect(keeper.state()).toBe('signed_in');
    world.refreshAnswer = async () => world.issue();
    expect(await keeper.client.call(route)).toBe('token-2');
  });

  it('opens a stream that was refused', async () => {
    const { world, keeper } = await opened();
    world.good.clear();
    const heard: unknown[] = [];
    for await (const { data } of keeper.client.watch(route, {}, { signal: new AbortController().signal }))
      heard.push(data);
    expect(heard).toEqual(['token-2', 'token-2']);
  });
});

it('lists page by page, each with a good token', async () => {
  const { world, keeper } = await opened();
  const asked: unknown[] = [];
  world.as = (token) =>
    ({
      call: async (_: unknown, { query }: { query: { cursor?: string } }) => {
        asked.push([token, query.cursor]);
        if (!query.cursor) {
          world.time += 300_000;
          return { items: [1, 2], nextCursor: 'next' };
        }
        return { items: [3], nextCursor: null };
      },
    }) as unknown as FreshClient;
  const found: unknown[] = [];
  for await (const item of keeper.client.all(route)) found.push(item);
  expect(found).toEqual([1, 2, 3]);
  expect(asked).toEqual([
    ['token-1', undefined],
    ['token-2', 'next'],
  ]);
});
