import { setTimeout as delay } from 'node:timers/promises';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { type Topic, topics } from '@plenary/contracts';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { type Handler, OffsetLost } from './chunk';
import { Chunks, chunkEvents } from './chunks';
import type { Database } from './database';
import { isInfrastructureFailure } from './failures';
import { handlerOf } from './handler-of';
import { decode } from './incoming';
import { consumerGroup, isKafkaError, isKafkaOutage } from './kafka-client';
import type { MessagingLogger, MessagingOptions } from './options';
import { OffsetOutOfLog, Positions } from './positions';
import { Repairs } from './repairs';
import type { SnapshotSource } from './resync';

const heartbeatMs = 2_000;
const silenceLimitMs = 60_000;
/**
 * From the events of one fetch to the next fetch: what arrives meanwhile shares one fetch and one transaction. At 500
 * events/s that halves how long an event waits for its consumer, since less is done for each.
 */
const restMs = 20;
const watchMs = 5_000;

/**
 * Nest's transport for Plenary: hands events to the handlers declared by `OnEvents` and `OnEventChunk`, in offset
 * order, each exactly once. One consumer group per service takes all its topics; what one chunk goes through stands
 * in chunk.ts, where a partition is taken up in positions.ts.
 *
 * Infrastructure failures pause a partition and resume it; a consumer dead for any other reason calls `onFatal`, which
 * is to end the process: Nest itself would go on answering HTTP with a consumer that is gone.
 */
export class KafkaEventStrategy extends Server implements CustomTransportStrategy {
  override propagatesEventHandlerErrors = true;
  private readonly byTopic = new Map<string, { topic: Topic; handlers: Handler[] }>();
  private readonly repairs: Repairs;
  private readonly positions: Positions;
  private readonly consumer: Consumer;
  private readonly resumes = new Map<string, NodeJS.Timeout>();
  private readonly outages = new Map<string, number>();
  private readonly chunks: Chunks;
  private outageCount = 0;
  private closing = false;
  private dead = false;
  private inHand = 0;
  private lastFetch = 0;
  private lastSign = Date.now();
  private watchdog: NodeJS.Timeout | undefined;
  private starting: Promise<void> | undefined;
  private closed: Promise<void> | undefined;

  constructor(
    { service, fetchWaitMs = 2_000 }: Pick<MessagingOptions, 'service' | 'fetchWaitMs'>,
    kafka: Kafka,
    database: Database,
    private readonly log: MessagingLogger,
    sources: readonly SnapshotSource[],
    private readonly onFatal: (error: Error) => void,
  ) {
    super();
    this.repairs = new Repairs(database, service, sources, this.byTopic, log);
    this.chunks = new Chunks(database, service, log);
    this.handlersOf(topics.deadLetters).push(this.repairs.handler);
    this.consumer = kafka.consumer({
      groupId: consumerGroup(service),
      sessionTimeout: 8_000,
      rebalanceTimeout: 15_000,
      heartbeatInterval: heartbeatMs,
      maxWaitTimeInMs: fetchWaitMs,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5, restartOnFailure: async () => !this.closing },
    });
    this.positions = new Positions(database, kafka.admin(), this.consumer, log);
    this.watch();
  }

  /** Nest registers each `OnEvents` method here. */
  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEvent = false,
    extras: Record<string, unknown> = {},
  ) {
    const { topic, handler } = handlerOf(pattern, callback, isEvent, extras);
    this.handlersOf(topic).push(handler);
  }

  /** Starts consuming in the background: a service answers HTTP also while Kafka is down. */
  listen(callback: () => void): void {
    this.starting = this.consume();
    this.repairs.start();
    this.watchdog = setInterval(() => {
      void this.checkLife();
      // An outage is told by whoever has something to do.
      void this.positions.recheck().catch(() => {});
    }, watchMs).unref();
    callback();
  }

  /** Finishes the chunk in hand, commits, leaves the group. */
  close(): Promise<void> {
    this.closed ??= this.drain();
    return this.closed;
  }

  private async drain(): Promise<void> {
    this.closing = true;
    clearInterval(this.watchdog);
    for (const timer of this.resumes.values()) clearTimeout(timer);
    await this.repairs.stop();
    await Promise.race([this.leave(), delay(10_000, undefined, { ref: false })]);
  }

  /** For /metrics: counts since the start; `parkedNow` is how many events are parked in this schema. */
  stats() {
    return {
      ...this.chunks.counters,
      outages: this.outageCount,
      parkedNow: this.repairs.parked,
      pausedPartitions: this.resumes.size,
    };
  }

  /** For /metrics: the partitions that this replica has, each with the offset it goes on from. */
  held(): { topic: string; partition: number; offset: number }[] {
    return this.positions.held();
  }

  on(): void {
    throw new Error('This transport has no events of its own');
  }

  unwrap<T>(): T {
    return this.consumer as T;
  }

  private handlersOf(topic: Topic): Handler[] {
    const known = this.byTopic.get(topic.name) ?? { topic, handlers: [] };
    this.byTopic.set(topic.name, known);
    return known.handlers;
  }

  private async leave(): Promise<void> {
    await this.starting?.catch(() => {});
    // Chunks in hand end first, so that the group is told where they ended while this member still belongs to it.
    while (this.inHand > 0) await delay(5);
    await this.positions.close();
    await this.consumer.disconnect().catch(() => {});
  }

  private async consume(): Promise<void> {
    for (let failures = 0; !this.closing; failures++) {
      try {
        await this.consumer.connect();
        await this.consumer.subscribe({ topics: [...this.byTopic.keys()], fromBeginning: true });
        await this.consumer.run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          // All that a fetch brings, so that the chunks of a topic meet (see Chunks).
          partitionsConsumedConcurrently: 64,
          eachBatch: (payload) => this.eachBatch(payload),
        });
        return;
      } catch (error) {
        if (failures === 0)
          this.log.warn({ err: error }, 'The consumer cannot reach Kafka or its topics, trying again');
        await delay(Math.min(3_000, 200 * 2 ** failures), undefined, { ref: false });
      }
    }
  }

  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, pause, heartbeat } = payload;
    const place = `${batch.topic}/${batch.partition}`;
    // kafkajs itself sends heartbeats between batches only; one that fails is noticed by the next it awaits.
    const beat = setInterval(() => void heartbeat().catch(() => {}), heartbeatMs);
    this.inHand++;
    this.lastFetch = performance.now();
    try {
      await this.takeChunks(payload);
      this.outages.delete(place);
    } catch (error) {
      if (isKafkaError(error)) throw error;
      if (error instanceof OffsetLost) {
        this.log.info({ place }, 'The offset was moved by another replica, going on from the row');
        await this.positions.reread(batch.topic, batch.partition).catch((cause) => this.pauseFor(place, pause, cause));
      } else if (isInfrastructureFailure(error)) {
        this.pauseFor(place, pause, error);
      } else {
        // Not a handler's error (those are parked): nothing here can tell how to go on.
        pause();
        this.fatal(error);
      }
    } finally {
      this.inHand--;
      clearInterval(beat);
    }
    await this.rest();
  }

  /** kafkajs fetches again once all batches of a fetch are through. What comes into a quiet system waits for nothing. */
  private async rest(): Promise<void> {
    const left = this.lastFetch + restMs - performance.now();
    if (left > 0 && !this.closing) await delay(left);
  }

  private async takeChunks({ batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload) {
    const known = this.byTopic.get(batch.topic);
    let from = await this.positions.ready(batch.topic, batch.partition);
    if (!known || from === undefined || this.closing) return;
    // kafkajs may have fetched from Kafka's own offset, or from the start after an "out of range" that it hides.
    if ((batch as unknown as { fetchedOffset: string | bigint }).fetchedOffset.toString() !== from) {
      await this.positions.reread(batch.topic, batch.partition);
      return;
    }
    for (let start = 0; start < batch.messages.length; start += chunkEvents) {
      if (!isRunning() || isStale() || this.dead || this.closing) return;
      const messages = batch.messages.slice(start, start + chunkEvents);
      const last = start + chunkEvents >= batch.messages.length ? batch.lastOffset() : messages.at(-1)?.offset;
      const to = (BigInt(last ?? 0) + 1n).toString();
      const events = messages.map((message) => decode(batch.partition, message));
      const spans = [{ partition: batch.partition, from, to }];
      await this.chunks.take({ topic: known.topic, spans, events }, known.handlers);
      this.positions.moved(batch.topic, batch.partition, to);
      from = to;
      resolveOffset(messages.at(-1)?.offset ?? to);
      await heartbeat();
    }
  }

  private pauseFor(place: string, pause: EachBatchPayload['pause'], error: unknown): void {
    const outages = (this.outages.get(place) ?? 0) + 1;
    this.outages.set(place, outages);
    this.outageCount++;
    if (error instanceof OffsetOutOfLog) {
      this.fatal(error);
      return;
    }
    if (outages === 1) this.log.warn({ err: error, place }, 'The infrastructure fails, the partition pauses');
    const resume = pause();
    clearTimeout(this.resumes.get(place));
    const timer = setTimeout(
      () => {
        this.resumes.delete(place);
        resume();
      },
      Math.min(5_000, 100 * 2 ** outages),
    );
    this.resumes.set(place, timer);
  }

  private watch(): void {
    const { events } = this.consumer;
    const sign = () => {
      this.lastSign = Date.now();
    };
    for (const event of [
      events.CONNECT,
      events.FETCH_START,
      events.FETCH,
      events.HEARTBEAT,
      events.END_BATCH_PROCESS,
    ]) {
      this.consumer.on(event as typeof events.FETCH, sign);
    }
    this.consumer.on(events.GROUP_JOIN, ({ payload }) => {
      sign();
      this.positions.takeUp(payload.memberAssignment).catch((error) => this.fatal(error));
    });
    this.consumer.on(events.CRASH, ({ payload }) => {
      sign();
      if (payload.restart || this.closing) return;
      if (!isKafkaOutage(payload.error)) return this.fatal(payload.error);
      this.starting = this.consume();
    });
  }

  /** kafkajs can also just fall silent. With Kafka up and nothing in hand that is death. */
  private async checkLife(): Promise<void> {
    if (this.inHand > 0 || this.closing || Date.now() - this.lastSign < silenceLimitMs) return;
    if (await this.positions.kafkaAnswers())
      this.fatal(new Error('The consumer has fallen silent while Kafka answers'));
    this.lastSign = Date.now();
  }

  private fatal(error: unknown): void {
    if (this.dead || this.closing) return;
    this.dead = true;
    this.log.error({ err: error }, 'The consumer is dead, the process has to end');
    this.onFatal(error instanceof Error ? error : new Error(String(error)));
  }
}
