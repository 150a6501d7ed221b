import { AsyncLocalStorage } from 'node:async_hooks';

/** Within an event stream: aborts when its client has gone or the process is stopping. */
export const streamSignal = new AsyncLocalStorage<AbortSignal>();
