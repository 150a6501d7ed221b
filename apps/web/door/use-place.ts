import { ApiError, type Conference, type Gate, type SubForumCard, type Text } from '@plenary/contracts';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, routes } from '../shell/api';
import { useLanguage } from '../shell/language-context';
import { inLanguage } from '../shell/local-text';
import { useNow } from '../shell/use-now';
import { dayAt, dayName, timeOf } from '../shell/venue-time';
import type { Device } from './device';
import { type PlacedGate, placeGates } from './gates';
import type { ServerClock } from './server-clock';
import type { Sayings } from './verdict-words';

/** The gate at which the device stands, with what is behind it. */
export interface Standing {
  conference: Conference;
  placed: PlacedGate;
  direction: 'entry' | 'exit';
}

export interface Place {
  conference: Conference | undefined;
  gates: PlacedGate[] | undefined;
  error: unknown;
  loading: boolean;
  look: () => void;
}

/** The conference of this device, and the gates at which it may stand; asked for again each minute. */
export function usePlace(device: Device, clock: ServerClock): Place {
  const conference = useQuery({
    queryKey: ['door', device.conferenceId, 'conference'],
    queryFn: () => findConference(device),
    staleTime: 60_000,
  });
  const slug = conference.data?.slug;
  const gates = useQuery({
    queryKey: ['door', device.token, 'gates', slug],
    queryFn: async () => {
      const [found, subForums] = await Promise.all([
        gatesOf(device, slug as string, clock),
        api.call(routes.listSubForums, { params: { slug: slug as string }, query: { limit: 200, fields: 'card' } }),
      ]);
      return { gates: found, subForums: subForums.items as SubForumCard[] };
    },
    enabled: slug !== undefined,
    refetchInterval: 60_000,
  });
  const now = useNow(15_000);
  const placed = useMemo(
    () =>
      gates.data && conference.data
        ? placeGates(gates.data.gates, gates.data.subForums, conference.data.timeZone, now + (clock.offsetMs() ?? 0))
        : undefined,
    [gates.data, conference.data, now, clock],
  );
  return {
    conference: conference.data,
    gates: placed,
    error: conference.error ?? gates.error ?? undefined,
    loading: conference.isFetching || gates.isFetching,
    look: () => {
      void conference.refetch();
      if (slug) void gates.refetch();
    },
  };
}

async function findConference({ slug, conferenceId, token }: Device): Promise<Conference> {
  if (slug) return api.as(token).call(routes.getConference, { params: { slug } });
  for await (const one of api.all(routes.listConferences)) if (one.id === conferenceId) return one;
  throw new ApiError('getConference', 404, {
    type: 'about:blank',
    title: 'Not found',
    status: 404,
    code: 'not_found',
    detail: 'The conference of this device is not published.',
  });
}

async function gatesOf(device: Device, slug: string, clock: ServerClock): Promise<Gate[]> {
  const client = api.as(device.token);
  const gates: Gate[] = [];
  let cursor: string | null | undefined;
  do {
    const startedAt = clock.start();
    const { body, headers } = await client.request(routes.listGates, {
      params: { slug },
      query: { limit: 200, ...(cursor ? { cursor } : {}) },
    });
    clock.learn(startedAt, { date: headers.get('date') });
    gates.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor);
  return gates;
}

/** How this conference's times, texts and categories are said to the reader. */
export function useSayings({ timeZone, categories }: Pick<Conference, 'timeZone' | 'categories'>): Sayings {
  const { locale } = useLanguage();
  return useMemo(
    () => ({
      // The day only where it is another one.
      time: (instant) => {
        const day = dayAt(instant, timeZone);
        const time = timeOf(instant, timeZone);
        return day === dayAt(Date.now(), timeZone) ? time : `${dayName(day, locale)} ${time}`;
      },
      text: (text: Text) => inLanguage(text, locale).text,
      category: (key) => inLanguage(categories.find((one) => one.key === key)?.name, locale).text || key,
    }),
    [locale, timeZone, categories],
  );
}
