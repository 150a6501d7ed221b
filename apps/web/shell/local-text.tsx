import type { Locale, Text } from '@plenary/contracts';
import { useLanguage } from './language-context';

/** The text in the reader's language, else in the other one; `lang` says which it is. */
export function inLanguage(text: Text | null | undefined, locale: Locale): { text: string; lang: Locale } {
  const other = locale === 'en' ? 'zh-CN' : 'en';
  const own = text?.[locale]?.trim();
  return own ? { text: own, lang: locale } : { text: text?.[other]?.trim() ?? '', lang: other };
}

/** The text in the other language, where it has both. */
export function inOtherLanguage(text: Text, locale: Locale): { text: string; lang: Locale } | undefined {
  const other = locale === 'en' ? 'zh-CN' : 'en';
  const found = text[other]?.trim();
  return found && text[locale]?.trim() ? { text: found, lang: other } : undefined;
}

/** A text of the conference, marked with its own language. */
export function LocalText({ of }: { of: Text | null | undefined }) {
  const { locale } = useLanguage();
  const { text, lang } = inLanguage(of, locale);
  return (
    <bdi lang={lang} dir="auto">
      {text}
    </bdi>
  );
}

const hanzi = /\p{Script=Han}/u;
export const hasHanzi = (name: string): boolean => hanzi.test(name);

/** A person's name as it was typed: its own direction, its own language. */
export function PersonName({ name }: { name: string }) {
  return (
    <bdi lang={hasHanzi(name) ? 'zh-CN' : 'en'} dir="auto">
      {name}
    </bdi>
  );
}
