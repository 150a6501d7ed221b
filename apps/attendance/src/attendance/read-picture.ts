import type { Attendance, Wall } from '@plenary/contracts';
import { rows, type Tx } from '@plenary/messaging';
import { forecastFullAt, forecastMinutes, perMinute, rateMinutes } from './attendance.rules';

interface SubForumRow {
  subForumId: string;
  code: string;
  title: Attendance['subForums'][number]['title'];
  track: string | null;
  room: string;
  floor: string | null;
  startsAt: Date;
  endsAt: Date;
  state: string;
  capacity: number | null;
  roomCap: number | null;
}
interface SeatRow {
  subForumId: string;
  confirmed: number;
  waitlisted: number;
  noShows: number;
}
interface StayRow {
  /** null: the venue. */
  subForumId: string | null;
  firstHere: number;
  firstEver: number;
  walkIns: number;
  /** Open stays: one for each person inside. */
  open: number;
  /** The total counts one who is in the venue and in a room once. */
  peopleInside: number;
}
interface ArrivalRow {
  subForumId: string | null;
  arrivals: number;
  arrivalsForForecast: number;
  fromOutside: number;
}
interface MemberRow {
  /** null: those without a delegation. */
  delegationId: string | null;
  registered: number;
  arrived: number;
}
interface GateRow {
  gateId: string;
  name: string;
  subForumId: string | null;
  lastScanAt: Date | null;
  scans: number;
}

/**
 * The attendance as it stands in the schema, and the version of what is known.
 * `at` is the instant that rates per minute look back from.
 */
export async function readPicture(
  tx: Tx,
  conferenceId: string,
  at: Date,
): Promise<{ version: string; whole: Attendance; conference: Wall['conference'] | undefined }> {
  // Every statement sees the same state: the version belongs to the numbers.
  await rows(tx, 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  const [versions] = await rows<{ version: string }>(
    tx,
    'SELECT coalesce(sum(version), 0)::text AS version FROM picture_versions WHERE conference_id = $1',
    [conferenceId],
  );
  const [conference] = await rows<Wall['conference']>(
    tx,
    `SELECT name, time_zone AS "timeZone" FROM known_conferences
     WHERE conference_id = $1 AND name IS NOT NULL AND time_zone IS NOT NULL`,
    [conferenceId],
  );
  const subForums = await rows<SubForumRow>(
    tx,
    `SELECT sub_forum_id AS "subForumId", code, title, track, room, floor, starts_at AS "startsAt", ends_at AS "endsAt",
            state, capacity, room_cap AS "roomCap"
     FROM known_sub_forums WHERE conference_id = $1 ORDER BY starts_at, room, code, sub_forum_id`,
    [conferenceId],
  );
  const seats = await rows<SeatRow>(
    tx,
    `SELECT sub_forum_id AS "subForumId", sum(confirmed)::int AS confirmed, sum(waitlisted)::int AS waitlisted,
            sum(no_shows)::int AS "noShows"
     FROM known_seat_counts WHERE conference_id = $1 GROUP BY sub_forum_id`,
    [conferenceId],
  );
  const stays = await rows<StayRow>(
    tx,
    `SELECT sub_forum_id AS "subForumId", sum(first_here)::int AS "firstHere", sum(first_ever)::int AS "firstEver",
            sum(first_walk_in)::int AS "walkIns", sum(open)::int AS open, sum(now_inside)::int AS "peopleInside"
     FROM known_stay_counts WHERE conference_id = $1 GROUP BY sub_forum_id`,
    [conferenceId],
  );
  const arrivals = await rows<ArrivalRow>(
    tx,
    `SELECT sub_forum_id AS "subForumId",
            count(*) FILTER (WHERE first_here AND entered_at > $2)::int AS arrivals,
            count(*) FILTER (WHERE first_here)::int AS "arrivalsForForecast",
            count(*) FILTER (WHERE from_outside AND entered_at > $2)::int AS "fromOutside"
     FROM known_stays WHERE conference_id = $1 AND entered_at > $3 GROUP BY sub_forum_id`,
    [conferenceId, minutesBefore(at, rateMinutes), minutesBefore(at, forecastMinutes)],
  );
  const members = await rows<MemberRow>(
    tx,
    `SELECT r.delegation_id AS "delegationId", count(*)::int AS registered, count(s.registration_id)::int AS arrived
     FROM known_registrations r
     LEFT JOIN known_stays s ON s.registration_id = r.registration_id AND s.first_ever
     WHERE r.conference_id = $1 AND r.status IN ('pending', 'approved') GROUP BY r.delegation_id`,
    [conferenceId],
  );
  const whole: Attendance = {
    at: at.toISOString(),
    totals: {
      registered: sum(members, 'registered'),
      admitted: sum(stays, 'firstEver'),
      inside: sum(stays, 'peopleInside'),
      confirmed: sum(seats, 'confirmed'),
      waitlisted: sum(seats, 'waitlisted'),
      arrivalsPerMinute: perMinute(sum(arrivals, 'fromOutside')),
    },
    subForums: subForumsOf(at, subForums, { seats, stays, arrivals }),
    gates: await gatesOf(tx, conferenceId, at),
    delegations: await delegationsOf(tx, conferenceId, members),
  };
  return { version: versions?.version ?? '0', whole, conference };
}

function subForumsOf(
  at: Date,
  subForums: SubForumRow[],
  counted: { seats: SeatRow[]; stays: StayRow[]; arrivals: ArrivalRow[] },
): Attendance['subForums'] {
  const seatsOf = new Map(counted.seats.map((row) => [row.subForumId, row]));
  const staysOf = new Map(counted.stays.map((row) => [row.subForumId, row]));
  const arrivalsOf = new Map(counted.arrivals.map((row) => [row.subForumId, row]));
  return subForums.map((subForum) => {
    const { subForumId, startsAt, endsAt, capacity, roomCap } = subForum;
    const [seats, stays, arrivals] = [seatsOf.get(subForumId), staysOf.get(subForumId), arrivalsOf.get(subForumId)];
    const inside = stays?.open ?? 0;
    const recent = arrivals?.arrivalsForForecast ?? 0;
    return {
      ...subForum,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
      confirmed: seats?.confirmed ?? 0,
      waitlisted: seats?.waitlisted ?? 0,
      admitted: stays?.firstHere ?? 0,
      inside,
      noShows: seats?.noShows ?? 0,
      walkIns: stays?.walkIns ?? 0,
      arrivalsPerMinute: perMinute(arrivals?.arrivals ?? 0),
      forecastFullAt: forecastFullAt({ at, endsAt, cap: roomCap ?? capacity, inside, arrivals: recent }),
    };
  });
}

async function gatesOf(tx: Tx, conferenceId: string, at: Date): Promise<Attendance['gates']> {
  const gates = await rows<GateRow>(
    tx,
    `SELECT g.gate_id AS "gateId", g.name, g.sub_forum_id AS "subForumId", coalesce(s.scans, 0) AS scans,
            (SELECT max(l.corrected_at) FROM known_scans l WHERE l.gate_id = g.gate_id) AS "lastScanAt"
     FROM known_gates g
     LEFT JOIN (
       SELECT gate_id, count(*)::int AS scans FROM known_scans
       WHERE conference_id = $1 AND corrected_at > $2 GROUP BY gate_id
     ) s USING (gate_id)
     WHERE g.conference_id = $1 ORDER BY g.name, g.gate_id`,
    [conferenceId, minutesBefore(at, rateMinutes)],
  );
  const refusals = await rows<{ gateId: string; refusals: Record<string, number> }>(
    tx,
    `SELECT gate_id AS "gateId", json_object_agg(reason, n ORDER BY reason) AS refusals FROM (
       SELECT gate_id, reason, count(*)::int AS n FROM known_scans
       WHERE conference_id = $1 AND reason IS NOT NULL AND outcome = 'none' AND undone_at IS NULL
       GROUP BY gate_id, reason
     ) counted GROUP BY gate_id`,
    [conferenceId],
  );
  const refusalsOf = new Map(refusals.map((row) => [row.gateId, row.refusals]));
  return gates.map(({ gateId, name, subForumId, scans, lastScanAt }) => ({
    gateId,
    name,
    subForumId,
    scansPerMinute: perMinute(scans),
    refusals: refusalsOf.get(gateId) ?? {},
    lastScanAt: lastScanAt?.toISOString() ?? null,
  }));
}

/** Members that are not declined or cancelled, and how many of them were in at least once. */
async function delegationsOf(tx: Tx, conferenceId: string, members: MemberRow[]): Promise<Attendance['delegations']> {
  const delegations = await rows<{ delegationId: string; name: string }>(
    tx,
    `SELECT delegation_id AS "delegationId", name FROM known_delegations
     WHERE conference_id = $1 ORDER BY name, delegation_id`,
    [conferenceId],
  );
  const membersOf = new Map(members.map((row) => [row.delegationId, row]));
  return delegations.map(({ delegationId, name }) => {
    const { registered = 0, arrived = 0 } = membersOf.get(delegationId) ?? {};
    return { delegationId, name, registered, arrived };
  });
}

const minutesBefore = (at: Date, minutes: number) => new Date(at.getTime() - minutes * 60_000);

function sum<Name extends string>(counted: readonly Record<Name, number>[], name: Name): number {
  return counted.reduce((total, row) => total + row[name], 0);
}
