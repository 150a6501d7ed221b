import {
  type choiceState,
  type SeatState,
  type seatReason,
  seatReleaseRequested,
  seatRequested,
} from '@plenary/contracts';
import { type OutgoingEvent, outgoing, rows, type Tx } from '@plenary/messaging';
import { newId } from '@plenary/platform';
import type { z } from 'zod';

export type ChoiceState = z.output<typeof choiceState>;
export type SeatReason = z.output<typeof seatReason>;

/** A sub-forum that a registration chose, with the state of its conversation with that sub-forum's queue. */
export interface Choice {
  readonly registrationId: string;
  readonly subForumId: string;
  state: ChoiceState;
  reason: SeatReason | null;
  /** The confirmed seat that is given up once this one is confirmed. */
  replaces: string | null;
  /** What was last asked of the queue; null: nothing yet. */
  asked: 'seat' | 'release' | null;
  /** Names the current wish: outcomes that name another one are superseded. */
  requestId: string | null;
  askedAt: Date | null;
  /** Set while no answer has come. */
  resendAt: Date | null;
  queueVersion: number;
  seatVersion: number;
  place: number | null;
}

/** What the queue needs to know of whoever asks. */
export interface Asker {
  readonly id: string;
  readonly conferenceId: string;
  readonly category: string;
}

/** An unanswered request is sent again after this time, then at growing intervals. */
export const RESEND_AFTER_MS = 30_000;
const RESEND_AT_MOST_EVERY_MS = 600_000;

export function newChoice(registrationId: string, subForumId: string): Choice {
  return {
    registrationId,
    subForumId,
    state: 'awaiting_approval',
    reason: null,
    replaces: null,
    asked: null,
    requestId: null,
    askedAt: null,
    resendAt: null,
    queueVersion: 0,
    seatVersion: 0,
    place: null,
  };
}

/** Holds a seat, waits for one, or will ask for one. */
export function isActive(choice: Choice): boolean {
  return choice.state !== 'refused' && choice.state !== 'released';
}

/** Still wished for: active, or given up only because the registration was declined or cancelled. */
export function isWished(choice: Choice): boolean {
  return isActive(choice) || choice.reason === 'registration_cancelled';
}

/** Asks for a seat under a new name: joins the tail of the queue. */
export function ask(choice: Choice, asker: Asker, at: Date): OutgoingEvent {
  Object.assign(choice, { state: 'pending', reason: null, place: null, asked: 'seat', requestId: newId() });
  return send(choice, asker, at);
}

/**
 * Gives up what was asked for, also while its request is still on the way: the release waits in the same queue behind
 * it. Nothing is sent where nothing was asked for.
 */
export function release(
  choice: Choice,
  asker: Asker,
  reason: 'withdrawn' | 'swapped' | 'registration_cancelled',
  at: Date,
): OutgoingEvent[] {
  const held = choice.asked === 'seat' && isActive(choice);
  Object.assign(choice, { state: 'released', reason, place: null, replaces: null });
  if (!held) return [];
  choice.asked = 'release';
  return [send(choice, asker, at)];
}

/** Says again what has not been answered, under the same name. */
export function again(choice: Choice, asker: Asker, at: Date): OutgoingEvent {
  const waited = choice.askedAt ? at.getTime() - choice.askedAt.getTime() : 0;
  const askedAt = choice.askedAt;
  const event = send(choice, asker, at);
  choice.askedAt = askedAt;
  choice.resendAt = new Date(at.getTime() + Math.min(Math.max(waited, RESEND_AFTER_MS), RESEND_AT_MOST_EVERY_MS));
  return event;
}

function send(choice: Choice, asker: Asker, at: Date): OutgoingEvent {
  choice.queueVersion += 1;
  choice.askedAt = at;
  choice.resendAt = new Date(at.getTime() + RESEND_AFTER_MS);
  const told = {
    version: choice.queueVersion,
    requestId: choice.requestId as string,
    registrationId: choice.registrationId,
    subForumId: choice.subForumId,
    conferenceId: asker.conferenceId,
    at: at.toISOString(),
  };
  if (choice.asked === 'seat') {
    return outgoing(seatRequested, { ...told, category: asker.category, replaces: choice.replaces });
  }
  const reason =
    choice.reason === 'withdrawn' || choice.reason === 'swapped' ? choice.reason : 'registration_cancelled';
  return outgoing(seatReleaseRequested, { ...told, reason });
}

/**
 * Takes in what a sub-forum answered. Outcomes of a superseded request, and ones that are not newer, change nothing;
 * what later happens to the current request (promotion, release) names it too and is taken.
 * Answers the swapped choice that is to be released now, and whether anything changed.
 */
export function settle(
  choices: ReadonlyMap<string, Choice>,
  outcome: SeatState,
): { changed: Choice[]; swapped: Choice | undefined } {
  const choice = choices.get(outcome.subForumId);
  if (!choice || choice.requestId !== outcome.requestId || outcome.version <= choice.seatVersion) {
    return { changed: [], swapped: undefined };
  }
  choice.seatVersion = outcome.version;
  const over = outcome.state === 'released' || outcome.state === 'refused';
  if (choice.asked === 'release') {
    // Given up on our side: only the end of it is news.
    if (over) choice.resendAt = null;
    if (outcome.state === 'released' && choice.state === 'released') choice.reason = outcome.reason ?? choice.reason;
    return { changed: [choice], swapped: undefined };
  }
  choice.state = outcome.state;
  choice.reason = outcome.reason;
  choice.place = outcome.state === 'waitlisted' ? outcome.place : null;
  choice.resendAt = null;
  if (over) {
    choice.replaces = null;
    // Whoever waited to give this seat up waits on without it.
    const widowed = [...choices.values()].filter((other) => other.replaces === choice.subForumId);
    for (const other of widowed) other.replaces = null;
    return { changed: [choice, ...widowed], swapped: undefined };
  }
  if (outcome.state !== 'confirmed' || !choice.replaces) return { changed: [choice], swapped: undefined };
  const old = choices.get(choice.replaces);
  choice.replaces = null;
  return { changed: [choice], swapped: old?.state === 'confirmed' ? old : undefined };
}

const COLUMNS = `registration_id AS "registrationId", sub_forum_id AS "subForumId", state, reason, replaces, asked,
  request_id AS "requestId", asked_at AS "askedAt", resend_at AS "resendAt",
  queue_version AS "queueVersion", seat_version AS "seatVersion", place`;

/** All choices of these registrations, whose rows the caller has locked; by registration, then by sub-forum. */
export async function choicesOf(tx: Tx, registrationIds: readonly string[]): Promise<Map<string, Map<string, Choice>>> {
  const found = await rows<Choice>(tx, `SELECT ${COLUMNS} FROM choices WHERE registration_id = ANY ($1::uuid[])`, [
    registrationIds,
  ]);
  const byRegistration = new Map(registrationIds.map((id) => [id, new Map<string, Choice>()]));
  for (const choice of found) byRegistration.get(choice.registrationId)?.set(choice.subForumId, choice);
  return byRegistration;
}

/** The columns of many choices as parallel arrays, in the order of `CHOICE_ROWS`. */
export function choiceParameters(choices: readonly Choice[]): unknown[] {
  return [
    choices.map((one) => one.registrationId),
    choices.map((one) => one.subForumId),
    choices.map((one) => one.state),
    choices.map((one) => one.reason),
    choices.map((one) => one.replaces),
    choices.map((one) => one.asked),
    choices.map((one) => one.requestId),
    choices.map((one) => one.askedAt),
    choices.map((one) => one.resendAt),
    choices.map((one) => one.queueVersion),
    choices.map((one) => one.seatVersion),
    choices.map((one) => one.place),
  ];
}

/** `unnest` of `choiceParameters`, the first of which is parameter number `first`. */
export function choiceRows(first: number): string {
  const types = 'uuid uuid text text uuid text uuid timestamptz timestamptz int int int'.split(' ');
  return `unnest(${types.map((type, index) => `$${first + index}::${type}[]`).join(', ')})`;
}

/** Writes choices of locked registrations, new and old, in one statement. */
export async function saveChoices(tx: Tx, choices: readonly Choice[]): Promise<void> {
  if (choices.length === 0) return;
  await rows(
    tx,
    `INSERT INTO choices (registration_id, sub_forum_id, state, reason, replaces, asked, request_id, asked_at,
                          resend_at, queue_version, seat_version, place)
     SELECT * FROM ${choiceRows(1)}
     ON CONFLICT (registration_id, sub_forum_id) DO UPDATE SET
       state = excluded.state, reason = excluded.reason, replaces = excluded.replaces, asked = excluded.asked,
       request_id = excluded.request_id, asked_at = excluded.asked_at, resend_at = excluded.resend_at,
       queue_version = excluded.queue_version, seat_version = excluded.seat_version, place = excluded.place`,
    choiceParameters(choices),
  );
}
