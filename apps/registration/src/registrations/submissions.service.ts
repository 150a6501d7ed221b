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
import { Database, type OutgoingEvent, outgoing, publishAll, rows, type Tx } from '@plenary/messaging';
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
} from '@plenary/platform';
import { ask, type Choice, choiceParameters, choiceRows, newChoice } from '../choices/choice';
import { lockDelegationWithRoom } from '../delegations/quota';
import { type Facts, Programme } from '../known/programme';
import { Readings } from './readings.service';
import { lockRegistration, mailboxOf, type RegistrationRow, saveNextVersion, stateOf } from './registration';
import { judgeSubmission, type Origin } from './submission.rules';

const route = routes.submitRegistration;
type Outcome = { registrationId: string } | { state: 'link_sent' };
const linkSent: Outcome = { state: 'link_sent' };

/** Takes submissions. The hot path: one statement for what is stored, one for what is told. */
@Injectable()
export class Submissions {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly programme: Programme,
    private readonly readings: Readings,
    private readonly links: LinkTokens,
  ) {}

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
    const { conferenceId } = facts.conference;
    authorise(caller, route.who, { conferenceId });
    const origin = originOf(caller);
    let fresh: Registration | undefined;

    const outcome = await this.database.transaction((tx) =>
      once<Outcome>(tx, key, async () => {
        const now = new Date();
        judgeSubmission(body, { origin, ...facts, now });
        const row = registrationOf(body, facts, caller, origin, now);
        if (row.delegationId) await lockDelegationWithRoom(tx, row.delegationId);
        const stored = await this.store(tx, row);
        if (!stored) return this.sendLink(tx, row);
        if (caller.kind === 'staff') {
          await audit(tx, caller, {
            conferenceId,
            action: 'registration.submit',
            target: { kind: 'registration', id: row.id },
          });
        }
        this.changes.touch(tx, row.id);
        fresh = firstAnswer(row, stored);
        return { registrationId: row.id };
      }),
    );
    if (!('registrationId' in outcome)) return new Answer(outcome, { status: 202 });

    // A repeat is answered with the registration as it is by now, and the link as it was.
    const id = outcome.registrationId;
    const answer =
      fresh && waitMs === 0 ? { registration: fresh, etag: etag(1) } : await this.readings.settled(id, waitMs);
    return new Answer(
      { ...answer.registration, delegateToken: this.links.make('delegate', id, 1) },
      { status: 201, etag: answer.etag },
    );
  }

  /** Person, registration and choices in one statement; undefined where the mailbox has registered itself before. */
  private async store(tx: Tx, row: RegistrationRow): Promise<Choice[] | undefined> {
    const choices: Choice[] = [];
    const requests: OutgoingEvent[] = [];
    for (const subForumId of row.subForumIds) {
      const choice = newChoice(row.id, subForumId);
      choices.push(choice);
      if (row.status === 'approved') requests.push(ask(choice, row, row.createdAt));
    }
    const inserted = await rows(
      tx,
      `WITH person AS (
         INSERT INTO people (registration_id, conference_id, person, answers, mailbox) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (conference_id, mailbox) WHERE mailbox IS NOT NULL DO NOTHING
         RETURNING registration_id
       ), chosen AS (
         INSERT INTO choices (registration_id, sub_forum_id, state, reason, replaces, asked, request_id, asked_at,
                              resend_at, queue_version, seat_version, place)
         SELECT choice.* FROM person, ${choiceRows(12)} AS choice
       )
       INSERT INTO registrations (id, conference_id, version, settings_version, status, category, locale,
                                  delegation_id, sub_forum_ids, link_generation, created_at, changed_at)
       SELECT $1, $2, 1, 1, $6, $7, $8, $9::uuid, $10::uuid[], 1, $11::timestamptz, $11 FROM person
       RETURNING id`,
      [
        row.id,
        row.conferenceId,
        JSON.stringify(row.person),
        JSON.stringify(row.answers),
        row.mailbox,
        row.status,
        row.category,
        row.locale,
        row.delegationId,
        row.subForumIds,
        row.createdAt,
        ...choiceParameters(choices),
      ],
    );
    if (inserted.length === 0) return undefined;
    await publishAll(tx, [outgoing(registrationSubmitted, stateOf(row)), ...requests]);
    return choices;
  }

  /** The link goes to the mailbox that is registered: at most once a minute, however often it is asked for. */
  private async sendLink(tx: Tx, { conferenceId, mailbox }: RegistrationRow): Promise<Outcome> {
    const [known] = await rows<{ id: string; due: boolean }>(
      tx,
      `SELECT r.id, coalesce(r.link_requested_at < now() - interval '1 minute', true) AS due
       FROM people p JOIN registrations r ON r.id = p.registration_id
       WHERE p.conference_id = $1 AND p.mailbox = $2 FOR UPDATE OF r`,
      [conferenceId, mailbox],
    );
    if (!known?.due) return linkSent;
    const row = await lockRegistration(tx, known.id);
    await saveNextVersion(tx, row, new Date());
    await rows(tx, 'UPDATE registrations SET link_requested_at = now() WHERE id = $1', [row.id]);
    await publishAll(tx, [outgoing(registrationLinkRequested, stateOf(row))]);
    return linkSent;
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

function firstAnswer(row: RegistrationRow, choices: Choice[]): Registration {
  return {
    id: row.id,
    conferenceId: row.conferenceId,
    status: row.status,
    person: row.person,
    category: row.category,
    locale: row.locale,
    ...(row.delegationId ? { delegationId: row.delegationId } : {}),
    choices: choices.map(({ subForumId, state }) => ({ subForumId, state })),
    badge: { state: 'none' },
    createdAt: row.createdAt.toISOString(),
  };
}
