import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { LanguageSwitch } from '../ui/language-switch';
import type { Device } from './device';
import { GateChoice } from './gate-choice';
import type { PlacedGate } from './gates';
import { Sheet } from './sheet';
import type { Standing } from './use-place';
import type { Sayings } from './verdict-words';

/** `event.code` of keys that hand scanners send around a code. */
const frameKeys = ['Enter', 'NumpadEnter', 'Tab', 'F7', 'F8', 'F9', 'F10', 'F12'];
export const SUFFIX = 'Enter';

/** Stand elsewhere without going back to the office; the device's own settings; forget the device. */
export function GateSheet({
  device,
  standing,
  gates,
  cameras,
  say,
  rehearsal,
  covered,
  onStand,
  onChange,
  onForget,
  onClose,
}: {
  device: Device;
  standing: Standing;
  gates: readonly PlacedGate[];
  cameras: readonly MediaDeviceInfo[];
  say: Sayings;
  rehearsal: boolean;
  covered: boolean;
  onStand: (placed: PlacedGate, direction: 'entry' | 'exit') => void;
  onChange: (part: Partial<Device>) => void;
  onForget: () => void;
  onClose: () => void;
}) {
  const t = useTranslations('door');
  const common = useTranslations('common');
  const [wish, setWish] = useState({ placed: standing.placed, direction: standing.direction });
  const [asking, setAsking] = useState(false);
  const chosen = gates.find(({ gate }) => gate.id === wish.placed.gate.id) ?? wish.placed;
  return (
    <Sheet title={t('gate.title')} onClose={onClose} rehearsal={rehearsal} covered={covered}>
      <GateChoice
        gates={gates}
        chosen={chosen}
        direction={wish.direction}
        onChoose={(placed, direction) => setWish({ placed, direction })}
        timeZone={standing.conference.timeZone}
        say={say}
      />
      <Button look="primary" size="door" onClick={() => onStand(chosen, wish.direction)}>
        {t('gate.change')}
      </Button>
      <section className="grid gap-4 border-t border-line pt-5">
        <h3 className="text-xl font-bold">{t('gate.settings')}</h3>
        <LanguageSwitch door />
        {cameras.length > 0 && (
          <Pick
            label={t('camera.choose')}
            value={device.cameraId ?? ''}
            onPick={(cameraId) => onChange({ cameraId })}
            options={[
              ['', t('camera.byItself')],
              ...cameras.map(({ deviceId, label }, index): [string, string] => [
                deviceId,
                label || t('camera.numbered', { n: index + 1 }),
              ]),
            ]}
          />
        )}
        <label className="flex min-h-16 items-center gap-4">
          <input
            type="checkbox"
            checked={device.stay ?? false}
            onChange={(event) => onChange({ stay: event.target.checked })}
          />
          <span>{t('gate.stay')}</span>
        </label>
        <Pick
          label={t('gate.prefix')}
          value={device.prefixKey ?? ''}
          onPick={(prefixKey) => onChange({ prefixKey })}
          options={[['', t('gate.none')], ...frameKeys.filter((one) => one !== SUFFIX).map(same)]}
        />
        <Pick
          label={t('gate.suffix')}
          value={device.suffixKey ?? SUFFIX}
          onPick={(suffixKey) => onChange({ suffixKey })}
          options={frameKeys.map(same)}
        />
      </section>
      <section className="grid gap-4 border-t border-line pt-5">
        <h3 className="text-xl font-bold">{t('gate.device', { name: device.name })}</h3>
        <Button look="danger" size="door" onClick={() => setAsking(true)}>
          {t('gate.forget')}
        </Button>
      </section>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t('gate.forgetAsk')}
        actions={
          <>
            <Button size="door" onClick={() => setAsking(false)}>
              {common('cancel')}
            </Button>
            <Button size="door" look="danger" onClick={onForget}>
              {t('gate.forget')}
            </Button>
          </>
        }
      >
        <p>{t('gate.forgetNote')}</p>
      </Dialog>
    </Sheet>
  );
}

const same = (one: string): [string, string] => [one, one];

function Pick({
  label,
  value,
  options,
  onPick,
}: {
  label: string;
  value: string;
  options: readonly [string, string][];
  onPick: (value: string | undefined) => void;
}) {
  const id = useId();
  return (
    <div className="grid gap-2">
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => onPick(event.target.value || undefined)}
        className="min-h-16 w-full rounded-control border border-edge bg-paper px-4 text-ink"
      >
        {options.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
