import { ApiError, Client, type ServiceName } from '@plenary/contracts';
import { stack } from '@plenary/testing';

/** What clients of recorded histories have in common: any replica, and connections that are cut now and then. */
export type Chance = () => number;

/** Some replica of a service, past the gateway, with these credentials. */
export function anyReplica(service: ServiceName, token: string | undefined, chance: Chance): Client {
  return new Client(pick(stack().urls[service], chance), token);
}

export function pick<Item>(items: readonly Item[], chance: Chance): Item {
  return items[Math.floor(chance() * items.length)] as Item;
}

export interface Sent<Answer> {
  /** undefined: it was cut, and not sent again. */
  answer: Answer | undefined;
  /** A refusal by the service. */
  refusal: ApiError | undefined;
  /** An earlier attempt was cut: it may have been taken in all the same. */
  cut: boolean;
}

/** Sends; one in ten connections is cut before the answer, and the same is sent again, as a client would (or not). */
export async function sent<Answer>(
  chance: Chance,
  send: (signal: AbortSignal) => Promise<Answer>,
  again = true,
): Promise<Sent<Answer>> {
  const limits = chance() < 0.1 ? [1 + Math.floor(chance() * 20), ...(again ? [30_000] : [])] : [30_000];
  let cut = false;
  for (const limit of limits) {
    const signal = AbortSignal.timeout(limit);
    try {
      return { answer: await send(signal), refusal: undefined, cut };
    } catch (error) {
      if (error instanceof ApiError) return { answer: undefined, refusal: error, cut };
      if (!signal.aborted || limit === 30_000) throw error;
      cut = true;
    }
  }
  return { answer: undefined, refusal: undefined, cut };
}
