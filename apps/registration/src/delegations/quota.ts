import { rows, type Tx } from '@plenary/messaging';
import { Problem } from '@plenary/platform';

/** Locks a delegation before one more of its members is registered; 409 `quota_reached` where there is no room. */
export async function lockDelegationWithRoom(tx: Tx, delegationId: string): Promise<void> {
  const [delegation] = await rows<{ quota: number | null }>(
    tx,
    'SELECT quota FROM delegations WHERE id = $1 FOR UPDATE',
    [delegationId],
  );
  if (!delegation) throw Problem.notFound('delegation');
  if (delegation.quota === null) return;
  const [members] = await rows<{ count: number }>(
    tx,
    `SELECT count(*)::int AS count FROM registrations WHERE delegation_id = $1 AND status IN ('pending', 'approved')`,
    [delegationId],
  );
  if ((members?.count ?? 0) < delegation.quota) return;
  throw new Problem(
    409,
    'quota_reached',
    `This delegation has registered all of its ${delegation.quota} members. Cancel one, or ask the organiser for more.`,
  );
}
