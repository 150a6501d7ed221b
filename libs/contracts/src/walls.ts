import { z } from 'zod';
import { id, instant, line, page, pageQuery, slug, text } from './common';
import { defineRoute } from './route';
import { subForumStates } from './sub-forums';

/** What a screen on the wall shows: counts only, nobody's name. */
export const wall = z.object({
  at: instant,
  conference: z.object({ name: text(300), timeZone: z.string() }),
  subForums: z.array(
    z.object({
      subForumId: id,
      title: text(400),
      track: z.string().nullable(),
      room: z.string(),
      floor: z.string().nullable(),
      startsAt: instant,
      endsAt: instant,
      state: subForumStates,
      capacity: z.int().nullable(),
      roomCap: z.int().nullable(),
      confirmed: z.int(),
      waitlisted: z.int(),
      inside: z.int(),
      /** People who were in at least once. */
      admitted: z.int(),
    }),
  ),
});
export type Wall = z.output<typeof wall>;

const wallLink = z.object({ id, name: z.string().nullable(), createdAt: instant });
export type WallLink = z.output<typeof wallLink>;

const service = 'attendance';
const conferenceParams = { slug };

export const wallRoutes = {
  createWallLink: defineRoute({
    id: 'createWallLink',
    service,
    method: 'POST',
    path: '/conferences/{slug}/wall-links',
    params: conferenceParams,
    summary: 'A link for a screen on the wall. Its token is told here and never again.',
    who: ['organiser'],
    body: z.strictObject({ name: line(120).optional() }),
    answer: wallLink.extend({ token: z.string() }),
  }),
  listWallLinks: defineRoute({
    id: 'listWallLinks',
    service,
    method: 'GET',
    path: '/conferences/{slug}/wall-links',
    params: conferenceParams,
    summary: 'The wall links that work, oldest first, without their tokens.',
    who: ['organiser'],
    query: z.strictObject(pageQuery),
    answer: page(wallLink),
  }),
  revokeWallLink: defineRoute({
    id: 'revokeWallLink',
    service,
    method: 'DELETE',
    path: '/wall-links/{id}',
    summary: 'Revokes a wall link: its screens go dark within 2 s.',
    who: ['organiser'],
  }),
  getWall: defineRoute({
    id: 'getWall',
    service,
    method: 'GET',
    path: '/wall',
    summary: 'How full the rooms are, now: counts only.',
    who: ['wall'],
    answer: wall,
  }),
  watchWall: defineRoute({
    id: 'watchWall',
    service,
    method: 'GET',
    path: '/wall/events',
    summary: 'The same, each time it changes, at most four times a second; ends when the link is revoked.',
    who: ['wall'],
    produces: 'text/event-stream',
    answer: wall,
  }),
};
