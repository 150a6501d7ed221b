import { useTranslations } from 'use-intl';
import { Button } from '../../ui/button';
import { classNames } from '../../ui/class-names';

/** Back and on. Under a long list (`chosen` given) it stays in view and counts what is chosen. */
export function Steering({
  label,
  busy,
  chosen,
  onBack,
  onNext,
}: {
  label: string;
  busy: boolean;
  chosen?: number;
  onBack?: () => void;
  /** Without it the button sends its form. */
  onNext?: () => void;
}) {
  const t = useTranslations('register.form');
  const common = useTranslations('common');
  // On a phone a thumb finds them anywhere in the line; beside a count there is no room for that.
  const wide = chosen === undefined ? 'max-sm:flex-1' : '';
  return (
    <div
      className={classNames(
        'flex flex-wrap items-center gap-3',
        chosen !== undefined && 'sticky bottom-0 z-10 -mx-4 border-t border-line bg-paper px-4 py-3',
      )}
    >
      {chosen !== undefined && (
        <p role="status" className="me-auto font-semibold">
          {t('chosen', { count: chosen })}
        </p>
      )}
      {onBack && (
        <Button className={wide} onClick={onBack}>
          {common('back')}
        </Button>
      )}
      <Button
        className={wide}
        type={onNext ? 'button' : 'submit'}
        look="primary"
        busy={busy}
        {...(onNext && { onClick: onNext })}
      >
        {label}
      </Button>
    </div>
  );
}
