import type { Locale, Person, RegistrationState, registrationStatus } from '@plenary/contracts';
import { rows, type Tx } from '@plenary/messaging';
import { Problem } from '@plenary/platform';
import type { z } from 'zod';

export type Status = z.output<typeof registrationStatus>;

/** A registration with its person. `version` counts events, `settingsVersion` what the delegate edited. */
export interface RegistrationRow {
  readonly id: string;
  readonly conferenceId: string;
  version: number;
  settingsVersion: number;
  status: Status;
  /** What a cancelled one returns to when it is reinstated. */
  statusBefore: 'pending' | 'approved' | null;
  category: string;
  locale: Locale;
  delegationId: string | null;
  /** The wished list as last stated, in order. */
  subForumIds: string[];
  linkGeneration: number;
  createdAt: Date;
  changedAt: Date;
  person: Person;
  answers: Record<string, string>;
  /** The mailbox that registered itself; null where somebody else registered this person. */
  mailbox: string | null;
}

export const REGISTRATION_COLUMNS = `r.id, r.conference_id AS "conferenceId", r.version,
  r.settings_version AS "settingsVersion", r.status, r.status_before AS "statusBefore", r.category, r.locale,
  r.delegation_id AS "delegationId", r.sub_forum_ids AS "subForumIds", r.link_generation AS "linkGeneration",
  r.created_at AS "createdAt", r.changed_at AS "changedAt", p.person, p.answers, p.mailbox`;

/**
 * Takes the lock that guards a registration, its person and its choices: the first statement of every command.
 * 404 where there is none.
 */
export async function lockRegistration(tx: Tx, id: string): Promise<RegistrationRow> {
  const [row] = await rows<RegistrationRow>(
    tx,
    `SELECT ${REGISTRATION_COLUMNS} FROM registrations r JOIN people p ON p.registration_id = r.id
     WHERE r.id = $1 FOR UPDATE OF r`,
    [id],
  );
  if (!row) throw Problem.notFound('registration');
  return row;
}

/** Writes a locked row as its next version; an event with `stateOf(row)` must follow in the same transaction. */
export async function saveNextVersion(tx: Tx, row: RegistrationRow, at: Date): Promise<void> {
  row.version += 1;
  row.changedAt = at;
  await rows(
    tx,
    `UPDATE registrations SET version = $2, settings_version = $3, status = $4, status_before = $5, locale = $6,
       sub_forum_ids = $7, link_generation = $8, changed_at = $9 WHERE id = $1`,
    [
      row.id,
      row.version,
      row.settingsVersion,
      row.status,
      row.statusBefore,
      row.locale,
      row.subForumIds,
      row.linkGeneration,
      row.changedAt,
    ],
  );
}

/** What other services are told; phone, needs and answers stay here. */
export function stateOf(row: RegistrationRow): RegistrationState {
  const { name, latinName, email, organisation, jobTitle, country } = row.person;
  return {
    version: row.version,
    registrationId: row.id,
    conferenceId: row.conferenceId,
    status: row.status,
    category: row.category,
    locale: row.locale,
    delegationId: row.delegationId,
    person: {
      name,
      latinName: latinName ?? null,
      email: email ?? null,
      organisation: organisation ?? null,
      jobTitle: jobTitle ?? null,
      country: country ?? null,
    },
    subForumIds: row.subForumIds,
    linkGeneration: row.linkGeneration,
    createdAt: row.createdAt.toISOString(),
    at: row.changedAt.toISOString(),
  };
}

/** How mailboxes are compared: trimmed and case-folded. */
export function mailboxOf(email: string): string {
  return email.trim().normalize('NFKC').toLowerCase();
}
