import { useCallback, useState } from 'react';

/** What is chosen in a conference's list outlives a look at a person. */
const kept = new Map<string, ReadonlySet<string>>();
const none: ReadonlySet<string> = new Set();

export type Choose = (chosen: ReadonlySet<string> | ((before: ReadonlySet<string>) => ReadonlySet<string>)) => void;

/** The ids that are chosen, and how to choose others. */
export function useChosen(slug: string): [ReadonlySet<string>, Choose] {
  const [, draw] = useState(0);
  const choose = useCallback<Choose>(
    (chosen) => {
      kept.set(slug, typeof chosen === 'function' ? chosen(kept.get(slug) ?? none) : chosen);
      draw((times) => times + 1);
    },
    [slug],
  );
  return [kept.get(slug) ?? none, choose];
}
