import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { useLanguage } from '../../shell/language-context';
import { inLanguage } from '../../shell/local-text';
import { buttonClass } from '../../ui/button';
import type { Form } from '../conferences/registration-state';
import { RegistrationState } from '../conferences/registration-state';
import { clashesOf } from '../plan/plan';
import { marks } from './looks';
import type { Programme } from './use-programme';

/** What is chosen so far, always at the foot of the screen, and the way on. */
export function PlanBar({
  programme: { conference, subForums },
  chosen,
  form,
}: {
  programme: Programme;
  chosen: readonly string[];
  form: Form | undefined;
}) {
  const t = useTranslations('programme.plan');
  const { locale } = useLanguage();
  const cards = subForums.filter((one) => chosen.includes(one.id));
  if (cards.length === 0) return null;
  const clashing = cards.filter((one) => clashesOf(one, cards).length > 0).length;
  const names = new Intl.ListFormat(locale).format(cards.map((one) => inLanguage(one.title, locale).text));
  return (
    <aside
      aria-label={t('label')}
      className="sticky bottom-0 z-20 -mx-4 -mb-6 border-t border-line bg-paper px-4 py-3 min-[900px]:mx-0 min-[900px]:rounded-t-card min-[900px]:border-x"
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="font-bold">{t('count', { n: cards.length })}</p>
        {clashing > 0 && (
          <p className="text-sm font-semibold text-warn">
            <span aria-hidden="true">{marks.clash} </span>
            {t('clashes', { n: clashing })}
          </p>
        )}
        <p className="hidden min-w-0 flex-1 truncate text-sm text-ink-2 min-[900px]:block">{names}</p>
        {form?.open ? (
          <Link href={`/c/${conference.slug}/register`} className={`${buttonClass('primary')} ms-auto`}>
            {t('review')}
          </Link>
        ) : (
          form && (
            <span className="ms-auto">
              <RegistrationState form={form} timeZone={conference.timeZone} />
            </span>
          )
        )}
      </div>
    </aside>
  );
}
