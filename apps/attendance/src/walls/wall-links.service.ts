import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type AnswerOf, type InputOf, instant, routes, id as uuid, type WallLink } from '@plenary/contracts';
import { Database, rows } from '@plenary/messaging';
import {
  audit,
  authorise,
  type Caller,
  Changes,
  cursorOf,
  encodeCursor,
  newId,
  Problem,
  WallLinks,
} from '@plenary/platform';
import { z } from 'zod';
import { Conferences } from '../known/programme';

/** More screens than any venue has walls. */
const LINKS_PER_CONFERENCE = 100;
/** When the link was made that a list goes on after, and its id. */
const listedAfter = z.tuple([instant, uuid]);

const hashOf = (token: string) => createHash('sha256').update(token).digest();
type Row = Omit<WallLink, 'createdAt'> & { createdAt: Date };
const linkOf = ({ id, name, createdAt }: Row): WallLink => ({ id, name, createdAt: createdAt.toISOString() });

/** What changes under this key is a wall link. */
export function wallLinkKey(id: string): string {
  return `wall-link/${id}`;
}

/** Finds links by the hash of their token: an index compares it, and nothing of the token can be learnt from how long it takes. */
@Injectable()
export class WallLinksByHash extends WallLinks {
  constructor(private readonly database: Database) {
    super();
  }

  async find(token: string): Promise<{ id: string; conferenceId: string } | undefined> {
    const [link] = await this.database.query<{ id: string; conferenceId: string }>(
      'SELECT id, conference_id AS "conferenceId" FROM wall_links WHERE token_hash = $1',
      [hashOf(token)],
    );
    return link;
  }

  async exists(id: string): Promise<boolean> {
    return (await this.database.query('SELECT 1 FROM wall_links WHERE id = $1', [id])).length > 0;
  }
}

/** Makes, lists and revokes links for screens on the wall. */
@Injectable()
export class WallLinkDesk {
  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly conferences: Conferences,
  ) {}

  /** 409 `wall_links_too_many`. */
  async create(
    { params, body }: InputOf<typeof routes.createWallLink>,
    caller: Caller,
  ): Promise<AnswerOf<typeof routes.createWallLink>> {
    const conferenceId = await this.conferences.idOf(params.slug);
    authorise(caller, routes.createWallLink.who, { conferenceId });
    const token = randomBytes(32).toString('base64url');
    const link: Row = { id: newId(), name: body.name ?? null, createdAt: new Date() };
    await this.database.transaction(async (tx) => {
      const [counted] = await rows<{ count: number }>(
        tx,
        'SELECT count(*)::int AS count FROM wall_links WHERE conference_id = $1',
        [conferenceId],
      );
      if (counted && counted.count >= LINKS_PER_CONFERENCE) {
        throw new Problem(
          409,
          'wall_links_too_many',
          'There are 100 wall links already. Revoke those not in use first.',
        );
      }
      await rows(
        tx,
        'INSERT INTO wall_links (id, conference_id, name, token_hash, created_at) VALUES ($1, $2, $3, $4, $5)',
        [link.id, conferenceId, link.name, hashOf(token), link.createdAt],
      );
      await audit(tx, caller, { conferenceId, action: 'wall_link.create', target: { kind: 'wall_link', id: link.id } });
    });
    return { ...linkOf(link), token };
  }

  async list(
    { params, query }: InputOf<typeof routes.listWallLinks>,
    caller: Caller,
  ): Promise<AnswerOf<typeof routes.listWallLinks>> {
    const conferenceId = await this.conferences.idOf(params.slug);
    authorise(caller, routes.listWallLinks.who, { conferenceId });
    const [afterTime, afterId] = cursorOf(query.cursor, listedAfter) ?? [null, null];
    const found = await this.database.query<Row>(
      `SELECT id, name, created_at AS "createdAt" FROM wall_links
       WHERE conference_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) > ($2, $3::uuid))
       ORDER BY created_at, id LIMIT $4`,
      [conferenceId, afterTime, afterId, query.limit + 1],
    );
    const items = found.slice(0, query.limit).map(linkOf);
    const last = found.length > items.length ? items.at(-1) : undefined;
    return { items, nextCursor: last ? encodeCursor([last.createdAt, last.id]) : null };
  }

  /** From now on its token is no good; open streams end. */
  async revoke({ params }: InputOf<typeof routes.revokeWallLink>, caller: Caller): Promise<void> {
    await this.database.transaction(async (tx) => {
      const [link] = await rows<{ conferenceId: string }>(
        tx,
        'SELECT conference_id AS "conferenceId" FROM wall_links WHERE id = $1 FOR UPDATE',
        [params.id],
      );
      if (!link) throw Problem.notFound('wall link');
      const { conferenceId } = link;
      authorise(caller, routes.revokeWallLink.who, { conferenceId });
      await rows(tx, 'DELETE FROM wall_links WHERE id = $1', [params.id]);
      await audit(tx, caller, {
        conferenceId,
        action: 'wall_link.revoke',
        target: { kind: 'wall_link', id: params.id },
      });
      this.changes.touch(tx, wallLinkKey(params.id.toLowerCase()));
    });
  }
}
