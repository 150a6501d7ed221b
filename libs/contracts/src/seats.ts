import { z } from 'zod';
import { id, instant, version } from './common';
import { defineEvent } from './event';
import { topics } from './topics';

export const refusalReason = z.enum(['closed', 'sub_forum_cancelled', 'category', 'ended']);
export const releaseReason = z.enum([
  'withdrawn',
  'swapped',
  'no_show',
  'sub_forum_cancelled',
  'registration_cancelled',
]);
export const seatReason = z.enum([...refusalReason.options, ...releaseReason.options]);

const seatRequest = z.object({
  version,
  /** Names this wish; its outcome repeats it. A re-sent request keeps it and is idempotent by it. */
  requestId: id,
  registrationId: id,
  subForumId: id,
  conferenceId: id,
  category: z.string(),
  /** The confirmed seat that is to be given up once this one is confirmed. */
  replaces: id.nullable(),
  at: instant,
});
const seatReleaseRequest = z.object({
  version,
  requestId: id,
  registrationId: id,
  subForumId: id,
  conferenceId: id,
  reason: z.enum(['withdrawn', 'swapped', 'registration_cancelled']),
  at: instant,
});
export type SeatRequest = z.output<typeof seatRequest>;
export type SeatReleaseRequest = z.output<typeof seatReleaseRequest>;

/** Keyed by sub-forum: a partition is the queue in front of it. */
const queue = { topic: topics.seatRequests, key: bySubForum, subject: ofSeat } as const;
export const seatRequested = defineEvent({ type: 'seat.requested.v1', body: seatRequest, ...queue });
export const seatReleaseRequested = defineEvent({
  type: 'seat.release-requested.v1',
  body: seatReleaseRequest,
  ...queue,
});

/** A seat with all that is known of it; the event's type says what just happened. */
const seatState = z.object({
  version,
  /** The request that this answers. */
  requestId: id,
  registrationId: id,
  subForumId: id,
  conferenceId: id,
  state: z.enum(['confirmed', 'waitlisted', 'released', 'refused']),
  /** Place in the waitlist when it was joined; the current one is a rank by `place`. */
  position: z.int().nullable(),
  /** Number drawn in this sub-forum's queue: lower is earlier. null where none was drawn. */
  place: z.int().nullable(),
  reason: seatReason.nullable(),
  /** Confirmed from the waitlist. */
  promoted: z.boolean(),
  /** Confirmed past earlier waiters, by a member of staff with a reason. */
  outOfTurn: z.boolean(),
  at: instant,
});
export type SeatState = z.output<typeof seatState>;

const outcome = { topic: topics.seats, key: byRegistration, subject: ofSeat } as const;
export const seatConfirmed = defineEvent({ type: 'seat.confirmed.v1', body: seatState, ...outcome });
export const seatWaitlisted = defineEvent({ type: 'seat.waitlisted.v1', body: seatState, ...outcome });
export const seatReleased = defineEvent({ type: 'seat.released.v1', body: seatState, ...outcome });
export const seatRefused = defineEvent({ type: 'seat.refused.v1', body: seatState, ...outcome });
export const seatSnapshot = defineEvent({ type: 'seat.snapshot.v1', body: seatState, ...outcome });

function bySubForum(body: { subForumId: string }): string {
  return body.subForumId;
}
function byRegistration(body: { registrationId: string }): string {
  return body.registrationId;
}
function ofSeat(body: { registrationId: string; subForumId: string }): string {
  return `${body.registrationId}/${body.subForumId}`;
}
