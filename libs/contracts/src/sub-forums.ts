import { z } from 'zod';
import { day, flag, id, instant, line, organisationLink, page, pageQuery, prose, slug, text, version } from './common';
import { defineEvent } from './event';
import { defineRoute } from './route';
import { topics } from './topics';

export const speaker = z.strictObject({
  name: line(200),
  title: line(200).optional(),
  organisation: line(200).optional(),
  /** The speaker's own registration: passes this sub-forum's door without a seat. */
  registrationId: id.optional(),
});
export const session = z.strictObject({
  title: text(400),
  /** Plain text. Lists of sub-forums leave it out. */
  abstract: text(4000).optional(),
  startsAt: instant,
  endsAt: instant,
  speakers: z.array(speaker).max(60),
});

export const subForumSettings = {
  code: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
  title: text(400),
  abstract: text(8000).nullable(),
  track: line(200).nullable(),
  room: line(120),
  floor: line(40).nullable(),
  startsAt: instant,
  endsAt: instant,
  hosts: z.array(organisationLink).max(40),
  supporters: z.array(organisationLink).max(80),
  sessions: z.array(session).max(200),
  /** Registrations that pass this sub-forum's door without a seat. */
  crew: z.array(id).max(200),
  admission: z.enum(['seat', 'open']),
  /** null: no limit. */
  capacity: z.int().min(0).max(1_000_000).nullable(),
  reserved: z.int().min(0).max(1_000_000),
  reservedUntil: instant.nullable(),
  /** How many people the room may hold; null: as many as `capacity`. */
  roomCap: z.int().min(0).max(1_000_000).nullable(),
  /** Category keys that may take part; empty: all. */
  categories: z.array(z.string().max(32)).max(20),
  walkIn: z.enum(['off', 'from_start', 'always']),
  reEntry: z.boolean(),
  /** null: never. */
  releaseNoShowsAfterMinutes: z.int().min(0).max(1440).nullable(),
};

/** Optional parts and their defaults; only code, title, room, startsAt and endsAt are needed. */
export const newSubForum = z
  .strictObject({
    ...subForumSettings,
    abstract: subForumSettings.abstract.default(null),
    track: subForumSettings.track.default(null),
    floor: subForumSettings.floor.default(null),
    hosts: subForumSettings.hosts.default([]),
    supporters: subForumSettings.supporters.default([]),
    sessions: subForumSettings.sessions.default([]),
    crew: subForumSettings.crew.default([]),
    admission: subForumSettings.admission.default('seat'),
    capacity: subForumSettings.capacity.default(null),
    reserved: subForumSettings.reserved.default(0),
    reservedUntil: subForumSettings.reservedUntil.default(null),
    roomCap: subForumSettings.roomCap.default(null),
    categories: subForumSettings.categories.default([]),
    walkIn: subForumSettings.walkIn.default('off'),
    reEntry: subForumSettings.reEntry.default(true),
    releaseNoShowsAfterMinutes: subForumSettings.releaseNoShowsAfterMinutes.default(null),
  })
  .refine((body) => Date.parse(body.startsAt) < Date.parse(body.endsAt), {
    path: ['endsAt'],
    message: 'not after startsAt',
  })
  .refine((body) => body.capacity === null || body.reserved <= body.capacity, {
    path: ['reserved'],
    message: 'more than capacity',
  });
export type NewSubForum = z.output<typeof newSubForum>;

export const subForumStates = z.enum(['scheduled', 'closed', 'cancelled']);
export const subForum = z.object({
  id,
  conferenceId: id,
  ...subForumSettings,
  confirmed: z.int(),
  waitlisted: z.int(),
  /** Free seats for the public; null: no limit. */
  seatsLeft: z.int().nullable(),
  state: subForumStates,
});
export type SubForum = z.output<typeof subForum>;

/** A sub-forum as a programme page shows it: with `fields=card` a list leaves out what only the sub-forum's page shows. */
export const subForumCard = subForum.partial({
  abstract: true,
  hosts: true,
  supporters: true,
  sessions: true,
  crew: true,
});
export type SubForumCard = z.output<typeof subForumCard>;

/** Settings only: seats tell their own story on `seats`. */
const subForumState = z.object({
  version,
  subForumId: id,
  conferenceId: id,
  ...subForumSettings,
  state: subForumStates,
  at: instant,
});
export type SubForumState = z.output<typeof subForumState>;

const key = { topic: topics.subForums, key: bySubForum, subject: bySubForum } as const;
export const subForumScheduled = defineEvent({ type: 'sub-forum.scheduled.v1', body: subForumState, ...key });
export const subForumCancelled = defineEvent({ type: 'sub-forum.cancelled.v1', body: subForumState, ...key });
export const subForumSnapshot = defineEvent({ type: 'sub-forum.snapshot.v1', body: subForumState, ...key });

function bySubForum(body: { subForumId: string }): string {
  return body.subForumId;
}

/** What a change would do, or did. */
const changeEffects = z.object({
  dryRun: z.boolean(),
  subForum,
  /** Registrations promoted from the waitlist, in order. */
  promoted: z.array(z.object({ registrationId: id, position: z.int() })),
  /** Confirmed seats above the new capacity: nobody loses a seat, they fall with each release. */
  over: z.int(),
  /** After a change of times: who holds or waits for a seat here and in another sub-forum at the same time; at most 1,000. */
  clashes: z.array(z.object({ registrationId: id, subForumId: id })),
});

/** One sub-forum of an imported programme as it would be, or was, written. */
const importedSubForum = z.object({
  code: z.string(),
  subForumId: id.nullable(),
  title: text(400),
  room: z.string(),
  startsAt: instant,
  endsAt: instant,
  sessions: z.int(),
  /** Names of the settings that differ, for `changed`. */
  differs: z.array(z.string()).optional(),
});
export const programmeDiff = z.object({
  dryRun: z.boolean(),
  created: z.array(importedSubForum),
  changed: z.array(importedSubForum),
  /** Absent from the file; nothing is cancelled by absence alone. */
  removed: z.array(importedSubForum),
  unchanged: z.int(),
  problems: z.array(z.object({ line: z.int().nullable(), code: z.string(), message: z.string() })),
});
export type ProgrammeDiff = z.output<typeof programmeDiff>;

export const waiter = z.object({
  registrationId: id,
  position: z.int(),
  category: z.string(),
  requestedAt: instant,
});

const service = 'sub-forum';
const conferenceParams = { slug };

export const subForumRoutes = {
  listSubForums: defineRoute({
    id: 'listSubForums',
    service,
    method: 'GET',
    path: '/conferences/{slug}/sub-forums',
    params: conferenceParams,
    summary: 'The programme, in order of start and room. ETag, so that polling is cheap.',
    who: ['anyone'],
    query: z.strictObject({
      ...pageQuery,
      limit: z.coerce.number().int().min(1).max(200).default(200),
      day: day.optional(),
      track: z.string().max(200).optional(),
      room: z.string().max(120).optional(),
      floor: z.string().max(40).optional(),
      q: z.string().max(200).optional(),
      state: subForumStates.optional(),
      available: flag.optional(),
      /** `card`: without abstract, hosts, supporters, sessions and crew. */
      fields: z.enum(['card']).optional(),
    }),
    answer: page(subForumCard),
  }),
  getSubForum: defineRoute({
    id: 'getSubForum',
    service,
    method: 'GET',
    path: '/sub-forums/{id}',
    summary: 'One sub-forum with live seats.',
    who: ['anyone'],
    answer: subForum,
  }),
  createSubForum: defineRoute({
    id: 'createSubForum',
    service,
    method: 'POST',
    path: '/conferences/{slug}/sub-forums',
    params: conferenceParams,
    summary: 'Schedules a sub-forum.',
    who: ['organiser'],
    idempotent: true,
    bodyLimit: 512 * 1024,
    body: newSubForum,
    answer: subForum,
  }),
  changeSubForum: defineRoute({
    id: 'changeSubForum',
    service,
    method: 'PATCH',
    path: '/sub-forums/{id}',
    who: ['organiser', 'cohost'],
    ifMatch: true,
    summary: 'Changes a sub-forum. A lowered capacity evicts nobody; a raised one promotes at once.',
    bodyLimit: 512 * 1024,
    query: z.strictObject({ dryRun: flag.optional() }),
    body: z
      .strictObject({ ...subForumSettings, state: z.enum(['scheduled', 'closed']) })
      .omit({ code: true })
      .partial(),
    answer: changeEffects,
  }),
  cancelSubForum: defineRoute({
    id: 'cancelSubForum',
    service,
    method: 'POST',
    path: '/sub-forums/{id}/cancel',
    who: ['organiser'],
    summary: 'Cancels a sub-forum: every seat is released, every waiter refused.',
    status: 200,
    body: z.strictObject({ reason: prose(500).optional() }),
    answer: subForum,
  }),
  importProgramme: defineRoute({
    id: 'importProgramme',
    service,
    method: 'POST',
    path: '/conferences/{slug}/programme',
    params: conferenceParams,
    summary: 'Imports a programme (frab XML or pretalx JSON). The same file again changes nothing.',
    who: ['organiser'],
    status: 200,
    bodyLimit: 32 * 1024 * 1024,
    rawBody: 'application/octet-stream',
    query: z.strictObject({ format: z.enum(['frab-xml', 'pretalx-json']), dryRun: flag.optional() }),
    body: z.instanceof(Uint8Array),
    answer: programmeDiff,
  }),
  listWaitlist: defineRoute({
    id: 'listWaitlist',
    service,
    method: 'GET',
    path: '/sub-forums/{id}/waitlist',
    who: ['organiser', 'cohost'],
    summary: 'The waitlist in order.',
    query: z.strictObject(pageQuery),
    answer: page(waiter),
  }),
  promoteOutOfTurn: defineRoute({
    id: 'promoteOutOfTurn',
    service,
    method: 'POST',
    path: '/sub-forums/{id}/waitlist/{registrationId}/promote',
    summary: 'Promotes one waiter past earlier ones; audited; 409 when the sub-forum is full.',
    who: ['organiser', 'cohost'],
    status: 200,
    body: z.strictObject({ reason: prose(500).min(3) }),
    answer: z.object({ registrationId: id, subForumId: id, state: z.literal('confirmed'), passedOver: z.int() }),
  }),
};
