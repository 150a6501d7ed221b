import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { usePageTitle } from '../../shell/page-title';
import { buttonClass } from '../../ui/button';

/** There is nothing here, or nothing for this member of staff. */
export function NotFound() {
  const t = useTranslations('organiser.frame');
  usePageTitle(t('notFound'));
  return (
    <main id="content" className="mx-auto grid w-full max-w-xl justify-items-start gap-4 p-4 pt-16">
      <h1 className="text-2xl font-bold">{t('notFound')}</h1>
      <p>{t('notFoundText')}</p>
      <Link href="/organiser" className={buttonClass()}>
        {t('toConferences')}
      </Link>
    </main>
  );
}
