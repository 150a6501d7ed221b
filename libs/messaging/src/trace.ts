import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The W3C `traceparent` of what is being done now. The HTTP side runs a request inside `traceparent.run(value, …)`,
 * the consumer an event; `publish` writes it into the event.
 */
export const traceparent = new AsyncLocalStorage<string>();
