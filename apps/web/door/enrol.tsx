import { ApiError } from '@plenary/contracts';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, routes } from '../shell/api';
import { Button } from '../ui/button';
import { StateText } from '../ui/chip';
import { type Device, deviceFrom, previousDeviceId } from './device';
import { formatCode, isWhole } from './enrol-code';
import { Screen } from './screen';

/** Exchanges an organiser's one-time code for this phone's own credentials. */
export function Enrol({
  code: given,
  device,
  onEnrolled,
  onKeep,
}: {
  code: string;
  /** What this phone is already. */
  device: Device | undefined;
  onEnrolled: (device: Device) => void;
  onKeep: () => void;
}) {
  const t = useTranslations('door.enrol');
  const id = useId();
  const [code, setCode] = useState(given);
  const [short, setShort] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => setCode(given), [given]);
  const enrolment = useMutation({
    mutationFn: async () => {
      const previous = device?.id ?? previousDeviceId();
      return api.call(routes.enrolDevice, { body: { code, ...(previous ? { previousDeviceId: previous } : {}) } });
    },
    onSuccess: (enrolled) => onEnrolled(deviceFrom(enrolled)),
    onError: () => field.current?.focus(),
  });
  const digits = code.replaceAll('-', '').length;
  const problem =
    short && !isWhole(code)
      ? t('short', { n: digits })
      : enrolment.error
        ? t(`problems.${wrong(enrolment.error)}`)
        : undefined;

  const send = (event: FormEvent) => {
    event.preventDefault();
    setShort(true);
    if (!isWhole(code)) field.current?.focus();
    else if (!enrolment.isPending) enrolment.mutate();
  };
  return (
    <Screen>
      <h1 className="text-2xl font-bold">{t('title')}</h1>
      <p>{t('how')}</p>
      {device && (
        <p className="rounded-card border border-warn bg-warn-soft p-4 text-warn">
          {t('again', { name: device.name })}
        </p>
      )}
      <form onSubmit={send} noValidate className="flex flex-1 flex-col gap-5">
        <div className="grid gap-2">
          <label htmlFor={id} className="font-semibold">
            {t('code')}
          </label>
          <p id={`${id}-shape`} className="text-ink-2">
            {t('shape')}
          </p>
          <input
            ref={field}
            id={id}
            value={code}
            onChange={(event) => setCode(formatCode(event.target.value))}
            autoComplete="one-time-code"
            autoCapitalize="characters"
            autoCorrect="off"
            spellCheck={false}
            enterKeyHint="go"
            aria-invalid={problem ? true : undefined}
            aria-describedby={`${id}-shape ${id}-problem`}
            className="min-h-16 w-full rounded-control border border-edge bg-paper px-4 font-mono text-2xl tracking-wide text-ink aria-invalid:border-2 aria-invalid:border-bad"
          />
          <p id={`${id}-problem`} role="alert">
            {problem && <StateText tone="bad">{problem}</StateText>}
          </p>
        </div>
        <div className="mt-auto grid gap-3">
          {device && (
            <Button size="door" onClick={onKeep}>
              {t('keep', { name: device.name })}
            </Button>
          )}
          <Button type="submit" look="primary" size="door" busy={enrolment.isPending}>
            {t('enrol')}
          </Button>
        </div>
      </form>
    </Screen>
  );
}

function wrong(error: unknown): 'code_invalid' | 'rate_limited' | 'unreachable' | 'other' {
  if (!(error instanceof ApiError)) return 'unreachable';
  // 400: too much was typed to be a code; 422: no such code.
  if (error.code === 'code_invalid' || error.status === 400) return 'code_invalid';
  return error.status === 429 ? 'rate_limited' : 'other';
}
