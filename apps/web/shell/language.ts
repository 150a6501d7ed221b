import type { Locale } from '@plenary/contracts';

/** The languages of the pages, in their own words. */
export const languages: readonly { locale: Locale; name: string }[] = [
  { locale: 'en', name: 'English' },
  { locale: 'zh-CN', name: '中文' },
];

const remembered = 'plenary.language';

/** What the address asks for, else what was chosen before, else what the browser prefers, else English. */
export function preferredLanguage(): Locale {
  const asked = new URLSearchParams(location.search).get('lang');
  const wishes = [asked, read(), ...navigator.languages];
  for (const wish of wishes) {
    if (/^zh\b/i.test(wish ?? '')) return 'zh-CN';
    if (/^en\b/i.test(wish ?? '')) return 'en';
  }
  return 'en';
}

/** Kept for the next visit, where the browser lets us. */
export function rememberLanguage(locale: Locale): void {
  try {
    localStorage.setItem(remembered, locale);
  } catch {
    // Storage is full or forbidden: the language holds for this visit.
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(remembered);
  } catch {
    return null;
  }
}
