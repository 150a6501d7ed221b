import { Injectable } from '@nestjs/common';
import type { Attendance } from '@plenary/contracts';
import { Database, rows, type Tx } from '@plenary/messaging';
import { forecastFullAt, forecastMinutes, ofSubForums, perMinute, rateMinutes } from './attendance.rules';

/** An answer this young is given again: many boards cost no more than one. */
export const freshMs = 250;

/** What a caller may see: everything, or these sub-forums (sorted). */
export type View = 'all' | readonly string[];

/** The attendance of one conference at one instant; each view of it is made, and encoded, once. */
export class Picture {
  private readonly views = new Map<string, Attendance>();

  constructor(
    /** Raised by each change of what is known; the id of stream events. */
    readonly version: string,
    readonly whole: Attendance,
  ) {}

  of(view: View): Attendance {
    if (view === 'all') return this.whole;
    const key = view.join();
    const made = this.views.get(key) ?? ofSubForums(this.whole, new Set(view));
    this.views.set(key, made);
    return made;
  }

  /** Says the same, but for the time? Rates fall although nothing is told. */
  saysTheSame(other: Picture | undefined): boolean {
    return this.told === other?.told;
  }
  private get told(): string {
    this.text ??= JSON.stringify({ ...this.whole, at: '' });
    return this.text;
  }
  private text: string | undefined;
}

/** Draws pictures from what is known. */
@Injectable()
export class Pictures {
  private readonly recent = new Map<string, { at: number; picture: Promise<Picture> }>();

  constructor(private readonly database: Database) {}

  /** At most 250 ms old. */
  recentOf(conferenceId: string): Promise<Picture> {
    const known = this.recent.get(conferenceId);
    return known && Date.now() - known.at < freshMs ? known.picture : this.draw(conferenceId);
  }

  /** A new one, from one snapshot of the schema. */
  draw(conferenceId: string, at = new Date()): Promise<Picture> {
    const picture = this.database.transaction((tx) => read(tx, conferenceId, at));
    const entry = { at: Date.now(), picture };
    if (this.recent.size > 1000) this.recent.clear();
    this.recent.set(conferenceId, entry);
    // A failure is told once and not again.
    picture.catch(() => this.recent.get(conferenceId) === entry && this.recent.delete(conferenceId));
    return picture;
  }
}

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
  admitted: number;
  open: number;
  walkIns: number;
  arrivals: number;
  arrivalsForForecast: number;
  firstEver: number;
  peopleInside: number;
  fromOutside: number;
}
interface GateRow {
  gateId: string;
  name: string;
  subForumId: string | null;
  lastScanAt: Date | null;
  scans: number;
}

async function read(tx: Tx, conferenceId: string, at: Date): Promise<Picture> {
  // Every statement sees the same state: the version belongs to the numbers.
  await rows(tx, 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
  const [versions] = await rows<{ version: string }>(
    tx,
    'SELECT coalesce(sum(version), 0)::text AS version FROM picture_versions WHERE conference_id = $1',
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
    `SELECT sub_forum_id AS "subForumId",
            count(*) FILTER (WHERE state = 'confirmed')::int AS confirmed,
            count(*) FILTER (WHERE state = 'waitlisted')::int AS waitlisted,
            count(*) FILTER (WHERE state = 'released' AND reason = 'no_show')::int AS "noShows"
     FROM known_seats WHERE conference_id = $1 GROUP BY sub_forum_id`,
    [conferenceId],
  );
  const stays = await rows<StayRow>(
    tx,
    `SELECT sub_forum_id AS "subForumId",
            count(*) FILTER (WHERE first_here)::int AS admitted,
            count(*) FILTER (WHERE exited_at IS NULL)::int AS open,
            count(*) FILTER (WHERE first_walk_in)::int AS "walkIns",
            count(*) FILTER (WHERE first_here AND entered_at > $2)::int AS arrivals,
            count(*) FILTER (WHERE first_here AND entered_at > $3)::int AS "arrivalsForForecast",
            count(*) FILTER (WHERE first_ever)::int AS "firstEver",
            count(*) FILTER (WHERE now_inside)::int AS "peopleInside",
            count(*) FILTER (WHERE from_outside AND entered_at > $2)::int AS "fromOutside"
     FROM known_stays WHERE conference_id = $1 GROUP BY sub_forum_id`,
    [conferenceId, minutesBefore(at, rateMinutes), minutesBefore(at, forecastMinutes)],
  );
  const [people] = await rows<{ registered: number }>(
    tx,
    `SELECT count(*)::int AS registered FROM known_registrations
     WHERE conference_id = $1 AND status IN ('pending', 'approved')`,
    [conferenceId],
  );
  return new Picture(versions?.version ?? '0', {
    at: at.toISOString(),
    totals: {
      registered: people?.registered ?? 0,
      admitted: sum(stays, 'firstEver'),
      inside: sum(stays, 'peopleInside'),
      confirmed: sum(seats, 'confirmed'),
      waitlisted: sum(seats, 'waitlisted'),
      arrivalsPerMinute: perMinute(sum(stays, 'fromOutside')),
    },
    subForums: subForumsOf(at, subForums, seats, stays),
    gates: await gatesOf(tx, conferenceId, at),
    delegations: await delegationsOf(tx, conferenceId),
  });
}

function subForumsOf(at: Date, subForums: SubForumRow[], seats: SeatRow[], stays: StayRow[]): Attendance['subForums'] {
  const seatsOf = new Map(seats.map((row) => [row.subForumId, row]));
  const staysOf = new Map(stays.map((row) => [row.subForumId, row]));
  return subForums.map((subForum) => {
    const seat = seatsOf.get(subForum.subForumId);
    const stay = staysOf.get(subForum.subForumId);
    const inside = stay?.open ?? 0;
    const { startsAt, endsAt, capacity, roomCap } = subForum;
    const cap = roomCap ?? capacity;
    return {
      ...subForum,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
      confirmed: seat?.confirmed ?? 0,
      waitlisted: seat?.waitlisted ?? 0,
      admitted: stay?.admitted ?? 0,
      inside,
      noShows: seat?.noShows ?? 0,
      walkIns: stay?.walkIns ?? 0,
      arrivalsPerMinute: perMinute(stay?.arrivals ?? 0),
      forecastFullAt: forecastFullAt({ at, endsAt, cap, inside, arrivals: stay?.arrivalsForForecast ?? 0 }),
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
async function delegationsOf(tx: Tx, conferenceId: string): Promise<Attendance['delegations']> {
  return rows(
    tx,
    `SELECT d.delegation_id AS "delegationId", d.name, coalesce(m.registered, 0) AS registered,
            coalesce(m.arrived, 0) AS arrived
     FROM known_delegations d
     LEFT JOIN (
       SELECT r.delegation_id, count(*)::int AS registered, count(s.registration_id)::int AS arrived
       FROM known_registrations r
       LEFT JOIN known_stays s ON s.registration_id = r.registration_id AND s.first_ever
       WHERE r.conference_id = $1 AND r.status IN ('pending', 'approved') AND r.delegation_id IS NOT NULL
       GROUP BY r.delegation_id
     ) m USING (delegation_id)
     WHERE d.conference_id = $1 ORDER BY d.name, d.delegation_id`,
    [conferenceId],
  );
}

const minutesBefore = (at: Date, minutes: number) => new Date(at.getTime() - minutes * 60_000);

function sum<Name extends string>(counted: readonly Record<Name, number>[], name: Name): number {
  return counted.reduce((total, row) => total + row[name], 0);
}
