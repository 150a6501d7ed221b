import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { type BodyOf, badgeKeyPublished } from '@plenary/contracts';
import { Database, publish, rows, type Tx } from '@plenary/messaging';
import { Sealing } from './sealing';

interface KeyRow {
  key_id: number;
  conference_id: string;
  public_key: Buffer;
  sealed_private_key: Buffer;
  not_before: Date;
  retired_at: Date | null;
  version: number;
}
export interface Signer {
  readonly keyId: number;
  /** When it began to sign. */
  readonly since: Date;
  /** 64 bytes, Ed25519: the same for the same message, always. */
  sign(message: Uint8Array): Buffer;
}

/** Doors hear of a new key this long before it signs for the first time. */
export const rotationLeadSeconds = 600;

/** Signing keys of conferences. Private keys leave this schema only into this process's memory. */
@Injectable()
export class Keys implements OnApplicationBootstrap {
  private readonly privateKeys = new Map<number, KeyObject>();

  constructor(
    private readonly database: Database,
    private readonly sealing: Sealing,
  ) {}

  /** A wrong BADGE_KEY would park every registration: better not to start at all. */
  async onApplicationBootstrap(): Promise<void> {
    const [newest] = await this.database.query<KeyRow>('SELECT * FROM signing_keys ORDER BY key_id DESC LIMIT 1');
    if (newest) this.privateKey(newest);
  }

  /** Makes the conference's first key, if it has none. The caller holds the conference's lock. */
  async ensure(tx: Tx, conferenceId: string): Promise<void> {
    const [key] = await rows(tx, 'SELECT 1 FROM signing_keys WHERE conference_id = $1 LIMIT 1', [conferenceId]);
    if (!key) await this.make(tx, conferenceId, new Date());
  }

  /** The key that signs now: the newest that has begun (the first one needs no beginning: clocks differ). */
  async current(tx: Tx, conferenceId: string): Promise<Signer> {
    const [key] = await rows<KeyRow>(
      tx,
      `SELECT * FROM signing_keys WHERE conference_id = $1
         AND (not_before <= clock_timestamp() OR key_id = (SELECT min(key_id) FROM signing_keys WHERE conference_id = $1))
       ORDER BY key_id DESC LIMIT 1`,
      [conferenceId],
    );
    if (!key) throw new Error(`conference ${conferenceId} has no signing key`);
    return this.signer(key);
  }

  /** The key that signed a badge, retired or not. */
  async byId(keyId: number): Promise<Signer> {
    const [key] = await this.database.query<KeyRow>('SELECT * FROM signing_keys WHERE key_id = $1', [keyId]);
    if (!key) throw new Error(`no signing key ${keyId}`);
    return this.signer(key);
  }

  /** All keys of a conference as they are told to the public, oldest first. */
  async list(conferenceId: string) {
    const keys = await this.database.query<KeyRow>(
      'SELECT * FROM signing_keys WHERE conference_id = $1 ORDER BY key_id',
      [conferenceId],
    );
    return keys.map((key) => {
      const { keyId, publicKey, notBefore, retiredAt } = keyState(key, key.not_before);
      return { keyId, publicKey, notBefore, retiredAt };
    });
  }

  /**
   * Makes a new key that signs from `leadSeconds` on, and retires the present one at that moment. Badges signed by the
   * old key stay good. Throws where the conference has no key, or a rotation is already under way.
   */
  async rotate(
    tx: Tx,
    conferenceId: string,
    leadSeconds = rotationLeadSeconds,
  ): Promise<{ keyId: number; from: Date }> {
    await lockSerials(tx, [conferenceId]);
    const from = new Date(Date.now() + leadSeconds * 1000);
    const [retired] = await rows<KeyRow>(
      tx,
      `UPDATE signing_keys SET retired_at = $2, version = version + 1
       WHERE conference_id = $1 AND retired_at IS NULL AND not_before <= clock_timestamp() RETURNING *`,
      [conferenceId, from],
    );
    if (!retired) {
      throw new Error(
        'There is no key in use that could be replaced: none was made yet, or its successor waits to begin.',
      );
    }
    await publish(tx, badgeKeyPublished, keyState(retired, new Date()));
    return { keyId: await this.make(tx, conferenceId, from), from };
  }

  private async make(tx: Tx, conferenceId: string, notBefore: Date): Promise<number> {
    const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
    const [next] = await rows<{ key_id: number }>(
      tx,
      `SELECT nextval(pg_get_serial_sequence('signing_keys', 'key_id'))::int AS key_id`,
    );
    const keyId = (next as { key_id: number }).key_id;
    const [key] = await rows<KeyRow>(
      tx,
      `INSERT INTO signing_keys (key_id, conference_id, public_key, sealed_private_key, not_before, version)
       VALUES ($1, $2, $3, $4, $5, 1) RETURNING *`,
      [
        keyId,
        conferenceId,
        Buffer.from(String(jwk.x), 'base64url'),
        this.sealing.seal(Buffer.from(String(jwk.d), 'base64url'), sealName(keyId, conferenceId)),
        notBefore,
      ],
    );
    await publish(tx, badgeKeyPublished, keyState(key as KeyRow, new Date()));
    return keyId;
  }

  private signer(key: KeyRow): Signer {
    const privateKey = this.privateKey(key);
    return { keyId: key.key_id, since: key.not_before, sign: (message) => sign(null, message, privateKey) };
  }

  private privateKey(key: KeyRow): KeyObject {
    const known = this.privateKeys.get(key.key_id);
    if (known) return known;
    const opened = this.sealing.open(key.sealed_private_key, sealName(key.key_id, key.conference_id));
    const privateKey = createPrivateKey({
      format: 'jwk',
      key: { kty: 'OKP', crv: 'Ed25519', x: key.public_key.toString('base64url'), d: opened.toString('base64url') },
    });
    this.privateKeys.set(key.key_id, privateKey);
    return privateKey;
  }
}

/** Locks conferences against concurrent issuing and rotation, in order; makes the rows that are missing. */
export async function lockSerials(tx: Tx, conferenceIds: readonly string[]): Promise<void> {
  const sorted = [...new Set(conferenceIds)].sort();
  await rows(
    tx,
    'INSERT INTO serials (conference_id) SELECT unnest($1::uuid[]) ORDER BY 1 ON CONFLICT (conference_id) DO NOTHING',
    [sorted],
  );
  await rows(tx, 'SELECT 1 FROM serials WHERE conference_id = ANY($1::uuid[]) ORDER BY conference_id FOR UPDATE', [
    sorted,
  ]);
}

/** The state that is told of a key. */
export function keyState(key: KeyRow, at: Date): BodyOf<typeof badgeKeyPublished> {
  return {
    version: key.version,
    keyId: key.key_id,
    conferenceId: key.conference_id,
    publicKey: key.public_key.toString('base64url'),
    notBefore: key.not_before.toISOString(),
    retiredAt: key.retired_at?.toISOString() ?? null,
    at: at.toISOString(),
  };
}
export type { KeyRow };

function sealName(keyId: number, conferenceId: string): string {
  return `badge key ${keyId} of conference ${conferenceId}`;
}
