import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import type { ServiceName, Topic } from '@plenary/contracts';
import { type Handler, handleChunk, type Outcome } from './chunk';
import { type Database, rows } from './database';
import { handlerOf } from './handler-of';
import { decode } from './incoming';

/** An event as it lay in its topic. */
export interface RecordedEvent {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * Nest's transport for tests: hands recorded events to a service's handlers, through the same transaction, version rule
 * and parking as events from Kafka, in whatever order of topics the test wants.
 */
export class RecordedEvents extends Server implements CustomTransportStrategy {
  override propagatesEventHandlerErrors = true;
  private readonly handlers = new Map<string, { topic: Topic; handlers: Handler[] }>();
  private readonly next = new Map<string, string>();

  constructor(
    private readonly database: Database,
    private readonly service: ServiceName,
  ) {
    super();
  }

  override addHandler(
    pattern: unknown,
    callback: MessageHandler,
    isEvent = false,
    extras: Record<string, unknown> = {},
  ) {
    const { topic, handler } = handlerOf(pattern, callback, isEvent, extras);
    const known = this.handlers.get(topic.name);
    if (known) known.handlers.push(handler);
    else this.handlers.set(topic.name, { topic, handlers: [handler] });
  }

  /** The names of the topics that the service hears. */
  get topics(): string[] {
    return [...this.handlers.keys()];
  }

  /** Hands over events of one partition, in the given order, as one chunk. Throws what a handler throws. */
  async hear(events: readonly RecordedEvent[]): Promise<Outcome> {
    const [first] = events;
    const known = first && this.handlers.get(first.topic);
    if (!first || !known) throw new Error(`${this.service} does not hear ${first?.topic ?? 'nothing'}`);
    const { partition } = first;
    const place = `${first.topic}/${partition}`;
    const from = this.next.get(place) ?? first.offset;
    const to = (BigInt(events.at(-1)?.offset ?? 0) + 1n).toString();
    if (!this.next.has(place)) {
      await this.database.transaction((tx) =>
        rows(tx, 'INSERT INTO consumer_offsets (topic, partition, next_offset) VALUES ($1, $2, $3)', [
          first.topic,
          partition,
          from,
        ]),
      );
    }
    this.next.set(place, to);
    const messages = events.map(({ offset, key, headers, body }) =>
      decode(partition, {
        offset,
        key: key === null ? null : Buffer.from(key),
        value: Buffer.from(JSON.stringify(body)),
        headers: { ...headers },
      }),
    );
    const chunk = { topic: known.topic, spans: [{ partition, from, to }], events: messages };
    return handleChunk(this.database, this.service, known.handlers, chunk);
  }

  listen(callback: () => void): void {
    callback();
  }

  close(): void {}

  on(): void {
    throw new Error('This transport has no events of its own');
  }

  unwrap<T>(): T {
    throw new Error('There is nothing below this transport');
  }
}
