import type { Model, Operation } from './operation';

/** Operations one per line, as they were answered (or called, without an answer); times are ms since the first call. */
export function lines<State, Deed>(history: readonly Operation<Deed>[], model: Model<State, Deed>): string {
  const began = Math.min(...history.map((operation) => operation.called));
  const last = Math.max(...history.map((operation) => operation.answered ?? Number.NEGATIVE_INFINITY));
  const since = (at: number) => (at - began).toFixed(1).padStart(8);
  return history
    .toSorted((a, b) => (a.answered ?? a.called) - (b.answered ?? b.called))
    .map(({ client, called, answered, deed }) => {
      const until = answered === undefined ? 'no answer'.padStart(9) : `${since(answered)} `;
      const mark = answered === last ? '   <- the last answer' : '';
      return `  ${since(called)} -${until} ${client.padEnd(12)} ${model.tell(deed)}${mark}`;
    })
    .join('\n');
}
