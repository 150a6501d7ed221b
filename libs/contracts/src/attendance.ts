import { z } from 'zod';
import { id, instant, slug, text } from './common';
import { defineRoute } from './route';

export const attendance = z.object({
  at: instant,
  totals: z.object({
    registered: z.int(),
    /** People who were in the venue or a room at least once. */
    admitted: z.int(),
    inside: z.int(),
    confirmed: z.int(),
    waitlisted: z.int(),
    arrivalsPerMinute: z.number(),
  }),
  subForums: z.array(
    z.object({
      subForumId: id,
      code: z.string(),
      title: text(400),
      track: z.string().nullable(),
      room: z.string(),
      floor: z.string().nullable(),
      startsAt: instant,
      endsAt: instant,
      state: z.string(),
      capacity: z.int().nullable(),
      roomCap: z.int().nullable(),
      confirmed: z.int(),
      waitlisted: z.int(),
      admitted: z.int(),
      inside: z.int(),
      noShows: z.int(),
      walkIns: z.int(),
      arrivalsPerMinute: z.number(),
      forecastFullAt: instant.nullable(),
    }),
  ),
  gates: z.array(
    z.object({
      gateId: id,
      name: z.string(),
      subForumId: id.nullable(),
      scansPerMinute: z.number(),
      refusals: z.record(z.string(), z.int()),
      lastScanAt: instant.nullable(),
    }),
  ),
  delegations: z.array(z.object({ delegationId: id, name: z.string(), registered: z.int(), arrived: z.int() })),
});
export type Attendance = z.output<typeof attendance>;

const service = 'attendance';
const who = ['organiser', 'cohost', 'supervisor'] as const;

export const attendanceRoutes = {
  getAttendance: defineRoute({
    id: 'getAttendance',
    service,
    method: 'GET',
    path: '/conferences/{slug}/attendance',
    params: { slug },
    who,
    summary: 'Who is in which room, now. A co-host sees its own sub-forums.',
    answer: attendance,
  }),
  watchAttendance: defineRoute({
    id: 'watchAttendance',
    service,
    method: 'GET',
    path: '/conferences/{slug}/attendance/events',
    params: { slug },
    who,
    summary: 'The same, each time it changes, at most four times a second.',
    produces: 'text/event-stream',
    answer: attendance,
  }),
};
