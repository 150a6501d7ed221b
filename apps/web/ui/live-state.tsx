import { useTranslations } from 'use-intl';
import type { Live } from '../shell/use-live';
import { useNow } from '../shell/use-now';
import { secondOf } from '../shell/venue-time';
import { Chip } from './chip';

/** Whether a live view is live, and else how old it is. */
export function LiveState({
  live,
  timeZone,
}: {
  live: Pick<Live<unknown>, 'state' | 'heardAt' | 'lostAt'>;
  timeZone: string;
}) {
  const t = useTranslations('common.live');
  const now = useNow(1000);
  if (live.state === 'live') return <Chip tone="ok">{t('live')}</Chip>;
  if (live.state === 'connecting' || live.lostAt === undefined) return <Chip tone="info">{t('connecting')}</Chip>;
  const seconds = Math.max(0, Math.round((now - live.lostAt) / 1000));
  return (
    <Chip tone="bad">
      {live.heardAt === undefined
        ? t('lost', { seconds })
        : t('lostFrom', { seconds, at: secondOf(live.heardAt, timeZone) })}
    </Chip>
  );
}
