import { useTranslations } from 'use-intl';
import { Button } from '../ui/button';
import { StateText } from '../ui/chip';
import { Screen } from './screen';

/** The server knows this device no more: what happened, and the way back. */
export function Removed({ onAgain }: { onAgain: () => void }) {
  const t = useTranslations('door.revoked');
  return (
    <Screen>
      <div role="alert" className="grid gap-3 rounded-card border-2 border-bad bg-bad-soft p-5 text-bad">
        <h1 className="text-2xl font-bold">
          <StateText tone="bad">{t('title')}</StateText>
        </h1>
        <p>{t('text')}</p>
      </div>
      <Button look="primary" size="door" className="mt-auto w-full" onClick={onAgain}>
        {t('again')}
      </Button>
    </Screen>
  );
}
