import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { usePageTitle } from '../../shell/page-title';
import { buttonClass } from '../../ui/button';

/** The address has no key, or one that opens nothing: why, and how to get it again. */
export function NoKey({ dead }: { dead: boolean }) {
  const t = useTranslations('register.own');
  const title = t(dead ? 'deadTitle' : 'noKeyTitle');
  usePageTitle(title);
  return (
    <div className="mx-auto grid max-w-2xl justify-items-start gap-4">
      <h1 className="text-2xl font-bold">{title}</h1>
      <p>{t(dead ? 'deadWhat' : 'noKeyWhat')}</p>
      <Link href="/c" className={buttonClass()}>
        {t('deadRegister')}
      </Link>
    </div>
  );
}
