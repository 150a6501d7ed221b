import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, routes } from '../../shell/api';
import { ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { ownQuery } from './use-registration';

/** Cancels the registration, asked once. */
export function Cancelling({ token, onCancelled }: { token: string; onCancelled: () => void }) {
  const t = useTranslations('register.own');
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: () => api.as(token).call(routes.cancelOwnRegistration),
    onSuccess: (registration) => {
      setAsking(false);
      onCancelled();
      queries.setQueryData(ownQuery(token).queryKey, registration);
    },
  });
  return (
    <>
      <Button look="danger" onClick={() => setAsking(true)}>
        {t('cancel')}
      </Button>
      <Dialog
        open={asking}
        onClose={() => {
          setAsking(false);
          reset();
        }}
        title={t('cancelTitle')}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{t('keepIt')}</Button>
            <Button look="danger" busy={isPending} onClick={() => mutate()}>
              {t('cancel')}
            </Button>
          </>
        }
      >
        <p>{t('cancelWhat')}</p>
        {error && <ProblemBanner error={error} />}
      </Dialog>
    </>
  );
}
