import type { SubForum } from '@plenary/contracts';
import { useQuery } from '@tanstack/react-query';
import { routes } from '../../shell/api';
import { useStaff } from '../session/session';

export interface Stored {
  subForum: SubForum;
  /** Of the settings: what a change must name. */
  etag: string;
}

export const subForumKey = (id: string) => ['sub-forum', id] as const;

/** A sub-forum with the version of its settings, read anew every 10 s for its counters. */
export function useSubForum(id: string) {
  const { client } = useStaff();
  return useQuery({
    queryKey: subForumKey(id),
    queryFn: async (): Promise<Stored> => {
      const { body, etag } = await client.request(routes.getSubForum, { params: { id } });
      return { subForum: body, etag: etag ?? '' };
    },
    staleTime: 0,
    refetchInterval: 10_000,
  });
}
