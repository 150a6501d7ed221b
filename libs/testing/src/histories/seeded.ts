/** A small generator of numbers from 0 to below 1 with a seed: what was done by chance can be done again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // The upper bits: the lower ones of such a generator repeat soon.
    return (state >>> 8) / 0x1_00_00_00;
  };
}
