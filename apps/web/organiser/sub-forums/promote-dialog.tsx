import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ApiError, routes } from '../../shell/api';
import { PersonName } from '../../shell/local-text';
import { Banner, ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { TextField } from '../../ui/field';
import { useStaff } from '../session/session';
import { subForumKey } from './use-sub-forum';
import type { Waiter } from './waitlist';

/** Gives one person a seat past those who asked earlier: with a reason, and with their number said. */
export function PromoteDialog({
  subForumId,
  waiter,
  name,
  onClose,
  onDone,
}: {
  subForumId: string;
  waiter: Waiter | undefined;
  name: string | undefined;
  onClose: () => void;
  onDone: (words: string) => void;
}) {
  const t = useTranslations('organiser.subForums');
  const common = useTranslations('common');
  const { client } = useStaff();
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const promote = useMutation({
    mutationFn: (registrationId: string) =>
      client.call(routes.promoteOutOfTurn, {
        params: { id: subForumId, registrationId },
        body: { reason: reason.trim() },
      }),
    onSuccess: ({ passedOver }) => {
      void queries.invalidateQueries({ queryKey: ['waitlist', subForumId] });
      void queries.invalidateQueries({ queryKey: ['roster', subForumId] });
      void queries.invalidateQueries({ queryKey: subForumKey(subForumId) });
      onDone(t('promoted', { name: name ?? t('oneWaiter'), count: passedOver }));
    },
  });
  const { reset } = promote;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another person is a new question
  useEffect(() => {
    setReason('');
    setMissing(false);
    reset();
  }, [waiter?.registrationId, reset]);
  const code = promote.error instanceof ApiError ? promote.error.code : undefined;
  const send = () => {
    const short = reason.trim().length < 3;
    setMissing(short);
    if (waiter && !short) promote.mutate(waiter.registrationId);
  };
  return (
    <Dialog
      open={waiter !== undefined}
      onClose={onClose}
      title={t('promote')}
      actions={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button look="primary" busy={promote.isPending} onClick={send}>
            {t('promoteNow')}
          </Button>
        </>
      }
    >
      {waiter && (
        <>
          <p>
            <strong>
              {name ? <PersonName name={name} /> : t('somebody', { id: waiter.registrationId.slice(-8) })}
            </strong>
            {' · '}
            {t('waitlistNo', { position: waiter.position })}
          </p>
          <p>{t('passesOver', { count: waiter.position - 1 })}</p>
          <TextField
            label={t('reason')}
            hint={t('reasonHint')}
            value={reason}
            maxLength={500}
            error={missing ? t('reasonMissing') : undefined}
            onChange={(event) => setReason(event.target.value)}
          />
          <div role="alert">
            {code === 'sub_forum_full' ? (
              <Banner tone="warn">{t('noFreeSeat')}</Banner>
            ) : code === 'not_waiting' ? (
              <Banner tone="warn">{t('waitsNoMore')}</Banner>
            ) : (
              promote.isError && <ProblemBanner error={promote.error} />
            )}
          </div>
        </>
      )}
    </Dialog>
  );
}
