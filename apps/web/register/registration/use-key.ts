import { useSyncExternalStore } from 'react';

/** The delegate's key: what follows the `#` of the address. It stays there, so that a bookmark works, and goes nowhere else. */
export function useKey(): string {
  return useSyncExternalStore(subscribe, () => location.hash.slice(1));
}

function subscribe(changed: () => void): () => void {
  const events = ['hashchange', 'popstate', 'pushState', 'replaceState'];
  for (const event of events) addEventListener(event, changed);
  return () => {
    for (const event of events) removeEventListener(event, changed);
  };
}
