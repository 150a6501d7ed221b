import type { Registration } from '@plenary/contracts';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { ApiError, api, routes } from '../../shell/api';
import { useLive } from '../../shell/use-live';

/** While the stream is lost, the registration is read this often. */
const POLL_MS = 2000;

export const ownQuery = (token: string) =>
  queryOptions({
    queryKey: ['own-registration', token],
    queryFn: () => api.as(token).call(routes.getOwnRegistration),
  });

export interface OwnRegistration {
  registration: Registration | undefined;
  /** Why the last reading failed. What was read before stays. */
  error: unknown;
  /** The key opens nothing: replaced by a newer one, or not whole. */
  dead: boolean;
  /** When it was last heard, ms; 0 before. */
  heardAt: number;
  live: boolean;
  reading: boolean;
  retry: () => void;
}

/** One's own registration, each change shown as it is stored: by a stream, and by reading again while that is lost. */
export function useRegistration(token: string): OwnRegistration {
  const queries = useQueryClient();
  const client = useMemo(() => (token ? api.as(token) : undefined), [token]);
  const stream = useLive(client, routes.watchOwnRegistration);
  const isLive = stream.state === 'live';
  const own = useQuery({
    ...ownQuery(token),
    enabled: token !== '',
    refetchInterval: (query) => (isLive || isDead(query.state.error) ? false : POLL_MS),
  });
  useEffect(() => {
    if (stream.data) queries.setQueryData(ownQuery(token).queryKey, stream.data);
  }, [stream.data, token, queries]);
  const { refetch } = own;
  return {
    registration: own.data,
    error: own.error ?? undefined,
    dead: isDead(own.error) || isDead(stream.error),
    heardAt: own.dataUpdatedAt,
    live: isLive,
    reading: own.isFetching,
    retry: () => void refetch(),
  };
}

function isDead(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 401 || error.status === 404);
}
