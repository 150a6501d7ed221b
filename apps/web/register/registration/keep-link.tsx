import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../../ui/button';

/** The address is the key: how to keep it. */
export function KeepLink() {
  const t = useTranslations('register.own');
  const [outcome, setOutcome] = useState<'copied' | 'copyFailed'>();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(`${location.origin}/r/${location.hash}`);
      setOutcome('copied');
    } catch {
      setOutcome('copyFailed');
    }
  };
  return (
    <section className="grid justify-items-start gap-2 rounded-card border border-line bg-paper p-4">
      <h2 className="text-lg font-bold">{t('keep')}</h2>
      <p className="text-ink-2">{t('keepWhat')}</p>
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={() => void copy()}>{t('copy')}</Button>
        <p role="status" className={outcome === 'copyFailed' ? 'text-bad' : 'text-ok'}>
          {outcome && t(outcome)}
        </p>
      </div>
    </section>
  );
}
