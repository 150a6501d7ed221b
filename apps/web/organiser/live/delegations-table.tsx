import type { Attendance } from '@plenary/contracts';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { type Column, DataTable } from '../../ui/data-table';
import { Meter } from '../../ui/meter';

type DelegationNow = Attendance['delegations'][number];

/** Has a delegation arrived? */
export function DelegationsTable({ rows }: { rows: readonly DelegationNow[] | undefined }) {
  const t = useTranslations('organiser.live.delegations');
  const columns = useMemo(
    (): readonly Column<DelegationNow>[] => [
      {
        id: 'name',
        header: t('delegation'),
        rowHeader: true,
        cell: (row) => (
          <bdi className="block truncate font-semibold" title={row.name}>
            {row.name}
          </bdi>
        ),
        sortBy: (row) => row.name,
        className: 'min-w-40 max-w-0 w-full',
      },
      {
        id: 'fill',
        header: t('share'),
        cell: (row) => (
          <Meter
            max={row.registered}
            promised={0}
            taken={row.arrived}
            label={t('meter', { arrived: row.arrived, registered: row.registered })}
            className="min-w-20"
          />
        ),
        sortBy: (row) => (row.registered ? row.arrived / row.registered : null),
        className: 'w-28',
      },
      {
        id: 'registered',
        header: t('registered'),
        cell: (row) => row.registered,
        sortBy: (row) => row.registered,
        numeric: true,
        descFirst: true,
      },
      {
        id: 'arrived',
        header: t('arrived'),
        cell: (row) => row.arrived,
        sortBy: (row) => row.arrived,
        numeric: true,
        descFirst: true,
      },
    ],
    [t],
  );
  return (
    <DataTable
      caption={t('caption')}
      showCaption
      columns={columns}
      rows={rows}
      rowKey={(row) => row.delegationId}
      empty={t('none')}
      holdOrder
      height="max-h-[480px]"
    />
  );
}
