import type { Locale } from '@plenary/contracts';
import { createContext, useContext } from 'react';

export interface LanguageSwitch {
  locale: Locale;
  /** Changes the language of the page in place; what was typed stays. */
  speak(locale: Locale): Promise<void>;
}

export const LanguageContext = createContext<LanguageSwitch>({ locale: 'en', speak: async () => {} });

/** The reader's language, and how to change it. */
export const useLanguage = (): LanguageSwitch => useContext(LanguageContext);
