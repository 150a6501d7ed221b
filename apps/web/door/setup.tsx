import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useProblemText } from '../shell/problem-text';
import { Button } from '../ui/button';
import { StateText } from '../ui/chip';
import { Skeleton } from '../ui/loading';
import { CameraView } from './camera-view';
import type { Device } from './device';
import { directionFor, GateChoice } from './gate-choice';
import type { PlacedGate } from './gates';
import { isRemoval } from './removal';
import { Screen } from './screen';
import type { ServerClock } from './server-clock';
import { announce, unlockSound } from './sounds';
import { useCamera } from './use-camera';
import { type Place, type Standing, usePlace, useSayings } from './use-place';

/** Before the doors open: which gate, do camera and sound work, start. */
export function Setup({
  device,
  clock,
  kept,
  onChange,
  onStart,
  onRemoved,
}: {
  device: Device;
  clock: ServerClock;
  /** Whether this browser will know the device after a reload. */
  kept: boolean;
  onChange: (part: Partial<Device>) => void;
  onStart: (standing: Standing) => void;
  onRemoved: () => void;
}) {
  const t = useTranslations('door');
  const place = usePlace(device, clock);
  const { conference, gates, error } = place;
  const removed = isRemoval(error);
  useEffect(() => {
    if (removed) onRemoved();
  }, [removed, onRemoved]);
  return (
    <Screen rehearsal={conference?.mode === 'rehearsal'}>
      <h1 className="text-2xl font-bold">{t('setup.title')}</h1>
      {!kept && <p className="rounded-card border border-warn bg-warn-soft p-4 text-warn">{t('enrol.notKept')}</p>}
      {error !== undefined && !removed && !gates && <Problem error={error} onRetry={place.look} busy={place.loading} />}
      {!gates && error === undefined && <Skeleton lines={4} />}
      {conference && gates && gates.length === 0 && (
        <div className="grid gap-4">
          <p role="status">{t('setup.noGates')}</p>
          <Button size="door" busy={place.loading} onClick={place.look}>
            {t('setup.look')}
          </Button>
        </div>
      )}
      {conference && gates && gates.length > 0 && (
        <Choices device={device} conference={conference} gates={gates} onChange={onChange} onStart={onStart} />
      )}
    </Screen>
  );
}

/** Why the gates cannot be told, in a door's size. */
function Problem({ error, onRetry, busy }: { error: unknown; onRetry: () => void; busy: boolean }) {
  const t = useTranslations('common');
  const { text, code, traceId } = useProblemText()(error);
  return (
    <div role="alert" className="grid gap-4 rounded-card border-2 border-bad bg-bad-soft p-4">
      <StateText tone="bad">{text}</StateText>
      <code>{traceId ? `${code} · ${traceId}` : code}</code>
      <Button size="door" busy={busy} onClick={onRetry}>
        {t('retry')}
      </Button>
    </div>
  );
}

function Choices({
  device,
  conference,
  gates,
  onChange,
  onStart,
}: {
  device: Device;
  conference: NonNullable<Place['conference']>;
  gates: readonly PlacedGate[];
  onChange: (part: Partial<Device>) => void;
  onStart: (standing: Standing) => void;
}) {
  const t = useTranslations('door.setup');
  const say = useSayings(conference);
  const [wish, setWish] = useState<{ gateId: string; direction: 'entry' | 'exit' }>();
  // The gate of before stands, unless its time is over: then the one that is open now.
  const before = gates.find(({ gate, time }) => gate.id === device.gateId && time !== 'over' && time !== 'cancelled');
  const chosen = gates.find(({ gate }) => gate.id === wish?.gateId) ?? before ?? (gates[0] as PlacedGate);
  const direction = directionFor(chosen, wish?.direction ?? device.direction ?? 'entry');
  return (
    <>
      <GateChoice
        gates={gates}
        chosen={chosen}
        direction={direction}
        onChoose={({ gate }, way) => setWish({ gateId: gate.id, direction: way })}
        timeZone={conference.timeZone}
        say={say}
      />
      <Tests cameraId={device.cameraId} />
      <p className="mt-auto text-ink-2">{t('startNote')}</p>
      <div className="sticky bottom-0 -mx-4 -mb-4 grid border-t border-line bg-canvas p-4">
        <Button
          look="primary"
          size="door"
          onClick={() => {
            void unlockSound();
            onChange({ gateId: chosen.gate.id, direction });
            onStart({ conference, placed: chosen, direction });
          }}
        >
          {t('start')}
        </Button>
      </div>
    </>
  );
}

/** A broken camera or a muted phone is found now, not at the first guest. */
function Tests({ cameraId }: { cameraId: string | undefined }) {
  const t = useTranslations('door.setup');
  const [testing, setTesting] = useState(false);
  const [heard, setHeard] = useState(false);
  const camera = useCamera(testing, cameraId, () => {});
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-2 font-semibold">{t('tests')}</legend>
      <div className="grid grid-cols-2 gap-3">
        <Button size="door" className="px-3! text-door" onClick={() => setTesting(true)}>
          {t('cameraTest')}
        </Button>
        <Button
          size="door"
          className="px-3! text-door"
          onClick={() => {
            void unlockSound().then(() => announce('in'));
            setHeard(true);
          }}
        >
          {t('soundTest')}
        </Button>
      </div>
      {testing && <CameraView camera={camera} className="min-h-60" />}
      <div role="status" className="grid gap-1">
        {camera.state === 'on' && (
          <p>
            <StateText tone="ok">{t('cameraOk')}</StateText>
          </p>
        )}
        {heard && <p>{t('soundPlayed')}</p>}
      </div>
    </fieldset>
  );
}
