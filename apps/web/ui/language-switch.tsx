import { useTranslations } from 'use-intl';
import { languages } from '../shell/language';
import { useLanguage } from '../shell/language-context';
import { classNames } from './class-names';

/** The languages, each in its own words; the page changes in place. */
export function LanguageSwitch() {
  const t = useTranslations('common');
  const { locale: own, speak } = useLanguage();
  return (
    <fieldset aria-label={t('language')} className="flex gap-1">
      {languages.map(({ locale, name }) => (
        <button
          key={locale}
          type="button"
          lang={locale}
          aria-pressed={locale === own}
          onClick={() => void speak(locale)}
          className={classNames(
            'min-h-11 rounded-control px-3 text-sm',
            locale === own ? 'bg-sunk font-semibold text-ink' : 'text-ink-2 hover:text-accent',
          )}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
