import type { Database, Tx } from '@plenary/messaging';
import { type IdempotencyKey, noteAnswer, Problem, problemOf, repeated, takeKeys } from '@plenary/platform';

/** How many submissions share a transaction at most, and how many such transactions run at once. */
const TOGETHER = 50;
const AT_ONCE = 2;

interface Item<Row, Outcome> {
  readonly key: IdempotencyKey | undefined;
  readonly row: Row;
  readonly expected: Outcome;
  readonly answer: PromiseWithResolvers<Outcome>;
}

/**
 * Submissions that arrive together are stored together: one transaction, one statement for each thing to write. A
 * single one is a group of one and waits for nobody. Where a group fails, each of its members is tried on its own, so
 * that none suffers for another.
 */
export class SubmissionGroups<Row extends object, Outcome> {
  private waiting: Item<Row, Outcome>[] = [];
  private running = 0;

  /**
   * `store` answers an outcome for each row, in their order, the expected one itself where it came out as expected; its
   * writes roll back with the transaction.
   */
  constructor(
    private readonly database: Database,
    private readonly store: (tx: Tx, items: { row: Row; expected: Outcome }[]) => Promise<Outcome[]>,
  ) {}

  /**
   * The outcome once it is committed; for a key that was used before, the outcome of then. Nearly always it is the
   * `expected` one: then the key is written once, with its answer.
   */
  add(key: IdempotencyKey | undefined, row: Row, expected: Outcome): Promise<Outcome> {
    const item = { key, row, expected, answer: Promise.withResolvers<Outcome>() };
    this.waiting.push(item);
    void this.run();
    return item.answer.promise;
  }

  private async run(): Promise<void> {
    if (this.running >= AT_ONCE) return;
    this.running += 1;
    while (this.waiting.length > 0) await this.settle(this.nextGroup());
    this.running -= 1;
  }

  /** In the order of arrival; a key that is in the group already waits for the next one, to meet its answer there. */
  private nextGroup(): Item<Row, Outcome>[] {
    const group: Item<Row, Outcome>[] = [];
    const keys = new Set<string>();
    this.waiting = this.waiting.filter((item) => {
      const name = item.key && `${item.key.scope} ${item.key.key}`;
      if (group.length === TOGETHER || (name !== undefined && keys.has(name))) return true;
      if (name !== undefined) keys.add(name);
      group.push(item);
      return false;
    });
    return group;
  }

  private async settle(group: Item<Row, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.database.transaction((tx) => this.storeTogether(tx, group));
      for (const [index, outcome] of outcomes.entries()) {
        const { answer } = group[index] as Item<Row, Outcome>;
        if (outcome instanceof Problem) answer.reject(outcome);
        else answer.resolve(outcome);
      }
    } catch (error) {
      // Where the database is away each would only wait for it once more, while others queue behind.
      if (group.length === 1 || problemOf(error).status === 503) for (const { answer } of group) answer.reject(error);
      else for (const item of group) await this.settle([item]);
    }
  }

  /** Takes the keys, then stores at once all rows whose key is new. */
  private async storeTogether(tx: Tx, group: Item<Row, Outcome>[]): Promise<(Outcome | Problem)[]> {
    const keyed = group.flatMap(({ key, expected }) => (key ? [{ key, answer: expected }] : []));
    const isNew = await takeKeys(tx, keyed);
    const taken = new Set(keyed.filter((_, index) => isNew[index]).map(({ key }) => key));
    const fresh = group.filter(({ key }) => key === undefined || taken.has(key));
    const stored = await this.store(tx, fresh);
    const outcomes = new Map(fresh.map((item, index) => [item, stored[index] as Outcome]));
    const results: (Outcome | Problem)[] = [];
    for (const item of group) {
      const outcome = outcomes.get(item);
      // A connection takes one statement at a time.
      if (outcome === undefined) results.push(await repeated<Outcome>(tx, item.key as IdempotencyKey).catch(asProblem));
      else results.push(outcome);
      if (item.key && outcome !== undefined && outcome !== item.expected) await noteAnswer(tx, item.key, outcome);
    }
    return results;
  }
}

/** A refusal concerns its member alone; anything else, the whole transaction. */
function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}
