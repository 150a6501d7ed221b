import { useQuery } from '@tanstack/react-query';
import { routes } from '../../shell/api';
import { useStaff } from '../session/session';

const MOST = 100;

/**
 * How many conflicts of a conference are open, for the navigation: looked at every 10 s. `more`: there are at least so many.
 * Undefined while unknown, and for those who may not see them.
 */
export function useOpenConflicts(slug: string): { count: number; more: boolean } | undefined {
  const { client, can } = useStaff();
  const { data } = useQuery({
    queryKey: ['conflicts', slug, 'open-count'],
    queryFn: () => client.call(routes.listConflicts, { params: { slug }, query: { state: 'open', limit: MOST } }),
    select: ({ items, nextCursor }) => ({ count: items.length, more: nextCursor !== null }),
    enabled: can('listConflicts'),
    refetchInterval: 10_000,
  });
  return data;
}
