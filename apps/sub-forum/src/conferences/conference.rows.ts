import { type Conference, type ConferenceState, conferenceAnnounced } from '@plenary/contracts';
import { publish, rows, type Tx } from '@plenary/messaging';

/** A conference as it is stored: its settings, and how often they were told. */
export interface ConferenceRow {
  id: string;
  version: number;
  settings: Omit<Conference, 'id'>;
  changed_at: Date;
}

export const conferenceColumns = 'id, version, settings, changed_at';

/** Locks it, so that what is decided about it stays true until the commit. */
export async function lockConference(tx: Tx, slug: string): Promise<ConferenceRow | undefined> {
  const [row] = await rows<ConferenceRow>(
    tx,
    `SELECT ${conferenceColumns} FROM conferences WHERE slug = $1 FOR UPDATE`,
    [slug],
  );
  return row;
}

export function toConference(row: Pick<ConferenceRow, 'id' | 'settings'>): Conference {
  return { id: row.id, ...row.settings };
}

export function conferenceState(row: ConferenceRow): ConferenceState {
  return { version: row.version, conferenceId: row.id, ...row.settings, at: row.changed_at.toISOString() };
}

/** Tells the whole of it; its row is locked, or new. */
export async function announce(tx: Tx, row: ConferenceRow): Promise<void> {
  await publish(tx, conferenceAnnounced, conferenceState(row));
}
