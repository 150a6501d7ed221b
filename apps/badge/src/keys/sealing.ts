import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;

/** Encrypts private keys at rest (AES-256-GCM). A sealed key opens only under the name it was sealed with. */
export class Sealing {
  constructor(private readonly key: Buffer) {}

  /** From BADGE_KEY: 32 bytes, base64url. There is no default: badges signed by a guessable key are worth nothing. */
  static fromEnvironment(environment: NodeJS.ProcessEnv = process.env): Sealing {
    const key = Buffer.from(environment.BADGE_KEY ?? '', 'base64url');
    if (key.length !== 32) {
      throw new Error(
        'BADGE_KEY is missing or not 32 bytes in base64url; make one with: openssl rand 32 | basenc --base64url',
      );
    }
    return new Sealing(key);
  }

  /** Nonce, ciphertext, tag. */
  seal(plain: Buffer, name: string): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(name));
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  /** Throws where BADGE_KEY is not the one that sealed it, or the row was tampered with or moved. */
  open(sealed: Buffer, name: string): Buffer {
    const decipher = createDecipheriv('aes-256-gcm', this.key, sealed.subarray(0, nonceBytes))
      .setAAD(Buffer.from(name))
      .setAuthTag(sealed.subarray(-tagBytes));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
    } catch (cause) {
      throw new Error(`${name} does not open: BADGE_KEY is not the one it was sealed with`, { cause });
    }
  }
}
