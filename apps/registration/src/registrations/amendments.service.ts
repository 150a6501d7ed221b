import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import {
  type InputOf,
  type Person,
  type Registration,
  registrationAmended,
  registrationCancelled,
  routes,
} from '@plenary/contracts';
import { Database, type OutgoingEvent, publish, publishAll, rows, type Tx } from '@plenary/messaging';
import { Answer, type Caller, Changes, Problem, requireMatch } from '@plenary/platform';
import { planAmendment, type Wish } from '../choices/amendment.rules';
import { ask, type Choice, choicesOf, newChoice, release, saveChoices } from '../choices/choice';
import { demandAnswers, isOver } from '../form/form.rules';
import { type Facts, Programme } from '../known/programme';
import { releaseAll } from './decisions.service';
import { Readings } from './readings.service';
import { lockRegistration, mailboxOf, type RegistrationRow, saveNextVersion, stateOf } from './registration';
import { demandKnown } from './submission.rules';
import { transition } from './transitions.rules';

type Amendment = InputOf<typeof routes.amendRegistration>['body'];

/** What delegates do with their own registration. */
@Injectable()
export class Amendments {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly programme: Programme,
    private readonly readings: Readings,
  ) {}

  /**
   * Absent parts stay; present choices are the whole wished list. 409 `registration_not_active` when declined or
   * cancelled, `registration_closed` once the conference is over; 412 `stale`; 422 as for a submission, and
   * `replaces_not_confirmed`, `replaces_twice`.
   */
  async amend(
    { body }: InputOf<typeof routes.amendRegistration>,
    caller: Caller,
    ifMatch: string,
    waitMs: number,
  ): Promise<Answer<Registration>> {
    const { registrationId: id, conferenceId } = demandDelegate(caller);
    const facts = await this.programme.facts(
      { conferenceId },
      body.choices?.map((choice) => choice.subForumId),
    );
    await this.database.transaction(async (tx) => {
      const now = new Date();
      const row = await lockRegistration(tx, id);
      requireMatch(ifMatch, row.settingsVersion);
      demandAmendable(row, facts, now);
      if (body.answers) demandAnswers(facts.form, body.answers);
      if (body.choices) demandKnown(body.choices, facts.subForums);

      const held = (await choicesOf(tx, [id])).get(id) as Map<string, Choice>;
      const wished = body.choices && this.applyWishes(row, held, body.choices, facts, now);
      const edited = await this.applyEdits(tx, row, body);
      if (!edited && !wished) return;
      row.settingsVersion += 1;
      await saveNextVersion(tx, row, now);
      await publish(tx, registrationAmended, stateOf(row));
      if (wished) {
        await saveChoices(tx, wished.changed);
        await publishAll(tx, wished.events);
      }
      this.changes.touch(tx, id);
    });
    const { registration, etag } = await this.readings.settled(id, waitMs);
    return new Answer(registration, { etag });
  }

  /** Gives up every seat, also one whose request is still on the way. A repeat changes nothing. */
  async cancel(caller: Caller): Promise<Answer<Registration>> {
    const { registrationId: id } = demandDelegate(caller);
    await this.database.transaction(async (tx) => {
      const row = await lockRegistration(tx, id);
      if (row.status === 'cancelled') return;
      Object.assign(row, transition('cancel', row));
      const now = new Date();
      await saveNextVersion(tx, row, now);
      await publish(tx, registrationCancelled, stateOf(row));
      const held = (await choicesOf(tx, [id])).get(id) as Map<string, Choice>;
      await releaseAll(tx, row, held, now);
      this.changes.touch(tx, id);
    });
    const { registration, etag } = await this.readings.settled(id, 0);
    return new Answer(registration, { etag });
  }

  /** undefined where the list says what is held already. */
  private applyWishes(
    row: RegistrationRow,
    held: Map<string, Choice>,
    wishes: readonly Wish[],
    facts: Facts,
    now: Date,
  ): { changed: Choice[]; events: OutgoingEvent[] } | undefined {
    const plan = planAmendment([...held.values()], wishes, facts.subForums);
    const changed = new Set<Choice>();
    const events: OutgoingEvent[] = [];
    const touch = (subForumId: string): Choice => {
      const choice = held.get(subForumId) ?? newChoice(row.id, subForumId);
      changed.add(choice);
      return choice;
    };
    for (const id of plan.withdraw) events.push(...release(touch(id), row, 'withdrawn', now));
    for (const id of plan.swap) events.push(...release(touch(id), row, 'swapped', now));
    for (const { subForumId, replaces } of plan.rewire) touch(subForumId).replaces = replaces;
    for (const { subForumId, replaces } of plan.ask) {
      const choice = touch(subForumId);
      choice.replaces = replaces;
      if (row.status === 'approved') events.push(ask(choice, row, now));
      else Object.assign(choice, { state: 'awaiting_approval', reason: null });
    }
    const list = wishes.map((wish) => wish.subForumId);
    if (changed.size === 0 && isDeepStrictEqual(list, row.subForumIds)) return undefined;
    row.subForumIds = list;
    return { changed: [...changed], events };
  }

  /** Whether anything of person, language or answers is new. */
  private async applyEdits(tx: Tx, row: RegistrationRow, body: Amendment): Promise<boolean> {
    const person = withoutNulls({ ...row.person, ...withoutUndefined(body.person ?? {}) });
    const answers = body.answers ?? row.answers;
    const locale = body.locale ?? row.locale;
    if (isDeepStrictEqual(person, row.person) && isDeepStrictEqual(answers, row.answers) && locale === row.locale) {
      return false;
    }
    Object.assign(row, { person, answers, locale });
    const mailbox = row.mailbox && person.email ? mailboxOf(person.email) : row.mailbox;
    await rows(tx, 'UPDATE people SET person = $2, answers = $3 WHERE registration_id = $1', [
      row.id,
      JSON.stringify(person),
      JSON.stringify(answers),
    ]);
    if (mailbox !== row.mailbox) await claimMailbox(tx, row, mailbox as string);
    return true;
  }
}

/** Moves the claim on a mailbox along, unless another registration holds that one: told to nobody, as with a submission. */
async function claimMailbox(tx: Tx, row: RegistrationRow, mailbox: string): Promise<void> {
  await rows(tx, 'SAVEPOINT mailbox');
  try {
    await rows(tx, 'UPDATE people SET mailbox = $2 WHERE registration_id = $1', [row.id, mailbox]);
    await rows(tx, 'RELEASE SAVEPOINT mailbox');
    row.mailbox = mailbox;
  } catch (error) {
    if ((error as { driverError?: { code?: string } }).driverError?.code !== '23505') throw error;
    await rows(tx, 'ROLLBACK TO SAVEPOINT mailbox');
  }
}

function demandDelegate(caller: Caller): { registrationId: string; conferenceId: string } {
  if (caller.kind !== 'delegate') throw Problem.notFound('registration');
  return caller;
}

function demandAmendable(row: RegistrationRow, { conference }: Facts, now: Date): void {
  if (row.status !== 'pending' && row.status !== 'approved') {
    throw new Problem(
      409,
      'registration_not_active',
      `This registration is ${row.status} and cannot be changed. Ask the organiser.`,
    );
  }
  if (isOver(conference, now)) {
    throw new Problem(409, 'registration_closed', 'The conference is over. Nothing can be changed any more.');
  }
}

function withoutUndefined<T extends object>(value: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}

/** What was emptied is gone, as if it had never been said. */
function withoutNulls(person: { [Field in keyof Person]: Person[Field] | null }): Person {
  return Object.fromEntries(Object.entries(person).filter(([, one]) => one !== null)) as Person;
}
