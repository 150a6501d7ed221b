import { type SubForum, type SubForumState, subForumCancelled, subForumScheduled } from '@plenary/contracts';
import { publish, rows, type Tx } from '@plenary/messaging';
import { Problem } from '@plenary/platform';
import { freeSeats } from '../allocation/allocate.rules';

/** What people set; `state` and the counters are beside it. */
export type Settings = Omit<SubForum, 'id' | 'conferenceId' | 'confirmed' | 'waitlisted' | 'seatsLeft' | 'state'>;

export interface SubForumRow {
  id: string;
  conference_id: string;
  /** Of the settings and the state; seats do not raise it. */
  version: number;
  settings: Settings;
  state: SubForum['state'];
  confirmed: number;
  waitlisted: number;
  reserved_used: number;
  next_place: number;
  import_guids: string[] | null;
  changed_at: Date;
}

export const subForumColumns =
  'id, conference_id, version, settings, state, confirmed, waitlisted, reserved_used, next_place, import_guids, changed_at';

/** Locks sub-forums, sorted: every transaction that touches several takes all of them so, at its start. */
export async function lockSubForums(tx: Tx, ids: readonly string[]): Promise<SubForumRow[]> {
  return rows<SubForumRow>(
    tx,
    `SELECT ${subForumColumns} FROM sub_forums WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`,
    [ids],
  );
}

export async function lockSubForum(tx: Tx, id: string): Promise<SubForumRow> {
  const [row] = await lockSubForums(tx, [id]);
  if (!row) throw Problem.notFound('sub-forum');
  return row;
}

export function toSubForum(row: SubForumRow, now: number): SubForum {
  const free = freeSeats(seatsOf(row), now);
  return {
    id: row.id,
    conferenceId: row.conference_id,
    ...row.settings,
    confirmed: row.confirmed,
    waitlisted: row.waitlisted,
    seatsLeft: Number.isFinite(free) ? free : null,
    state: row.state,
  };
}

/** What allocation must know of the settings. */
export function seatsOf(row: SubForumRow) {
  const { settings } = row;
  return {
    admission: settings.admission,
    state: row.state,
    endsAt: Date.parse(settings.endsAt),
    capacity: settings.capacity,
    reserved: settings.reserved,
    reservedUntil: settings.reservedUntil === null ? null : Date.parse(settings.reservedUntil),
    categories: settings.categories,
    confirmed: row.confirmed,
    waitlisted: row.waitlisted,
    reservedUsed: row.reserved_used,
    nextPlace: row.next_place,
  };
}

export function subForumState(row: SubForumRow): SubForumState {
  return {
    version: row.version,
    subForumId: row.id,
    conferenceId: row.conference_id,
    ...row.settings,
    state: row.state,
    at: row.changed_at.toISOString(),
  };
}

/** Tells the whole of it; its row is locked, or new. */
export async function tell(tx: Tx, row: SubForumRow): Promise<void> {
  await publish(tx, row.state === 'cancelled' ? subForumCancelled : subForumScheduled, subForumState(row));
}

/** Writes a new sub-forum; undefined where its code is taken in the conference. */
export async function insertSubForum(
  tx: Tx,
  id: string,
  conferenceId: string,
  settings: Settings,
  importGuids: readonly string[] | null,
): Promise<SubForumRow | undefined> {
  const [row] = await rows<SubForumRow>(
    tx,
    `INSERT INTO sub_forums (id, conference_id, version, settings, starts_at, ends_at, reserved_until, search, state,
                             seat_limit, import_guids, changed_at)
     VALUES ($1, $2, 1, $3, $4, $5, $6, $7, 'scheduled', $8, $9, clock_timestamp())
     ON CONFLICT (conference_id, lower(code)) DO NOTHING RETURNING ${subForumColumns}`,
    [
      id,
      conferenceId,
      JSON.stringify(settings),
      settings.startsAt,
      settings.endsAt,
      settings.reservedUntil,
      searchText(settings),
      settings.admission === 'open' ? null : settings.capacity,
      importGuids,
    ],
  );
  return row;
}

/** Writes new settings over a locked row; its version rises by one. A lowered capacity never falls below the confirmed. */
export async function updateSubForum(
  tx: Tx,
  id: string,
  settings: Settings,
  state: SubForum['state'],
): Promise<SubForumRow> {
  const [row] = await rows<SubForumRow>(
    tx,
    `UPDATE sub_forums
     SET settings = $2, starts_at = $3, ends_at = $4, reserved_until = $5, search = $6, state = $7,
         seat_limit = CASE WHEN $8::int IS NULL THEN NULL ELSE greatest($8::int, confirmed) END,
         version = version + 1, changed_at = clock_timestamp()
     WHERE id = $1 RETURNING ${subForumColumns}`,
    [
      id,
      JSON.stringify(settings),
      settings.startsAt,
      settings.endsAt,
      settings.reservedUntil,
      searchText(settings),
      state,
      settings.admission === 'open' ? null : settings.capacity,
    ],
  );
  return row as SubForumRow;
}

/** Where `q` is looked for, lower case. */
function searchText(settings: Settings): string {
  const people = settings.sessions.flatMap((session) => [
    ...Object.values(session.title),
    ...session.speakers.flatMap((speaker) => [speaker.name, speaker.organisation]),
  ]);
  const hosts = settings.hosts.map((host) => host.name);
  return [settings.code, ...Object.values(settings.title), settings.track, settings.room, ...hosts, ...people]
    .filter(Boolean)
    .join('\n')
    .toLowerCase();
}
