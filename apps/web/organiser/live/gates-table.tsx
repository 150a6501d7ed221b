import type { Attendance } from '@plenary/contracts';
import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../shell/language-context';
import { LocalText } from '../../shell/local-text';
import { dayAt, dayName, secondOf } from '../../shell/venue-time';
import { Chip } from '../../ui/chip';
import { type Column, DataTable } from '../../ui/data-table';
import { useConference } from '../frame/conference-context';
import { silentGates } from './board';

type GateNow = Attendance['gates'][number];

/** What happens at each gate: how fast, who was refused and why, and whether it has gone silent. */
export function GatesTable({ data, now }: { data: Attendance | undefined; now: number }) {
  const t = useTranslations('organiser.live.gates');
  const { locale } = useLanguage();
  const { timeZone } = useConference();
  const columns = useMemo((): readonly Column<GateNow>[] => {
    const subForums = new Map(data?.subForums.map((row) => [row.subForumId, row]));
    const silent = new Set(data ? silentGates(data, now).map(({ gateId }) => gateId) : []);
    const refused = (gate: GateNow) => Object.values(gate.refusals).reduce((sum, count) => sum + count, 0);
    return [
      {
        id: 'name',
        header: t('gate'),
        rowHeader: true,
        cell: (gate) => {
          const subForum = gate.subForumId === null ? undefined : subForums.get(gate.subForumId);
          return (
            <span className="block truncate">
              <span className="font-semibold">{gate.name}</span>
              {subForum && (
                <span className="text-ink-2">
                  {' · '}
                  <LocalText of={subForum.title} />
                </span>
              )}
              {gate.subForumId === null && <span className="text-ink-2">{` · ${t('venue')}`}</span>}
            </span>
          );
        },
        sortBy: (gate) => gate.name,
        className: 'min-w-40 max-w-0 w-full',
      },
      {
        id: 'scans',
        header: t('scans'),
        cell: (gate) => gate.scansPerMinute,
        sortBy: (gate) => gate.scansPerMinute,
        numeric: true,
        descFirst: true,
      },
      {
        id: 'last',
        header: t('last'),
        cell: (gate) =>
          silent.has(gate.gateId) ? (
            <Chip tone="warn" shape="▲">
              {t('silent')}
            </Chip>
          ) : gate.lastScanAt === null ? (
            <span className="text-ink-2">{t('never')}</span>
          ) : dayAt(gate.lastScanAt, timeZone) === dayAt(now, timeZone) ? (
            secondOf(gate.lastScanAt, timeZone)
          ) : (
            dayName(dayAt(gate.lastScanAt, timeZone), locale)
          ),
        sortBy: (gate) => (gate.lastScanAt === null ? null : Date.parse(gate.lastScanAt)),
        descFirst: true,
        className: 'whitespace-nowrap',
      },
      {
        id: 'refused',
        header: t('refused'),
        cell: (gate) => <Refusals of={gate.refusals} />,
        sortBy: refused,
        descFirst: true,
        className: 'min-w-44',
      },
    ];
  }, [data, now, t, locale, timeZone]);
  // Where something happens comes first.
  const rows = useMemo(
    () =>
      data &&
      [...data.gates].sort(
        (one, other) =>
          other.scansPerMinute - one.scansPerMinute ||
          (other.lastScanAt ?? '').localeCompare(one.lastScanAt ?? '') ||
          one.name.localeCompare(other.name, 'en', { numeric: true }),
      ),
    [data],
  );
  return (
    <DataTable
      caption={t('caption')}
      showCaption
      columns={columns}
      rows={rows}
      rowKey={(gate) => gate.gateId}
      empty={t('none')}
      holdOrder
      height="max-h-[480px]"
    />
  );
}

/** `No seat here 3 · Room full 1` */
function Refusals({ of }: { of: GateNow['refusals'] }) {
  const t = useTranslations('organiser.live');
  const reasons = Object.entries(of).sort(([, one], [, other]) => other - one);
  if (reasons.length === 0) return <span className="text-ink-2">{t('none')}</span>;
  return reasons
    .map(([reason, count]) => {
      const key = `refusal.${reason}` as Parameters<typeof t.has>[0];
      return `${t.has(key) ? t(key as 'refusal.no_seat') : reason} ${count}`;
    })
    .join(' · ');
}
