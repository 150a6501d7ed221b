export interface Failure<Item> {
  item: Item;
  error: unknown;
}

export interface BoundedRun<Item> {
  done: Item[];
  failures: Failure<Item>[];
  /** Not begun, since it was stopped. */
  left: Item[];
}

/**
 * Does `work` with each item in their order, at most `width` at once. One that fails stops none of the others; after
 * `stop` none is begun. `tell` hears of each that has ended.
 */
export async function runBounded<Item>(
  items: readonly Item[],
  width: number,
  work: (item: Item) => Promise<unknown>,
  { stop, tell }: { stop?: AbortSignal; tell?: (run: BoundedRun<Item>) => void } = {},
): Promise<BoundedRun<Item>> {
  const run: BoundedRun<Item> = { done: [], failures: [], left: [] };
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      if (stop?.aborted) {
        run.left.push(item);
        continue;
      }
      try {
        await work(item);
        run.done.push(item);
      } catch (error) {
        run.failures.push({ item, error });
      }
      tell?.(run);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return run;
}
