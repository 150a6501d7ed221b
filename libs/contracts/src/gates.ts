import { z } from 'zod';
import { id, instant, line, page, pageQuery, slug, text, timeOfDay, version } from './common';
import { defineEvent } from './event';
import { registrationStatus } from './registrations';
import { defineRoute } from './route';
import { topics } from './topics';

export const direction = z.enum(['entry', 'exit']);

const gateSettings = {
  name: line(120),
  direction: z.enum(['entry', 'exit', 'both']),
  /** The switch: off, the gate refuses with `gate_closed`. */
  open: z.boolean(),
  opensBeforeMinutes: z.int().min(0).max(1440),
  closesAfterMinutes: z.int().min(0).max(1440),
  /** Venue gates: time of day in the conference's zone; null: all day. */
  opensAt: timeOfDay.nullable(),
  closesAt: timeOfDay.nullable(),
  /** Venue gates: may somebody who left come back the same day? */
  reEntry: z.boolean(),
  categories: z.array(z.string().max(32)).max(20),
  /** Shows the one-tap missed exit at the door. */
  missedExit: z.boolean(),
  rosterMaxAgeMinutes: z.int().min(1).max(1440),
};
export const gate = z.object({
  id,
  conferenceId: id,
  /** null: a gate of the venue. */
  subForumId: id.nullable(),
  ...gateSettings,
});
export type Gate = z.output<typeof gate>;

const gateState = z.object({
  version,
  gateId: id,
  conferenceId: id,
  subForumId: id.nullable(),
  ...gateSettings,
  at: instant,
});
export type GateState = z.output<typeof gateState>;

const key = { topic: topics.gates, key: byGate, subject: byGate } as const;
export const gateChanged = defineEvent({ type: 'gate.changed.v1', body: gateState, ...key });
export const gateSnapshot = defineEvent({ type: 'gate.snapshot.v1', body: gateState, ...key });

function byGate(body: { gateId: string }): string {
  return body.gateId;
}

/** A person as the door finds them by name; never e-mail or phone. */
const foundAtGate = z.object({
  registrationId: id,
  name: z.string(),
  latinName: z.string().optional(),
  organisation: z.string().optional(),
  category: z.string(),
  status: registrationStatus,
  /** Of this gate's sub-forum; `none` at a gate of the venue. */
  seat: z.enum(['confirmed', 'waitlisted', 'none']),
  /** In the waitlist. */
  position: z.int().optional(),
  /** Where the person has a confirmed seat now or next, if not here. */
  seatElsewhere: z.object({ title: text(400), room: z.string() }).optional(),
  inside: z.boolean(),
  badge: z.enum(['none', 'valid', 'revoked']),
});
export type FoundAtGate = z.output<typeof foundAtGate>;

export const gateCounts = z.object({
  gateId: id,
  inside: z.int(),
  /** How many people may be in; null: no limit. */
  cap: z.int().nullable(),
  /** Places for people without a seat, now; null: no seat is needed here, or there is no limit. */
  walkInPlaces: z.int().nullable(),
  at: instant,
});
export type GateCounts = z.output<typeof gateCounts>;

const service = 'check-in';

export const gateRoutes = {
  listGates: defineRoute({
    id: 'listGates',
    service,
    method: 'GET',
    path: '/conferences/{slug}/gates',
    params: { slug },
    summary: 'Gates; a door sees those it is bound to.',
    who: ['organiser', 'cohost', 'supervisor', 'desk', 'door'],
    query: z.strictObject({ ...pageQuery, subForum: id.optional() }),
    answer: page(gate),
  }),
  createGate: defineRoute({
    id: 'createGate',
    service,
    method: 'POST',
    path: '/conferences/{slug}/gates',
    params: { slug },
    summary: 'A further gate of a sub-forum or of the venue.',
    who: ['organiser'],
    idempotent: true,
    body: z.strictObject({
      ...gateSettings,
      subForumId: id.nullable().default(null),
      direction: gateSettings.direction.default('both'),
      open: gateSettings.open.default(true),
      opensBeforeMinutes: gateSettings.opensBeforeMinutes.default(30),
      closesAfterMinutes: gateSettings.closesAfterMinutes.default(0),
      opensAt: gateSettings.opensAt.default(null),
      closesAt: gateSettings.closesAt.default(null),
      reEntry: gateSettings.reEntry.default(true),
      categories: gateSettings.categories.default([]),
      missedExit: gateSettings.missedExit.default(false),
      rosterMaxAgeMinutes: gateSettings.rosterMaxAgeMinutes.default(240),
    }),
    answer: gate,
  }),
  getGate: defineRoute({
    id: 'getGate',
    service,
    method: 'GET',
    path: '/gates/{id}',
    summary: 'One gate.',
    who: ['organiser', 'cohost', 'supervisor', 'desk', 'door'],
    answer: gate,
  }),
  changeGate: defineRoute({
    id: 'changeGate',
    service,
    method: 'PATCH',
    path: '/gates/{id}',
    summary: 'Changes a gate.',
    who: ['organiser', 'cohost'],
    ifMatch: true,
    body: z.strictObject(gateSettings).partial(),
    answer: gate,
  }),
  searchAtGate: defineRoute({
    id: 'searchAtGate',
    service,
    method: 'GET',
    path: '/gates/{id}/search',
    summary:
      'Finds a person by name: at least 2 hanzi or 3 other letters (422 `search_too_short`); 10 rows for a door, 20 for staff. Audited.',
    who: ['door', 'desk', 'supervisor'],
    limit: { max: 30, perSeconds: 60 },
    query: z.strictObject({ q: z.string().max(200) }),
    answer: z.object({ items: z.array(foundAtGate), nextCursor: z.null() }),
  }),
  watchGate: defineRoute({
    id: 'watchGate',
    service,
    method: 'GET',
    path: '/gates/{id}/events',
    summary: 'How full the place behind the gate is, each time it changes; ends when the device is revoked.',
    who: ['door', 'desk', 'supervisor', 'organiser'],
    produces: 'text/event-stream',
    answer: gateCounts,
  }),
};
