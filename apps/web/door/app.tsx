import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePageTitle } from '../shell/page-title';
import { type Device, forgetDevice, keepDevice, readDevice } from './device';
import { Enrol } from './enrol';
import { takeCodeFromAddress } from './enrol-code';
import { Removed } from './removed';
import { forgetEntries } from './scan-list';
import { ServerClock } from './server-clock';
import { Setup } from './setup';
import { Station } from './station';
import type { Standing } from './use-place';

/**
 * The door, without addresses: a phone is enrolled, then stands at a gate, then scans. A reload begins again at the gate,
 * since browsers give sound only after a tap.
 */
export function App({ openedWith }: { openedWith: string | undefined }) {
  const t = useTranslations('door');
  const queries = useQueryClient();
  const [device, setDevice] = useState(readDevice);
  const [clock] = useState(() => new ServerClock());
  const [code, setCode] = useState(openedWith);
  const [kept, setKept] = useState(true);
  const [removed, setRemoved] = useState(false);
  const [standing, setStanding] = useState<Standing>();
  usePageTitle(t('title'));

  useEffect(() => {
    const look = () => {
      const found = takeCodeFromAddress();
      if (found) setCode(found);
    };
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);

  const onRemoved = useCallback(() => setRemoved(true), []);
  const change = (part: Partial<Device>) => {
    if (!device) return;
    const changed = { ...device, ...part };
    keepDevice(changed);
    setDevice(changed);
  };
  const forget = (previousId?: string) => {
    forgetDevice(previousId);
    if (!previousId) forgetEntries();
    queries.clear();
    setDevice(undefined);
    setStanding(undefined);
    setRemoved(false);
  };

  if (!device || code !== undefined) {
    return (
      <Enrol
        code={code ?? ''}
        device={device}
        onEnrolled={(enrolled) => {
          queries.clear();
          setKept(keepDevice(enrolled));
          setDevice(enrolled);
          setCode(undefined);
          setStanding(undefined);
          setRemoved(false);
        }}
        onKeep={() => setCode(undefined)}
      />
    );
  }
  if (removed) return <Removed onAgain={() => forget(device.id)} />;
  if (!standing) {
    return (
      <Setup device={device} clock={clock} kept={kept} onChange={change} onStart={setStanding} onRemoved={onRemoved} />
    );
  }
  return (
    <Station
      key={device.token}
      device={device}
      clock={clock}
      standing={standing}
      onChange={change}
      onStand={setStanding}
      onRemoved={onRemoved}
      onForget={() => forget()}
    />
  );
}
