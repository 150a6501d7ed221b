/** Which failures are the event's fault, and which are the infrastructure's. */

/** Follows TypeORM's `driverError`, and `cause`, down to what was thrown first. */
function* chain(error: unknown): Generator<Record<string, unknown>> {
  const seen = new Set<unknown>();
  for (let current = error; current !== null && typeof current === 'object' && !seen.has(current); ) {
    seen.add(current);
    const link = current as Record<string, unknown>;
    yield link;
    current = link.driverError ?? link.cause;
  }
}

const codes = (error: unknown): string[] =>
  [...chain(error)].map((link) => link.code).filter((code): code is string => typeof code === 'string');

/** A deadlock or a serialisation failure: the same transaction may well pass when it is run again. */
export function isSerialisationFailure(error: unknown): boolean {
  return codes(error).some((code) => code === '40P01' || code === '40001');
}

export function isDeadlock(error: unknown): boolean {
  return codes(error).includes('40P01');
}

/** Connection (08), out of resources (53), operator (57P0x), system (58), read-only stand-by, no such database or role. */
const infrastructureState = /^(08...|53...|57P0.|58...|25006|25P03|57P05|3D000|28...)$/;
const networkCode =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT)$/;
/** pg and TypeORM tell these by their message alone. */
const connectionMessage =
  /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|Client was closed|Query runner already released|Query read timeout|Cannot use a pool after calling end|Driver not Connected/i;

/** A migration has changed the table under a prepared statement: the connection is closed, the next one prepares anew. */
const stalePlan = (link: Record<string, unknown>): boolean =>
  link.code === '0A000' && link.routine === 'RevalidateCachedQuery';

/** PostgreSQL or Kafka cannot be reached, or the same transaction should just run again: never the event's fault. */
export function isInfrastructureFailure(error: unknown): boolean {
  if (isSerialisationFailure(error)) return true;
  for (const link of chain(error)) {
    const { code, message, name } = link;
    if (stalePlan(link)) return true;
    if (typeof code === 'string' && (infrastructureState.test(code) || networkCode.test(code))) return true;
    if (typeof message === 'string' && connectionMessage.test(message)) return true;
    if (name === 'QueryRunnerAlreadyReleasedError') return true;
  }
  return false;
}

/** The class or code of an error: messages may hold personal data, these do not. */
export function nameOf(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  const [code] = codes(error);
  return code ? `${name} ${code}` : name;
}
