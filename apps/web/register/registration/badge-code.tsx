import type { Registration } from '@plenary/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ApiError, api, routes } from '../../shell/api';
import { useOnline } from '../../shell/use-online';
import { useWakeLock } from '../../shell/use-wake-lock';
import { Banner, ProblemBanner } from '../../ui/banner';

/**
 * The QR code, black on white in dark mode too: 343 px, 7 to a module, the quiet zone within. Comes by itself once the badge is
 * issued, and anew when it is reissued.
 */
export function BadgeCode({ token, badge, name }: { token: string; badge: Registration['badge']; name: string }) {
  const t = useTranslations('register.own');
  const isOnline = useOnline();
  const code = useQuery({
    queryKey: ['own-badge', token, badge.revision ?? 0],
    queryFn: async () => {
      // Typed as text by its media type, but an image: bytes.
      const drawn: unknown = await api.as(token).call(routes.getOwnBadgeSvg, {}, { wait: 5 });
      return new Blob([drawn as Uint8Array<ArrayBuffer>], { type: 'image/svg+xml' });
    },
    enabled: badge.state === 'valid',
    staleTime: Number.POSITIVE_INFINITY,
    retry: (failures, error) => failures < 5 || (error instanceof ApiError && error.code === 'badge_not_ready'),
  });
  const address = useObjectUrl(badge.state === 'valid' ? code.data : undefined);
  useWakeLock(address !== undefined);

  if (badge.state === 'revoked') {
    return (
      <div className="p-3">
        <Banner tone="bad">
          <p className="font-semibold">{t('badgeRevoked')}</p>
        </Banner>
      </div>
    );
  }
  if (code.isError) {
    return (
      <div className="p-3">
        <ProblemBanner error={code.error} onRetry={() => void code.refetch()} busy={code.isFetching} />
      </div>
    );
  }
  return (
    <div className="grid gap-3">
      {/* A white card, whatever the scheme, as wide as there is room: scanners want the quiet zone around the code as white as its ground. */}
      <div className="grid min-h-[294px] place-items-center bg-white text-black forced-color-adjust-none sm:min-h-[343px]">
        {address ? (
          <img
            src={address}
            alt={t('qrAlt', { name })}
            width={343}
            height={343}
            className="block h-auto w-full max-w-[343px]"
          />
        ) : (
          <p role="status" className="p-6 text-center">
            {t(isOnline ? 'qrSoon' : 'qrOffline')}
          </p>
        )}
      </div>
      {address && <p className="px-4 text-center font-semibold text-balance">{t('showAtDoor')}</p>}
    </div>
  );
}

function useObjectUrl(blob: Blob | undefined): string | undefined {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (!blob) {
      setAddress(undefined);
      return undefined;
    }
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return address;
}
