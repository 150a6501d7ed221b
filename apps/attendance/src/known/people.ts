import { Controller } from '@nestjs/common';
import {
  badgeIssued,
  badgeRevoked,
  badgeSnapshot,
  delegationAnnounced,
  delegationLeaderChanged,
  delegationSnapshot,
  registrationAmended,
  registrationApproved,
  registrationCancelled,
  registrationDeclined,
  registrationErased,
  registrationReinstated,
  registrationReset,
  registrationSnapshot,
  registrationSubmitted,
  seatConfirmed,
  seatRefused,
  seatReleased,
  seatSnapshot,
  seatWaitlisted,
  topics,
} from '@plenary/contracts';
import { type EventContext, OnEventChunk, type Received, rows } from '@plenary/messaging';
import { latest, PictureVersions, recordset } from './picture-versions';

const registrationTold = [
  registrationSubmitted,
  registrationApproved,
  registrationDeclined,
  registrationReset,
  registrationAmended,
  registrationCancelled,
  registrationReinstated,
  registrationSnapshot,
] as const;
type RegistrationTold = Received<(typeof registrationTold)[number] | typeof registrationErased>;
type DelegationTold = Received<typeof delegationAnnounced | typeof delegationLeaderChanged | typeof delegationSnapshot>;
const seatTold = [seatConfirmed, seatWaitlisted, seatReleased, seatRefused, seatSnapshot] as const;
type SeatTold = Received<(typeof seatTold)[number]>;
type BadgeTold = Received<typeof badgeIssued | typeof badgeRevoked | typeof badgeSnapshot>;

/** Above all versions: nothing that is told later brings an erased person back. */
const tombstone = 2_147_483_647;

/** Registrations, delegations, seats and badges: ids and codes, no names of people. */
@Controller()
export class PeopleEvents {
  constructor(private readonly versions: PictureVersions) {}

  @OnEventChunk(topics.registrations, [...registrationTold, registrationErased], { tables: ['known_registrations'] })
  async registrations(events: RegistrationTold[], context: EventContext) {
    // An erased one is not brought back by what stands behind it in the same chunk either.
    const erased = events.filter((event) => event.type === registrationErased.type);
    const told = latest([...events, ...erased]).map((event) =>
      event.type === registrationErased.type
        ? { body: { ...event.body, status: 'erased', version: tombstone } }
        : { body: event.body },
    );
    await rows(
      context.tx,
      `INSERT INTO known_registrations AS known
         (registration_id, version, conference_id, status, category, delegation_id)
       SELECT "registrationId", version, "conferenceId", status, category, "delegationId"
       FROM json_to_recordset($1) AS told ("registrationId" uuid, version int, "conferenceId" uuid, status text,
              category text, "delegationId" uuid)
       ON CONFLICT (registration_id) DO UPDATE SET version = excluded.version, status = excluded.status,
         category = excluded.category, delegation_id = excluded.delegation_id
       WHERE known.version < excluded.version`,
      [recordset(told)],
    );
    await this.versions.raise(context, events);
  }

  @OnEventChunk(topics.delegations, [delegationAnnounced, delegationLeaderChanged, delegationSnapshot], {
    tables: ['known_delegations'],
  })
  async delegations(events: DelegationTold[], context: EventContext) {
    await rows(
      context.tx,
      `INSERT INTO known_delegations AS known (delegation_id, version, conference_id, name)
       SELECT "delegationId", version, "conferenceId", name
       FROM json_to_recordset($1) AS told ("delegationId" uuid, version int, "conferenceId" uuid, name text)
       ON CONFLICT (delegation_id) DO UPDATE SET version = excluded.version, name = excluded.name
       WHERE known.version < excluded.version`,
      [recordset(latest(events))],
    );
    await this.versions.raise(context, events);
  }

  /** Writes the seats and, from what each was before, the counts. */
  @OnEventChunk(topics.seats, seatTold, { tables: ['known_seats', 'known_seat_counts'] })
  async seats(events: SeatTold[], context: EventContext) {
    await rows(
      context.tx,
      `WITH told AS (
         SELECT * FROM json_to_recordset($1) AS told ("registrationId" uuid, "subForumId" uuid, version int,
           "conferenceId" uuid, state text, reason text)
       ), before AS (
         SELECT k.* FROM known_seats k
         JOIN told ON k.registration_id = told."registrationId" AND k.sub_forum_id = told."subForumId"
       ), written AS (
         INSERT INTO known_seats AS known (registration_id, sub_forum_id, version, conference_id, state, reason)
         SELECT "registrationId", "subForumId", version, "conferenceId", state, reason FROM told
         ON CONFLICT (registration_id, sub_forum_id) DO UPDATE SET version = excluded.version, state = excluded.state,
           reason = excluded.reason
         WHERE known.version < excluded.version
         RETURNING *
       ), steps AS (
         SELECT conference_id, sub_forum_id, state, reason, 1 AS n FROM written
         UNION ALL
         SELECT b.conference_id, b.sub_forum_id, b.state, b.reason, -1
         FROM before b JOIN written USING (registration_id, sub_forum_id)
       )
       INSERT INTO known_seat_counts AS known
         (conference_id, sub_forum_id, partition, confirmed, waitlisted, no_shows)
       SELECT conference_id, sub_forum_id, $2,
              coalesce(sum(n) FILTER (WHERE state = 'confirmed'), 0),
              coalesce(sum(n) FILTER (WHERE state = 'waitlisted'), 0),
              coalesce(sum(n) FILTER (WHERE state = 'released' AND reason = 'no_show'), 0)
       FROM steps GROUP BY conference_id, sub_forum_id ORDER BY sub_forum_id
       ON CONFLICT (conference_id, sub_forum_id, partition) DO UPDATE SET
         confirmed = known.confirmed + excluded.confirmed,
         waitlisted = known.waitlisted + excluded.waitlisted,
         no_shows = known.no_shows + excluded.no_shows`,
      [recordset(latest(events)), events[0]?.partition],
    );
    await this.versions.raise(context, events);
  }

  /** Not counted yet: kept for a person's timeline, so that it need not be asked for again. */
  @OnEventChunk(topics.badges, [badgeIssued, badgeRevoked, badgeSnapshot], { tables: ['known_badges'] })
  async badges(events: BadgeTold[], context: EventContext) {
    await rows(
      context.tx,
      `INSERT INTO known_badges AS known (registration_id, version, conference_id, state, revision, since)
       SELECT "registrationId", version, "conferenceId", state, revision, since
       FROM json_to_recordset($1) AS told ("registrationId" uuid, version int, "conferenceId" uuid, state text,
              revision int, since timestamptz)
       ON CONFLICT (registration_id) DO UPDATE SET version = excluded.version, state = excluded.state,
         revision = excluded.revision, since = excluded.since
       WHERE known.version < excluded.version`,
      [recordset(latest(events))],
    );
  }
}
