import type { AnswerOf, CallInput } from '@plenary/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, api, routes } from '../../shell/api';
import { ownQuery } from './use-registration';

export type Amendment = NonNullable<CallInput<typeof routes.amendRegistration>['body']>;

/**
 * The registration as it stood when amending began, with the version to be amended; and how to save. If it was changed elsewhere
 * meanwhile, nothing is overwritten: it is read again and `stale` says so.
 */
export function useAmend(token: string, onSaved: () => void) {
  const queries = useQueryClient();
  const [stale, setStale] = useState(false);
  const start = useQuery({
    queryKey: ['own-registration-version', token],
    queryFn: async () => {
      const { body, etag } = await api.as(token).request(routes.getOwnRegistration);
      return { registration: body, etag: etag ?? '' };
    },
    gcTime: 0,
    // Only when amending begins, and when it has become stale: what is being edited does not change under the hands.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: 'always',
  });
  const saving = useMutation({
    mutationFn: (body: Amendment): Promise<AnswerOf<typeof routes.amendRegistration>> =>
      api.as(token).call(routes.amendRegistration, { body }, { ifMatch: start.data?.etag ?? '', wait: 2 }),
    onSuccess: (registration) => {
      queries.setQueryData(ownQuery(token).queryKey, registration);
      onSaved();
    },
    onError: async (error) => {
      if (!(error instanceof ApiError) || error.status !== 412) return;
      await start.refetch();
      setStale(true);
    },
  });
  const isStale = saving.error instanceof ApiError && saving.error.status === 412;
  return {
    start: start.data,
    startError: start.error ?? undefined,
    retry: () => void start.refetch(),
    /** It was changed elsewhere; `start` is what it is now. */
    stale,
    save: (body: Amendment) => {
      setStale(false);
      saving.mutate(body);
    },
    busy: saving.isPending,
    error: saving.error && !isStale ? saving.error : undefined,
  };
}
