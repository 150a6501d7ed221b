import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useNow } from '../../shell/use-now';
import { ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { Chip } from '../../ui/chip';
import { Dialog } from '../../ui/dialog';
import { enrolmentAddresses, inGroups, timeLeft } from './enrolment';
import { useDevices } from './lists';
import { QrCode } from './qr-code';

/** A one-time code as it was given out. It is told once: closing the dialog forgets it. */
export interface Enrolment {
  deviceId: string;
  name: string;
  code: string;
  expiresAt: string;
  /** When the device was enrolled before, if it was. */
  enrolledBefore: string | null;
}

/** Two codes to scan with the phone at the door; turns by itself when the phone has used the second. */
export function EnrolmentDialog({
  slug,
  enrolment,
  onRenew,
  onClose,
}: {
  slug: string;
  enrolment: Enrolment;
  onRenew: () => Promise<unknown>;
  onClose: () => void;
}) {
  const t = useTranslations('organiser.devices.enrolment');
  const common = useTranslations('common');
  const now = useNow(1000);
  const [enrolled, setEnrolled] = useState(false);
  const [renewing, setRenewing] = useState(false);
  const [error, setError] = useState<unknown>();
  const devices = useDevices(slug, enrolled ? false : 2_000);
  const device = devices.data?.find(({ id }) => id === enrolment.deviceId);
  const used = device?.state === 'enrolled' && device.enrolledAt !== enrolment.enrolledBefore;
  useEffect(() => {
    if (used) setEnrolled(true);
  }, [used]);
  const expired = !enrolled && Date.parse(enrolment.expiresAt) <= now;
  const addresses = enrolmentAddresses(location.origin, enrolment.code);

  async function renew() {
    setRenewing(true);
    setError(undefined);
    try {
      await onRenew();
    } catch (problem) {
      setError(problem);
    } finally {
      setRenewing(false);
    }
  }

  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('title', { name: enrolment.name })}
      actions={
        <Button look={enrolled ? 'primary' : 'plain'} onClick={onClose}>
          {common('close')}
        </Button>
      }
    >
      <div role="status" className="grid justify-items-start gap-1">
        {enrolled && (
          <>
            <Chip tone="ok">{t('enrolled')}</Chip>
            <p>{t('mayScan', { name: enrolment.name })}</p>
          </>
        )}
        {expired && (
          <>
            <Chip tone="bad">{t('expired')}</Chip>
            <p>{t('expiredHelp')}</p>
          </>
        )}
        {!enrolled && !expired && <Chip tone="info">{t('waiting')}</Chip>}
      </div>
      {error !== undefined && <ProblemBanner error={error} />}
      {!enrolled && devices.isError && <ProblemBanner error={devices.error} onRetry={() => void devices.refetch()} />}
      {expired && (
        <Button look="primary" className="justify-self-start" busy={renewing} onClick={() => void renew()}>
          {t('renew')}
        </Button>
      )}
      {!enrolled && !expired && (
        <>
          <ol className="grid gap-6 sm:grid-cols-2">
            <li className="grid content-start gap-2">
              <h3 className="font-semibold">{t('open')}</h3>
              <p className="text-sm text-ink-2">{t('openHelp')}</p>
              <QrCode text={addresses.open} label={t('openCode', { address: addresses.open })} />
              <p className="text-sm">
                <bdi dir="ltr">{addresses.open}</bdi>
              </p>
            </li>
            <li className="grid content-start gap-2">
              <h3 className="font-semibold">{t('enrol')}</h3>
              <p className="text-sm text-ink-2">{t('enrolHelp')}</p>
              <QrCode text={addresses.enrol} label={t('enrolCode')} />
              <p className="text-sm">{t('orType')}</p>
              <p className="font-mono text-xl font-bold whitespace-nowrap">{inGroups(enrolment.code)}</p>
            </li>
          </ol>
          <p>
            {t.rich('left', {
              time: () => <strong>{timeLeft(enrolment.expiresAt, now)}</strong>,
            })}
          </p>
        </>
      )}
    </Dialog>
  );
}
