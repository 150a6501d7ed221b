import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { routes } from '../../shell/api';
import { useLanguage } from '../../shell/language-context';
import { usePageTitle } from '../../shell/page-title';
import { zoneName } from '../../shell/venue-time';
import { ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { Empty, Skeleton } from '../../ui/loading';
import { useConference } from '../frame/conference-context';
import { ReasonDialog } from '../registrations/reason-dialog';
import { useSubForums } from '../registrations/use-sub-forums';
import { useStaff } from '../session/session';
import { type DeviceDraft, DeviceForm } from './device-form';
import { DeviceRow } from './device-row';
import { type Enrolment, EnrolmentDialog } from './enrolment-dialog';
import { GateList } from './gate-list';
import { type Device, devicesKey, useDevices, useGates } from './lists';

type Open =
  | { dialog: 'add' }
  | { dialog: 'change'; device: Device }
  | { dialog: 'remove'; device: Device }
  | { dialog: 'enrol'; enrolment: Enrolment };

/** The gates of a conference, the phones that stand at them, and how a new one gets there. */
export default function DevicesPage({ slug }: { slug: string }) {
  const t = useTranslations('organiser.devices');
  const common = useTranslations('common');
  const { locale } = useLanguage();
  const { timeZone } = useConference();
  const { client, can } = useStaff();
  const queries = useQueryClient();
  const gates = useGates(slug, 15_000);
  const devices = useDevices(slug, 15_000);
  const subForums = useSubForums(slug);
  const [open, setOpen] = useState<Open>();
  const [renewing, setRenewing] = useState<string>();
  const [error, setError] = useState<unknown>();
  // One key for each code that is asked for: a request that is sent twice makes one device.
  const key = useRef<string>(undefined);
  usePageTitle(t('title'));

  const gatesById = gates.data && new Map(gates.data.map((gate) => [gate.id, gate]));
  const here = devices.data?.filter(({ state }) => state !== 'revoked') ?? [];
  const removed = devices.data?.filter(({ state }) => state === 'revoked') ?? [];
  const close = () => setOpen(undefined);
  const reread = () => queries.invalidateQueries({ queryKey: devicesKey(slug) });

  async function add({ name, bindings }: DeviceDraft) {
    key.current ??= crypto.randomUUID();
    const made = await client.call(
      routes.createDevice,
      { params: { slug }, body: { name, ...bindings } },
      { idempotencyKey: key.current },
    );
    key.current = undefined;
    await reread();
    const { id: deviceId, enrolmentCode: code, expiresAt } = made;
    setOpen({ dialog: 'enrol', enrolment: { deviceId, name, code, expiresAt, enrolledBefore: null } });
  }

  async function change(device: Device, { name, bindings }: DeviceDraft) {
    await client.call(routes.changeDevice, { params: { id: device.id }, body: { name, bindings } });
    await reread();
    close();
  }

  async function newCode(device: Pick<Device, 'id' | 'name' | 'enrolledAt'>) {
    const made = await client.call(routes.changeDevice, { params: { id: device.id }, body: { newCode: true } });
    if (!made.enrolmentCode || !made.expiresAt) throw new Error('no code was made');
    setOpen({
      dialog: 'enrol',
      enrolment: {
        deviceId: device.id,
        name: device.name,
        code: made.enrolmentCode,
        expiresAt: made.expiresAt,
        enrolledBefore: made.enrolledAt,
      },
    });
  }

  async function askForCode(device: Device) {
    setRenewing(device.id);
    setError(undefined);
    try {
      await newCode(device);
    } catch (problem) {
      setError(problem);
    } finally {
      setRenewing(undefined);
    }
  }

  const rowOf = (device: Device) => (
    <DeviceRow
      key={device.id}
      device={device}
      gates={gatesById}
      busy={renewing === device.id}
      onChange={can('changeDevice') ? () => setOpen({ dialog: 'change', device }) : undefined}
      onNewCode={can('changeDevice') ? () => void askForCode(device) : undefined}
      onRemove={
        can('revokeDevice') && device.state !== 'revoked' ? () => setOpen({ dialog: 'remove', device }) : undefined
      }
    />
  );

  return (
    <main id="content" className="mx-auto grid w-full max-w-[1440px] gap-8 p-4">
      <h1 className="text-2xl font-bold">{t('title')}</h1>
      {can('listDevices') && (
        <section aria-labelledby="devices" className="grid gap-3">
          <div className="flex flex-wrap items-center justify-between gap-3">
            <h2 id="devices" className="text-xl font-bold">
              {t('devices')}
            </h2>
            {can('createDevice') && (
              <Button
                look="primary"
                onClick={() => {
                  key.current = undefined;
                  setOpen({ dialog: 'add' });
                }}
              >
                {t('add')}
              </Button>
            )}
          </div>
          {error !== undefined && <ProblemBanner error={error} />}
          {devices.isError && (
            <ProblemBanner error={devices.error} onRetry={() => void devices.refetch()} busy={devices.isFetching} />
          )}
          {devices.isPending && <Skeleton lines={3} />}
          {devices.isSuccess && here.length === 0 && (
            <Empty>{can('createDevice') ? t('noDevices') : t('noDevicesYet')}</Empty>
          )}
          {here.length > 0 && <ul className="grid gap-2">{here.map(rowOf)}</ul>}
          {removed.length > 0 && (
            <details>
              <summary className="flex min-h-11 items-center font-semibold text-accent">
                {t('removed', { count: removed.length })}
              </summary>
              <ul className="mt-2 grid gap-2">{removed.map(rowOf)}</ul>
            </details>
          )}
        </section>
      )}
      <section aria-labelledby="gates" className="grid gap-3">
        <h2 id="gates" className="text-xl font-bold">
          {t('gates')}
        </h2>
        {gates.isError && (
          <ProblemBanner error={gates.error} onRetry={() => void gates.refetch()} busy={gates.isFetching} />
        )}
        {gates.isPending && <Skeleton />}
        {gates.data && <GateList slug={slug} gates={gates.data} subForums={subForums} devices={devices.data && here} />}
      </section>
      <p className="text-sm text-ink-2">{common('zone', { zone: zoneName(timeZone, locale) })}</p>

      {open?.dialog === 'add' && (
        <DeviceForm
          title={t('add')}
          action={t('make')}
          first={{ name: '', bindings: { venue: false, rooms: [], gateIds: [] } }}
          gates={gates.data ?? []}
          subForums={subForums}
          onSave={add}
          onClose={close}
        />
      )}
      {open?.dialog === 'change' && (
        <DeviceForm
          title={t('changeTitle', { name: open.device.name })}
          action={t('save')}
          first={open.device}
          gates={gates.data ?? []}
          subForums={subForums}
          onSave={(draft) => change(open.device, draft)}
          onClose={close}
        />
      )}
      {open?.dialog === 'remove' && (
        <ReasonDialog
          title={t('removeTitle', { name: open.device.name })}
          action={t('remove')}
          danger
          reason="optional"
          onConfirm={async (reason) => {
            const query = reason ? { reason } : {};
            await client.call(routes.revokeDevice, { params: { id: open.device.id }, query });
            await reread();
          }}
          onClose={close}
        >
          <p>{t('removeMeans')}</p>
        </ReasonDialog>
      )}
      {open?.dialog === 'enrol' && (
        <EnrolmentDialog
          key={open.enrolment.code}
          slug={slug}
          enrolment={open.enrolment}
          onRenew={() =>
            newCode({
              id: open.enrolment.deviceId,
              name: open.enrolment.name,
              enrolledAt: open.enrolment.enrolledBefore,
            })
          }
          onClose={close}
        />
      )}
    </main>
  );
}
