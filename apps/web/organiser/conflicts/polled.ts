import { useRef } from 'react';
import type { Live } from '../../shell/use-live';

/** A view that is asked for every few seconds, as fresh or as old as it is. */
export function usePolled(query: {
  isError: boolean;
  failureCount: number;
  isPaused?: boolean;
  fetchStatus: 'fetching' | 'paused' | 'idle';
  dataUpdatedAt: number;
}): Pick<Live<unknown>, 'state' | 'heardAt' | 'lostAt'> {
  const lost = query.isError || query.failureCount > 0 || query.fetchStatus === 'paused';
  const lostAt = useRef<number | undefined>(undefined);
  lostAt.current = lost ? (lostAt.current ?? Date.now()) : undefined;
  const heardAt = query.dataUpdatedAt || undefined;
  return {
    state: lost ? 'lost' : heardAt ? 'live' : 'connecting',
    heardAt,
    lostAt: lostAt.current,
  };
}
