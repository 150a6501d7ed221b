import { Injectable } from '@nestjs/common';
import type { AnswerOf, Conference, InputOf, routes, SubForum } from '@plenary/contracts';
import { Database, rows, type Tx } from '@plenary/messaging';
import {
  Answer,
  audit,
  authorise,
  type Caller,
  Changes,
  etag,
  holds,
  type IdempotencyKey,
  newId,
  once,
  Problem,
  requireMatch,
} from '@plenary/platform';
import type { Allocation as Decision } from '../allocation/allocate.rules';
import { Allocation } from '../allocation/allocation.service';
import { scheduleChanged } from '../allocation/deadlines';
import { Conferences, maySee } from '../conferences/conferences.service';
import { cohostFields, contradictions, differing, normalised } from './settings.rules';
import { SubForumList } from './sub-forum.list';
import {
  insertSubForum,
  lockSubForum,
  type Settings,
  type SubForumRow,
  seatsOf,
  tell,
  toSubForum,
  updateSubForum,
} from './sub-forum.rows';

type Change = InputOf<typeof routes.changeSubForum>['body'];
type Effects = AnswerOf<typeof routes.changeSubForum>;

/** The sub-forums of a conference: what they are, and what a change does to those who have or want a seat. */
@Injectable()
export class SubForums {
  constructor(
    private readonly database: Database,
    private readonly conferences: Conferences,
    private readonly programme: SubForumList,
    private readonly allocation: Allocation,
    private readonly changes: Changes,
  ) {}

  async list(caller: Caller, slug: string, query: InputOf<typeof routes.listSubForums>['query']) {
    return this.programme.page(await this.conferences.visible(caller, slug), query);
  }

  async get(caller: Caller, id: string): Promise<Answer<SubForum>> {
    const [row] = await this.database.query<SubForumRow & { conference_state: Conference['state'] }>(
      `SELECT sub_forums.*, conferences.state AS conference_state
       FROM sub_forums JOIN conferences ON conferences.id = conference_id WHERE sub_forums.id = $1`,
      [id],
    );
    if (!row || !maySee(caller, row.conference_id, row.conference_state)) throw Problem.notFound('sub-forum');
    return new Answer(toSubForum(row, Date.now()), { etag: etag(row.version) });
  }

  async create(
    caller: Caller,
    slug: string,
    body: InputOf<typeof routes.createSubForum>['body'],
    key: IdempotencyKey | undefined,
  ): Promise<Answer<SubForum>> {
    const conference = await this.conferences.visible(caller, slug);
    authorise(caller, ['organiser'], { conferenceId: conference.id });
    const settings = normalised(body);
    requireConsistent(settings, conference.settings);
    const subForum = await this.database.transaction((tx) =>
      once(tx, key, async () => {
        const row = await insertSubForum(tx, newId(), conference.id, settings, null);
        if (!row)
          throw new Problem(409, 'code_taken', `The code "${body.code}" is used in this conference. Choose another.`);
        await tell(tx, row);
        await audit(tx, caller, { ...auditOf(row), action: 'sub_forum.create' });
        scheduleChanged(tx, this.changes);
        return toSubForum(row, Date.now());
      }),
    );
    return new Answer(subForum, { etag: etag(1) });
  }

  /** A lowered capacity evicts nobody; a raised one promotes at once, in this transaction. */
  async change(caller: Caller, id: string, change: Change, ifMatch: string, dryRun: boolean): Promise<Answer<Effects>> {
    const { row, decision, clashes } = await this.database.transaction(async (tx) => {
      const before = await lockSubForum(tx, id);
      authorise(caller, ['organiser', 'cohost'], { conferenceId: before.conference_id, subForumId: id });
      requireMatch(ifMatch, before.version);
      if (before.state === 'cancelled')
        throw new Problem(409, 'sub_forum_cancelled', 'This sub-forum is cancelled. Schedule a new one instead.');
      if (!holds(caller, 'organiser', { conferenceId: before.conference_id }))
        requireCohostMay(change, before.settings);

      const { state = before.state, ...fields } = change;
      const settings = normalised({ ...before.settings, ...fields } as Settings);
      requireConsistent(settings, await categoriesOf(tx, before.conference_id));
      const differs = differing(before.settings, settings);
      if (state !== before.state) differs.push('state');

      const moved = differs.some((name) => name === 'startsAt' || name === 'endsAt');
      const clashes = moved ? await clashesOf(tx, before, settings) : [];
      if (dryRun) return { ...(await this.foresee(tx, before, { ...before, settings, state })), clashes };
      if (differs.length === 0) return { row: before, decision: undefined, clashes };
      const row = await updateSubForum(tx, id, settings, state);
      await tell(tx, row);
      const decision = (await this.allocation.settle(tx, [id])).get(id);
      await audit(tx, caller, {
        ...auditOf(row),
        action: 'sub_forum.change',
        details: { fields: differs.join(' ') },
      });
      scheduleChanged(tx, this.changes);
      return { row, decision, clashes };
    });
    return new Answer({ ...effects(row, decision, dryRun), clashes }, { etag: etag(row.version) });
  }

  /** Every seat is released, every waiter refused. Cancelling again changes nothing. */
  async cancel(caller: Caller, id: string, reason: string | undefined): Promise<Answer<SubForum>> {
    const row = await this.database.transaction(async (tx) => {
      const before = await lockSubForum(tx, id);
      authorise(caller, ['organiser'], { conferenceId: before.conference_id });
      if (before.state === 'cancelled') return before;
      const row = await updateSubForum(tx, id, before.settings, 'cancelled');
      await tell(tx, row);
      await this.allocation.releaseAll(tx, id, await holders(tx, id));
      await audit(tx, caller, { ...auditOf(row), action: 'sub_forum.cancel', reason });
      return { ...row, confirmed: 0, waitlisted: 0, reserved_used: 0 };
    });
    return new Answer(toSubForum(row, Date.now()), { etag: etag(row.version) });
  }

  private async foresee(tx: Tx, before: SubForumRow, after: SubForumRow) {
    const queue = { id: before.id, conferenceId: before.conference_id, ...seatsOf(after) };
    return { row: after, decision: await this.allocation.foresee(tx, queue) };
  }
}

/** Who would be in two places at once with these times; a choice that waits to replace another is among them. */
async function clashesOf(tx: Tx, forum: SubForumRow, times: Pick<Settings, 'startsAt' | 'endsAt'>) {
  return rows<Effects['clashes'][number]>(
    tx,
    `SELECT mine.registration_id AS "registrationId", other.sub_forum_id AS "subForumId"
     FROM sub_forums f
     JOIN seats mine ON mine.sub_forum_id = $1 AND mine.state IN ('confirmed', 'waitlisted')
     JOIN seats other ON other.sub_forum_id = f.id AND other.registration_id = mine.registration_id
       AND other.state IN ('confirmed', 'waitlisted')
     WHERE f.conference_id = $2 AND f.id <> $1 AND f.state <> 'cancelled' AND f.starts_at < $4 AND f.ends_at > $3
     ORDER BY 1, 2 LIMIT 1000`,
    [forum.id, forum.conference_id, times.startsAt, times.endsAt],
  );
}

function effects(row: SubForumRow, decision: Decision | undefined, dryRun: boolean): Omit<Effects, 'clashes'> {
  const queue = decision?.queue ?? seatsOf(row);
  const after = {
    ...row,
    confirmed: queue.confirmed,
    waitlisted: queue.waitlisted,
    reserved_used: queue.reservedUsed,
  };
  const limited = row.settings.admission === 'seat' && row.settings.capacity !== null;
  return {
    dryRun,
    subForum: toSubForum(after, Date.now()),
    promoted: (decision?.outcomes ?? [])
      .filter((seat) => seat.state === 'confirmed')
      .map((seat, index) => ({ registrationId: seat.registrationId, position: index + 1 })),
    over: limited ? Math.max(0, queue.confirmed - (row.settings.capacity ?? 0)) : 0,
  };
}

function requireConsistent(settings: Settings, conference: Pick<Conference, 'categories'>): void {
  const errors = contradictions(settings, conference);
  if (errors.length === 0) return;
  throw new Problem(422, 'sub_forum_invalid', 'These settings contradict each other. Correct them.', { errors });
}

function requireCohostMay(change: Change, before: Settings): void {
  const refused = Object.keys(change).filter((field) => !cohostFields.has(field));
  if (refused.length > 0) {
    throw new Problem(403, 'field_not_allowed', 'A co-host may not change these fields. Ask an organiser.', {
      errors: refused.map((path) => ({ path, code: 'field_not_allowed', message: 'for organisers only' })),
    });
  }
  const { capacity } = change;
  // A room cap of null is the capacity: then a co-host may lower it, and an organiser says how far it may rise.
  const cap = before.roomCap ?? before.capacity;
  if (capacity === undefined || cap === null || (capacity !== null && capacity <= cap)) return;
  throw new Problem(
    422,
    'capacity_above_room_cap',
    `The room holds ${cap}. Choose a capacity up to that, or ask an organiser.`,
    { errors: [{ path: 'capacity', code: 'capacity_above_room_cap', message: `above ${cap}` }] },
  );
}

async function categoriesOf(tx: Tx, conferenceId: string): Promise<Pick<Conference, 'categories'>> {
  const [row] = await rows<{ settings: Conference }>(tx, 'SELECT settings FROM conferences WHERE id = $1', [
    conferenceId,
  ]);
  return { categories: row?.settings.categories ?? [] };
}

async function holders(tx: Tx, subForumId: string): Promise<string[]> {
  const found = await rows<{ registration_id: string }>(
    tx,
    `SELECT registration_id FROM seats WHERE sub_forum_id = $1 AND state = 'confirmed'`,
    [subForumId],
  );
  return found.map((row) => row.registration_id);
}

function auditOf(row: SubForumRow) {
  return { conferenceId: row.conference_id, target: { kind: 'sub_forum', id: row.id } };
}
