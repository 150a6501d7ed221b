import { useCallback, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useNow } from '../shell/use-now';
import { useWakeLock } from '../shell/use-wake-lock';
import type { Device } from './device';
import { GateSheet, SUFFIX } from './gate-sheet';
import { Ready } from './ready';
import { nameIn, undoableUntil } from './scan-list';
import { Scans } from './scans';
import { Rehearsal } from './screen';
import { Search } from './search';
import type { ServerClock } from './server-clock';
import { unlockSound } from './sounds';
import { useCamera } from './use-camera';
import { useGateCounts } from './use-gate-counts';
import { useHandScanner } from './use-hand-scanner';
import { type Standing, usePlace, useSayings } from './use-place';
import { useSession } from './use-session';
import { useUndo } from './use-undo';
import { VerdictScreen } from './verdict-screen';
import { type VerdictWords, verdictWords } from './verdict-words';

/** How long a verdict stays, ms; the next badge never waits for it. Nobody's decision stays until somebody acts. */
const STAY_MS: Partial<Record<VerdictWords['class'], number>> = {
  in: 3_000,
  in_offline: 3_000,
  out: 3_000,
  hold: 8_000,
  stop: 8_000,
};
const UNDONE_MS = 3_000;

/** The door at work: the ready screen, and over it a sheet or a verdict. */
export function Station({
  device,
  clock,
  standing,
  onChange,
  onStand,
  onRemoved,
  onForget,
}: {
  device: Device;
  clock: ServerClock;
  standing: Standing;
  onChange: (part: Partial<Device>) => void;
  onStand: (standing: Standing) => void;
  onRemoved: () => void;
  onForget: () => void;
}) {
  const t = useTranslations('door');
  const [view, setView] = useState<'search' | 'scans' | 'gate'>();
  const { conference, placed, direction } = standing;
  const { gate } = placed;
  const say = useSayings(conference);
  const place = usePlace(device, clock);
  const door = useSession(device.token, clock, { gateId: gate.id, direction }, onRemoved);
  const { session, doing } = door;
  const { shown, entries, checking } = doing;
  const { counts, live } = useGateCounts(device.token, gate.id, entries, onRemoved);
  const undoing = useUndo(session);
  const camera = useCamera(true, device.cameraId, door.saw);
  const now = useNow(5_000);
  const offset = clock.offsetMs() ?? 0;
  const rehearsal = conference.mode === 'rehearsal';
  useWakeLock();

  const close = useCallback(() => setView(undefined), []);
  const scanner = useHandScanner(
    { prefix: device.prefixKey, suffix: device.suffixKey ?? SUFFIX },
    {
      scan: (text) => {
        camera.wake();
        if (!device.handScanner) onChange({ handScanner: true });
        door.typed(text);
      },
      shortcut: (key) => {
        if (key === '/') {
          session.next();
          setView('search');
        } else if (shown) session.next();
        else if (!document.querySelector('dialog[open]')) close();
      },
    },
  );

  // A badge at the door ends what was being looked up; the list of scans stays as it was.
  useEffect(() => {
    if (shown) setView((open) => (open === 'search' ? undefined : open));
  }, [shown]);
  const words = shown && verdictWords(shown.outcome, say);
  const stay = shown?.undone ? UNDONE_MS : words && STAY_MS[words.class];
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shown` is what the time runs for
  useEffect(() => {
    if (!stay || device.stay) return undefined;
    const timer = setTimeout(session.next, stay);
    return () => clearTimeout(timer);
  }, [shown, stay, device.stay, session]);
  // After a reload of the page's own making the sound waits for the next tap.
  useEffect(() => {
    const unlock = () => void unlockSound().catch(() => undefined);
    addEventListener('pointerdown', unlock);
    return () => removeEventListener('pointerdown', unlock);
  }, []);

  const common = { say, rehearsal, covered: shown !== undefined, onClose: close };
  const said = shown && words ? spoken() : checking > 0 ? t('ready.checking') : '';
  function spoken(): string {
    if (!shown || !words) return '';
    const name = nameIn(shown);
    if (shown.undone) return name ? t('verdict.undone', { name }) : t('verdict.undoneNobody');
    const parts = [t(`word.${words.class}`), t(`headline.${words.headline}`, { ...words.args }), name ?? ''];
    return [...parts, words.box ? t(`box.${words.box}`, { ...words.args }) : ''].filter(Boolean).join('. ');
  }

  return (
    <div className="text-door">
      {rehearsal && <Rehearsal />}
      <Ready
        placed={placed}
        direction={direction}
        counts={counts}
        live={live}
        camera={camera}
        checking={checking > 0}
        entries={entries}
        clockOffMs={offset}
        paused={scanner.paused && device.handScanner === true}
        onResume={scanner.resume}
        inert={shown !== undefined || view !== undefined}
        rehearsal={rehearsal}
        say={say}
        onOpen={setView}
      />
      {view === 'search' && (
        <Search
          {...common}
          token={device.token}
          gateId={gate.id}
          direction={direction}
          onRemoved={onRemoved}
          onPick={({ registrationId, name }) => {
            setView(undefined);
            void session.take({ registrationId, name }, { gateId: gate.id, direction });
          }}
        />
      )}
      {view === 'scans' && (
        <Scans
          {...common}
          entries={entries}
          timeZone={conference.timeZone}
          offsetMs={offset}
          busy={undoing.busy}
          problemOf={undoing.problemOf}
          onUndo={(entry) => {
            door.forgetBadges();
            undoing.undo(entry);
          }}
        />
      )}
      {view === 'gate' && (
        <GateSheet
          {...common}
          device={device}
          standing={standing}
          gates={place.gates ?? [placed]}
          cameras={camera.cameras}
          onChange={onChange}
          onForget={onForget}
          onStand={(wanted, way) => {
            door.forgetBadges();
            onChange({ gateId: wanted.gate.id, direction: way });
            onStand({ conference: place.conference ?? conference, placed: wanted, direction: way });
            close();
          }}
        />
      )}
      {shown && words && (
        <VerdictScreen
          entry={shown}
          words={words}
          say={say}
          rehearsal={rehearsal}
          where={{ gate: gate.name, direction: shown.direction }}
          undo={{ busy: undoing.busy === shown.scanId, problem: undoing.problemOf(shown) }}
          onUndo={
            now + offset < (undoableUntil(shown) ?? 0)
              ? () => {
                  door.forgetBadges();
                  undoing.undo(shown);
                }
              : undefined
          }
          onRetry={session.canRetry(shown) ? () => void session.retry(shown) : undefined}
          onNext={session.next}
        />
      )}
      <div role="status" aria-live="assertive" className="sr-only">
        {said}
      </div>
    </div>
  );
}
