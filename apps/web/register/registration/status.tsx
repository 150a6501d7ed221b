import type { Registration } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { Banner } from '../../ui/banner';

/** How it stands with the registration as a whole, where that is worth a word. */
export function Status({ status, received }: { status: Registration['status']; received: string | undefined }) {
  const t = useTranslations('register.own');
  if (status === 'approved') {
    if (!received) return null;
    return (
      <Banner tone="ok">
        <p className="font-bold">{t('received')}</p>
        <p>{received}</p>
      </Banner>
    );
  }
  return (
    <Banner tone={status === 'pending' ? 'info' : 'bad'}>
      <p className="font-bold">{t(`${status}Title`)}</p>
      <p>{t(`${status}What`)}</p>
      {received && <p>{received}</p>}
    </Banner>
  );
}
