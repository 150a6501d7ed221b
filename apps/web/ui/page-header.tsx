import type { ReactNode } from 'react';
import { LanguageSwitch } from './language-switch';
import { Mark } from './mark';

/** The bar on top of every page: the mark (leads home), what the page belongs to, and the languages. */
export function PageHeader({ home, title, children }: { home: string; title?: ReactNode; children?: ReactNode }) {
  return (
    <header className="border-b border-line bg-paper">
      <div className="mx-auto flex min-h-16 max-w-[1440px] flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2">
        <a href={home} className="flex min-h-11 items-center gap-2 font-bold text-ink no-underline">
          <Mark />
          <span className="text-lg">Plenary</span>
        </a>
        {title && <div className="min-w-0 flex-1 truncate text-ink-2">{title}</div>}
        <div className="ms-auto flex flex-wrap items-center gap-2">
          {children}
          <LanguageSwitch />
        </div>
      </div>
    </header>
  );
}

/** Leads the keyboard past the header to `<main id="content">`. */
export function SkipLink({ children }: { children: ReactNode }) {
  return (
    <a
      href="#content"
      className="absolute -top-24 left-4 z-50 rounded-control bg-accent px-4 py-3 text-accent-ink focus:top-4"
    >
      {children}
    </a>
  );
}
