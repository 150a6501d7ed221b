import { lines } from './lines';
import type { Model, Operation } from './operation';

export type Explanation<Deed> =
  | { readonly explainable: true; readonly order: readonly Operation<Deed>[]; readonly visited: number }
  /** `undefined`: the search was given up at its limit; nothing is known. */
  | { readonly explainable: false | undefined; readonly why: string; readonly visited: number };

/** Far more than a history of six clients needs; some seconds. With eight of them that wait long it may not be enough. */
const defaultLimit = 200_000;

/**
 * Is there an order, one operation at a time, in which all of this could have happened under the rules of `model`? Each
 * takes effect between its call and its answer, those of one client in their order. The search is that of Wing and Gong
 * (Testing and verifying concurrent objects, 1993) with Lowe's memory of what has been tried (Testing for
 * linearizability, 2017). Objects that share no state are to be asked about one by one: an order for each is one for all.
 * @param limit of states visited, after which the answer is that it is not known
 */
export function explain<State, Deed>(
  history: readonly Operation<Deed>[],
  model: Model<State, Deed>,
  limit = defaultLimit,
): Explanation<Deed> {
  const whole = search(history, model, limit);
  if (whole.found === true) return { explainable: true, order: whole.order, visited: whole.visited };
  if (whole.found === undefined) {
    const why = `Undecided after ${whole.visited} states, at the limit. The history:\n${lines(history, model)}`;
    return { explainable: undefined, why, visited: whole.visited };
  }
  const { prefix, result } = shortest(history, model, limit) ?? { prefix: history, result: whole };
  return { explainable: false, why: reason(prefix, result, model), visited: whole.visited };
}

interface Searched<State, Deed> {
  /** undefined: given up. */
  found: boolean | undefined;
  visited: number;
  /** The order found, or the longest one tried. */
  order: Operation<Deed>[];
  /** The state after `order`. */
  state: State;
}

function search<State, Deed>(
  history: readonly Operation<Deed>[],
  model: Model<State, Deed>,
  limit: number,
): Searched<State, Deed> {
  // What got no answer may still be on its way when its client goes on: it has a place in nobody's order.
  const clients = [...Map.groupBy(history, (one) => (one.answered === undefined ? one : one.client)).values()];
  const deadlines = clients.map(earliestAnswers);
  const onlyReads = new Map(history.map((one) => [one, model.unanswered(one.deed) === undefined]));
  const tried = new Set<string>();
  const result: Searched<State, Deed> = { found: false, visited: 0, order: [], state: model.initial };

  /** Goes on from a state, with the next operation of each client and the order so far. */
  function goOn(state: State, next: readonly number[], order: readonly Operation<Deed>[]): boolean | undefined {
    const moved = [...next];
    const soFar = [...order];
    const deadline = takeReads(state, moved, soFar);
    const isDone = deadline === Number.POSITIVE_INFINITY;
    if (isDone || soFar.length >= result.order.length) Object.assign(result, { order: soFar, state });
    if (isDone) return true;
    const key = `${moved.join()} ${model.keyOf(state)}`;
    if (tried.has(key)) return false;
    if (result.visited >= limit) return undefined;
    tried.add(key);
    result.visited += 1;

    for (const { client, operation } of candidates(moved, deadline)) {
      const after = moved.with(client, (moved[client] as number) + 1);
      const happened = onlyReads.get(operation) ? undefined : model.step(state, operation.deed);
      let found = happened !== undefined && goOn(happened, after, [...soFar, operation]);
      // Without an answer it may never have happened.
      if (found === false && operation.answered === undefined) found = goOn(state, after, soFar);
      if (found !== false) return found;
    }
    return false;
  }

  /** A reading that fits changes nothing, so it may as well come first. Answers until when the next one must come. */
  function takeReads(state: State, next: number[], order: Operation<Deed>[]): number {
    for (;;) {
      const deadline = Math.min(...clients.map((_, client) => deadlines[client]?.[next[client] as number] as number));
      const fits = candidates(next, deadline).find(
        ({ operation }) => onlyReads.get(operation) && model.step(state, operation.deed) !== undefined,
      );
      if (!fits) return deadline;
      next[fits.client] = (next[fits.client] as number) + 1;
      order.push(fits.operation);
    }
  }

  /** Whatever was called before the first of the answers still to come, soonest answered first. */
  function candidates(next: readonly number[], deadline: number) {
    const ready = clients.flatMap((list, client) => {
      const operation = list[next[client] as number];
      return operation && operation.called <= deadline ? [{ client, operation }] : [];
    });
    return ready.sort((a, b) => (a.operation.answered ?? Infinity) - (b.operation.answered ?? Infinity));
  }

  result.found = goOn(
    model.initial,
    clients.map(() => 0),
    [],
  );
  return result;
}

/** For each place in a client's list the earliest answer from there on; Infinity at its end. */
function earliestAnswers<Deed>(list: readonly Operation<Deed>[]): number[] {
  const earliest = [Number.POSITIVE_INFINITY];
  for (const { answered } of list.toReversed()) {
    earliest.unshift(Math.min(earliest[0] as number, answered ?? Number.POSITIVE_INFINITY));
  }
  return earliest;
}

/** The history as it was known at an instant: later answers are not known yet. */
function until<State, Deed>(history: readonly Operation<Deed>[], at: number, model: Model<State, Deed>) {
  return history.flatMap((operation): Operation<Deed>[] => {
    if (operation.called > at) return [];
    if (operation.answered !== undefined && operation.answered <= at) return [operation];
    const deed = model.unanswered(operation.deed);
    return deed === undefined ? [] : [{ ...operation, answered: undefined, deed }];
  });
}

/** Bisects for the first answer that no order explains: with an answer more, nothing becomes explainable. */
function shortest<State, Deed>(history: readonly Operation<Deed>[], model: Model<State, Deed>, limit: number) {
  const answers = history.flatMap(({ answered }) => answered ?? []).sort((a, b) => a - b);
  let impossible: { prefix: Operation<Deed>[]; result: Searched<State, Deed> } | undefined;
  for (let low = 0, high = answers.length - 1; low <= high; ) {
    const middle = (low + high) >> 1;
    const prefix = until(history, answers[middle] as number, model);
    const result = search(prefix, model, limit);
    if (result.found === false) {
      impossible = { prefix, result };
      high = middle - 1;
    } else low = middle + 1;
  }
  return impossible;
}

function reason<State, Deed>(
  prefix: readonly Operation<Deed>[],
  { order, state, visited }: Searched<State, Deed>,
  model: Model<State, Deed>,
): string {
  const tried = order.map((one) => model.tell(one.deed)).join('; ') || 'nothing';
  return [
    'No order of these operations explains their answers:',
    lines(prefix, model),
    `The longest order tried (of ${visited} states): ${tried}.`,
    `Then ${model.show(state)}, and nothing that could come next fits.`,
  ].join('\n');
}
