import type { Text } from '@plenary/contracts';
import type { RegistrationStatus, SeatFacts } from '@plenary/door-rules';
import { type Database, rows, type Tx } from '@plenary/messaging';
import type { Attempt } from './attempt';
import type { BadgeKey, KnownBadge } from './badge-check';

export interface KnownPerson {
  registrationId: string;
  conferenceId: string;
  status: RegistrationStatus;
  category: string;
  name: string;
  latinName: string | null;
  organisation: string | null;
}
export interface KnownSeat {
  registrationId: string;
  subForumId: string;
  state: SeatFacts['state'];
  position: number | null;
  since: Date;
  title: Text | null;
  room: string | null;
  startsAt: Date | null;
  endsAt: Date | null;
}

/** Whose badge it is by what the token says, or by name: read before the locks, since a serial stays a person's own. */
export async function ownersOf(
  database: Database,
  attempts: readonly { attempt: Attempt; conferenceId: string }[],
): Promise<(string | undefined)[]> {
  const tokens = attempts.flatMap(({ attempt, conferenceId }) =>
    attempt.claims ? [{ conferenceId, serial: attempt.claims.serial }] : [],
  );
  const found = await database.query<{ conferenceId: string; serial: string; registrationId: string }>(
    `SELECT b.conference_id AS "conferenceId", b.serial, b.registration_id AS "registrationId"
     FROM unnest($1::uuid[], $2::bigint[]) AS t (conference_id, serial)
     JOIN known_badges b ON b.conference_id = t.conference_id AND b.serial = t.serial
     UNION ALL
     SELECT conference_id, NULL, registration_id FROM known_registrations
     WHERE registration_id = ANY($3::uuid[]) AND NOT erased`,
    [
      tokens.map((token) => token.conferenceId),
      tokens.map((token) => token.serial),
      attempts.flatMap(({ attempt }) => attempt.registrationId ?? []),
    ],
  );
  const bySerial = new Map(found.map((row) => [`${row.conferenceId}/${row.serial}`, row.registrationId]));
  const byName = new Set(found.map((row) => `${row.conferenceId}/${row.registrationId}`));
  return attempts.map(({ attempt: { registrationId, claims }, conferenceId }) => {
    if (registrationId !== undefined)
      return byName.has(`${conferenceId}/${registrationId}`) ? registrationId : undefined;
    return claims && bySerial.get(`${conferenceId}/${claims.serial}`);
  });
}

/** The public key of that id. */
export async function keyOf(tx: Tx, keyId: number): Promise<BadgeKey | undefined> {
  const [key] = await rows<BadgeKey>(
    tx,
    'SELECT conference_id AS "conferenceId", public_key AS "publicKey" FROM known_badge_keys WHERE key_id = $1',
    [keyId],
  );
  return key;
}

/** Badges, registrations and seats of people who are locked, and the waitlist positions at these sub-forums. */
export async function readPeople(tx: Tx, registrationIds: readonly string[], subForumIds: readonly string[]) {
  const badges = await rows<KnownBadge>(
    tx,
    `SELECT registration_id AS "registrationId", revision, state, token_hash AS "tokenHash",
       expires_at AS "expiresAt", since
     FROM known_badges WHERE registration_id = ANY($1::uuid[])`,
    [registrationIds],
  );
  const people = await rows<KnownPerson>(
    tx,
    `SELECT registration_id AS "registrationId", conference_id AS "conferenceId", status, category, name,
       latin_name AS "latinName", organisation
     FROM known_registrations WHERE registration_id = ANY($1::uuid[]) AND NOT erased`,
    [registrationIds],
  );
  const seats = await rows<KnownSeat>(
    tx,
    `SELECT s.registration_id AS "registrationId", s.sub_forum_id AS "subForumId", s.state, s.since, f.title, f.room,
       f.starts_at AS "startsAt", f.ends_at AS "endsAt",
       CASE WHEN s.state = 'waitlisted' AND s.sub_forum_id = ANY($2::uuid[]) THEN
         (SELECT count(*)::int FROM known_seats w
          WHERE w.sub_forum_id = s.sub_forum_id AND w.state = 'waitlisted' AND w.place <= s.place) END AS position
     FROM known_seats s LEFT JOIN known_sub_forums f ON f.sub_forum_id = s.sub_forum_id
     WHERE s.registration_id = ANY($1::uuid[]) AND (s.state = 'confirmed' OR s.sub_forum_id = ANY($2::uuid[]))`,
    [registrationIds, subForumIds],
  );
  return {
    badges: new Map(badges.map((badge) => [badge.registrationId, badge])),
    people: new Map(people.map((person) => [person.registrationId, person])),
    seats: Map.groupBy(seats, (seat) => seat.registrationId),
  };
}

/** Confirmed holders who were never in, by sub-forum: read under the rooms' locks. */
export async function holdersToCome(tx: Tx, subForumIds: readonly string[]): Promise<Map<string, number>> {
  if (subForumIds.length === 0) return new Map();
  const found = await rows<{ subForumId: string; count: number }>(
    tx,
    `SELECT s.sub_forum_id AS "subForumId", count(*)::int AS count FROM known_seats s
     WHERE s.sub_forum_id = ANY($1::uuid[]) AND s.state = 'confirmed' AND NOT EXISTS (
       SELECT 1 FROM stays t WHERE t.registration_id = s.registration_id AND t.sub_forum_id = s.sub_forum_id)
     GROUP BY s.sub_forum_id`,
    [subForumIds],
  );
  return new Map(found.map((row) => [row.subForumId, row.count]));
}
