import { type AuditRecord, auditRecorded } from '@plenary/contracts';
import { publish, type Tx } from '@plenary/messaging';
import type { Caller } from './caller';
import { newId } from './ids';

/** One record for each staff command, in the command's own transaction. Codes, ids and numbers only. */
export async function audit(
  tx: Tx,
  caller: Caller,
  record: {
    conferenceId: string | null;
    /** `badge.revoke` */
    action: string;
    target: { kind: string; id: string };
    reason?: string | undefined;
    details?: Record<string, string | number | boolean | null>;
  },
): Promise<void> {
  await publish(tx, auditRecorded, {
    version: 1,
    auditId: newId(),
    conferenceId: record.conferenceId,
    actor: actorOf(caller),
    action: record.action,
    target: record.target,
    reason: record.reason ?? null,
    details: record.details ?? {},
    at: new Date().toISOString(),
  });
}

function actorOf(caller: Caller): AuditRecord['actor'] {
  switch (caller.kind) {
    case 'anonymous':
    case 'wall':
      return { kind: 'system', id: null };
    case 'delegate':
      return { kind: 'delegate', id: caller.registrationId };
    case 'leader':
      return { kind: 'leader', id: caller.delegationId };
    default:
      return { kind: caller.kind, id: caller.id };
  }
}
