import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useNow } from '../../shell/use-now';
import { useOnline } from '../../shell/use-online';
import { secondOf, timeOf } from '../../shell/venue-time';
import { Banner } from '../../ui/banner';
import { Chip } from '../../ui/chip';
import { subForumsQuery } from './use-programme';

/** Three polls without an answer: what is shown is no longer live. */
const STALE_MS = 35_000;

/** Whether the seats are live, else how old they are. */
export function Freshness({ slug, timeZone }: { slug: string; timeZone: string }) {
  const t = useTranslations('programme');
  const common = useTranslations('common.live');
  const now = useNow(5_000);
  const online = useOnline();
  const { dataUpdatedAt } = useQuery({ ...subForumsQuery(slug), refetchInterval: false });
  if (dataUpdatedAt === 0) return null;
  return online && now - dataUpdatedAt < STALE_MS ? (
    <Chip tone="ok">{common('live')}</Chip>
  ) : (
    <Chip tone="warn">{t('asOf', { time: secondOf(dataUpdatedAt, timeZone) })}</Chip>
  );
}

/** Says in place that what is shown is old, and how old. It is there before it has something to say. */
export function StaleBanner({
  readAt,
  error,
  timeZone,
  what = 'programme',
}: {
  /** When it was read, ms; 0 where nothing is shown yet. */
  readAt: number;
  /** Why reading it again failed. */
  error: unknown;
  timeZone: string | undefined;
  what?: 'programme' | 'subForum';
}) {
  const t = useTranslations('programme.stale');
  const online = useOnline();
  const time = readAt > 0 && timeZone ? timeOf(readAt, timeZone) : undefined;
  const text = time
    ? !online
      ? t(`${what}.offline`, { time })
      : error
        ? t(`${what}.unreachable`, { time })
        : undefined
    : online
      ? undefined
      : t('nothing');
  return (
    <div role="status" className="empty:absolute">
      {text && <Banner tone="info">{text}</Banner>}
    </div>
  );
}
