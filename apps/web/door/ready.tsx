import type { GateCounts } from '@plenary/contracts';
import { type ReactNode, useId } from 'react';
import { useTranslations } from 'use-intl';
import { LocalText, PersonName } from '../shell/local-text';
import type { Live } from '../shell/use-live';
import { useNow } from '../shell/use-now';
import { StateText } from '../ui/chip';
import { classNames } from '../ui/class-names';
import { VerdictMark } from '../ui/verdict';
import { CameraView } from './camera-view';
import type { PlacedGate } from './gates';
import { Gate, Glass, List, Torch } from './icons';
import { type Entry, nameIn } from './scan-list';
import { aroundOf } from './screen';
import type { Camera } from './use-camera';
import { type Sayings, verdictWords } from './verdict-words';

/** More than this off, a clock is worth setting. */
const CLOCK_MS = 120_000;
const LAST = 6;

/** Ready for the next badge: where the door stands, how full it is, the camera, and everything to press near the thumb. */
export function Ready({
  placed,
  direction,
  counts,
  live,
  camera,
  checking,
  entries,
  clockOffMs,
  paused,
  onResume,
  inert,
  rehearsal,
  say,
  onOpen,
}: {
  placed: PlacedGate;
  direction: 'entry' | 'exit';
  counts: Pick<GateCounts, 'inside' | 'cap'> | undefined;
  live: Live<GateCounts>;
  camera: Camera;
  checking: boolean;
  entries: readonly Entry[];
  clockOffMs: number;
  paused: boolean;
  onResume: () => void;
  inert: boolean;
  rehearsal: boolean;
  say: Sayings;
  onOpen: (view: 'search' | 'scans' | 'gate') => void;
}) {
  const t = useTranslations('door');
  const { gate, subForum } = placed;
  const seesBadges = camera.state === 'on' || camera.state === 'starting' || camera.state === 'asleep';
  return (
    <main
      id="content"
      inert={inert}
      className={classNames(
        aroundOf(rehearsal),
        'mx-auto flex min-h-dvh max-w-[1200px] flex-col gap-3 landscape:grid landscape:grid-cols-2 landscape:grid-rows-[auto_1fr] landscape:gap-x-6',
        direction === 'exit' && 'border-8 border-ink',
      )}
    >
      <div className="grid content-start gap-2 landscape:col-start-2">
        <div className="flex items-start justify-between gap-3">
          <h1 className="min-w-0 text-xl leading-tight font-bold">
            <span>{gate.name}</span>
            <span className="line-clamp-2 text-door font-normal">
              {subForum ? <LocalText of={subForum.title} /> : !gate.subForumId && t('setup.venue')}
            </span>
          </h1>
          <p className="shrink-0 rounded-control border-2 border-current px-3 text-xl font-black">
            {t(`direction.${direction}`)}
          </p>
        </div>
        <div className="flex flex-wrap items-center justify-between gap-x-4">
          <p className="font-bold">
            {counts === undefined
              ? t('ready.insideUnknown')
              : counts.cap === null
                ? t('ready.inside', { n: counts.inside })
                : t('ready.insideOf', { n: counts.inside, cap: counts.cap })}
          </p>
          <LiveWord live={live} />
          {subForum && <p className="text-ink-2">{say.time(subForum.startsAt)}</p>}
        </div>
      </div>
      <CameraView
        camera={camera}
        className="min-h-48 flex-1 landscape:col-start-1 landscape:row-span-2 landscape:row-start-1 landscape:aspect-square landscape:max-h-[calc(100dvh-32px)] landscape:self-center"
      />
      <div className="grid content-end gap-3 landscape:col-start-2">
        <p aria-hidden="true" className="text-center font-semibold">
          {checking ? t('ready.checking') : seesBadges ? t('ready.point') : t('ready.scanOnly')}
        </p>
        {paused && (
          <button
            type="button"
            onClick={onResume}
            className="min-h-16 rounded-control border-2 border-warn bg-warn-soft px-4 text-start font-semibold text-warn"
          >
            <StateText tone="warn">{t('ready.paused')}</StateText>
          </button>
        )}
        {Math.abs(clockOffMs) > CLOCK_MS && (
          <p role="status" className="rounded-control border-2 border-warn bg-warn-soft px-4 py-2 text-warn">
            <StateText tone="warn">
              {t('ready.clock', { minutes: Math.round(Math.abs(clockOffMs) / 60_000) })}
            </StateText>
          </p>
        )}
        <LastScans entries={entries} say={say} />
        <div className={classNames('grid gap-3', camera.torch === undefined ? 'grid-cols-3' : 'grid-cols-2')}>
          {camera.torch !== undefined && (
            <Act icon={<Torch />} pressed={camera.torch} onClick={camera.switchTorch}>
              {t('ready.torch')}
            </Act>
          )}
          <Act icon={<Glass />} onClick={() => onOpen('search')}>
            {t('ready.search')}
          </Act>
          <Act icon={<List />} onClick={() => onOpen('scans')}>
            {t('ready.scans')}
          </Act>
          <Act icon={<Gate />} onClick={() => onOpen('gate')}>
            {t('ready.gate')}
          </Act>
        </div>
      </div>
    </main>
  );
}

function Act({
  icon,
  pressed,
  onClick,
  children,
}: {
  icon: ReactNode;
  pressed?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      aria-pressed={pressed}
      onClick={onClick}
      className={classNames(
        'flex min-h-18 min-w-0 flex-col items-center justify-center rounded-control border px-1 font-semibold',
        pressed ? 'border-accent bg-accent-soft' : 'border-edge bg-paper',
      )}
    >
      {icon}
      <span>{children}</span>
    </button>
  );
}

/** Whether the figures are live, else how old. */
function LiveWord({ live }: { live: Live<GateCounts> }) {
  const t = useTranslations('door.ready');
  const now = useNow(1_000);
  if (live.state === 'live') return <StateText tone="ok">{t('live')}</StateText>;
  if (live.lostAt === undefined || live.heardAt === undefined) {
    return <StateText tone="info">{t('connecting')}</StateText>;
  }
  const seconds = Math.max(0, Math.round((now - live.heardAt) / 1000));
  return <StateText tone="warn">{t('stale', { seconds })}</StateText>;
}

/** The last few, so that two people at one door see that the last one counted. */
function LastScans({ entries, say }: { entries: readonly Entry[]; say: Sayings }) {
  const t = useTranslations('door');
  const id = useId();
  return (
    <div className="flex min-h-12 items-center gap-3 overflow-hidden">
      <h2 id={id} className="shrink-0 text-ink-2">
        {t('ready.last')}
      </h2>
      {entries.length === 0 ? (
        <p className="text-ink-2">{t('ready.none')}</p>
      ) : (
        <ol aria-labelledby={id} className="flex h-9 min-w-0 flex-wrap gap-x-4 gap-y-2 overflow-hidden">
          {entries.slice(0, LAST).map((entry) => {
            const words = verdictWords(entry.outcome, say);
            const name = nameIn(entry);
            return (
              <li key={entry.scanId} className={classNames('flex items-center gap-2', entry.undone && 'line-through')}>
                <VerdictMark of={words.class} label={t(`word.${words.class}`)} />
                {name && (
                  <span className="max-w-40 truncate">
                    <PersonName name={name} />
                  </span>
                )}
              </li>
            );
          })}
        </ol>
      )}
    </div>
  );
}
