import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceName } from '@plenary/contracts';
import { type Chunk, type Handler, handleChunk, OffsetLost } from './chunk';
import type { Database } from './database';
import { isInfrastructureFailure, nameOf } from './failures';
import type { MessagingLogger } from './options';

/** An event that fails is tried again after these pauses, then parked. */
const retryPausesMs = [50, 250];

/** Sees chunks through: what fails by an event's fault ends in `parked`, what fails by the infrastructure's is thrown. */
export class Chunks {
  /** Counts since the start. */
  readonly counters = { chunks: 0, applied: 0, dropped: 0, parked: 0, failures: 0 };

  constructor(
    private readonly database: Database,
    private readonly service: ServiceName,
    private readonly log: MessagingLogger,
  ) {}

  /** A chunk as a whole; if that fails, event by event to find the culprit, which is parked after a few tries. */
  async take(chunk: Chunk, handlers: readonly Handler[]): Promise<void> {
    const failure = await this.attempt(chunk, handlers);
    if (!failure) return;
    if (chunk.events.length > 1) {
      let { from } = chunk;
      for (const [index, event] of chunk.events.entries()) {
        const next = chunk.events[index + 1];
        const to = next ? next.offset : chunk.to;
        await this.take({ ...chunk, from, to, events: [event] }, handlers);
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
        partition: chunk.partition,
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
