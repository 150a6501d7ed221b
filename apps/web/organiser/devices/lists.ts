import type { AnswerOf, Gate } from '@plenary/contracts';
import { useQuery } from '@tanstack/react-query';
import { routes } from '../../shell/api';
import { useStaff } from '../session/session';

export type Device = AnswerOf<typeof routes.listDevices>['items'][number];

/** Every item of a list that comes page by page. */
async function everything<Item>(pages: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of pages) found.push(item);
  return found;
}

const most = { limit: 200 };
export const gatesKey = (slug: string) => ['gates', slug];
export const devicesKey = (slug: string) => ['devices', slug];

/** The gates of a conference, by name; nobody is asked on behalf of those who may not see them. */
export function useGates(slug: string, refetchInterval: number | false = false) {
  const { client, can } = useStaff();
  return useQuery<Gate[]>({
    queryKey: gatesKey(slug),
    queryFn: () => everything(client.all(routes.listGates, { params: { slug }, query: most })),
    enabled: can('listGates'),
    refetchInterval,
  });
}

/** The door devices of a conference, by name. */
export function useDevices(slug: string, refetchInterval: number | false = false) {
  const { client, can } = useStaff();
  return useQuery<Device[]>({
    queryKey: devicesKey(slug),
    queryFn: () => everything(client.all(routes.listDevices, { params: { slug }, query: most })),
    enabled: can('listDevices'),
    refetchInterval,
  });
}
