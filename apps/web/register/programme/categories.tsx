import type { Conference, SubForumCard } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../shell/language-context';
import { inLanguage } from '../../shell/local-text';

/** Names of the categories that a sub-forum is restricted to, joined as the language does it; empty where it is for all. */
export function categoryNames(
  { categories }: Pick<SubForumCard, 'categories'>,
  conference: Conference,
  locale: 'en' | 'zh-CN',
): string {
  const names = categories.map((key) => {
    const found = conference.categories.find((one) => one.key === key);
    return found ? inLanguage(found.name, locale).text : key;
  });
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(names);
}

/** Whom a sub-forum is for, where it is not for all. */
export function Categories({ of, conference }: { of: SubForumCard; conference: Conference }) {
  const t = useTranslations('programme');
  const { locale } = useLanguage();
  if (of.categories.length === 0) return null;
  return <p className="text-xs text-ink-2">{t('only', { categories: categoryNames(of, conference, locale) })}</p>;
}
