import { type ArgumentsHost, applyDecorators, Catch, type ExceptionFilter, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { BodyOf, EventDefinition, Topic } from '@plenary/contracts';
import type { Tx } from './database';

/** An event as it came from its topic, its body checked against the contract. */
export type Received<Event extends EventDefinition> = Event extends EventDefinition
  ? {
      readonly id: string;
      readonly type: Event['type'];
      readonly definition: EventDefinition;
      readonly body: BodyOf<Event>;
      readonly subject: string;
      readonly time: Date;
      readonly partition: number;
      readonly offset: string;
      readonly traceparent: string | undefined;
    }
  : never;

export interface EventContext {
  /** The transaction that also moves the offset on: what is done in it is done exactly once. */
  readonly tx: Tx;
  readonly topic: Topic;
}

/** What the strategy learns of a handler: which types, whether it takes them as a chunk, and what they fill. */
export interface HandlerTypes {
  readonly definitions: readonly EventDefinition[];
  readonly chunk: boolean;
  readonly tables: readonly string[];
}

export interface HandlerOptions {
  /**
   * The tables that the events of the topic fill, and nothing else does: a rebuild empties them. A table that holds
   * more than the last state of each subject tells (a history, a decision) does not belong here.
   */
  readonly tables?: readonly string[];
}

/**
 * Declares a method `(event: Received<…>, context: EventContext)` as handler of these events of the topic, one by one,
 * in offset order. Where one topic has several handlers, each keeps that order, but they do not wait for one another.
 */
export function OnEvents(
  topic: Topic,
  definitions: readonly EventDefinition[],
  { tables = [] }: HandlerOptions = {},
): MethodDecorator {
  return handler(topic, { definitions, chunk: false, tables });
}

/** The same for a hot path: `(events: Received<…>[], context: EventContext)`, in offset order, at most 500 at once. */
export function OnEventChunk(
  topic: Topic,
  definitions: readonly EventDefinition[],
  { tables = [] }: HandlerOptions = {},
): MethodDecorator {
  return handler(topic, { definitions, chunk: true, tables });
}

function handler(topic: Topic, types: HandlerTypes): MethodDecorator {
  const foreign = types.definitions.find((definition) => definition.topic.name !== topic.name);
  if (foreign) throw new Error(`${foreign.type} is an event of ${foreign.topic.name}, not of ${topic.name}`);
  return applyDecorators(
    EventPattern<string>(topic.name, types as unknown as Record<string, unknown>),
    UseFilters(RethrowingFilter),
    // Without these two Nest would hand over the payload alone.
    ((target: object, method: string | symbol) => {
      Payload()(target, method, 0);
      Ctx()(target, method, 1);
    }) as MethodDecorator,
  );
}

/** Nest turns an unknown error into `{ status: 'error' }`; the consumer needs the error itself to tell poison from an outage. */
@Catch()
class RethrowingFilter implements ExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): never {
    throw error;
  }
}
