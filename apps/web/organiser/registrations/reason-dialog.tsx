import { type ReactNode, useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';

/**
 * Asks before something that others will feel: says what happens, takes a reason, and closes when `onConfirm` has been
 * stored. What it throws is shown; the reason is kept. `onClose` is called for every way out.
 */
export function ReasonDialog({
  title,
  children,
  action,
  danger = false,
  reason: asks,
  onConfirm,
  onClose,
}: {
  title: ReactNode;
  children: ReactNode;
  action: string;
  danger?: boolean;
  reason: 'needed' | 'optional' | 'none';
  onConfirm: (reason: string) => Promise<unknown>;
  onClose: () => void;
}) {
  const t = useTranslations('organiser.registrations.reason');
  const common = useTranslations('common');
  const [reason, setReason] = useState('');
  const [sent, setSent] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const form = useId();
  const missing = asks === 'needed' && reason.trim().length < 3;

  async function confirm() {
    setSent(true);
    if (missing || busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm(reason.trim());
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button look={danger ? 'danger' : 'primary'} type="submit" form={form} busy={busy}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        <div className="grid gap-2">{children}</div>
        {error !== undefined && <ProblemBanner error={error} />}
        {asks !== 'none' && (
          <TextField
            label={t('label')}
            hint={t('hint')}
            optional={asks === 'optional'}
            value={reason}
            maxLength={500}
            error={sent && missing ? t('missing') : undefined}
            onChange={({ target }) => setReason(target.value)}
          />
        )}
      </form>
    </Dialog>
  );
}
