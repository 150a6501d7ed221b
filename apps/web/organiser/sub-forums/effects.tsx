import type { AnswerOf, SubForum } from '@plenary/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { routes } from '../../shell/api';
import { mayPass } from '../../shell/query';
import { Banner } from '../../ui/banner';
import type { Change } from './settings';

type Foreseen = AnswerOf<typeof routes.changeSubForum>;

const TYPING_MS = 350;

/** What a change would do, asked for when nothing has been typed for a moment. `ask` is a dry run. */
export function useEffects(
  id: string,
  etag: string,
  change: Change,
  ask: (change: Change) => Promise<{ body: Foreseen }>,
): { foreseen: Foreseen | undefined; asking: boolean; error: unknown } {
  const wished = JSON.stringify(change);
  const [settled, setSettled] = useState(wished);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(wished), TYPING_MS);
    return () => clearTimeout(timer);
  }, [wished]);
  const something = wished !== '{}';
  const query = useQuery({
    queryKey: ['sub-forum-preview', id, etag, settled],
    queryFn: async () => (await ask(JSON.parse(settled) as Change)).body,
    enabled: something && settled === wished,
    staleTime: 0,
    gcTime: 0,
    retry: (failures, error) => failures < 2 && mayPass(error),
  });
  const current = something && settled === wished;
  return {
    foreseen: current ? query.data : undefined,
    asking: something && (settled !== wished || query.isFetching),
    error: current ? query.error : null,
  };
}

/** In words, before it is done. */
export function Effects({
  foreseen,
  asking,
  change,
  stored,
}: {
  foreseen: Foreseen | undefined;
  asking: boolean;
  change: Change;
  stored: SubForum;
}) {
  const t = useTranslations('organiser.subForums.effect');
  if (!foreseen) return asking ? <p className="text-sm text-ink-2">{t('asking')}</p> : null;
  const { promoted, over } = foreseen;
  const { capacity } = change;
  const lowered =
    capacity !== undefined && capacity !== null && (stored.capacity === null || capacity < stored.capacity);
  const left = foreseen.subForum.seatsLeft;
  return (
    <Banner tone="info">
      <ul className="grid gap-1">
        {promoted.length > 0 && (
          <li className="font-semibold">
            {capacity === undefined
              ? t('promotes', { count: promoted.length })
              : capacity === null
                ? t('noLimitPromotes', { count: promoted.length })
                : t('raises', { capacity, count: promoted.length })}
          </li>
        )}
        {capacity !== undefined && !lowered && promoted.length === 0 && <li>{t('nobodyWaits')}</li>}
        {lowered && over === 0 && <li>{t('nobodyLoses')}</li>}
        {over > 0 && <li className="font-semibold">{t('over', { over })}</li>}
        {capacity !== undefined && over === 0 && left !== null && <li>{t('left', { left })}</li>}
        {change.state === 'closed' && <li>{t('closes')}</li>}
        {change.state === 'scheduled' && <li>{t('opens')}</li>}
        {capacity === undefined && change.state === undefined && promoted.length === 0 && over === 0 && (
          <li>{t('noSeats')}</li>
        )}
      </ul>
    </Banner>
  );
}
