import { Injectable } from '@nestjs/common';
import {
  type AnswerOf,
  type InputOf,
  type Person,
  type Registration,
  registrationLinkRequested,
  registrationSubmitted,
  routes,
} from '@plenary/contracts';
import { Database, type OutgoingEvent, outgoing, publish, publishAll, rows, type Tx } from '@plenary/messaging';
import {
  Answer,
  audit,
  authorise,
  type Caller,
  Changes,
  etag,
  type IdempotencyKey,
  LinkTokens,
  newId,
  once,
  Problem,
} from '@plenary/platform';
import { ask, choiceParameters, choiceRows, newChoice } from '../choices/choice';
import { lockDelegationWithRoom } from '../delegations/quota';
import { type Facts, Programme } from '../known/programme';
import { Readings } from './readings.service';
import { lockRegistration, mailboxOf, type RegistrationRow, saveNextVersion, stateOf } from './registration';
import { judgeSubmission, type Origin } from './submission.rules';
import { SubmissionGroups } from './submission-groups';

const route = routes.submitRegistration;
type Outcome = { registrationId: string } | { state: 'link_sent' };
const linkSent: Outcome = { state: 'link_sent' };

/** Takes submissions. The hot path: those that arrive together are stored together. */
@Injectable()
export class Submissions {
  private readonly groups: SubmissionGroups<RegistrationRow, Outcome>;

  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly programme: Programme,
    private readonly readings: Readings,
    private readonly links: LinkTokens,
  ) {
    this.groups = new SubmissionGroups(database, (tx, items) => this.storeOrSendLink(tx, items));
  }

  /**
   * Always 201 with the registration and its link, except for an e-mail that already registered itself: 202
   * `link_sent`, and the link goes to that mailbox. Refusals: see `judgeSubmission`, and 409 `quota_reached`.
   */
  async submit(
    { params, body }: InputOf<typeof route>,
    caller: Caller,
    key: IdempotencyKey | undefined,
    waitMs: number,
  ): Promise<Answer<AnswerOf<typeof route>>> {
    const facts = await this.programme.facts(
      { slug: params.slug },
      body.choices.map((choice) => choice.subForumId),
    );
    authorise(caller, route.who, facts.conference);
    const origin = originOf(caller);
    const now = new Date();
    const row = registrationOf(body, facts, caller, origin, now);
    const refusal = refusalOf(() => judgeSubmission(body, { origin, ...facts, now }));
    const outcome =
      refusal || origin !== 'self'
        ? await this.storeAlone(row, caller, key, refusal)
        : await this.groups.add(key, row, { registrationId: row.id });
    if (!('registrationId' in outcome)) return new Answer(outcome, { status: 202 });

    // A repeat is answered with the registration as it is by now, and the link as it was.
    const id = outcome.registrationId;
    const answer =
      id === row.id && waitMs === 0
        ? { registration: firstAnswer(row), etag: etag(row.settingsVersion) }
        : await this.readings.settled(id, waitMs);
    return new Answer(
      { ...answer.registration, delegateToken: this.links.make('delegate', id, 1) },
      { status: 201, etag: answer.etag },
    );
  }

  /** For leaders and staff; and for what is refused, unless the key says that it was taken before. */
  private storeAlone(
    row: RegistrationRow,
    caller: Caller,
    key: IdempotencyKey | undefined,
    refusal: Problem | undefined,
  ): Promise<Outcome> {
    return this.database.transaction((tx) =>
      once(tx, key, async () => {
        if (refusal) throw refusal;
        if (row.delegationId) await lockDelegationWithRoom(tx, row.delegationId);
        await this.store(tx, [row]);
        if (caller.kind === 'staff') {
          await audit(tx, caller, {
            conferenceId: row.conferenceId,
            action: 'registration.submit',
            target: { kind: 'registration', id: row.id },
          });
        }
        return { registrationId: row.id };
      }),
    );
  }

  private async storeOrSendLink(tx: Tx, items: { row: RegistrationRow; expected: Outcome }[]): Promise<Outcome[]> {
    const submitted = items.map(({ row }) => row);
    const stored = await this.store(tx, submitted);
    await this.sendLinks(
      tx,
      submitted.filter((row) => !stored.has(row.id)),
    );
    return items.map(({ row, expected }) => (stored.has(row.id) ? expected : linkSent));
  }

  /**
   * Persons, registrations and choices in one statement, their events in another; answers the ids of those stored: all
   * whose mailbox has not registered itself before.
   */
  private async store(tx: Tx, submitted: RegistrationRow[]): Promise<Set<string>> {
    if (submitted.length === 0) return new Set();
    const requests = new Map<string, OutgoingEvent[]>();
    const choices = submitted.flatMap((row) =>
      row.subForumIds.map((subForumId) => {
        const choice = newChoice(row.id, subForumId);
        if (row.status === 'approved')
          requests.set(row.id, [...(requests.get(row.id) ?? []), ask(choice, row, row.createdAt)]);
        return choice;
      }),
    );
    const column = (read: (row: RegistrationRow) => unknown) => submitted.map(read);
    const inserted = await rows<{ id: string }>(
      tx,
      `WITH submitted AS (
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::jsonb[], $4::jsonb[], $5::text[], $6::text[], $7::text[],
           $8::text[], $9::uuid[], $10::text[], $11::timestamptz[])
           AS row (id, conference_id, person, answers, mailbox, status, category, locale, delegation_id, sub_forum_ids,
                   created_at)
       ), people AS (
         INSERT INTO people (registration_id, conference_id, person, answers, mailbox)
         -- In one order everywhere, so that no two groups wait for each other's mailboxes.
         SELECT id, conference_id, person, answers, mailbox FROM submitted ORDER BY mailbox, id
         ON CONFLICT (conference_id, mailbox) WHERE mailbox IS NOT NULL DO NOTHING
         RETURNING registration_id AS id
       ), chosen AS (
         INSERT INTO choices (registration_id, sub_forum_id, state, reason, replaces, asked, request_id, asked_at,
                              resend_at, queue_version, seat_version, place)
         SELECT choice.* FROM ${choiceRows(12)} AS choice (id) JOIN people USING (id)
       )
       INSERT INTO registrations (id, conference_id, version, settings_version, status, category, locale,
                                  delegation_id, sub_forum_ids, link_generation, created_at, changed_at)
       SELECT id, conference_id, 1, 1, status, category, locale, delegation_id, sub_forum_ids::uuid[], 1, created_at,
              created_at
       FROM submitted JOIN people USING (id)
       RETURNING id`,
      [
        column((row) => row.id),
        column((row) => row.conferenceId),
        column((row) => JSON.stringify(row.person)),
        column((row) => JSON.stringify(row.answers)),
        column((row) => row.mailbox),
        column((row) => row.status),
        column((row) => row.category),
        column((row) => row.locale),
        column((row) => row.delegationId),
        column((row) => `{${row.subForumIds.join(',')}}`),
        column((row) => row.createdAt),
        ...choiceParameters(choices),
      ],
    );
    const stored = new Set(inserted.map(({ id }) => id));
    const told = submitted.filter((row) => stored.has(row.id));
    await publishAll(
      tx,
      told.flatMap((row) => [outgoing(registrationSubmitted, stateOf(row)), ...(requests.get(row.id) ?? [])]),
    );
    for (const row of told) this.changes.touch(tx, row.id);
    return stored;
  }

  /** The link goes to the mailbox that is registered: at most once a minute, however often it is asked for. */
  private async sendLinks(tx: Tx, repeated: RegistrationRow[]): Promise<void> {
    if (repeated.length === 0) return;
    const due = await rows<{ id: string }>(
      tx,
      `SELECT r.id FROM registrations r JOIN people p ON p.registration_id = r.id
       WHERE (p.conference_id, p.mailbox) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))
         AND coalesce(r.link_requested_at < now() - interval '1 minute', true)
       ORDER BY r.id FOR UPDATE OF r`,
      [repeated.map((row) => row.conferenceId), repeated.map((row) => row.mailbox)],
    );
    for (const { id } of due) {
      const row = await lockRegistration(tx, id);
      await saveNextVersion(tx, row, new Date());
      await rows(tx, 'UPDATE registrations SET link_requested_at = now() WHERE id = $1', [id]);
      await publish(tx, registrationLinkRequested, stateOf(row));
    }
  }
}

function refusalOf(judge: () => void): Problem | undefined {
  try {
    judge();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

function originOf(caller: Caller): Origin {
  if (caller.kind === 'staff') return 'desk';
  return caller.kind === 'leader' ? 'leader' : 'self';
}

function registrationOf(
  submission: {
    person: Person;
    category: string;
    locale: 'en' | 'zh-CN';
    choices: { subForumId: string }[];
    answers: Record<string, string>;
  },
  { conference, form }: Facts,
  caller: Caller,
  origin: Origin,
  now: Date,
): RegistrationRow {
  const { person, category, locale, choices, answers } = submission;
  return {
    id: newId(),
    conferenceId: conference.conferenceId,
    version: 1,
    settingsVersion: 1,
    status: form.approval === 'automatic' ? 'approved' : 'pending',
    statusBefore: null,
    category,
    locale,
    delegationId: caller.kind === 'leader' ? caller.delegationId : null,
    subForumIds: choices.map((choice) => choice.subForumId),
    linkGeneration: 1,
    createdAt: now,
    changedAt: now,
    person,
    answers,
    mailbox: origin === 'self' && person.email ? mailboxOf(person.email) : null,
  };
}

/** What a registration looks like that was just stored: nothing has been answered yet. */
function firstAnswer(row: RegistrationRow): Registration {
  const state = row.status === 'approved' ? 'pending' : 'awaiting_approval';
  return {
    id: row.id,
    conferenceId: row.conferenceId,
    status: row.status,
    person: row.person,
    category: row.category,
    locale: row.locale,
    ...(row.delegationId ? { delegationId: row.delegationId } : {}),
    choices: row.subForumIds.map((subForumId) => ({ subForumId, state })),
    badge: { state: 'none' },
    createdAt: row.createdAt.toISOString(),
  };
}
