import type { GateCounts } from '@plenary/contracts';
import { ApiError } from '@plenary/contracts';
import { useEffect, useMemo } from 'react';
import { api, routes } from '../shell/api';
import { type Live, useLive } from '../shell/use-live';
import type { Entry } from './scan-list';

export interface GateFigures {
  /** undefined: not heard yet. */
  counts: Pick<GateCounts, 'inside' | 'cap'> | undefined;
  live: Live<GateCounts>;
}

/** How full the place behind the gate is: from the live feed, or from this door's own last verdict, whichever is newer. */
export function useGateCounts(
  token: string,
  gateId: string,
  entries: readonly Entry[],
  onRemoved: () => void,
): GateFigures {
  const client = useMemo(() => api.as(token), [token]);
  const live = useLive(client, routes.watchGate, { params: { id: gateId } });
  const removed = live.state === 'ended' && live.error instanceof ApiError && live.error.status === 401;
  useEffect(() => {
    if (removed) onRemoved();
  }, [removed, onRemoved]);
  const own = entries.find((entry) => entry.gateId === gateId && entry.outcome.is === 'verdict');
  const verdict = own?.outcome.is === 'verdict' ? own.outcome.verdict : undefined;
  const isNewer = verdict && (!live.data || Date.parse(verdict.decidedAt) > Date.parse(live.data.at));
  return { counts: isNewer ? verdict.room : live.data, live };
}
