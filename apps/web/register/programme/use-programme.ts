import type { Conference, SubForumCard } from '@plenary/contracts';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, routes } from '../../shell/api';

/** Seats are read anew this often, while the page is seen. */
const POLL_MS = 10_000;

export interface Programme {
  conference: Conference;
  /** In order of start and room. */
  subForums: readonly SubForumCard[];
}

export interface ProgrammeRead {
  /** Undefined while it is being read, or could not be. */
  programme: Programme | undefined;
  /** Why the last attempt failed, also while the next one is under way. What was read before stays in `programme`. */
  error: unknown;
  /** When the sub-forums were last read, ms since the epoch; 0 before. */
  readAt: number;
  reading: boolean;
  retry: () => void;
}

export const conferencesQuery = () =>
  queryOptions({
    queryKey: ['conferences'],
    queryFn: async () => {
      const found: Conference[] = [];
      for await (const one of api.all(routes.listConferences)) found.push(one);
      return found;
    },
  });

export const conferenceQuery = (slug: string) =>
  queryOptions({
    queryKey: ['conference', slug],
    queryFn: () => api.call(routes.getConference, { params: { slug } }),
  });

export const subForumsQuery = (slug: string) =>
  queryOptions({
    queryKey: ['sub-forums', slug],
    queryFn: async (): Promise<SubForumCard[]> => {
      const found: SubForumCard[] = [];
      const input = { params: { slug }, query: { fields: 'card' } } as const;
      for await (const one of api.all(routes.listSubForums, input)) found.push(one);
      return found;
    },
    // The answer has an ETag and the browser asks with it, so an unchanged programme costs a few bytes.
    refetchInterval: POLL_MS,
  });

export const subForumQuery = (id: string) =>
  queryOptions({
    queryKey: ['sub-forum', id],
    queryFn: () => api.call(routes.getSubForum, { params: { id } }),
    refetchInterval: POLL_MS,
  });

export const formQuery = (slug: string) =>
  queryOptions({
    queryKey: ['registration-form', slug],
    queryFn: () => api.call(routes.getRegistrationForm, { params: { slug } }),
  });

/** A conference and all its sub-forums, seats kept fresh. */
export function useProgramme(slug: string): ProgrammeRead {
  const conference = useQuery(conferenceQuery(slug));
  const subForums = useQuery(subForumsQuery(slug));
  const programme = useMemo(
    () => (conference.data && subForums.data ? { conference: conference.data, subForums: subForums.data } : undefined),
    [conference.data, subForums.data],
  );
  return {
    programme,
    error: conference.error ?? subForums.error ?? conference.failureReason ?? subForums.failureReason,
    readAt: subForums.dataUpdatedAt,
    reading: conference.isFetching || subForums.isFetching,
    retry: () => {
      if (conference.isError) void conference.refetch();
      void subForums.refetch();
    },
  };
}
