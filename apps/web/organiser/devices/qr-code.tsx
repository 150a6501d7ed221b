import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { ProblemBanner } from '../../ui/banner';
import { qrPath } from './qr-path';

/** A QR code, always black on white, also on dark pages: readers need it so. The maker of codes is loaded when first needed. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const t = useTranslations('common');
  const drawn = useQuery({
    queryKey: ['qr', text],
    queryFn: async () => {
      const { create } = await import('qrcode');
      const { modules } = create(text, { errorCorrectionLevel: 'M' });
      return qrPath(modules.size, (row, column) => modules.get(row, column) === 1);
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    networkMode: 'always',
  });
  if (drawn.isError) return <ProblemBanner error={drawn.error} onRetry={() => void drawn.refetch()} />;
  return (
    <div className="aspect-square w-full max-w-64 bg-white forced-color-adjust-none">
      {drawn.data ? (
        <svg
          role="img"
          aria-label={label}
          viewBox={`0 0 ${drawn.data.view} ${drawn.data.view}`}
          shapeRendering="crispEdges"
          className="block size-full"
        >
          <path d={drawn.data.path} className="fill-black" />
        </svg>
      ) : (
        <span role="status" className="sr-only">
          {t('loading')}
        </span>
      )}
    </div>
  );
}
