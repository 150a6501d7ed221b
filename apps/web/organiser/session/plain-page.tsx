import type { ReactNode } from 'react';
import { LanguageSwitch } from '../../ui/language-switch';
import { Mark } from '../../ui/mark';

/** A page with one thing to do and nothing around it. */
export function PlainPage({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <div className="mx-auto grid min-h-dvh max-w-md grid-rows-[auto_1fr_auto] gap-6 p-4">
      <header className="flex items-center gap-2">
        <a href="/" className="flex min-h-11 items-center gap-2 font-bold text-ink no-underline">
          <Mark />
          <span className="text-lg">Plenary</span>
        </a>
      </header>
      <main id="content" className="grid content-center gap-4">
        <h1 className="text-2xl font-bold">{title}</h1>
        {lead && <p className="text-ink-2">{lead}</p>}
        {children}
      </main>
      <footer className="flex justify-center">
        <LanguageSwitch />
      </footer>
    </div>
  );
}
