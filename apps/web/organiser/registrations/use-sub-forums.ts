import type { SubForumCard } from '@plenary/contracts';
import { useQuery } from '@tanstack/react-query';
import { routes } from '../../shell/api';
import { useStaff } from '../session/session';

/** The sub-forums of a conference by id, in the programme's order; their names stand beside seats, gates and conflicts. */
export function useSubForums(slug: string): ReadonlyMap<string, SubForumCard> {
  const { client } = useStaff();
  const { data } = useQuery({
    queryKey: ['sub-forums-by-id', slug],
    queryFn: async () => {
      const found = new Map<string, SubForumCard>();
      const input = { params: { slug }, query: { fields: 'card' as const } };
      for await (const one of client.all(routes.listSubForums, input)) found.set(one.id, one);
      return found;
    },
    staleTime: 60_000,
  });
  return data ?? none;
}

const none: ReadonlyMap<string, SubForumCard> = new Map();
