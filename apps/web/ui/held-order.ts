import { useCallback, useMemo, useRef, useState } from 'react';

/** `sorted` in the order of `before`; what is new comes last, in its own order. */
export function inOrderOf<Item extends { key: string }>(sorted: readonly Item[], before: readonly string[]): Item[] {
  const place = new Map(before.map((key, index) => [key, index]));
  const at = ({ key }: Item) => place.get(key) ?? before.length;
  return [...sorted].sort((one, other) => at(one) - at(other));
}

/**
 * Keeps the places of rows while somebody is among them, with the pointer or the focus. Another sorting (`sorting` as text)
 * applies at once. `hold` goes on the element that is watched.
 */
export function useHeldOrder<Item extends { key: string }>(sorted: readonly Item[], holds: boolean, sorting: string) {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const order = useRef<{ sorting: string; keys: string[] }>({ sorting, keys: [] });
  const held = holds && (pointed || focused);
  const shown = held && order.current.sorting === sorting ? inOrderOf(sorted, order.current.keys) : [...sorted];
  order.current = { sorting, keys: shown.map(({ key }) => key) };
  const leave = useCallback((event: { currentTarget: Element; relatedTarget: EventTarget | null }) => {
    if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setFocused(false);
  }, []);
  const hold = useMemo(
    () => ({
      onPointerEnter: (event: { pointerType: string }) => setPointed(event.pointerType !== 'touch'),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: leave,
    }),
    [leave],
  );
  return { shown, held, hold };
}
