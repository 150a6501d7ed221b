import type { Gate, SubForumCard } from '@plenary/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ApiError, routes } from '../../shell/api';
import { useLanguage } from '../../shell/language-context';
import { inLanguage, LocalText } from '../../shell/local-text';
import { dayAt, dayName, timeOf } from '../../shell/venue-time';
import { ProblemBanner } from '../../ui/banner';
import { Chip } from '../../ui/chip';
import { Empty } from '../../ui/loading';
import { useConference } from '../frame/conference-context';
import { ReasonDialog } from '../registrations/reason-dialog';
import { type FreshClient } from '../session/keeper';
import { useStaff } from '../session/session';
import { standsAt } from './bindings';
import { hoursOf } from './gate-hours';
import { type Device, gatesKey } from './lists';

/** Every gate: where it leads, when it lets people in, who stands there, and its switch. */
export function GateList({
  slug,
  gates,
  subForums,
  devices,
}: {
  slug: string;
  gates: readonly Gate[];
  subForums: ReadonlyMap<string, SubForumCard>;
  devices: readonly Device[] | undefined;
}) {
  const t = useTranslations('organiser.devices');
  const { locale } = useLanguage();
  const { client, can } = useStaff();
  const queries = useQueryClient();
  const [search, setSearch] = useState('');
  const [closing, setClosing] = useState<Gate>();
  const [switching, setSwitching] = useState<string>();
  const [error, setError] = useState<unknown>();
  const hours = useMemo(() => hoursOf(gates, subForums), [gates, subForums]);
  // The venue first, then as the day goes.
  const inOrder = useMemo(
    () =>
      gates.toSorted(
        (a, b) =>
          (hours.get(a.id)?.opensAt ?? 0) - (hours.get(b.id)?.opensAt ?? 0) ||
          a.name.localeCompare(b.name, 'en', { numeric: true }),
      ),
    [gates, hours],
  );
  const wanted = search.trim().toLocaleLowerCase();
  const found = inOrder.filter(({ name, subForumId }) => {
    const subForum = subForumId ? subForums.get(subForumId) : undefined;
    const title = subForum ? `${subForum.room} ${inLanguage(subForum.title, locale).text}` : '';
    return `${name} ${title}`.toLocaleLowerCase().includes(wanted);
  });

  async function turn(gate: Gate, open: boolean) {
    const stored = await turnGate(client, gate.id, open);
    queries.setQueryData<Gate[]>(gatesKey(slug), (known) => known?.map((one) => (one.id === stored.id ? stored : one)));
  }
  async function openAgain(gate: Gate) {
    setSwitching(gate.id);
    setError(undefined);
    try {
      await turn(gate, true);
    } catch (problem) {
      setError(problem);
    } finally {
      setSwitching(undefined);
    }
  }

  return (
    <>
      <input
        type="search"
        aria-label={t('searchGates')}
        placeholder={t('searchGates')}
        value={search}
        onChange={({ target }) => setSearch(target.value)}
        className="min-h-11 w-full max-w-md rounded-control border border-edge bg-paper px-3 text-base placeholder:text-ink-2"
      />
      {error !== undefined && <ProblemBanner error={error} />}
      {gates.length === 0 && <Empty>{t('noGates')}</Empty>}
      {gates.length > 0 && found.length === 0 && <Empty>{t('noneFound')}</Empty>}
      <ul className="grid gap-2">
        {found.map((gate) => (
          <GateRow
            key={gate.id}
            gate={gate}
            subForum={gate.subForumId ? subForums.get(gate.subForumId) : undefined}
            hours={hours.get(gate.id)}
            devices={devices}
            busy={switching === gate.id}
            onTurn={
              can('changeGate', gate.subForumId ?? undefined)
                ? () => (gate.open ? setClosing(gate) : void openAgain(gate))
                : undefined
            }
          />
        ))}
      </ul>
      {closing && (
        <ReasonDialog
          title={t('closeTitle', { name: closing.name })}
          action={t('closeGate')}
          danger
          reason="none"
          onConfirm={() => turn(closing, false)}
          onClose={() => setClosing(undefined)}
        >
          <p>{t('closeMeans')}</p>
        </ReasonDialog>
      )}
    </>
  );
}

/** Sets the switch whatever else was changed on the gate meanwhile; answers the gate as stored. */
async function turnGate(client: FreshClient, id: string, open: boolean): Promise<Gate> {
  for (let tries = 1; ; tries += 1) {
    const { etag = '' } = await client.request(routes.getGate, { params: { id } });
    try {
      return await client.call(routes.changeGate, { params: { id }, body: { open } }, { ifMatch: etag });
    } catch (error) {
      if (tries === 3 || !(error instanceof ApiError) || error.status !== 412) throw error;
    }
  }
}

function GateRow({
  gate,
  subForum,
  hours,
  devices,
  busy,
  onTurn,
}: {
  gate: Gate;
  subForum: SubForumCard | undefined;
  hours: { opensAt: number; closesAt: number } | undefined;
  devices: readonly Device[] | undefined;
  busy: boolean;
  onTurn: (() => void) | undefined;
}) {
  const t = useTranslations('organiser.devices');
  const { locale } = useLanguage();
  const placed = { ...gate, room: gate.subForumId ? (subForum?.room ?? '') : null };
  const there = devices?.filter(({ bindings }) => standsAt(bindings, placed)).map(({ name }) => name);
  return (
    <li className="grid items-center gap-x-4 gap-y-2 rounded-card border border-line bg-paper px-4 py-3 lg:grid-cols-[minmax(0,1fr)_13rem_minmax(0,16rem)_11rem]">
      <div className="min-w-0">
        <h3 className="font-semibold">
          <bdi>{gate.name}</bdi>
        </h3>
        <p className="text-sm text-ink-2">
          {subForum ? <LocalText of={subForum.title} /> : gate.subForumId === null && t('venueGate')}
        </p>
      </div>
      <p className="text-sm">
        <Hours gate={gate} hours={hours} />
      </p>
      <p className="min-w-0 text-sm">
        {there &&
          (there.length > 0 ? (
            <bdi>{new Intl.ListFormat(locale, { type: 'conjunction' }).format(there)}</bdi>
          ) : (
            <span className="text-ink-2">{t('nobodyThere')}</span>
          ))}
      </p>
      <div className="lg:justify-self-end">
        {onTurn ? (
          <Switch on={gate.open} busy={busy} label={t('switchOf', { name: gate.name })} onTurn={onTurn} />
        ) : (
          <Chip tone={gate.open ? 'ok' : 'bad'}>{gate.open ? t('open') : t('closed')}</Chip>
        )}
      </div>
    </li>
  );
}

function Hours({ gate, hours }: { gate: Gate; hours: { opensAt: number; closesAt: number } | undefined }) {
  const t = useTranslations('organiser.devices');
  const { locale } = useLanguage();
  const { timeZone } = useConference();
  if (hours) {
    return `${dayName(dayAt(hours.opensAt, timeZone), locale)} ${timeOf(hours.opensAt, timeZone)}–${timeOf(hours.closesAt, timeZone)}`;
  }
  if (gate.subForumId !== null) return null;
  if (gate.opensAt === null && gate.closesAt === null) return t('allDay');
  return t('daily', { from: gate.opensAt ?? '00:00', to: gate.closesAt ?? '24:00' });
}

/** On or off, in colour, place and word. */
function Switch({ on, busy, label, onTurn }: { on: boolean; busy: boolean; label: string; onTurn: () => void }) {
  const t = useTranslations('organiser.devices');
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      aria-label={label}
      aria-busy={busy || undefined}
      onClick={() => !busy && onTurn()}
      className="inline-flex min-h-11 items-center gap-3 rounded-control pe-2 font-semibold"
    >
      <span
        aria-hidden="true"
        className={`relative inline-block h-6 w-11 rounded-full border ${on ? 'border-ok bg-ok-soft' : 'border-edge bg-sunk'}`}
      >
        <span className={`absolute top-0.5 size-[18px] rounded-full ${on ? 'end-0.5 bg-ok' : 'start-0.5 bg-edge'}`} />
      </span>
      <span aria-hidden="true" className={on ? 'text-ok' : 'text-bad'}>
        {on ? t('open') : t('closed')}
      </span>
    </button>
  );
}
