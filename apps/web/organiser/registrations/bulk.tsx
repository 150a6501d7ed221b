import type { Registration } from '@plenary/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { useStaff } from '../session/session';
import { appliesTo, bulkActs } from './acts';
import { BulkConfirm, BulkProgress } from './bulk-dialog';
import { type BulkAct, clearBulkJob, startBulkJob, useBulkJob } from './bulk-job';
import { countsKey, listKey } from './list-keys';
import type { Choose } from './use-chosen';

/** What can be done with the chosen rows, and how far that is. */
export function Bulk({
  slug,
  rows,
  chosen,
  onChoose,
  all,
  total,
  loadAll,
}: {
  slug: string;
  rows: readonly Registration[];
  chosen: ReadonlySet<string>;
  onChoose: Choose;
  /** Whether every row that matches is in `rows`. */
  all: 'some' | 'loaded';
  /** How many match, where that is known. */
  total: number | undefined;
  loadAll: () => Promise<Registration[]>;
}) {
  const t = useTranslations('organiser.registrations');
  const { client } = useStaff();
  const queries = useQueryClient();
  const any = useBulkJob();
  const job = any?.slug === slug ? any : undefined;
  const [confirming, setConfirming] = useState<BulkAct>();
  const [looking, setLooking] = useState(false);
  const [loading, setLoading] = useState(false);
  const [error, setError] = useState<unknown>();
  const bar = useRef<HTMLFieldSetElement>(null);
  const taken = rows.filter(({ id }) => chosen.has(id));
  const concerned = (act: BulkAct) => taken.filter(({ status }) => appliesTo(act, status));
  const running = any?.state === 'running';

  function start(act: BulkAct, registrations: readonly Registration[]) {
    setConfirming(undefined);
    setLooking(true);
    void startBulkJob(client, slug, act, registrations, ({ done }) => {
      const stored = new Set(done);
      onChoose((before) => new Set([...before].filter((id) => !stored.has(id))));
      void queries.invalidateQueries({ queryKey: listKey(slug) });
      void queries.invalidateQueries({ queryKey: countsKey(slug) });
    });
  }

  async function chooseMatching() {
    setLoading(true);
    setError(undefined);
    try {
      onChoose(new Set((await loadAll()).map(({ id }) => id)));
    } catch (problem) {
      setError(problem);
    } finally {
      setLoading(false);
    }
  }

  function close() {
    setLooking(false);
    clearBulkJob();
    // The button that was pressed may be gone with what it was for.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) bar.current?.focus();
    });
  }

  return (
    <>
      <fieldset
        ref={bar}
        tabIndex={-1}
        aria-label={t('chosen')}
        className="flex min-h-10 min-w-0 flex-wrap items-center gap-x-3 gap-y-2"
      >
        <p role="status" className="font-semibold">
          {total === undefined || taken.length === 0
            ? t('chosenCount', { count: taken.length })
            : t('chosenOf', { count: taken.length, total })}
        </p>
        {taken.length > 0 &&
          bulkActs
            .filter((act) => concerned(act).length > 0)
            .map((act) => (
              <Button
                key={act}
                size="small"
                look={act === 'approve' ? 'primary' : 'plain'}
                busy={running}
                onClick={() => setConfirming(act)}
              >
                {t(`acts.${act}`)}
              </Button>
            ))}
        {taken.length > 0 && taken.length === rows.length && all === 'some' && (
          <Button size="small" look="quiet" busy={loading} onClick={() => void chooseMatching()}>
            {t('chooseMatching')}
          </Button>
        )}
        {taken.length > 0 && (
          <Button
            size="small"
            look="quiet"
            onClick={() => {
              onChoose(new Set());
              bar.current?.focus();
            }}
          >
            {t('clearChosen')}
          </Button>
        )}
        {job && !looking && (
          <span className="ms-auto flex flex-wrap items-center gap-3 rounded-control bg-info-soft px-3 py-1 text-info">
            {job.state === 'running'
              ? `${t(`bulk.${job.act}.doing`)} · ${t('bulk.progress', { done: job.done.length, total: job.total })}`
              : t(`bulk.${job.act}.done`, { count: job.done.length })}
            <Button size="small" onClick={() => setLooking(true)}>
              {t('bulk.show')}
            </Button>
          </span>
        )}
      </fieldset>
      {error !== undefined && <ProblemBanner error={error} />}
      {confirming && (
        <BulkConfirm
          act={confirming}
          concerned={concerned(confirming).length}
          leftOut={taken.length - concerned(confirming).length}
          onConfirm={() => start(confirming, concerned(confirming))}
          onClose={() => setConfirming(undefined)}
        />
      )}
      {looking && job && <BulkProgress job={job} onRetry={(again) => start(job.act, again)} onClose={close} />}
    </>
  );
}
