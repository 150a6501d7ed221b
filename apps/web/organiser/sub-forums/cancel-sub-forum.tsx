import type { SubForum } from '@plenary/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { routes } from '../../shell/api';
import { ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field, TextField } from '../../ui/field';
import { useStaff } from '../session/session';
import { subForumKey } from './use-sub-forum';

/** Cancels a sub-forum for good: every seat is released. So its code is to be typed first. */
export function CancelSubForum({ subForum }: { subForum: SubForum }) {
  const t = useTranslations('organiser.subForums');
  const common = useTranslations('common');
  const { client } = useStaff();
  const queries = useQueryClient();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState(false);
  const { id, code } = subForum;
  const cancel = useMutation({
    mutationFn: () =>
      client.call(routes.cancelSubForum, { params: { id }, body: reason.trim() ? { reason: reason.trim() } : {} }),
    onSuccess: async () => {
      setOpen(false);
      await queries.invalidateQueries({ queryKey: subForumKey(id) });
      await queries.invalidateQueries({ queryKey: ['waitlist', id] });
      await queries.invalidateQueries({ queryKey: ['roster', id] });
    },
  });
  const send = () => {
    const differs = typed.trim() !== code;
    setWrong(differs);
    if (!differs) cancel.mutate();
  };
  return (
    <section
      aria-labelledby="cancelling"
      className="grid justify-items-start gap-3 rounded-card border border-line bg-paper p-4"
    >
      <h2 id="cancelling" className="text-lg font-bold">
        {t('cancelTitle')}
      </h2>
      <p className="text-ink-2">{t('cancelText')}</p>
      <Button
        look="danger"
        onClick={() => {
          setTyped('');
          setReason('');
          setWrong(false);
          cancel.reset();
          setOpen(true);
        }}
      >
        {t('cancelTitle')}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t('cancelTitle')}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>{common('back')}</Button>
            <Button look="danger" busy={cancel.isPending} onClick={send}>
              {t('cancelNow')}
            </Button>
          </>
        }
      >
        <p>{t('cancelMeans', { confirmed: subForum.confirmed, waitlisted: subForum.waitlisted })}</p>
        <TextField
          label={t('cancelReason')}
          optional
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
        />
        <Field
          label={t('typeCode', { code })}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          error={wrong ? t('codeDiffers', { code }) : undefined}
          onChange={(event) => setTyped(event.target.value)}
        />
        {cancel.isError && <ProblemBanner error={cancel.error} />}
      </Dialog>
    </section>
  );
}
