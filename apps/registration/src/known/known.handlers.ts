import { Controller } from '@nestjs/common';
import {
  badgeIssued,
  badgeRevoked,
  badgeSnapshot,
  conferenceAnnounced,
  conferenceSnapshot,
  subForumCancelled,
  subForumScheduled,
  subForumSnapshot,
  topics,
} from '@plenary/contracts';
import { afterCommit, type EventContext, OnEventChunk, OnEvents, type Received, rows } from '@plenary/messaging';
import { Changes } from '@plenary/platform';
import { Programme } from './programme';

/** What other services told us, as upserts; seats have a handler of their own. */
@Controller()
export class KnownHandlers {
  constructor(
    private readonly changes: Changes,
    private readonly programme: Programme,
  ) {}

  @OnEvents(topics.conferences, [conferenceAnnounced, conferenceSnapshot], { tables: ['known_conferences'] })
  async conference(
    { body }: Received<typeof conferenceAnnounced | typeof conferenceSnapshot>,
    { tx }: EventContext,
  ): Promise<void> {
    await rows(
      tx,
      `INSERT INTO known_conferences AS known (conference_id, version, slug, body) VALUES ($1, $2, $3, $4)
       ON CONFLICT (conference_id) DO UPDATE SET version = $2, slug = $3, body = $4 WHERE known.version <= $2`,
      [body.conferenceId, body.version, body.slug, JSON.stringify(body)],
    );
    this.changes.touch(tx, `slug/${body.slug}`);
    afterCommit(tx, () => this.programme.forget());
  }

  @OnEvents(topics.subForums, [subForumScheduled, subForumCancelled, subForumSnapshot], {
    tables: ['known_sub_forums'],
  })
  async subForum(
    { body }: Received<typeof subForumScheduled | typeof subForumCancelled | typeof subForumSnapshot>,
    { tx }: EventContext,
  ): Promise<void> {
    await rows(
      tx,
      `INSERT INTO known_sub_forums AS known (sub_forum_id, version, conference_id, code, title, starts_at, ends_at,
         room, floor)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (sub_forum_id) DO UPDATE SET version = $2, code = $4, title = $5, starts_at = $6, ends_at = $7,
         room = $8, floor = $9
       WHERE known.version <= $2`,
      [
        body.subForumId,
        body.version,
        body.conferenceId,
        body.code,
        JSON.stringify(body.title),
        body.startsAt,
        body.endsAt,
        body.room,
        body.floor,
      ],
    );
    this.changes.touch(tx, `conference/${body.conferenceId}`);
    afterCommit(tx, () => this.programme.forget());
  }

  @OnEventChunk(topics.badges, [badgeIssued, badgeRevoked, badgeSnapshot], { tables: ['known_badges'] })
  async badges(
    events: Received<typeof badgeIssued | typeof badgeRevoked | typeof badgeSnapshot>[],
    { tx }: EventContext,
  ): Promise<void> {
    // In offset order: of several about one badge the last stands.
    const badges = [...new Map(events.map(({ body }) => [body.registrationId, body])).values()];
    await rows(
      tx,
      `INSERT INTO known_badges AS known (registration_id, version, state, revision)
       SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[])
       ON CONFLICT (registration_id) DO UPDATE
         SET version = excluded.version, state = excluded.state, revision = excluded.revision
       WHERE known.version <= excluded.version`,
      [
        badges.map((badge) => badge.registrationId),
        badges.map((badge) => badge.version),
        badges.map((badge) => badge.state),
        badges.map((badge) => badge.revision),
      ],
    );
    for (const badge of badges) this.changes.touch(tx, badge.registrationId);
  }
}
