import { type ReactNode, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';

/** Grey lines where something will stand; only after 200 ms, so that what is quick does not flicker. */
export function Skeleton({ lines = 6 }: { lines?: number }) {
  const t = useTranslations('common');
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" className="grid gap-3">
      <span className="sr-only">{t('loading')}</span>
      {late && [...Array(lines).keys()].map((line) => <div key={line} className="h-10 rounded-control bg-sunk" />)}
    </div>
  );
}

/** One sentence, and the one next act. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="grid justify-items-start gap-3 rounded-card border border-line bg-paper p-6">
      <p>{children}</p>
      {action}
    </div>
  );
}
