import { useTranslations } from 'use-intl';
import { languages } from '../shell/language';
import { useLanguage } from '../shell/language-context';
import { classNames } from './class-names';

/** The languages, each in its own words; the page changes in place. `door`: in a glove's size. */
export function LanguageSwitch({ door = false, className }: { door?: boolean; className?: string }) {
  const t = useTranslations('common');
  const { locale: own, speak } = useLanguage();
  return (
    <fieldset aria-label={t('language')} className={classNames('flex', door ? 'gap-3' : 'gap-1', className)}>
      {languages.map(({ locale, name }) => (
        <button
          key={locale}
          type="button"
          lang={locale}
          aria-pressed={locale === own}
          onClick={() => void speak(locale)}
          className={classNames(
            'rounded-control border px-3',
            door ? 'min-h-16 min-w-16' : 'min-h-11 text-sm',
            locale === own ? 'bg-sunk font-semibold text-ink' : 'text-ink-2 hover:text-accent',
            door && locale === own ? 'border-edge' : 'border-transparent',
          )}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
