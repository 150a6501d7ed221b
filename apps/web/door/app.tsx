import { useTranslations } from 'use-intl';
import { PageHeader } from '../ui/page-header';

export function App() {
  const t = useTranslations('door');
  return (
    <>
      <PageHeader home="/" />
      <main id="content">{t('title')}</main>
    </>
  );
}
