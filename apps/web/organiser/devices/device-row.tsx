import { useTranslations } from 'use-intl';
import { Button } from '../../ui/button';
import { Chip, type Tone } from '../../ui/chip';
import { When } from '../registrations/when';
import type { Device } from './lists';
import { Places } from './places';

const tones: Record<Device['state'], Tone> = { pending: 'info', enrolled: 'ok', revoked: 'neutral' };

/** A device: its name, its state, where it stands, and what may be done with it; what may not be done is left out. */
export function DeviceRow({
  device,
  gates,
  busy,
  onChange,
  onNewCode,
  onRemove,
}: {
  device: Device;
  gates: ReadonlyMap<string, { name: string }> | undefined;
  busy: boolean;
  onChange: (() => void) | undefined;
  onNewCode: (() => void) | undefined;
  onRemove: (() => void) | undefined;
}) {
  const t = useTranslations('organiser.devices');
  const { name, state, bindings, enrolledAt } = device;
  return (
    <li className="grid items-center gap-x-4 gap-y-2 rounded-card border border-line bg-paper p-4 lg:grid-cols-[minmax(0,14rem)_11rem_minmax(0,1fr)_auto]">
      <div className="min-w-0">
        <h3 className="font-semibold">
          <bdi>{name}</bdi>
        </h3>
        {enrolledAt && (
          <p className="text-sm text-ink-2">{t.rich('enrolledAt', { when: () => <When at={enrolledAt} /> })}</p>
        )}
      </div>
      <p>
        <Chip tone={tones[state]}>{t(`states.${state}`)}</Chip>
      </p>
      <p className="min-w-0 text-sm">
        <Places bindings={bindings} gates={gates} />
      </p>
      <div className="flex flex-wrap gap-2 lg:justify-end">
        {onNewCode && (
          <Button size="small" busy={busy} aria-label={t('newCodeFor', { name })} onClick={onNewCode}>
            {t('newCode')}
          </Button>
        )}
        {onChange && (
          <Button size="small" aria-label={t('changeTitle', { name })} onClick={onChange}>
            {t('change')}
          </Button>
        )}
        {onRemove && (
          <Button size="small" look="danger" aria-label={t('removeTitle', { name })} onClick={onRemove}>
            {t('remove')}
          </Button>
        )}
      </div>
    </li>
  );
}
