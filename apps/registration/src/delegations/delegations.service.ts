import { Injectable } from '@nestjs/common';
import { type AnswerOf, type DelegationState, delegationAnnounced, type InputOf, routes } from '@plenary/contracts';
import { Database, publish, rows } from '@plenary/messaging';
import {
  audit,
  authorise,
  type Caller,
  decodeCursor,
  encodeCursor,
  type IdempotencyKey,
  LinkTokens,
  newId,
  once,
  Problem,
} from '@plenary/platform';
import { Programme } from '../known/programme';

export interface DelegationRow {
  readonly id: string;
  readonly conferenceId: string;
  readonly version: number;
  readonly name: string;
  readonly quota: number | null;
  readonly leader: { name: string; email?: string | undefined };
  readonly linkGeneration: number;
  readonly changedAt: Date;
}

export const DELEGATION_COLUMNS = `id, conference_id AS "conferenceId", version, name, quota, leader,
  link_generation AS "linkGeneration", changed_at AS "changedAt"`;
const MEMBERS = `(SELECT count(*)::int FROM registrations r
  WHERE r.delegation_id = d.id AND r.status IN ('pending', 'approved')) AS registered`;

export function stateOfDelegation(row: DelegationRow): DelegationState {
  return {
    version: row.version,
    delegationId: row.id,
    conferenceId: row.conferenceId,
    name: row.name,
    quota: row.quota,
    leader: { name: row.leader.name, email: row.leader.email ?? null },
    linkGeneration: row.linkGeneration,
    at: row.changedAt.toISOString(),
  };
}

/** Delegations: a leader registers the members, within a quota. */
@Injectable()
export class Delegations {
  constructor(
    private readonly database: Database,
    private readonly programme: Programme,
    private readonly links: LinkTokens,
  ) {}

  /** By name. */
  async list(
    { params, query }: InputOf<typeof routes.listDelegations>,
    caller: Caller,
  ): Promise<AnswerOf<typeof routes.listDelegations>> {
    const { conferenceId } = (await this.programme.facts(params)).conference;
    authorise(caller, routes.listDelegations.who, { conferenceId });
    const [afterName, afterId] = decodeCursor(query.cursor, 2) ?? [null, null];
    const found = await this.database.query<DelegationRow & { registered: number }>(
      `SELECT ${DELEGATION_COLUMNS}, ${MEMBERS} FROM delegations d
       WHERE conference_id = $1 AND ($2::text IS NULL OR (name, id::text) > ($2, $3::text))
       ORDER BY name, id::text LIMIT $4`,
      [conferenceId, afterName, afterId, query.limit + 1],
    );
    const items = found.slice(0, query.limit);
    const last = items.at(-1);
    return {
      items: items.map(answerOf),
      nextCursor: found.length > query.limit && last ? encodeCursor([last.name, last.id]) : null,
    };
  }

  /** The leader's link is told once, and on a repeat of the same request. */
  async create(
    { params, body }: InputOf<typeof routes.createDelegation>,
    caller: Caller,
    key: IdempotencyKey | undefined,
  ): Promise<AnswerOf<typeof routes.createDelegation>> {
    const { conferenceId } = (await this.programme.facts(params)).conference;
    authorise(caller, routes.createDelegation.who, { conferenceId });
    const { id } = await this.database.transaction((tx) =>
      once(tx, key, async () => {
        const row: DelegationRow = {
          id: newId(),
          conferenceId,
          version: 1,
          name: body.name,
          quota: body.quota,
          leader: body.leader,
          linkGeneration: 1,
          changedAt: new Date(),
        };
        await rows(
          tx,
          `INSERT INTO delegations (id, conference_id, version, name, quota, leader, link_generation, changed_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [
            row.id,
            conferenceId,
            row.version,
            row.name,
            row.quota,
            JSON.stringify(row.leader),
            row.linkGeneration,
            row.changedAt,
          ],
        );
        await publish(tx, delegationAnnounced, stateOfDelegation(row));
        await audit(tx, caller, {
          conferenceId,
          action: 'delegation.announce',
          target: { kind: 'delegation', id: row.id },
          details: { quota: row.quota },
        });
        return { id: row.id };
      }),
    );
    return { ...(await this.read(id)), leaderToken: this.links.make('leader', id, 1) };
  }

  async own(caller: Caller): Promise<AnswerOf<typeof routes.getOwnDelegation>> {
    if (caller.kind !== 'leader') throw Problem.notFound('delegation');
    return this.read(caller.delegationId);
  }

  private async read(id: string) {
    const [found] = await this.database.query<DelegationRow & { registered: number }>(
      `SELECT ${DELEGATION_COLUMNS}, ${MEMBERS} FROM delegations d WHERE id = $1`,
      [id],
    );
    if (!found) throw Problem.notFound('delegation');
    return answerOf(found);
  }
}

function answerOf({ id, conferenceId, name, quota, leader, registered }: DelegationRow & { registered: number }) {
  return { id, conferenceId, name, quota, leader, registered };
}
