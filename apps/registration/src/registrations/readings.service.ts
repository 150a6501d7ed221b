import { Injectable } from '@nestjs/common';
import { type AnswerOf, type InputOf, instant, type Registration, routes, id as uuid } from '@plenary/contracts';
import { Database } from '@plenary/messaging';
import {
  Answer,
  authorise,
  type Caller,
  Changes,
  cursorOf,
  type EventStream,
  encodeCursor,
  etag,
  holds,
  Problem,
} from '@plenary/platform';
import { z } from 'zod';
import type { ChoiceState, SeatReason } from '../choices/choice';
import { Programme } from '../known/programme';
import { REGISTRATION_COLUMNS, type RegistrationRow } from './registration';

/** A registration as people read it. */
export interface Reading {
  readonly registration: Registration;
  /** Of what the delegate edits: neither outcomes nor counters. */
  readonly etag: string;
  /** Is no answer of a sub-forum awaited? */
  readonly settled: boolean;
  /** Rises with each stored change of anything shown, on whichever replica it is read; with places in waitlists. */
  readonly revision: string;
  readonly linkGeneration: number;
}

const DESK_ROWS = 20;
/** When the registration was made that a list goes on after, and its id. */
const listedAfter = z.tuple([instant, uuid]);

type Row = RegistrationRow & { badge: { state: 'valid' | 'revoked'; revision: number; version: number } | null };
interface ChoiceRow {
  registrationId: string;
  subForumId: string;
  state: ChoiceState;
  reason: SeatReason | null;
  replaces: string | null;
  open: boolean;
  versions: number;
  position: number | null;
}

/** Everything that reads registrations. */
@Injectable()
export class Readings {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly programme: Programme,
  ) {}

  async own(caller: Caller, waitMs: number): Promise<Answer<Registration>> {
    if (caller.kind !== 'delegate') throw Problem.notFound('registration');
    const { registration, etag } = await this.settled(caller.registrationId, waitMs);
    return new Answer(registration, { etag });
  }

  async byId({ params }: InputOf<typeof routes.getRegistration>, caller: Caller, waitMs: number) {
    const reading = await this.settled(params.id, 0);
    authorise(caller, routes.getRegistration.who, { conferenceId: reading.registration.conferenceId });
    const { registration, etag } = waitMs > 0 ? await this.settled(params.id, waitMs) : reading;
    return new Answer(registration, { etag });
  }

  /** The registration as soon as no choice is pending, or as it is after `waitMs`. 404 where there is none. */
  async settled(id: string, waitMs: number): Promise<Reading> {
    let last: Reading | undefined;
    await this.changes.waitFor(id, waitMs, async () => {
      [last] = await this.read([id]);
      return !last || last.settled ? true : undefined;
    });
    if (!last) throw Problem.notFound('registration');
    return last;
  }

  /** The registration now and whenever it changes; ends when its link is replaced. */
  async *stream(caller: Caller, lastEventId: string | undefined): EventStream<Registration> {
    if (caller.kind !== 'delegate') throw Problem.notFound('registration');
    let seen = lastEventId;
    let generation: number | undefined;
    for await (const _ of this.changes.watch(caller.registrationId)) {
      const [reading] = await this.read([caller.registrationId]);
      generation ??= reading?.linkGeneration;
      if (!reading || reading.linkGeneration !== generation) return;
      if (reading.revision === seen) continue;
      seen = reading.revision;
      yield { id: seen, data: reading.registration };
    }
  }

  /**
   * In order of arrival. `q` is looked for in name, Latin name, e-mail and organisation, each word anywhere, without case
   * and accents. The desk finds a person: `q` is needed, and it gets at most 20 rows.
   */
  async list(
    { params, query }: InputOf<typeof routes.listRegistrations>,
    caller: Caller,
  ): Promise<AnswerOf<typeof routes.listRegistrations>> {
    const { conference } = await this.programme.facts({ slug: params.slug });
    const { conferenceId } = conference;
    authorise(caller, routes.listRegistrations.who, { conferenceId });
    const organiser = holds(caller, 'organiser', { conferenceId });
    if (!organiser && query.q === undefined) {
      throw new Problem(
        422,
        'query_missing',
        'The desk searches for a person: add `q` with a name, e-mail or organisation.',
      );
    }
    const limit = organiser ? query.limit : Math.min(query.limit, DESK_ROWS);
    const [afterTime, afterId] = (organiser && cursorOf(query.cursor, listedAfter)) || [null, null];
    const found = await this.database.query<{ id: string; createdAt: Date }>(
      `SELECT r.id, r.created_at AS "createdAt"
       FROM registrations r JOIN people p ON p.registration_id = r.id
       WHERE r.conference_id = $1
         AND ($2::timestamptz IS NULL OR (r.created_at, r.id) > ($2, $3::uuid))
         AND ($4::text IS NULL OR p.search LIKE ALL (search_patterns($4)))
         AND ($5::text IS NULL OR r.status = $5)
         AND ($6::text IS NULL OR r.category = $6)
         AND ($7::uuid IS NULL OR r.delegation_id = $7)
         AND (($8::uuid IS NULL AND $9::text IS NULL) OR EXISTS (
              SELECT 1 FROM choices c WHERE c.registration_id = r.id
                AND ($8::uuid IS NULL OR c.sub_forum_id = $8)
                AND CASE WHEN $9::text IS NULL THEN c.state <> 'released' ELSE c.state = $9 END))
       ORDER BY r.created_at, r.id LIMIT $10`,
      [
        conferenceId,
        afterTime,
        afterId,
        query.q ?? null,
        query.status ?? null,
        query.category ?? null,
        query.delegation ?? null,
        query.subForum ?? null,
        query.seat ?? null,
        limit + 1,
      ],
    );
    const rows = found.slice(0, limit);
    const last = rows.at(-1);
    const more = organiser && found.length > limit && last;
    const readings = await this.read(rows.map((row) => row.id));
    return {
      items: readings.map((reading) => reading.registration),
      nextCursor: more ? encodeCursor([last.createdAt.toISOString(), last.id]) : null,
    };
  }

  /** By status; and how many wait for at least one seat. */
  async counts(
    { params }: InputOf<typeof routes.registrationCounts>,
    caller: Caller,
  ): Promise<AnswerOf<typeof routes.registrationCounts>> {
    const { conference } = await this.programme.facts({ slug: params.slug });
    const { conferenceId } = conference;
    authorise(caller, routes.registrationCounts.who, { conferenceId });
    const [counted, [waiting]] = await Promise.all([
      this.database.query<{ status: Registration['status']; count: number }>(
        'SELECT status, count(*)::int AS count FROM registrations WHERE conference_id = $1 GROUP BY status',
        [conferenceId],
      ),
      this.database.query<{ count: number }>(
        `SELECT count(DISTINCT c.registration_id)::int AS count
         FROM choices c JOIN registrations r ON r.id = c.registration_id
         WHERE c.state = 'waitlisted' AND r.conference_id = $1`,
        [conferenceId],
      ),
    ]);
    const byStatus = { pending: 0, approved: 0, declined: 0, cancelled: 0 };
    for (const { status, count } of counted) byStatus[status] = count;
    const total = counted.reduce((sum, { count }) => sum + count, 0);
    return { total, byStatus, waitlisted: waiting?.count ?? 0 };
  }

  /** In the order of `ids`; those that do not exist are left out. */
  async read(ids: readonly string[]): Promise<Reading[]> {
    if (ids.length === 0) return [];
    const [registrations, choices] = await Promise.all([
      this.database.query<Row>(
        `SELECT ${REGISTRATION_COLUMNS},
           (SELECT json_build_object('state', b.state, 'revision', b.revision, 'version', b.version)
            FROM known_badges b WHERE b.registration_id = r.id) AS badge
         FROM registrations r JOIN people p ON p.registration_id = r.id WHERE r.id = ANY ($1::uuid[])`,
        [ids],
      ),
      this.database.query<ChoiceRow>(
        `SELECT c.registration_id AS "registrationId", c.sub_forum_id AS "subForumId", c.state, c.reason, c.replaces,
           c.resend_at IS NOT NULL AS open, c.queue_version + c.seat_version AS versions,
           CASE WHEN c.state = 'waitlisted' AND c.place IS NOT NULL THEN (
             SELECT 1 + count(*)::int FROM choices earlier
             WHERE earlier.sub_forum_id = c.sub_forum_id AND earlier.state = 'waitlisted' AND earlier.place < c.place
           ) END AS position
         FROM choices c WHERE c.registration_id = ANY ($1::uuid[])`,
        [ids],
      ),
    ]);
    const rowOf = new Map(registrations.map((row) => [row.id, row]));
    const choicesOf = Map.groupBy(choices, (choice) => choice.registrationId);
    return ids.flatMap((id) => {
      const row = rowOf.get(id);
      return row ? [readingOf(row, choicesOf.get(id) ?? [])] : [];
    });
  }
}

function readingOf(row: Row, choices: ChoiceRow[]): Reading {
  const listed = new Map(row.subForumIds.map((id, index) => [id, index]));
  const order = (choice: ChoiceRow) =>
    (listed.get(choice.subForumId) ?? listed.size) + (choice.state === 'released' ? 1000 : 0);
  const inOrder = choices.toSorted((a, b) => order(a) - order(b) || (a.subForumId < b.subForumId ? -1 : 1));
  const versions = choices.reduce((sum, choice) => sum + choice.versions, row.version + (row.badge?.version ?? 0));
  return {
    registration: {
      id: row.id,
      conferenceId: row.conferenceId,
      status: row.status,
      person: row.person,
      category: row.category,
      locale: row.locale,
      ...(row.delegationId ? { delegationId: row.delegationId } : {}),
      choices: inOrder.map(({ subForumId, state, position, reason, replaces }) => ({
        subForumId,
        state,
        ...(position === null ? {} : { position }),
        ...(reason === null ? {} : { reason }),
        ...(replaces === null ? {} : { replaces }),
      })),
      badge: row.badge ? { state: row.badge.state, revision: row.badge.revision } : { state: 'none' },
      createdAt: row.createdAt.toISOString(),
    },
    etag: etag(row.settingsVersion),
    settled: choices.every((choice) => !choice.open),
    revision: [versions, ...inOrder.flatMap(({ position }) => position ?? [])].join('.'),
    linkGeneration: row.linkGeneration,
  };
}
