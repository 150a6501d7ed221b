import { useMemo, useSyncExternalStore } from 'react';

/** What a person wants to attend, until it is sent: ids of sub-forums, in the order they were chosen. */
export interface Plan {
  chosen: readonly string[];
  choose(id: string): void;
  drop(id: string): void;
  /** Takes `next` in the place of those it clashes with. */
  swap(old: readonly string[], next: string): void;
  /** Forgets all: the choices have been sent. */
  clear(): void;
}

const none: readonly string[] = [];
/** What is known of each conference; the tab's storage only keeps it over a reload. */
const plans = new Map<string, readonly string[]>();
const listeners = new Set<() => void>();
const keyOf = (slug: string) => `plenary.plan.${slug}`;

/** The plan of a conference: one for the whole tab, the same in every component, kept over a reload. */
export function usePlan(slug: string): Plan {
  const chosen = useSyncExternalStore(subscribe, () => read(slug));
  return useMemo(
    () => ({
      chosen,
      choose: (id) => write(slug, [...without(read(slug), [id]), id]),
      drop: (id) => write(slug, without(read(slug), [id])),
      swap: (old, next) => write(slug, [...without(read(slug), [...old, next]), next]),
      clear: () => write(slug, none),
    }),
    [slug, chosen],
  );
}

const without = (ids: readonly string[], gone: readonly string[]) => ids.filter((id) => !gone.includes(id));

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

function read(slug: string): readonly string[] {
  const known = plans.get(slug);
  if (known) return known;
  const kept = keptIn(slug);
  plans.set(slug, kept);
  return kept;
}

function write(slug: string, ids: readonly string[]): void {
  plans.set(slug, ids);
  try {
    sessionStorage.setItem(keyOf(slug), JSON.stringify(ids));
  } catch {
    // Storage is full or forbidden: the plan holds until the page is left.
  }
  for (const changed of listeners) changed();
}

function keptIn(slug: string): readonly string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(slug)) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : none;
  } catch {
    return none;
  }
}
