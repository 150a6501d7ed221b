import type { Locale } from '@plenary/contracts';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { IntlProvider, type Messages } from 'use-intl';
import '../styles.css';
import { preferredLanguage, rememberLanguage } from './language';
import { LanguageContext, type LanguageSwitch } from './language-context';
import { createQueryClient } from './query';

/** Loads the catalogue of a language; one chunk for each entry and language. */
export type Catalogues = Record<Locale, () => Promise<{ default: Record<string, unknown> }>>;

/** Starts an entry: its language first, then its pages, with data, errors and words at hand. */
export async function boot(catalogues: Catalogues, app: ReactNode): Promise<void> {
  const locale = preferredLanguage();
  const { default: messages } = await catalogues[locale]();
  const root = document.getElementById('app') as HTMLElement;
  createRoot(root).render(
    <StrictMode>
      <Shell catalogues={catalogues} first={{ locale, messages }}>
        {app}
      </Shell>
    </StrictMode>,
  );
}

/** The data of the page; an entry may ask for its first before `boot` has the words. */
export const queries = createQueryClient();

function Shell({
  catalogues,
  first,
  children,
}: {
  catalogues: Catalogues;
  first: { locale: Locale; messages: Record<string, unknown> };
  children: ReactNode;
}) {
  const [{ locale, messages }, setSpoken] = useState(first);
  const [language] = useState<Omit<LanguageSwitch, 'locale'>>(() => ({
    speak: async (wanted) => {
      const { default: loaded } = await catalogues[wanted]();
      rememberLanguage(wanted);
      setSpoken({ locale: wanted, messages: loaded });
    },
  }));
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  return (
    <LanguageContext value={{ ...language, locale }}>
      <IntlProvider locale={locale} messages={messages as unknown as Messages} timeZone="UTC">
        <QueryClientProvider client={queries}>{children}</QueryClientProvider>
      </IntlProvider>
    </LanguageContext>
  );
}
