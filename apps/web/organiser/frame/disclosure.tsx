import { type ReactNode, useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { classNames } from '../../ui/class-names';

/** A menu behind a button, the browser's own `<details>`; closed by Escape, by a press elsewhere and by going to a page. */
export function Disclosure({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  const element = useRef<HTMLDetailsElement>(null);
  const [path] = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is the reason to close
  useEffect(() => element.current?.removeAttribute('open'), [path]);
  useEffect(() => {
    const close = (event: Event) => {
      const details = element.current;
      if (!details?.open) return;
      if (event instanceof KeyboardEvent) {
        if (event.key !== 'Escape') return;
        if (details.contains(document.activeElement)) details.querySelector('summary')?.focus();
      } else if (details.contains(event.target as Node)) return;
      details.removeAttribute('open');
    };
    addEventListener('pointerdown', close);
    addEventListener('keydown', close);
    return () => {
      removeEventListener('pointerdown', close);
      removeEventListener('keydown', close);
    };
  }, []);
  return (
    <details ref={element} className={classNames('relative flex-none', className)}>
      <summary className="flex min-h-11 list-none items-center gap-2 rounded-control border border-edge px-3 text-sm font-semibold [&::-webkit-details-marker]:hidden">
        <svg
          viewBox="0 0 24 24"
          className="size-5"
          fill="none"
          stroke="currentColor"
          strokeWidth="2"
          aria-hidden="true"
        >
          <path d="M4 7h16M4 12h16M4 17h16" />
        </svg>
        {label}
      </summary>
      <div className="absolute end-0 top-full z-40 mt-2 grid w-72 max-w-[calc(100vw-32px)] gap-3 rounded-card border border-line bg-paper p-3 shadow-float">
        {children}
      </div>
    </details>
  );
}
