import { useEffect, useRef } from 'react';
import type { Live } from '../../shell/use-live';
import { useOnline } from '../../shell/use-online';

/** A view that is asked for every few seconds, as fresh or as old as it is. */
export function usePolled(query: {
  isError: boolean;
  failureCount: number;
  isPaused?: boolean;
  fetchStatus: 'fetching' | 'paused' | 'idle';
  dataUpdatedAt: number;
}): Pick<Live<unknown>, 'state' | 'heardAt' | 'lostAt'> {
  const online = useOnline();
  const lost = !online || query.isError || query.failureCount > 0 || query.fetchStatus === 'paused';
  const lostAt = useRef<number | undefined>(undefined);
  lostAt.current = lost ? (lostAt.current ?? Date.now()) : undefined;
  const heardAt = query.dataUpdatedAt || undefined;
  return {
    state: lost ? 'lost' : heardAt ? 'live' : 'connecting',
    heardAt,
    lostAt: lostAt.current,
  };
}

/** Asks for a list again, once, when something that it should have is wanted and not in it: made after it was read. */
export function useRefreshed(
  list: { data: readonly { id: string }[] | undefined; refetch: () => Promise<unknown> },
  wanted: ReadonlySet<string>,
): void {
  const { data, refetch } = list;
  const missing = data && [...wanted].filter((id) => !data.some((one) => one.id === id)).join();
  useEffect(() => {
    if (missing) void refetch();
  }, [missing, refetch]);
}
