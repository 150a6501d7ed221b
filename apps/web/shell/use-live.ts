import { type AnswerOf, ApiError, type CallInput, type Client, type RouteDefinition } from '@plenary/contracts';
import { useEffect, useRef, useState } from 'react';

/** Servers send something every 15 s at the latest: longer silence is a dead line. */
const SILENCE_MS = 20_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;

export interface Live<Data> {
  /** The last that was heard, also while the line is down. */
  data: Data | undefined;
  /** `ended`: the server refused for good (`error` says why); asking again would not help. */
  state: 'connecting' | 'live' | 'lost' | 'ended';
  /** When `data` came, by this machine's clock, ms. */
  heardAt: number | undefined;
  /** When anything came, a heartbeat too: until then `data` is known to be the newest. */
  aliveAt: number | undefined;
  /** Since when the line is down. */
  lostAt: number | undefined;
  error: unknown;
}

/**
 * A live view of a stream route: comes back by itself with `Last-Event-ID`, slower and slower up to 8 s, at once when the
 * browser is online again. Pass `undefined` as client while there is nothing to watch.
 */
export function useLive<Route extends RouteDefinition>(
  client: Pick<Client, 'watch'> | undefined,
  route: Route,
  input: CallInput<Route> = {},
): Live<AnswerOf<Route>> {
  const [live, setLive] = useState<Live<AnswerOf<Route>>>(silent);
  const key = JSON.stringify([route.id, input]);
  const latest = useRef(input);
  latest.current = input;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for route and input, by value
  useEffect(() => {
    if (!client) return undefined;
    setLive(silent);
    const stopping = new AbortController();
    void follow(client, route, latest.current, stopping.signal, (change) =>
      setLive((before) => ({ ...before, ...(typeof change === 'function' ? change(before) : change) })),
    );
    return () => stopping.abort();
  }, [client, key]);
  return live;
}

const silent = {
  data: undefined,
  state: 'connecting',
  heardAt: undefined,
  aliveAt: undefined,
  lostAt: undefined,
  error: undefined,
} as const;

type Change<Data> = Partial<Live<Data>> | ((before: Live<Data>) => Partial<Live<Data>>);

async function follow<Route extends RouteDefinition>(
  client: Pick<Client, 'watch'>,
  route: Route,
  input: CallInput<Route>,
  stopped: AbortSignal,
  tell: (change: Change<AnswerOf<Route>>) => void,
): Promise<void> {
  let lastEventId: string | undefined;
  let pause = FIRST_PAUSE_MS;
  while (!stopped.aborted) {
    const line = new AbortController();
    const hangUp = () => line.abort();
    stopped.addEventListener('abort', hangUp, { once: true });
    // Without a network nothing comes: said at once, not after the silence.
    addEventListener('offline', hangUp);
    let watchdog = setTimeout(hangUp, SILENCE_MS);
    try {
      const heard = () => {
        clearTimeout(watchdog);
        watchdog = setTimeout(hangUp, SILENCE_MS);
        // Resumed where nothing has changed, the line is up and no event comes.
        tell(({ data }) => ({
          aliveAt: Date.now(),
          ...(data !== undefined && { state: 'live', lostAt: undefined, error: undefined }),
        }));
      };
      const events = client.watch(route, input, {
        signal: line.signal,
        onHeard: heard,
        ...(lastEventId ? { lastEventId } : {}),
      });
      for await (const { id, data } of events) {
        lastEventId = id ?? lastEventId;
        pause = FIRST_PAUSE_MS;
        const now = Date.now();
        tell({ data, state: 'live', heardAt: now, aliveAt: now, lostAt: undefined, error: undefined });
      }
    } catch (error) {
      if (error instanceof ApiError && error.status < 500 && error.status !== 429) {
        tell((before) => ({ state: 'ended', error, lostAt: before.lostAt ?? Date.now() }));
        return;
      }
    } finally {
      clearTimeout(watchdog);
      stopped.removeEventListener('abort', hangUp);
      removeEventListener('offline', hangUp);
    }
    if (stopped.aborted) return;
    tell((before) => ({ state: 'lost', lostAt: before.lostAt ?? Date.now() }));
    await rest(pause * (0.5 + Math.random() / 2), stopped);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

/** Waits `ms`, or until the browser is online again, or until all is over. */
function rest(ms: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      stopped.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    stopped.addEventListener('abort', done);
  });
}
