import { Injectable } from '@nestjs/common';
import { delegationSnapshot, registrationSnapshot, topics } from '@plenary/contracts';
import { type OutgoingEvent, outgoing, rows, type SnapshotSource, type Tx } from '@plenary/messaging';
import { type Asker, again, choicesOf, saveChoices } from './choices/choice';
import { DELEGATION_COLUMNS, type DelegationRow, stateOfDelegation } from './delegations/delegations.service';
import { REGISTRATION_COLUMNS, type RegistrationRow, stateOf } from './registrations/registration';

const FIRST = '00000000-0000-0000-0000-000000000000';

@Injectable()
export class RegistrationSnapshots implements SnapshotSource {
  readonly topic = topics.registrations;

  async page(tx: Tx, after: string | null, limit: number): Promise<{ events: OutgoingEvent[]; next: string | null }> {
    const found = await read(tx, 'r.id > $1 ORDER BY r.id LIMIT $2', [after ?? FIRST, limit]);
    return { events: found.map(snapshotOf), next: nextOf(found, limit) };
  }

  async one(tx: Tx, subject: string): Promise<OutgoingEvent[]> {
    return (await read(tx, 'r.id::text = $1', [subject])).map(snapshotOf);
  }
}

@Injectable()
export class DelegationSnapshots implements SnapshotSource {
  readonly topic = topics.delegations;

  async page(tx: Tx, after: string | null, limit: number): Promise<{ events: OutgoingEvent[]; next: string | null }> {
    const found = await rows<DelegationRow>(
      tx,
      `SELECT ${DELEGATION_COLUMNS} FROM delegations WHERE id > $1 ORDER BY id LIMIT $2 FOR UPDATE`,
      [after ?? FIRST, limit],
    );
    return { events: found.map(snapshotOfDelegation), next: nextOf(found, limit) };
  }

  async one(tx: Tx, subject: string): Promise<OutgoingEvent[]> {
    const found = await rows<DelegationRow>(
      tx,
      `SELECT ${DELEGATION_COLUMNS} FROM delegations WHERE id::text = $1 FOR UPDATE`,
      [subject],
    );
    return found.map(snapshotOfDelegation);
  }
}

/** Requests are no state, so their snapshot is to send the open ones again: next version, same name. */
@Injectable()
export class SeatRequestSnapshots implements SnapshotSource {
  readonly topic = topics.seatRequests;

  async page(tx: Tx, after: string | null, limit: number): Promise<{ events: OutgoingEvent[]; next: string | null }> {
    const askers = await rows<Asker>(
      tx,
      `SELECT id, conference_id AS "conferenceId", category FROM registrations r
       WHERE id > $1 AND EXISTS (SELECT 1 FROM choices c WHERE c.registration_id = r.id AND c.resend_at IS NOT NULL)
       ORDER BY id LIMIT $2 FOR UPDATE`,
      [after ?? FIRST, limit],
    );
    return { events: await this.sendAgain(tx, askers), next: nextOf(askers, limit) };
  }

  /** `subject` is registrationId/subForumId. */
  async one(tx: Tx, subject: string): Promise<OutgoingEvent[]> {
    const [registrationId = '', subForumId] = subject.split('/');
    const askers = await rows<Asker>(
      tx,
      `SELECT id, conference_id AS "conferenceId", category FROM registrations WHERE id::text = $1 FOR UPDATE`,
      [registrationId],
    );
    return this.sendAgain(tx, askers, subForumId);
  }

  private async sendAgain(tx: Tx, askers: readonly Asker[], subForumId?: string): Promise<OutgoingEvent[]> {
    const choices = await choicesOf(
      tx,
      askers.map((asker) => asker.id),
    );
    const now = new Date();
    const open = askers.flatMap((asker) =>
      [...(choices.get(asker.id)?.values() ?? [])]
        .filter((choice) => choice.resendAt && (subForumId === undefined || choice.subForumId === subForumId))
        .map((choice) => ({ choice, event: again(choice, asker, now) })),
    );
    await saveChoices(
      tx,
      open.map(({ choice }) => choice),
    );
    return open.map(({ event }) => event);
  }
}

function read(tx: Tx, which: string, parameters: unknown[]): Promise<RegistrationRow[]> {
  return rows<RegistrationRow>(
    tx,
    `SELECT ${REGISTRATION_COLUMNS} FROM registrations r JOIN people p ON p.registration_id = r.id
     WHERE ${which} FOR UPDATE OF r`,
    parameters,
  );
}

function snapshotOf(row: RegistrationRow): OutgoingEvent {
  return outgoing(registrationSnapshot, stateOf(row));
}

function snapshotOfDelegation(row: DelegationRow): OutgoingEvent {
  return outgoing(delegationSnapshot, stateOfDelegation(row));
}

function nextOf(found: readonly { id: string }[], limit: number): string | null {
  return found.length < limit ? null : (found.at(-1)?.id ?? null);
}
