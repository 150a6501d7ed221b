import { useTranslations } from 'use-intl';
import type { Live } from '../../shell/use-live';
import { useNow } from '../../shell/use-now';
import { secondOf } from '../../shell/venue-time';
import { Chip } from '../../ui/chip';

/** A line that is back within this is not worth a word. */
const BLINK_MS = 1_500;

/** How old what one sees is: tenths of a second while the line is up, since when it is down otherwise. Read out only when that changes. */
export function DataAge({
  live,
  timeZone,
}: {
  live: Pick<Live<unknown>, 'state' | 'heardAt' | 'aliveAt' | 'lostAt'>;
  timeZone: string;
}) {
  const t = useTranslations('organiser.live.age');
  const now = useNow(200);
  const { state, heardAt, aliveAt, lostAt } = live;
  // The page says why, and there is no more to come.
  const over = state === 'ended' && heardAt === undefined;
  const lost = lostAt !== undefined && (state === 'ended' || now - lostAt > BLINK_MS);
  const at = heardAt === undefined ? undefined : secondOf(aliveAt ?? heardAt, timeZone);
  const spoken = lost ? (at ? t('lostSince', { at }) : t('lost')) : state === 'live' ? t('back') : '';
  return (
    <div className="flex items-center">
      <span role="status" className="sr-only">
        {spoken}
      </span>
      <span aria-hidden="true" className="whitespace-nowrap max-sm:whitespace-normal">
        {over ? null : heardAt === undefined && !lost ? (
          <Chip tone="info">{t('connecting')}</Chip>
        ) : lost ? (
          <Chip tone="bad">
            {t('lostAgo', { seconds: Math.round((now - lostAt) / 1000) })}
            {at && ` ${t('from', { at })}`}
          </Chip>
        ) : (
          <Chip tone="ok">{t('ago', { seconds: Math.max(0, (now - (aliveAt ?? now)) / 1000) })}</Chip>
        )}
      </span>
    </div>
  );
}
