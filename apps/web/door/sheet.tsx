import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { classNames } from '../ui/class-names';
import { aroundOf } from './screen';

/**
 * A screen that lies over the ready screen: search, scans, gate. It takes the focus and gives it back. Scanning goes on
 * behind it, and a verdict covers it.
 */
export function Sheet({
  title,
  onClose,
  rehearsal,
  covered,
  children,
}: {
  title: string;
  onClose: () => void;
  rehearsal: boolean;
  /** A verdict stands over it. */
  covered: boolean;
  children: ReactNode;
}) {
  const t = useTranslations('common');
  const heading = useId();
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    const first = element.current?.querySelector<HTMLElement>('[data-autofocus]');
    (first ?? element.current)?.focus();
    return () => {
      // What opened it is inert until the sheet is gone.
      setTimeout(() => before instanceof HTMLElement && before.isConnected && before.focus());
    };
  }, []);
  return (
    <div
      ref={element}
      role="dialog"
      aria-modal="true"
      aria-labelledby={heading}
      tabIndex={-1}
      inert={covered}
      className={classNames(
        'fixed inset-0 z-20 overflow-y-auto bg-canvas text-door focus-visible:outline-none',
        aroundOf(rehearsal),
      )}
    >
      <div className="mx-auto flex min-h-full max-w-[640px] flex-col gap-5">
        <div className="flex items-center gap-3">
          <h2 id={heading} className="me-auto text-2xl font-bold">
            {title}
          </h2>
          <button
            type="button"
            onClick={onClose}
            className="min-h-16 min-w-16 rounded-control border border-edge bg-paper px-4 font-semibold"
          >
            {t('close')}
          </button>
        </div>
        {children}
      </div>
    </div>
  );
}
