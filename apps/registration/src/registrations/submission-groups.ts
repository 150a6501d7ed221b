import type { Database, Tx } from '@plenary/messaging';
import { type IdempotencyKey, once, Problem, problemOf } from '@plenary/platform';

/** How many submissions share a transaction at most, and how many such transactions run at once. */
const TOGETHER = 50;
const AT_ONCE = 2;

interface Item<Row, Outcome> {
  readonly key: IdempotencyKey | undefined;
  readonly row: Row;
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

  /** `store` answers an outcome for each row, in their order; its writes roll back with the transaction. */
  constructor(
    private readonly database: Database,
    private readonly store: (tx: Tx, rows: Row[]) => Promise<Outcome[]>,
  ) {}

  /** The outcome once it is committed; for a key that was used before, the outcome of then. */
  add(key: IdempotencyKey | undefined, row: Row): Promise<Outcome> {
    const item = { key, row, answer: Promise.withResolvers<Outcome>() };
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
    // Everybody takes keys in the same order, so that no two groups wait for each other.
    return group.sort((a, b) => ((a.key?.key ?? '') < (b.key?.key ?? '') ? -1 : 1));
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

  /** Takes each key, then stores at once all rows whose key is new, then notes each outcome with its key. */
  private async storeTogether(tx: Tx, group: Item<Row, Outcome>[]): Promise<(Outcome | Problem)[]> {
    const members: { result: Promise<Outcome | Problem>; fresh: PromiseWithResolvers<Outcome> | undefined }[] = [];
    const rows: Row[] = [];
    for (const { key, row } of group) {
      const fresh = Promise.withResolvers<Outcome>();
      const isNew = Promise.withResolvers<true>();
      const result = once(tx, key, () => {
        isNew.resolve(true);
        return fresh.promise;
      }).catch(asProblem);
      const stored = (await Promise.race([isNew.promise, result])) !== true;
      if (!stored) rows.push(row);
      members.push({ result, fresh: stored ? undefined : fresh });
    }
    const outcomes = await this.store(tx, rows);
    const results: (Outcome | Problem)[] = [];
    for (const { result, fresh } of members) {
      fresh?.resolve(outcomes.shift() as Outcome);
      // A connection takes one statement at a time: each notes its outcome before the next one does.
      results.push(await result);
    }
    return results;
  }
}

/** A refusal concerns its member alone; anything else, the whole transaction. */
function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}
