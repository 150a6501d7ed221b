import { Injectable } from '@nestjs/common';
import { messageOfRevocations } from '@plenary/badge-token';
import type { AnswerOf, routes } from '@plenary/contracts';
import { Database, rows } from '@plenary/messaging';
import { Keys } from '../keys/keys.service';
import { KnownConferences } from '../known/known-conferences';

interface Entry {
  serial: number;
  revision: number;
  state: 'valid' | 'revoked';
  since: Date;
}

@Injectable()
export class Revocations {
  constructor(
    private readonly database: Database,
    private readonly conferences: KnownConferences,
    private readonly keys: Keys,
  ) {}

  /**
   * Every badge that was superseded or revoked, signed by the key now in use. The document depends on nothing else: it
   * stays byte for byte the same until a badge changes or the key is rotated.
   */
  async list(slug: string): Promise<AnswerOf<typeof routes.getRevocations>> {
    const conferenceId = await this.conferences.bySlug(slug);
    return this.database.transaction(async (tx) => {
      const entries = await rows<Entry>(
        tx,
        `SELECT serial, revision, state, since FROM badges
         WHERE conference_id = $1 AND (revision > 1 OR state = 'revoked') ORDER BY serial`,
        [conferenceId],
      );
      const signer = await this.keys.current(tx, conferenceId);
      const last = entries.reduce((at, { since }) => Math.max(at, since.getTime()), signer.since.getTime());
      const list = {
        conferenceId,
        at: new Date(last).toISOString(),
        entries: entries.map(({ serial, revision, state }) => ({
          serial,
          minimumRevision: revision,
          revoked: state === 'revoked',
        })),
        keyId: signer.keyId,
      };
      return { ...list, signature: signer.sign(messageOfRevocations(list)).toString('base64url') };
    });
  }
}
