import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Database, rows, type Tx } from '@plenary/messaging';
import { Config, newId } from '@plenary/platform';
import { mac, Secrets } from '../secrets';

const lifetimeHours = 24;

/**
 * One-time links to set a password: `<origin>/s/#<id>.<MAC>`. The part after `#` reaches no server log. A link can be
 * made again from its id (for a repeated request); the schema holds only its SHA-256.
 */
@Injectable()
export class PasswordLinks {
  constructor(
    private readonly database: Database,
    @Inject(Config) private readonly config: Pick<Config, 'publicUrl'>,
    private readonly secrets: Secrets,
  ) {}

  /** Makes a link for 24 hours; unused older ones of the same person die. Answers its id. */
  async create(tx: Tx, staffId: string): Promise<string> {
    const id = newId();
    await rows(tx, 'DELETE FROM password_links WHERE staff_id = $1 AND used_at IS NULL', [staffId]);
    await rows(
      tx,
      `INSERT INTO password_links (id, staff_id, token_hash, expires_at)
       VALUES ($1, $2, $3, now() + make_interval(hours => $4))`,
      [id, staffId, hash(this.token(id)), lifetimeHours],
    );
    return id;
  }

  url(id: string): string {
    return `${this.config.publicUrl}/s/#${this.token(id)}`;
  }

  async isGood(link: string): Promise<boolean> {
    const found = await this.database.query(
      `SELECT 1 FROM password_links l JOIN staff s ON s.id = l.staff_id ${good}`,
      [hash(tokenOf(link))],
    );
    return found.length > 0;
  }

  /** Uses the link up. Answers whose it was; undefined where it is not good, or somebody else was faster. */
  async take(tx: Tx, link: string): Promise<string | undefined> {
    const [taken] = await rows<{ staff_id: string }>(
      tx,
      `UPDATE password_links l SET used_at = now() FROM staff s ${good} AND s.id = l.staff_id RETURNING l.staff_id`,
      [hash(tokenOf(link))],
    );
    return taken?.staff_id;
  }

  private token(id: string): string {
    return `${id}.${mac(this.secrets.passwordLinks, id).toString('base64url')}`;
  }
}

const good = 'WHERE l.token_hash = $1 AND l.used_at IS NULL AND l.expires_at > now() AND NOT s.disabled';

/** The token alone, or the whole link that it stands in. */
const tokenOf = (link: string) => link.slice(link.indexOf('#') + 1);
const hash = (token: string) => createHash('sha256').update(token).digest();
