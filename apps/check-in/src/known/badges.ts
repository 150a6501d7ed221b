import { Controller } from '@nestjs/common';
import {
  badgeIssued,
  badgeKeyPublished,
  badgeKeySnapshot,
  badgeRevoked,
  badgeSnapshot,
  topics,
} from '@plenary/contracts';
import { type EventContext, OnEventChunk, type Received, rows } from '@plenary/messaging';
import { latest } from './latest';

type Key = typeof badgeKeyPublished;
type Badge = typeof badgeIssued;
type Heard = Received<Badge> | Received<Key>;

@Controller()
export class KnownBadges {
  @OnEventChunk(topics.badges, [badgeIssued, badgeRevoked, badgeSnapshot, badgeKeyPublished, badgeKeySnapshot], {
    tables: ['known_badges', 'known_badge_keys'],
  })
  async heard(events: Heard[], { tx }: EventContext): Promise<void> {
    const newest = latest(events);
    const keys = newest.filter(isKey).map(({ body }) => body);
    const badges = newest.filter((event): event is Received<Badge> => !isKey(event)).map(({ body }) => body);
    if (keys.length > 0) {
      await rows(
        tx,
        `INSERT INTO known_badge_keys (key_id, conference_id, public_key)
         SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::text[])
         ON CONFLICT (key_id) DO UPDATE SET conference_id = excluded.conference_id, public_key = excluded.public_key`,
        [keys.map((key) => key.keyId), keys.map((key) => key.conferenceId), keys.map((key) => key.publicKey)],
      );
    }
    if (badges.length === 0) return;
    await rows(
      tx,
      `INSERT INTO known_badges
         (registration_id, conference_id, serial, revision, state, token_hash, expires_at, since)
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::int[], $5::text[], $6::text[],
         $7::timestamptz[], $8::timestamptz[])
       ON CONFLICT (registration_id) DO UPDATE SET serial = excluded.serial, revision = excluded.revision,
         state = excluded.state, token_hash = excluded.token_hash, expires_at = excluded.expires_at,
         since = excluded.since`,
      [
        badges.map((badge) => badge.registrationId),
        badges.map((badge) => badge.conferenceId),
        badges.map((badge) => badge.serial),
        badges.map((badge) => badge.revision),
        badges.map((badge) => badge.state),
        badges.map((badge) => badge.tokenHash),
        badges.map((badge) => badge.expiresAt),
        badges.map((badge) => badge.since),
      ],
    );
    // The row that a scan of this badge will lock.
    await rows(
      tx,
      `INSERT INTO badge_states (registration_id, conference_id)
       SELECT * FROM unnest($1::uuid[], $2::uuid[]) ORDER BY 1 ON CONFLICT DO NOTHING`,
      [badges.map((badge) => badge.registrationId), badges.map((badge) => badge.conferenceId)],
    );
  }
}

function isKey(event: Heard): event is Received<Key> {
  return event.type.startsWith('badge-key.');
}
