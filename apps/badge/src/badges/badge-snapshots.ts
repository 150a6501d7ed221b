import { Injectable } from '@nestjs/common';
import { badgeKeySnapshot, badgeSnapshot, topics } from '@plenary/contracts';
import { type OutgoingEvent, outgoing, rows, type SnapshotSource, type Tx } from '@plenary/messaging';
import { type KeyRow, keyState } from '../keys/keys.service';
import { type BadgeRow, badgeState } from './badge-row';

/** Repeats what `badges` said last: keys first, so that a door can check what follows; cursors are subjects. */
@Injectable()
export class BadgeSnapshots implements SnapshotSource {
  readonly topic = topics.badges;

  async page(tx: Tx, after: string | null, limit: number): Promise<{ events: OutgoingEvent[]; next: string | null }> {
    const afterKey = keyIdOf(after ?? 'key/0');
    const keys =
      afterKey === undefined
        ? []
        : await rows<KeyRow>(tx, 'SELECT * FROM signing_keys WHERE key_id > $1 ORDER BY key_id LIMIT $2 FOR UPDATE', [
            afterKey,
            limit,
          ]);
    const badges = await rows<BadgeRow>(
      tx,
      `SELECT * FROM badges WHERE ($1::uuid IS NULL OR registration_id > $1::uuid) ORDER BY registration_id LIMIT $2 FOR UPDATE`,
      [afterKey === undefined ? after : null, limit - keys.length],
    );
    const events = [...keys.map(keySnapshot), ...badges.map(snapshot)];
    const last = badges.at(-1)?.registration_id ?? (keys.length > 0 ? `key/${keys.at(-1)?.key_id}` : undefined);
    return { events, next: events.length < limit ? null : (last ?? null) };
  }

  async one(tx: Tx, subject: string): Promise<OutgoingEvent[]> {
    const keyId = keyIdOf(subject);
    if (keyId === undefined) {
      const badges = await rows<BadgeRow>(tx, 'SELECT * FROM badges WHERE registration_id::text = $1 FOR UPDATE', [
        subject,
      ]);
      return badges.map(snapshot);
    }
    return (await rows<KeyRow>(tx, 'SELECT * FROM signing_keys WHERE key_id = $1 FOR UPDATE', [keyId])).map(
      keySnapshot,
    );
  }
}

/** undefined: the subject of a badge. */
function keyIdOf(subject: string): number | undefined {
  const digits = /^key\/(\d{1,9})$/.exec(subject)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function keySnapshot(key: KeyRow): OutgoingEvent {
  return outgoing(badgeKeySnapshot, keyState(key, new Date()));
}

function snapshot(badge: BadgeRow): OutgoingEvent {
  return outgoing(badgeSnapshot, badgeState(badge, new Date()));
}
