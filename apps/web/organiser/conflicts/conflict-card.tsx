import type { Conflict, SubForumCard } from '@plenary/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { routes } from '../../shell/api';
import { LocalText, PersonName } from '../../shell/local-text';
import { Chip, type Tone } from '../../ui/chip';
import { classNames } from '../../ui/class-names';
import { When } from '../registrations/when';
import { useStaff } from '../session/session';
import { clockOf } from './clock';

const tones: Record<Conflict['state'], Tone> = { open: 'warn', resolved: 'ok', withdrawn: 'neutral' };

/** What happened, to whom, both scans side by side, and what may be done about it. */
export function ConflictCard({
  slug,
  conflict,
  subForum,
  gateNames,
  deviceNames,
}: {
  slug: string;
  conflict: Conflict;
  subForum: SubForumCard | undefined;
  gateNames: ReadonlyMap<string, string>;
  deviceNames: ReadonlyMap<string, string>;
}) {
  const t = useTranslations('organiser.conflicts');
  const { kind, state, registrationId, scans, foundAt } = conflict;
  return (
    <article aria-labelledby={conflict.id} className="grid gap-4 rounded-card border border-line bg-paper p-4 sm:p-5">
      <header className="grid gap-1">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h2 id={conflict.id} className="text-lg font-bold">
            {t(`kinds.${kind}.name`)}
          </h2>
          <Chip tone={tones[state]}>{t(`states.${state}`)}</Chip>
        </div>
        <p className="flex flex-wrap gap-x-2 text-ink-2">
          {registrationId && <Who slug={slug} id={registrationId} />}
          {subForum ? (
            <span>
              <LocalText of={subForum.title} />
              {` · ${subForum.room}`}
            </span>
          ) : (
            conflict.subForumId === null && <span>{t('venue')}</span>
          )}
          <span>{t.rich('found', { when: () => <When at={foundAt} seconds /> })}</span>
        </p>
      </header>
      {/* One scan has its explanation beside it, two stand side by side above it. */}
      <div className={classNames('grid gap-4', scans.length === 1 && 'md:grid-cols-2')}>
        <ol className={classNames('grid gap-3', scans.length > 1 && 'md:grid-cols-2')}>
          {scans.map((scan, index) => (
            <li key={scan.scanId} className="rounded-control border border-line p-4">
              <h3 className="mb-2 font-semibold">{scanTitle(t, conflict, index)}</h3>
              <Scan scan={scan} gateNames={gateNames} deviceNames={deviceNames} />
            </li>
          ))}
        </ol>
        <div className="grid max-w-prose content-start gap-2">
          <p>{t(`kinds.${kind}.means`)}</p>
          {state === 'open' && (
            <p>
              <strong>{t('toDo')} </strong>
              {t(`kinds.${kind}.toDo`)}
            </p>
          )}
        </div>
      </div>
    </article>
  );
}

type Words = ReturnType<typeof useTranslations<'organiser.conflicts'>>;

function scanTitle(t: Words, { kind, scans }: Conflict, index: number): string {
  if (scans.length === 1) return t('theScan');
  if (kind !== 'offline_double') return index === 0 ? t('firstScan') : t('secondScan');
  return index === 0 ? t('admission') : t('again');
}

/** The person's name, for those who may look up registrations. */
function Who({ slug, id }: { slug: string; id: string }) {
  const { client, can } = useStaff();
  const { data } = useQuery({
    queryKey: ['registration-name', id],
    queryFn: () => client.call(routes.getRegistration, { params: { id } }),
    select: ({ person }) => person.name,
    enabled: can('getRegistration'),
    staleTime: 5 * 60_000,
  });
  if (!data) return null;
  return (
    <Link href={`/organiser/${slug}/registrations/${id}`} className="font-semibold">
      <PersonName name={data} />
    </Link>
  );
}

function Scan({
  scan,
  gateNames,
  deviceNames,
}: {
  scan: Conflict['scans'][number];
  gateNames: ReadonlyMap<string, string>;
  deviceNames: ReadonlyMap<string, string>;
}) {
  const t = useTranslations('organiser.conflicts');
  const { stands, minutes, seconds } = clockOf(scan.clockOffsetMs);
  const verdict = t(`verdicts.${scan.verdict}`);
  const rows = [
    [t('gate'), gateNames.get(scan.gateId) ?? t('unknownGate')],
    [t('device'), scan.deviceId ? (deviceNames.get(scan.deviceId) ?? t('unknownDevice')) : t('byStaff')],
    [t('direction'), t(`directions.${scan.direction}`)],
    [t('time'), <When key="corrected" at={scan.correctedAt} seconds />],
    [t('deviceTime'), <When key="device" at={scan.scannedAt} seconds />],
    [t('clock'), t(`clocks.${stands}`, { minutes, seconds })],
    [t('rules'), scan.reason ? t('refusedFor', { verdict, reason: t(`reasons.${scan.reason}`) }) : verdict],
    [t('shown'), scan.acted ? t(`shows.${scan.acted}`) : t('shows.answer')],
  ] as const;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-2">{name}</dt>
          <dd className="font-semibold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
