import { useTranslations } from 'use-intl';
import type { Fault } from './checks';

/** How long each field may be, for the words; the rule itself is the contracts'. */
const longest: Record<string, number> = { phone: 40, email: 254, 'needs.other': 1000 };
const LINE = 200;
const ANSWER = 2000;

/** Words for what is wrong with a field: what happened, then what to do. `label` is what the field is called. */
export function useFaultText(): (path: string, fault: Fault, label: string) => string {
  const t = useTranslations('register.form.fault');
  return (path, fault, label) => {
    const answer = path.startsWith('answers.');
    switch (fault) {
      case 'too_long':
        return t('too_long', { label, max: answer ? ANSWER : (longest[path] ?? LINE) });
      case 'not_email':
        return t('not_email');
      case 'not_allowed':
        return t('not_allowed', { label });
      case 'needed': {
        if (answer) return t('answers', { question: label });
        const own = path as 'name' | 'email' | 'category' | 'privacy' | 'needsConsent';
        return t(own);
      }
    }
  };
}
