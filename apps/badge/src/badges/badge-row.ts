import { createHash } from 'node:crypto';
import { type BadgeClaims, encodeBadge, messageOf } from '@plenary/badge-token';
import type { BadgeState } from '@plenary/contracts';
import type { Signer } from '../keys/keys.service';

/** A row of `badges`. */
export interface BadgeRow {
  registration_id: string;
  conference_id: string;
  serial: number;
  revision: number;
  key_id: number;
  state: 'valid' | 'revoked';
  /** SHA-256 of the token's text. */
  token_hash: Buffer;
  /** Whole seconds, like `expires_at`. */
  not_before: Date;
  expires_at: Date;
  since: Date;
  version: number;
}
/** What a token says of a badge, besides its conference and its key. */
export type Signable = Pick<BadgeRow, 'serial' | 'revision' | 'not_before' | 'expires_at'>;

/** The QR's text: always the same for the same badge and key, so it is stored nowhere. */
export function tokenOf(badge: Signable, conferenceTag: number, signer: Signer): string {
  const claims: BadgeClaims = {
    keyId: signer.keyId,
    conferenceTag,
    serial: badge.serial,
    revision: badge.revision,
    notBefore: badge.not_before.getTime() / 1000,
    expiresAt: badge.expires_at.getTime() / 1000,
  };
  return encodeBadge(claims, signer.sign(messageOf(claims)));
}

/** SHA-256: what other services know of a token. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** What is told of a badge to other services. */
export function badgeState(badge: BadgeRow, at: Date): BadgeState {
  return {
    version: badge.version,
    registrationId: badge.registration_id,
    conferenceId: badge.conference_id,
    state: badge.state,
    serial: badge.serial,
    revision: badge.revision,
    keyId: badge.key_id,
    tokenHash: badge.token_hash.toString('hex'),
    notBefore: badge.not_before.toISOString(),
    expiresAt: badge.expires_at.toISOString(),
    since: badge.since.toISOString(),
    at: at.toISOString(),
  };
}
