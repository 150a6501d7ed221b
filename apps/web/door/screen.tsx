import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { classNames } from '../ui/class-names';
import { LanguageSwitch } from '../ui/language-switch';
import { Mark } from '../ui/mark';

/** A screen before the scanning: the mark, the languages, and a column whose acts end up under the thumb. */
export function Screen({ rehearsal = false, children }: { rehearsal?: boolean; children: ReactNode }) {
  return (
    <div className={classNames('mx-auto flex min-h-dvh max-w-[640px] flex-col gap-4 text-door', aroundOf(rehearsal))}>
      {rehearsal && <Rehearsal />}
      <header className="flex items-center gap-2">
        <Mark />
        <span className="font-bold">Plenary</span>
        <LanguageSwitch door className="ms-auto" />
      </header>
      <main id="content" className="flex flex-1 flex-col gap-5">
        {children}
      </main>
    </div>
  );
}

/** What is kept free at the edges of a screen: a rehearsal's frame and word stand there. */
export const aroundOf = (rehearsal: boolean): string => (rehearsal ? 'p-5 pt-12' : 'p-4');

/** A thick dashed frame around everything and a word above it: nothing that is scanned now counts. */
export function Rehearsal() {
  const t = useTranslations('door');
  return (
    <>
      <div aria-hidden="true" className="pointer-events-none fixed inset-0 z-40 border-8 border-black" />
      <div aria-hidden="true" className="pointer-events-none fixed inset-0 z-40 border-8 border-dashed border-white" />
      <p className="fixed inset-x-0 top-0 z-40 mx-auto w-fit rounded-b-control bg-black px-4 py-1 text-door font-bold text-white">
        {t('rehearsal')}
        <span className="ms-3 font-normal max-[480px]:sr-only">{t('rehearsalNote')}</span>
      </p>
    </>
  );
}
