import { type ReactNode, useEffect, useId, useRef } from 'react';
import { classNames } from './class-names';

/**
 * A modal dialog: the browser's own, so focus stays inside, Escape closes it, and focus returns to where it was. `onClose` is
 * called for every way out.
 */
export function Dialog({
  open,
  onClose,
  title,
  children,
  actions,
  wide = false,
}: {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  actions?: ReactNode;
  wide?: boolean;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = element.current;
    if (open && !dialog?.open) dialog?.showModal();
    if (!open && dialog?.open) dialog.close();
  }, [open]);
  return (
    <dialog
      ref={element}
      aria-labelledby={heading}
      onClose={onClose}
      className={classNames(
        'm-auto max-h-[calc(100dvh-32px)] w-[calc(100vw-32px)] overflow-auto rounded-card border border-line bg-paper p-6 text-ink shadow-float',
        wide ? 'max-w-3xl' : 'max-w-lg',
      )}
    >
      {open && (
        <div className="grid gap-4">
          <h2 id={heading} className="text-xl font-bold">
            {title}
          </h2>
          {children}
          {actions && <div className="flex flex-wrap justify-end gap-3">{actions}</div>}
        </div>
      )}
    </dialog>
  );
}
