import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { type AnswerOf, type Conference, type InputOf, type routes } from '@plenary/contracts';
import { Database, rows, type Tx } from '@plenary/messaging';
import {
  Answer,
  audit,
  authorise,
  type Caller,
  decodeCursor,
  encodeCursor,
  etag,
  type IdempotencyKey,
  newId,
  once,
  Problem,
  requireMatch,
} from '@plenary/platform';
import { announce, type ConferenceRow, conferenceColumns, lockConference, toConference } from './conference.rows';

type Settings = ConferenceRow['settings'];

/** What a conference is: made by an admin, changed by its organisers, and told to every service each time. */
@Injectable()
export class Conferences {
  constructor(private readonly database: Database) {}

  /** Published ones, latest first; staff see drafts and archives of their own besides. */
  async list(
    caller: Caller,
    query: InputOf<typeof routes.listConferences>['query'],
  ): Promise<AnswerOf<typeof routes.listConferences>> {
    const after = decodeCursor(query.cursor, 2);
    const own = caller.kind === 'staff' ? caller.grants.map((grant) => grant.conferenceId) : [];
    const found = await this.database.query<ConferenceRow>(
      `SELECT ${conferenceColumns} FROM conferences
       WHERE (state = 'published' OR $1 OR id = ANY ($2::uuid[]))
         AND ($3::text IS NULL OR starts_on < $3 OR (starts_on = $3 AND id::text > $4))
       ORDER BY starts_on DESC, id LIMIT $5`,
      [caller.kind === 'staff' && caller.admin, own, after?.[0] ?? null, after?.[1] ?? null, query.limit + 1],
    );
    const items = found.slice(0, query.limit).map(toConference);
    const last = items.at(-1);
    return { items, nextCursor: found.length > query.limit && last ? encodeCursor([last.startsOn, last.id]) : null };
  }

  async get(caller: Caller, slug: string): Promise<Answer<Conference>> {
    const row = await this.visible(caller, slug);
    return new Answer(toConference(row), { etag: etag(row.version) });
  }

  async create(
    caller: Caller,
    settings: InputOf<typeof routes.createConference>['body'],
    key: IdempotencyKey | undefined,
  ): Promise<Answer<Conference>> {
    check(settings);
    const conference = await this.database.transaction((tx) =>
      once(tx, key, async () => {
        const row = await insert(tx, { ...settings, breaks: inUtc(settings.breaks) });
        await announce(tx, row);
        await audit(tx, caller, {
          conferenceId: row.id,
          action: 'conference.create',
          target: { kind: 'conference', id: row.id },
        });
        return toConference(row);
      }),
    );
    return new Answer(conference, { etag: etag(1) });
  }

  async change(
    caller: Caller,
    slug: string,
    patch: InputOf<typeof routes.changeConference>['body'],
    ifMatch: string,
  ): Promise<Answer<Conference>> {
    const row = await this.database.transaction(async (tx) => {
      const known = await lockConference(tx, slug);
      if (!known) throw Problem.notFound('conference');
      authorise(caller, ['organiser'], { conferenceId: known.id });
      requireMatch(ifMatch, known.version);
      const settings = { ...known.settings, ...patch } as Settings;
      check(settings);
      settings.breaks = inUtc(settings.breaks);
      if (isDeepStrictEqual(settings, known.settings)) return known;

      const [changed] = await rows<ConferenceRow>(
        tx,
        `UPDATE conferences SET settings = $2, version = version + 1, changed_at = clock_timestamp()
         WHERE id = $1 RETURNING ${conferenceColumns}`,
        [known.id, JSON.stringify(settings)],
      );
      await announce(tx, changed as ConferenceRow);
      await audit(tx, caller, {
        conferenceId: known.id,
        action: 'conference.change',
        target: { kind: 'conference', id: known.id },
        details: { fields: Object.keys(patch).join(' ') },
      });
      return changed as ConferenceRow;
    });
    return new Answer(toConference(row), { etag: etag(row.version) });
  }

  /** The conference if the caller may see it: a draft exists for its staff alone. 404 else. */
  async visible(caller: Caller, slug: string): Promise<ConferenceRow> {
    const [row] = await this.database.query<ConferenceRow>(
      `SELECT ${conferenceColumns} FROM conferences WHERE slug = $1`,
      [slug],
    );
    if (!row || !maySee(caller, row.id, row.settings.state)) throw Problem.notFound('conference');
    return row;
  }
}

/** Staff of a conference see it in any state, everybody else once it is published. */
export function maySee(caller: Caller, conferenceId: string, state: Conference['state']): boolean {
  if (state !== 'draft') return true;
  return (
    caller.kind === 'staff' && (caller.admin || caller.grants.some((grant) => grant.conferenceId === conferenceId))
  );
}

async function insert(tx: Tx, settings: Settings): Promise<ConferenceRow> {
  const [row] = await rows<ConferenceRow>(
    tx,
    `INSERT INTO conferences (id, version, settings, changed_at) VALUES ($1, 1, $2, clock_timestamp())
     ON CONFLICT (slug) DO NOTHING RETURNING ${conferenceColumns}`,
    [newId(), JSON.stringify(settings)],
  );
  if (row) return row;
  throw new Problem(409, 'slug_taken', `There is a conference "${settings.slug}" already. Choose another slug.`);
}

/** What single fields can't say. */
function check(settings: Settings): void {
  const errors: { path: string; code: string; message: string }[] = [];
  if (settings.startsOn > settings.endsOn)
    errors.push({ path: 'endsOn', code: 'ends_before_start', message: 'before startsOn' });
  const keys = settings.categories.map((category) => category.key);
  keys.forEach((key, index) => {
    if (keys.indexOf(key) !== index)
      errors.push({ path: `categories.${index}.key`, code: 'key_twice', message: `"${key}" is used twice` });
  });
  settings.breaks.forEach((pause, index) => {
    if (Date.parse(pause.startsAt) >= Date.parse(pause.endsAt))
      errors.push({ path: `breaks.${index}.endsAt`, code: 'ends_before_start', message: 'not after startsAt' });
  });
  if (errors.length > 0)
    throw new Problem(422, 'conference_invalid', 'These settings contradict each other. Correct them.', { errors });
}

function inUtc(breaks: Settings['breaks']): Settings['breaks'] {
  const utc = (instant: string) => new Date(instant).toISOString();
  return breaks.map((pause) => ({ ...pause, startsAt: utc(pause.startsAt), endsAt: utc(pause.endsAt) }));
}
