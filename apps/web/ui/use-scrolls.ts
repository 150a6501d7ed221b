import { type RefObject, useEffect, useState } from 'react';

/** Whether an element is too small for what is in it: then the keyboard must be able to scroll it. */
export function useScrolls(element: RefObject<HTMLElement | null>): boolean {
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const seen = element.current;
    if (!seen) return undefined;
    const look = () => {
      const { overflowX, overflowY } = getComputedStyle(seen);
      const too = (size: number, room: number, overflow: string) => size > room + 1 && overflow !== 'visible';
      setScrolls(
        too(seen.scrollWidth, seen.clientWidth, overflowX) || too(seen.scrollHeight, seen.clientHeight, overflowY),
      );
    };
    const observer = new ResizeObserver(look);
    observer.observe(seen);
    for (const child of seen.children) observer.observe(child);
    return () => observer.disconnect();
  }, [element]);
  return scrolls;
}
