import { gateChanged, type Text } from '@plenary/contracts';
import { outgoing, publishAll, rows, type Tx } from '@plenary/messaging';
import { v5 } from 'uuid';
import { type GateRow, gateColumns, stateOf } from './gate-row';

/** Any fixed UUID: names below it are ours. */
const namespace = '5f6a2c0e-8a55-5d0c-9b0f-3f1f0d5a7c11';

/** The id of the gate that comes with a sub-forum or a conference: the same on every replica and in every replay. */
export function automaticGateId(ownerId: string): string {
  return v5(`gate/${ownerId}`, namespace);
}

interface Wanted {
  conferenceId: string;
  /** null: the venue's */
  subForumId: string | null;
  name: string;
}

/**
 * One gate, and the state of the room behind it, for each conference and each sub-forum when first heard of. A gate
 * opens 30 minutes before the start (while the previous sub-forum of its room runs it stays shut: see the window) and
 * closes at the end. What organisers made of it since is left alone.
 */
export async function ensureGates(tx: Tx, wanted: readonly Wanted[]): Promise<void> {
  if (wanted.length === 0) return;
  const owners = wanted.map(({ conferenceId, subForumId }) => subForumId ?? conferenceId);
  const [conferences, subForums] = [wanted.map((one) => one.conferenceId), wanted.map((one) => one.subForumId)];
  await rows(
    tx,
    `INSERT INTO room_states (place_id, conference_id, sub_forum_id)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) ON CONFLICT DO NOTHING`,
    [owners, conferences, subForums],
  );
  const made = await rows<GateRow>(
    tx,
    `INSERT INTO gates (gate_id, conference_id, sub_forum_id, name, direction, open, opens_before_minutes,
       closes_after_minutes, opens_at, closes_at, re_entry, categories, missed_exit, roster_max_age_minutes, version)
     SELECT gate_id, conference_id, sub_forum_id, left(name, 120), 'both', true, 30, 0, NULL, NULL, true, '{}', false, 240, 1
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) AS g (gate_id, conference_id, sub_forum_id, name)
     ON CONFLICT DO NOTHING RETURNING ${gateColumns}`,
    [owners.map(automaticGateId), conferences, subForums, wanted.map((one) => one.name)],
  );
  await publishAll(
    tx,
    made.map((gate) => outgoing(gateChanged, stateOf(gate, new Date()))),
  );
}

/** A gate that still bears its room's name follows when the sub-forum moves. */
export async function followRooms(
  tx: Tx,
  moves: readonly { subForumId: string; from: string; to: string }[],
): Promise<void> {
  for (const { subForumId, from, to } of moves) {
    const moved = await rows<GateRow>(
      tx,
      `UPDATE gates SET name = left($3, 120), version = version + 1
       WHERE sub_forum_id = $1 AND name = left($2, 120) RETURNING ${gateColumns}`,
      [subForumId, from, to],
    );
    await publishAll(
      tx,
      moved.map((gate) => outgoing(gateChanged, stateOf(gate, new Date()))),
    );
  }
}

/** A gate has one name: English where there is one. */
export function inOneLanguage(text: Text): string {
  return text.en?.trim() || text['zh-CN']?.trim() || '';
}
