import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `condition` again and again until it answers something truthy, and returns that.
 * An error thrown by it counts as "not yet". After `timeoutMs` (default 10 s) it throws, naming `what` was waited for
 * and the last answer or error.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  options: { timeoutMs?: number; what?: string; everyMs?: number } = {},
): Promise<NonNullable<T>> {
  const { timeoutMs = 10_000, what = 'a condition', everyMs = 25 } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    let last: unknown;
    try {
      last = await condition();
      if (last) return last as NonNullable<T>;
    } catch (error) {
      last = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`Waited ${timeoutMs} ms for ${what}; the last answer was ${describe(last)}`, { cause: last });
    }
    await pause(everyMs);
  }
}

function describe(value: unknown): string {
  if (value instanceof Error) return value.message;
  return JSON.stringify(value)?.slice(0, 500) ?? String(value);
}
