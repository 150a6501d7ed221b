import fc from 'fast-check';
import type { Model, Operation } from './operation';

/** How far an operation's call and answer lie from the instant at which it took effect, and whether the answer came. */
interface Spread {
  before: number;
  after: number;
  lost: boolean;
}

export const spread: fc.Arbitrary<Spread> = fc.record({
  before: fc.integer({ min: 0, max: 60 }),
  after: fc.integer({ min: 0, max: 60 }),
  lost: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
});

/** One after the other, none overlapping. */
export const apart: Spread = { before: 2, after: 2, lost: false };

/**
 * What clients would have recorded of deeds that took effect one after the other, ten milliseconds apart. Those of one
 * client stay in their order; others overlap. A lost answer leaves what was asked.
 */
export function overlapped<State, Deed>(
  deeds: readonly { client: string; deed: Deed }[],
  spreads: readonly Spread[],
  model: Model<State, Deed>,
): Operation<Deed>[] {
  return deeds.flatMap(({ client, deed }, index): Operation<Deed>[] => {
    const { before, after, lost } = spreads[index % spreads.length] ?? apart;
    const at = index * 10;
    const operation = { client, called: at - before, answered: at + after, deed };
    if (!lost) return [operation];
    const asked = model.unanswered(deed);
    return asked === undefined ? [] : [{ ...operation, answered: undefined, deed: asked }];
  });
}

/** Called at, answered at (undefined: never), by whom, what. */
export type Row<Deed> = readonly [called: number, answered: number | undefined, client: string, deed: Deed];

export function historyOf<Deed>(rows: readonly Row<Deed>[]): Operation<Deed>[] {
  return rows.map(([called, answered, client, deed]) => ({ called, answered, client, deed }));
}
