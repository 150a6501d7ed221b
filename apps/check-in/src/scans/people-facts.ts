import type { Text } from '@plenary/contracts';
import type { RegistrationStatus, SeatFacts } from '@plenary/door-rules';
import { type Database, rows, type Tx } from '@plenary/messaging';
import { listOf, milliseconds } from '../stays/ledger';
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
  /** Epoch ms, like the times below. */
  since: number;
  title: Text | null;
  room: string | null;
  startsAt: number | null;
  endsAt: number | null;
}

/** Whose badge it is by what the token says, or by name: read before the locks, since a serial stays a person's own. */
export async function ownersOf(database: Database, attempts: readonly Attempt[]): Promise<(string | null)[]> {
  const found = await database.query<{ owner: string | null }>(
    `SELECT CASE WHEN a.registration_id IS NOT NULL
       THEN (SELECT r.registration_id FROM known_registrations r
             WHERE r.registration_id = a.registration_id AND r.conference_id = g.conference_id AND NOT r.erased)
       ELSE (SELECT b.registration_id FROM known_badges b
             WHERE b.conference_id = g.conference_id AND b.serial = a.serial LIMIT 1) END AS owner
     FROM unnest($1::uuid[], $2::bigint[], $3::uuid[]) WITH ORDINALITY AS a (gate_id, serial, registration_id, n)
     LEFT JOIN gates g ON g.gate_id = a.gate_id ORDER BY n`,
    [
      attempts.map((attempt) => attempt.gateId),
      attempts.map((attempt) => attempt.claims?.serial ?? null),
      attempts.map((attempt) => attempt.registrationId ?? null),
    ],
  );
  return found.map((row) => row.owner);
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
  const [read] = await rows<{ badges: KnownBadge[]; people: KnownPerson[]; seats: KnownSeat[] }>(tx, peopleSql, [
    registrationIds,
    subForumIds,
  ]);
  const { badges = [], people = [], seats = [] } = read ?? {};
  return {
    badges: new Map(badges.map((badge) => [badge.registrationId, badge])),
    people: new Map(people.map((person) => [person.registrationId, person])),
    seats: Map.groupBy(seats, (seat) => seat.registrationId),
  };
}

const peopleSql = `SELECT
  ${listOf(`SELECT registration_id AS "registrationId", revision, state, token_hash AS "tokenHash",
    ${milliseconds('expires_at')} AS "expiresAt", ${milliseconds('since')} AS since
    FROM known_badges WHERE registration_id = ANY($1::uuid[])`)} AS badges,
  ${listOf(`SELECT registration_id AS "registrationId", conference_id AS "conferenceId", status, category, name,
    latin_name AS "latinName", organisation
    FROM known_registrations WHERE registration_id = ANY($1::uuid[]) AND NOT erased`)} AS people,
  ${listOf(`SELECT s.registration_id AS "registrationId", s.sub_forum_id AS "subForumId", s.state,
    ${milliseconds('s.since')} AS since, f.title, f.room, ${milliseconds('f.starts_at')} AS "startsAt",
    ${milliseconds('f.ends_at')} AS "endsAt",
    CASE WHEN s.state = 'waitlisted' AND s.sub_forum_id = ANY($2::uuid[]) THEN
      (SELECT count(*) FROM known_seats w
       WHERE w.sub_forum_id = s.sub_forum_id AND w.state = 'waitlisted' AND w.place <= s.place) END AS position
    FROM known_seats s LEFT JOIN known_sub_forums f ON f.sub_forum_id = s.sub_forum_id
    WHERE s.registration_id = ANY($1::uuid[]) AND (s.state = 'confirmed' OR s.sub_forum_id = ANY($2::uuid[]))`)} AS seats`;

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
