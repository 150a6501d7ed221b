import { createCipheriv, createDecipheriv, createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, rows, type Tx } from '@plenary/messaging';
import { type AccessClaims, JwksSource, signAccessToken } from '@plenary/platform';
import { type CryptoKey, importPKCS8 } from 'jose';
import { Secrets } from '../secrets';

/** A new key is published this long before it signs: verifiers fetch the set when they meet an unknown key id. */
const publishedBeforeMinutes = 10;
/** Access tokens live 5 minutes; the former key stays published a little longer. */
const publishedAfterMinutes = 15;

interface KeyRow {
  kid: string;
  public_key: Buffer;
  sealed_private_key: Buffer;
  signs_from: Date;
  needed_until: Date;
}

/** The Ed25519 keys under which identity signs tokens: made on first boot, kept sealed, rotated with overlap. */
@Injectable()
export class SigningKeys extends JwksSource implements OnModuleInit {
  private signer: { kid: string; privateKey: CryptoKey; readAt: number } | undefined;

  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
  ) {
    super();
  }

  async onModuleInit(): Promise<void> {
    await this.database.transaction(async (tx) => {
      await rows(tx, `SELECT pg_advisory_xact_lock(hashtext('identity.signing_keys'))`);
      const [any] = await rows(tx, 'SELECT 1 FROM signing_keys LIMIT 1');
      if (!any) await this.insert(tx, new Date());
    });
    // A wrong IDENTITY_KEY stops the boot here and not the first sign-in.
    await this.current();
  }

  /** Makes the next key; it signs from ten minutes later on. Answers its id and that time. */
  rotate(): Promise<{ kid: string; signsFrom: Date }> {
    return this.database.transaction((tx) => this.insert(tx, new Date(Date.now() + publishedBeforeMinutes * 60_000)));
  }

  /** Signs a token; the key stays published for as long as the token lives. */
  async sign(claims: AccessClaims, expiresAt: Date): Promise<string> {
    const key = await this.current();
    if (expiresAt.getTime() > Date.now() + publishedAfterMinutes * 60_000) {
      await this.database.query('UPDATE signing_keys SET needed_until = $2 WHERE kid = $1 AND needed_until < $2', [
        key.kid,
        expiresAt,
      ]);
    }
    return signAccessToken(claims, key, expiresAt);
  }

  /** The public keys of every token that is still good, as a JSON Web Key Set (RFC 7517, RFC 8037). */
  async keys() {
    const all = await this.database.query<KeyRow>('SELECT * FROM signing_keys ORDER BY signs_from DESC');
    const now = Date.now();
    const good = all.filter((key, index) => {
      const successor = all[index - 1];
      const signsUntil = successor
        ? successor.signs_from.getTime() + publishedAfterMinutes * 60_000
        : Number.POSITIVE_INFINITY;
      return Math.max(signsUntil, key.needed_until.getTime()) > now;
    });
    return {
      keys: good.map((key) => ({
        kty: 'OKP',
        crv: 'Ed25519',
        alg: 'EdDSA',
        use: 'sig',
        kid: key.kid,
        x: key.public_key.toString('base64url'),
      })),
    };
  }

  private async current() {
    if (this.signer && Date.now() - this.signer.readAt < 30_000) return this.signer;
    const [row] = await this.database.query<KeyRow>(
      'SELECT * FROM signing_keys WHERE signs_from <= now() ORDER BY signs_from DESC LIMIT 1',
    );
    if (!row) throw new Error('No signing key: the identity schema lost its keys');
    const privateKey = await importPKCS8(unseal(this.secrets.sealing, row), 'EdDSA');
    this.signer = { kid: row.kid, privateKey, readAt: Date.now() };
    return this.signer;
  }

  private async insert(tx: Tx, signsFrom: Date): Promise<{ kid: string; signsFrom: Date }> {
    const pair = generateKeyPairSync('ed25519');
    const publicKey = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x as string, 'base64url');
    const kid = createHash('sha256').update(publicKey).digest('base64url').slice(0, 16);
    const sealed = seal(this.secrets.sealing, kid, pair.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
    await rows(
      tx,
      `INSERT INTO signing_keys (kid, public_key, sealed_private_key, signs_from, needed_until) VALUES ($1, $2, $3, $4, $4)`,
      [kid, publicKey, sealed, signsFrom],
    );
    return { kid, signsFrom };
  }
}

/** 12 bytes nonce, 16 bytes tag, ciphertext; bound to the key id. */
function seal(key: Buffer, kid: string, plain: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(kid));
  const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

function unseal(key: Buffer, row: KeyRow): string {
  const sealed = row.sealed_private_key;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 })
    .setAAD(Buffer.from(row.kid))
    .setAuthTag(sealed.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString();
  } catch (cause) {
    throw new Error(
      'IDENTITY_KEY does not open the signing keys in this database: it is not the key they were sealed with',
      { cause },
    );
  }
}
