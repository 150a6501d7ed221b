import { createHmac, hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const keyInput = z.base64url().transform((text) => Buffer.from(text, 'base64url'));

/**
 * One 32-byte key per purpose, derived (HKDF-SHA-256) from `IDENTITY_KEY`.
 * Tokens that must be repeatable without being stored (refresh cookies, one-time links, enrolment codes) are MACs
 * under these keys; private signing keys are sealed under one.
 */
@Injectable()
export class Secrets {
  readonly sealing: Buffer;
  readonly refresh: Buffer;
  readonly passwordLinks: Buffer;
  readonly enrolment: Buffer;
  readonly attempts: Buffer;

  constructor() {
    const parsed = keyInput.safeParse(process.env.IDENTITY_KEY);
    if (!parsed.success || parsed.data.length !== 32) {
      throw new Error('IDENTITY_KEY must be 32 bytes in base64url (43 characters)');
    }
    const derive = (purpose: string) =>
      Buffer.from(hkdfSync('sha256', parsed.data, '', `plenary identity ${purpose}`, 32));
    this.sealing = derive('signing keys');
    this.refresh = derive('refresh');
    this.passwordLinks = derive('password links');
    this.enrolment = derive('enrolment');
    this.attempts = derive('sign-in attempts');
  }
}

/** HMAC-SHA-256 over the parts, which may not run into each other: the separator is no part of any of them. */
export function mac(key: Buffer, ...parts: (string | number)[]): Buffer {
  return createHmac('sha256', key).update(parts.join('|')).digest();
}
