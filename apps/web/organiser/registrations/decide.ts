import { ApiError, type Client, type Registration } from '@plenary/contracts';
import { routes } from '../../shell/api';
import { type Act, isDone } from './acts';

const route = {
  approve: routes.approveRegistration,
  decline: routes.declineRegistration,
  reset: routes.resetRegistration,
  cancel: routes.cancelRegistration,
  reinstate: routes.reinstateRegistration,
} as const;

const TRIES = 4;

/**
 * Acts on one registration and answers how the server has stored it. A busy server is asked again when it says so. Where an
 * answer was lost on the way, the registration is read first: what is done is not done twice.
 */
export async function decide(
  client: Pick<Client, 'call'>,
  act: Act,
  id: string,
  reason?: string,
  rest: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<Registration> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await client.call(route[act], { params: { id }, body: reason ? { reason } : {} });
    } catch (error) {
      const lost = !(error instanceof ApiError);
      const busy = error instanceof ApiError && (error.status === 429 || error.status === 503);
      if (tries === TRIES || !(lost || busy)) throw error;
      await rest(busy ? Math.min(error.retryAfterSeconds ?? 1, 30) * 1000 : 500 * tries);
      const found = lost
        ? await client.call(routes.getRegistration, { params: { id } }).catch(() => undefined)
        : undefined;
      if (found && isDone(act, found.status)) return found;
    }
  }
}
