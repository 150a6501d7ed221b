import type { MessageHandler } from '@nestjs/microservices';
import type { Topic } from '@plenary/contracts';
import { isObservable, lastValueFrom } from 'rxjs';
import { definitionsByType, type Handler } from './chunk';
import type { EventContext, HandlerTypes } from './handlers';

/** What Nest registers for an `OnEvents` or `OnEventChunk` method, as the consumer calls it. Throws for any other pattern. */
export function handlerOf(
  pattern: unknown,
  callback: MessageHandler,
  isEvent: boolean,
  extras: Record<string, unknown>,
): { topic: Topic; handler: Handler } {
  const types = extras as unknown as Partial<HandlerTypes>;
  const topic = types.definitions?.[0]?.topic;
  if (!isEvent || !topic || !types.definitions) {
    throw new Error(`Only OnEvents and OnEventChunk declare handlers here, not the pattern ${String(pattern)}`);
  }
  const handler: Handler = {
    definitions: definitionsByType(types.definitions),
    chunk: types.chunk === true,
    tables: types.tables ?? [],
    call: async (payload: unknown, context: EventContext) => {
      const result: unknown = await callback(payload, context);
      return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
    },
  };
  return { topic, handler };
}
