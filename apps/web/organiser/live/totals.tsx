import type { Attendance } from '@plenary/contracts';
import type { ReactNode } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import { silentGates } from './board';

/** The whole conference in one line. */
export function Totals({ data, now }: { data: Attendance | undefined; now: number }) {
  const t = useTranslations('organiser.live.total');
  const format = useFormatter();
  const n = (count: number | undefined) => (count === undefined ? t('unknown') : format.number(count));
  const silent = data ? silentGates(data, now).length : 0;
  const totals = data?.totals;
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1">
      <Total name={t('inside')}>{n(totals?.inside)}</Total>
      <Total name={t('admitted')}>
        {n(totals?.admitted)}
        <span className="font-normal text-ink-2">{` / ${n(totals?.registered)}`}</span>
      </Total>
      <Total name={t('perMinute')}>
        {totals ? format.number(totals.arrivalsPerMinute, { maximumFractionDigits: 1 }) : t('unknown')}
      </Total>
      <Total name={t('waitlisted')}>{n(totals?.waitlisted)}</Total>
      <Total name={t('silent')}>
        {silent > 0 ? (
          <span className="text-warn">
            <span aria-hidden="true">{'▲ '}</span>
            {silent}
          </span>
        ) : (
          n(data && 0)
        )}
      </Total>
    </dl>
  );
}

function Total({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex items-baseline gap-2">
      <dt className="text-sm text-ink-2">{name}</dt>
      <dd className="text-lg font-bold">{children}</dd>
    </div>
  );
}
