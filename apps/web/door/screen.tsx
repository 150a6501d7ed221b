import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { languages } from '../shell/language';
import { useLanguage } from '../shell/language-context';
import { classNames } from '../ui/class-names';
import { Mark } from '../ui/mark';

/** A screen before the scanning: the mark, the languages, and a column whose acts end up under the thumb. */
export function Screen({ rehearsal = false, children }: { rehearsal?: boolean; children: ReactNode }) {
  return (
    <div className={classNames('mx-auto flex min-h-dvh max-w-[640px] flex-col gap-4 text-door', aroundOf(rehearsal))}>
      {rehearsal && <Rehearsal />}
      <header className="flex items-center gap-2">
        <Mark />
        <span className="font-bold">Plenary</span>
        <Languages className="ms-auto" />
      </header>
      <main id="content" className="flex flex-1 flex-col gap-5">
        {children}
      </main>
    </div>
  );
}

/** The languages, in a glove's size. */
export function Languages({ className }: { className?: string }) {
  const t = useTranslations('common');
  const { locale: own, speak } = useLanguage();
  return (
    <fieldset aria-label={t('language')} className={classNames('flex gap-3', className)}>
      {languages.map(({ locale, name }) => (
        <button
          key={locale}
          type="button"
          lang={locale}
          aria-pressed={locale === own}
          onClick={() => void speak(locale)}
          className={classNames(
            'min-h-16 min-w-16 rounded-control border px-3',
            locale === own ? 'border-edge bg-sunk font-semibold text-ink' : 'border-transparent text-ink-2',
          )}
        >
          {name}
        </button>
      ))}
    </fieldset>
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
