import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { usePageTitle } from '../../shell/page-title';
import { Button } from '../../ui/button';

/** The e-mail is registered already. Said in the same words to whoever typed it. */
export function LinkSent({ onBack }: { onBack: () => void }) {
  const t = useTranslations('register.form');
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  usePageTitle(t('linkSentTitle'));
  return (
    <div className="mx-auto grid max-w-2xl justify-items-start gap-4">
      <h1 ref={heading} tabIndex={-1} className="text-2xl font-bold outline-none">
        {t('linkSentTitle')}
      </h1>
      <p className="text-lg">{t('linkSent')}</p>
      <p className="text-ink-2">{t('linkSentNothing')}</p>
      <Button onClick={onBack}>{t('otherEmail')}</Button>
    </div>
  );
}
