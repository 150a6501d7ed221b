import { useCallback } from 'react';
import { useLocation, useSearch } from 'wouter';

/** State that stands in the address (`?day=…&q=…`), so that it can be shared and survives a reload. */
export function useSearchState(): [URLSearchParams, (changes: Record<string, string | undefined>) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const change = useCallback(
    (changes: Record<string, string | undefined>) => {
      const next = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      // What follows the `#` stays: it may be the reader's key.
      navigate(`${path}${next.size > 0 ? `?${next}` : ''}${location.hash}`, { replace: true });
    },
    [path, navigate],
  );
  return [new URLSearchParams(search), change];
}
