import type { Changes } from './changes';
import { streamSignal } from './stream-signal';

/** Rights that were taken away end a stream within 2 s, also where the change of `key` is not heard of. */
const LOOK_MS = 1000;

/**
 * For an event stream whose caller may lose the right to it (a device or a link that is revoked): a signal that aborts when
 * the client goes, when `stillGood` answers false, and at `end()`, which the stream calls when it is over.
 * `stillGood` is asked at once, after each change of `key`, and every second; while the database is away nothing is decided.
 */
export function streamRights(
  changes: Changes,
  key: string,
  stillGood: () => Promise<boolean>,
): { signal: AbortSignal; end: () => void } {
  const over = new AbortController();
  const client = streamSignal.getStore();
  const signal = client ? AbortSignal.any([client, over.signal]) : over.signal;
  const look = async () => {
    try {
      if (!(await stillGood())) over.abort();
    } catch {
      // The database is away: the next look tells.
    }
  };
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  if (signal.aborted) clearInterval(timer);
  else signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  void (async () => {
    for await (const _ of changes.watch(key, signal)) await look();
  })();
  return { signal, end: () => over.abort() };
}
