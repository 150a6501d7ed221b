import { Injectable } from '@nestjs/common';
import { type Gate, gateChanged, type InputOf, routes } from '@plenary/contracts';
import { Database, publish, rows, type Tx } from '@plenary/messaging';
import {
  Answer,
  audit,
  authorise,
  type Caller,
  Changes,
  cursorOf,
  encodeCursor,
  etag,
  holds,
  type IdempotencyKey,
  newId,
  once,
  Problem,
  requireMatch,
} from '@plenary/platform';
import { z } from 'zod';
import { ConferenceBySlug } from '../known/conference-by-slug';
import { type BoundGate, bindingsOf, wasBound } from './bindings';
import { type GateRow, gateColumns, gateOf, settingColumns, stateOf } from './gate-row';

@Injectable()
export class Gates {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly conferences: ConferenceBySlug,
  ) {}

  /** By name. A door sees the gates that it is bound to now, a co-host those of its own sub-forums. */
  async list({ params, query }: InputOf<typeof routes.listGates>, caller: Caller) {
    const { conferenceId } = await this.conferences.find(params.slug);
    authorise(caller, routes.listGates.who, { conferenceId });
    const { subForum } = query;
    if (subForum)
      await this.changes.waitFor(`sub-forum/${subForum}`, 2000, () => this.subForum(conferenceId, subForum));
    const [name, id] = cursorOf(query.cursor, listedAfter) ?? [null, null];
    const found = await this.database.query<GateRow>(
      `SELECT ${gateColumns} FROM gates
       WHERE conference_id = $1 AND ($2::uuid IS NULL OR sub_forum_id = $2)
         AND ($3::text IS NULL OR (name, gate_id) > ($3, $4::uuid))
         AND ($5::uuid[] IS NULL OR gate_id = ANY($5)) AND ($6::uuid[] IS NULL OR sub_forum_id = ANY($6))
       ORDER BY name, gate_id LIMIT $7`,
      [
        conferenceId,
        subForum ?? null,
        name,
        id,
        caller.kind === 'device' ? await this.boundGates(caller) : null,
        ownSubForums(caller, conferenceId),
        query.limit + 1,
      ],
    );
    const items = found.slice(0, query.limit);
    const last = found.length > items.length ? items.at(-1) : undefined;
    return { items: items.map(gateOf), nextCursor: last ? encodeCursor([last.name, last.gateId]) : null };
  }

  async get(id: string, caller: Caller): Promise<Answer<Gate>> {
    const [gate] = await this.database.query<GateRow>(`SELECT ${gateColumns} FROM gates WHERE gate_id = $1`, [id]);
    if (!gate) throw Problem.notFound('gate');
    authorise(caller, routes.getGate.who, scopeOf(gate));
    if (caller.kind === 'device' && !(await this.boundGates(caller)).includes(gate.gateId)) {
      throw Problem.notFound('gate');
    }
    return new Answer(gateOf(gate), { etag: etag(gate.version) });
  }

  async create({ params, body }: InputOf<typeof routes.createGate>, caller: Caller, key?: IdempotencyKey) {
    const { conferenceId } = await this.conferences.find(params.slug);
    authorise(caller, routes.createGate.who, { conferenceId });
    const { subForumId } = body;
    if (subForumId && !(await this.heardOfSubForum(conferenceId, subForumId))) {
      throw new Problem(422, 'sub_forum_unknown', 'This conference has no such sub-forum. Check `subForumId`.');
    }
    const gate = await this.database.transaction((tx) =>
      once(tx, key, async () => {
        const columns = Object.values(settingColumns);
        const [made] = await rows<GateRow>(
          tx,
          `INSERT INTO gates (gate_id, conference_id, sub_forum_id, version, ${columns.join(', ')})
           VALUES ($1, $2, $3, 1, ${columns.map((_, index) => `$${index + 4}`).join(', ')}) RETURNING ${gateColumns}`,
          [newId(), conferenceId, subForumId, ...settingNames.map((setting) => body[setting])],
        );
        await this.tell(tx, made as GateRow, caller, 'gate.create');
        return made as GateRow;
      }),
    );
    return new Answer(gateOf(gate), { etag: etag(gate.version) });
  }

  async change({ params, body }: InputOf<typeof routes.changeGate>, caller: Caller, ifMatch: string) {
    const gate = await this.database.transaction(async (tx) => {
      const [gate] = await rows<GateRow>(tx, `SELECT ${gateColumns} FROM gates WHERE gate_id = $1 FOR UPDATE`, [
        params.id,
      ]);
      if (!gate) throw Problem.notFound('gate');
      authorise(caller, routes.changeGate.who, scopeOf(gate));
      // Without a sub-forum in question a co-host is one of the conference: the venue's gates are not its own.
      if (gate.subForumId === null) authorise(caller, ['organiser'], scopeOf(gate));
      if (!holds(caller, 'organiser', scopeOf(gate))) requireCohostMay(body);
      requireMatch(ifMatch, gate.version);
      const wished = settingNames.filter(
        (setting) => body[setting] !== undefined && !same(body[setting], gate[setting]),
      );
      if (wished.length === 0) return gate;
      const [changed] = await rows<GateRow>(
        tx,
        `UPDATE gates SET version = version + 1,
           ${wished.map((setting, index) => `${settingColumns[setting]} = $${index + 2}`).join(', ')}
         WHERE gate_id = $1 RETURNING ${gateColumns}`,
        [gate.gateId, ...wished.map((setting) => body[setting])],
      );
      await this.tell(tx, changed as GateRow, caller, 'gate.change', wished);
      return changed as GateRow;
    });
    return new Answer(gateOf(gate), { etag: etag(gate.version) });
  }

  private async tell(tx: Tx, gate: GateRow, caller: Caller, action: string, changed: readonly string[] = []) {
    await publish(tx, gateChanged, stateOf(gate, new Date()));
    await audit(tx, caller, {
      conferenceId: gate.conferenceId,
      action,
      target: { kind: 'gate', id: gate.gateId },
      details: changed.length > 0 ? { changed: changed.join(' ') } : {},
    });
  }

  private heardOfSubForum(conferenceId: string, subForumId: string) {
    return this.changes.waitFor(`sub-forum/${subForumId}`, 2000, () => this.subForum(conferenceId, subForumId));
  }

  private async subForum(conferenceId: string, subForumId: string): Promise<true | undefined> {
    const found = await this.database.query(
      'SELECT 1 FROM known_sub_forums WHERE conference_id = $1 AND sub_forum_id = $2',
      [conferenceId, subForumId],
    );
    return found.length > 0 ? true : undefined;
  }

  private async boundGates({ id, conferenceId }: { id: string; conferenceId: string }): Promise<string[]> {
    const history = (await bindingsOf(this.database, [id])).get(id) ?? [];
    const gates = await this.database.query<BoundGate>(
      `SELECT g.gate_id AS "gateId", g.sub_forum_id AS "subForumId", s.room
       FROM gates g LEFT JOIN known_sub_forums s USING (sub_forum_id) WHERE g.conference_id = $1`,
      [conferenceId],
    );
    return gates.filter((gate) => wasBound(history, gate, Date.now())).map((gate) => gate.gateId);
  }
}

/** Name and id of the gate that a list goes on after. */
const listedAfter = z.tuple([z.string(), z.uuid()]);

const settingNames = Object.keys(settingColumns) as (keyof typeof settingColumns)[];

/** Of a gate a co-host sets when it lets people in, and whether it does; whom it lets in is the organiser's. */
const cohostSettings: ReadonlySet<string> = new Set(['open', 'opensBeforeMinutes', 'closesAfterMinutes']);

function requireCohostMay(wished: object): void {
  const refused = Object.keys(wished).filter((setting) => !cohostSettings.has(setting));
  if (refused.length === 0) return;
  throw new Problem(403, 'field_not_allowed', 'A co-host may not change these fields. Ask an organiser.', {
    errors: refused.map((path) => ({ path, code: 'field_not_allowed', message: 'for organisers only' })),
  });
}

function scopeOf(gate: GateRow): { conferenceId: string; subForumId?: string } {
  return { conferenceId: gate.conferenceId, ...(gate.subForumId ? { subForumId: gate.subForumId } : {}) };
}

/** The sub-forums that a mere co-host has; null for everybody else. */
function ownSubForums(caller: Caller, conferenceId: string): string[] | null {
  if (caller.kind !== 'staff') return null;
  const scope = { conferenceId };
  if (holds(caller, 'organiser', scope) || holds(caller, 'supervisor', scope) || holds(caller, 'desk', scope))
    return null;
  return caller.grants.flatMap((grant) =>
    grant.conferenceId === conferenceId && grant.role === 'cohost' ? grant.subForumIds : [],
  );
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
