import { ApiError } from '@plenary/contracts';
import { QueryClient } from '@tanstack/react-query';

/** Whether asking again can help: the network, a busy server, one that is starting. */
export function mayPass(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status === 429 || error.status >= 500;
}

/** Reads are kept for 30 s, asked again three times where that can help, and paused while offline. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => failures < 3 && mayPass(error),
        retryDelay: (failures, error) => retryAfter(error) ?? Math.min(1000 * 2 ** failures, 8000),
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

/** What the server asked for, ms, bounded. */
function retryAfter(error: unknown): number | undefined {
  if (!(error instanceof ApiError) || error.retryAfterSeconds === undefined) return undefined;
  return Math.min(error.retryAfterSeconds, 30) * 1000;
}
