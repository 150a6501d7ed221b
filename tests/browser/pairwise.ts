/** For each dimension one of its values. */
export type Case<D extends Record<string, readonly unknown[]>> = { [K in keyof D]: D[K][number] };

/**
 * Few cases in which every two values of two different dimensions meet at least once; the same cases every time.
 * Greedy: each new case starts with the first pair not met yet, and takes for each other dimension the value that meets
 * most pairs not met yet.
 */
export function pairwise<const D extends Record<string, readonly unknown[]>>(dimensions: D): Case<D>[] {
  const sizes = Object.values(dimensions).map((values) => values.length);
  const left = new Map<string, [number, number, number, number]>();
  const key = (one: number, value: number, other: number, otherValue: number) =>
    one < other ? `${one}:${value}|${other}:${otherValue}` : `${other}:${otherValue}|${one}:${value}`;
  for (let one = 0; one < sizes.length; one += 1)
    for (let other = one + 1; other < sizes.length; other += 1)
      for (let value = 0; value < (sizes[one] ?? 0); value += 1)
        for (let otherValue = 0; otherValue < (sizes[other] ?? 0); otherValue += 1)
          left.set(key(one, value, other, otherValue), [one, value, other, otherValue]);

  const cases: (number | undefined)[][] = [];
  for (const [one, value, other, otherValue] of left.values()) {
    if (!left.has(key(one, value, other, otherValue))) continue;
    const chosen: (number | undefined)[] = sizes.map(() => undefined);
    chosen[one] = value;
    chosen[other] = otherValue;
    for (let dimension = 0; dimension < sizes.length; dimension += 1) {
      if (chosen[dimension] !== undefined) continue;
      const gain = (candidate: number) =>
        chosen.filter((set, index) => set !== undefined && left.has(key(dimension, candidate, index, set))).length;
      const candidates = Array.from({ length: sizes[dimension] ?? 0 }, (_, candidate) => candidate);
      chosen[dimension] = candidates.reduce((best, candidate) => (gain(candidate) > gain(best) ? candidate : best), 0);
    }
    for (let first = 0; first < sizes.length; first += 1)
      for (let second = first + 1; second < sizes.length; second += 1)
        left.delete(key(first, chosen[first] ?? 0, second, chosen[second] ?? 0));
    cases.push(chosen);
  }
  const names = Object.keys(dimensions);
  return cases.map(
    (chosen) =>
      Object.fromEntries(names.map((name, index) => [name, dimensions[name]?.[chosen[index] ?? 0]])) as Case<D>,
  );
}

/** The cases of a screen: pairwise, and with `BROWSER=full` every combination there is. */
export function combinations<const D extends Record<string, readonly unknown[]>>(dimensions: D): Case<D>[] {
  if (process.env.BROWSER !== 'full') return pairwise(dimensions);
  return Object.entries(dimensions).reduce<Record<string, unknown>[]>(
    (cases, [name, values]) => cases.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  ) as Case<D>[];
}
