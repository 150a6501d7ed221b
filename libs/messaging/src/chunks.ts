import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceName } from '@plenary/contracts';
import { type Chunk, type Handler, handleChunk, OffsetLost } from './chunk';
import type { Database } from './database';
import { isInfrastructureFailure, nameOf } from './failures';
import type { MessagingLogger } from './options';

/** An event that fails is tried again after these pauses, then parked. */
const retryPausesMs = [50, 250];

/** At most so many events go through one transaction. */
export const chunkEvents = 500;

interface Waiting {
  readonly chunk: Chunk;
  readonly handlers: readonly Handler[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sees chunks through: what fails by an event's fault ends in `parked`, what fails by the infrastructure's is thrown.
 *
 * Chunks of one topic that wait at the same time, each of another partition, are handled together: under load a
 * transaction then carries many events instead of one or two, which is what everything costs here.
 */
export class Chunks {
  /** Counts since the start. */
  readonly counters = { chunks: 0, applied: 0, dropped: 0, parked: 0, failures: 0 };
  private readonly waiting = new Map<string, Waiting[]>();
  private readonly running = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly service: ServiceName,
    private readonly log: MessagingLogger,
  ) {}

  /** Resolves once the chunk is committed. One chunk of a partition at a time. */
  take(chunk: Chunk, handlers: readonly Handler[]): Promise<void> {
    const topic = chunk.topic.name;
    return new Promise((resolve, reject) => {
      const queue = this.waiting.get(topic) ?? [];
      this.waiting.set(topic, [...queue, { chunk, handlers, resolve, reject }]);
      if (this.running.has(topic)) return;
      this.running.add(topic);
      // The batches of one fetch come in one turn of the event loop.
      setImmediate(() => void this.drain(topic));
    });
  }

  private async drain(topic: string): Promise<void> {
    for (let group = this.next(topic); group.length > 0; group = this.next(topic)) {
      await this.together(group);
    }
    this.running.delete(topic);
  }

  private next(topic: string): Waiting[] {
    const queue = this.waiting.get(topic) ?? [];
    let events = 0;
    const fitting = queue.findIndex(({ chunk }, index) => {
      events += chunk.events.length;
      return index > 0 && events > chunkEvents;
    });
    const group = fitting === -1 ? queue : queue.slice(0, fitting);
    this.waiting.set(topic, queue.slice(group.length));
    return group;
  }

  /** All in one transaction; if that fails, each by itself. */
  private async together(group: readonly Waiting[]): Promise<void> {
    const [first] = group;
    if (first && group.length > 1) {
      const chunks = group.map(({ chunk }) => chunk);
      const merged: Chunk = {
        topic: first.chunk.topic,
        spans: chunks.flatMap(({ spans }) => spans),
        events: chunks.flatMap(({ events }) => events),
      };
      try {
        await this.run(merged, first.handlers);
        for (const { resolve } of group) resolve();
        return;
      } catch (error) {
        if (isInfrastructureFailure(error)) {
          for (const { reject } of group) reject(error);
          return;
        }
      }
    }
    for (const { chunk, handlers, resolve, reject } of group) await this.single(chunk, handlers).then(resolve, reject);
  }

  /** A chunk of one partition as a whole; if that fails, event by event to find the culprit, which is parked after a few tries. */
  private async single(chunk: Chunk, handlers: readonly Handler[]): Promise<void> {
    const failure = await this.attempt(chunk, handlers);
    if (!failure) return;
    const [span] = chunk.spans;
    if (chunk.events.length > 1 && span) {
      let { from } = span;
      for (const [index, event] of chunk.events.entries()) {
        const next = chunk.events[index + 1];
        const to = next ? next.offset : span.to;
        await this.single({ ...chunk, spans: [{ ...span, from, to }], events: [event] }, handlers);
        from = to;
      }
      return;
    }
    let error: unknown = failure.error;
    for (const pause of retryPausesMs) {
      await delay(pause);
      const again = await this.attempt(chunk, handlers);
      if (!again) return;
      error = again.error;
    }
    const tries = retryPausesMs.length + 1;
    const [event] = chunk.events;
    this.log.error(
      {
        err: error,
        topic: chunk.topic.name,
        partition: event?.partition,
        offset: event?.offset,
        type: event?.type,
        tries,
      },
      'A handler fails for good: the event is parked with all that follows of its subject',
    );
    await this.run({ ...chunk, failed: { error: nameOf(error), tries } }, handlers);
  }

  /** undefined: done. What is not the event's fault is thrown. */
  private async attempt(chunk: Chunk, handlers: readonly Handler[]): Promise<{ error: unknown } | undefined> {
    try {
      await this.run(chunk, handlers);
      return undefined;
    } catch (error) {
      if (error instanceof OffsetLost || isInfrastructureFailure(error)) throw error;
      this.counters.failures++;
      return { error };
    }
  }

  private async run(chunk: Chunk, handlers: readonly Handler[]): Promise<void> {
    const outcome = await handleChunk(this.database, this.service, handlers, chunk);
    this.counters.chunks++;
    this.counters.applied += outcome.applied;
    this.counters.dropped += outcome.dropped;
    this.counters.parked += outcome.parked.length;
    for (const { event, cause } of outcome.parked) {
      if (cause === 'behind_parked' || cause === 'handler_failed') continue;
      const { partition, offset, type, subject, version } = event;
      this.log.error(
        { topic: chunk.topic.name, partition, offset, type, subject, version, cause },
        'An event is parked',
      );
    }
  }
}
