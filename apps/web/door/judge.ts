import { ApiError, type CallInput, type Client } from '@plenary/contracts';
import { routes } from '../shell/api';
import { mayPass } from '../shell/query';
import { DeviceRemoved, isRemoval } from './removal';
import type { ServerClock } from './server-clock';
import type { Outcome, Undecided } from './verdict-words';

/** A scan as it is sent, and sent again. */
export type ScanBody = NonNullable<CallInput<typeof routes.postScan>['body']>;

/** Decides on a scan. Rejects with `DeviceRemoved` alone; whatever else goes wrong is an outcome. */
export type Judge = (scan: ScanBody) => Promise<Outcome>;

/** How long a lane waits: each try, all of them, and the pauses between, ms. */
export interface Patience {
  tryMs: number;
  allMs: number;
  pausesMs: readonly number[];
}
const usual: Patience = { tryMs: 4_000, allMs: 8_000, pausesMs: [250, 750] };

/**
 * Asks the server. A try that got no answer, or that the server was too busy for, is repeated with the very same scan: its id
 * makes it one scan however often it arrives.
 */
export function serverJudge(client: Pick<Client, 'call'>, clock: ServerClock, patience: Patience = usual): Judge {
  return async (scan) => {
    const until = performance.now() + patience.allMs;
    for (let tries = 0; ; tries += 1) {
      const startedAt = clock.start();
      try {
        const timeoutMs = Math.max(1, Math.min(patience.tryMs, until - performance.now()));
        const verdict = await client.call(routes.postScan, { body: scan }, { timeoutMs });
        if (!verdict.replay) clock.learn(startedAt, verdict);
        return { is: 'verdict', verdict };
      } catch (error) {
        if (isRemoval(error)) throw new DeviceRemoved();
        const pause = patience.pausesMs[tries];
        const limited = error instanceof ApiError && error.status === 429;
        if (!mayPass(error) || limited || pause === undefined || performance.now() + pause >= until) {
          return { is: 'undecided', why: reasonOf(error) };
        }
        await new Promise((rested) => setTimeout(rested, pause));
      }
    }
  };
}

function reasonOf(error: unknown): Undecided {
  if (!(error instanceof ApiError)) return 'no_answer';
  if (error.code === 'scanned_at_implausible') return 'clock';
  if (error.status === 403) return 'gate_not_bound';
  if (error.status === 404) return 'gate_gone';
  return error.status === 429 || error.status >= 500 ? 'busy' : 'refused';
}
