import type { Registration } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { PersonName } from '../../shell/local-text';
import { useProblemText } from '../../shell/problem-text';
import { Button } from '../../ui/button';
import { Chip } from '../../ui/chip';
import { Dialog } from '../../ui/dialog';
import { type BulkAct, type BulkJob, stopBulkJob } from './bulk-job';

/** Counts before it acts: how many, what that means for them, and who is left out. */
export function BulkConfirm({
  act,
  concerned,
  leftOut,
  onConfirm,
  onClose,
}: {
  act: BulkAct;
  concerned: number;
  leftOut: number;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const t = useTranslations('organiser.registrations');
  const common = useTranslations('common');
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(`bulk.${act}.title`, { count: concerned })}
      actions={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button look={act === 'approve' ? 'primary' : 'danger'} onClick={onConfirm}>
            {t(`acts.${act}`)}
          </Button>
        </>
      }
    >
      <p>{t(`bulk.${act}.means`)}</p>
      {leftOut > 0 && <p className="text-ink-2">{t('bulk.leftOut', { count: leftOut })}</p>}
    </Dialog>
  );
}

/** How far a job is, and in the end what did not work; closing it does not stop the job. */
export function BulkProgress({
  job,
  onRetry,
  onClose,
}: {
  job: BulkJob;
  onRetry: (registrations: Registration[]) => void;
  onClose: () => void;
}) {
  const t = useTranslations('organiser.registrations.bulk');
  const common = useTranslations('common');
  const problemText = useProblemText();
  const { act, total, done, failures, left, state } = job;
  const running = state === 'running';
  return (
    <Dialog
      open
      wide={failures.length > 0}
      onClose={onClose}
      title={running ? t(`${act}.doing`) : t(`${act}.done`, { count: done.length })}
      actions={
        <>
          {running && <Button onClick={stopBulkJob}>{t('stop')}</Button>}
          {!running && failures.length > 0 && (
            <Button onClick={() => onRetry(failures.map(({ item }) => item))}>{t('retry')}</Button>
          )}
          <Button look={running ? 'plain' : 'primary'} onClick={onClose}>
            {common('close')}
          </Button>
        </>
      }
    >
      <progress
        aria-label={t(`${act}.doing`)}
        max={total}
        value={done.length + failures.length}
        className="h-3 w-full accent-accent"
      />
      <div role="status" className="grid gap-2">
        <p>{t('progress', { done: done.length, total })}</p>
        {left.length > 0 && <p>{t('stopped', { count: left.length })}</p>}
        {failures.length > 0 && (
          <p>
            <Chip tone="bad">{t('failed', { count: failures.length })}</Chip>
          </p>
        )}
      </div>
      {running && <p className="text-sm text-ink-2">{t('mayLeave')}</p>}
      {failures.length > 0 && (
        <ul className="grid max-h-72 gap-2 overflow-y-auto rounded-control border border-line p-3">
          {failures.map(({ item, error }) => {
            const { text, code } = problemText(error);
            return (
              <li key={item.id}>
                <strong>
                  <PersonName name={item.person.name} />
                </strong>{' '}
                <span>{text}</span> <code className="text-sm text-ink-2">{code}</code>
              </li>
            );
          })}
        </ul>
      )}
    </Dialog>
  );
}
