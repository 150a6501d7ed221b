import { conferenceTagOf, verifyBadge } from '@plenary/badge-token';
import type { BadgeFinding } from '@plenary/door-rules';
import { type Attempt, sameHash } from './attempt';

export interface KnownBadge {
  registrationId: string;
  revision: number;
  state: 'valid' | 'revoked';
  tokenHash: string;
  /** Epoch ms. */
  expiresAt: number;
  since: number;
}
/** A public key, good for its own conference. */
export interface BadgeKey {
  conferenceId: string;
  /** Base64url, 32 bytes. */
  publicKey: string;
}

/**
 * What the badge of a scan is (rows 1 to 4). The token's hash against the issued one settles nearly all; the signature,
 * the dearest step, is checked only where they differ, to tell an older badge or a foreign one from a forgery.
 * @param badge the badge of the token's serial in this conference, or, by name, the person's current one
 */
export async function findingOf(
  attempt: Attempt,
  conferenceId: string,
  badge: KnownBadge | undefined,
  keyOf: (keyId: number) => Promise<BadgeKey | undefined>,
): Promise<BadgeFinding> {
  if (attempt.registrationId !== undefined) return badge ? currentState(badge) : { is: 'missing' };
  const { claims, tokenHash, at } = attempt;
  if (!claims || attempt.scan.token === undefined) return { is: 'invalid' };
  const isOurs = claims.conferenceTag === (await tagOf(conferenceId));
  if (isOurs && badge && sameHash(tokenHash, badge.tokenHash)) {
    return at > badge.expiresAt ? { is: 'invalid' } : currentState(badge);
  }
  const key = await keyOf(claims.keyId);
  // A key vouches for its own conference only.
  if (!key || claims.conferenceTag !== (await tagOf(key.conferenceId))) return { is: 'invalid' };
  const publicKey = Buffer.from(key.publicKey, 'base64url');
  const verdict = await verifyBadge(attempt.scan.token, () => publicKey, Math.floor(at / 1000));
  if (!verdict.ok && verdict.reason !== 'not_yet') return { is: 'invalid' };
  if (!isOurs || key.conferenceId !== conferenceId) return { is: 'wrong_conference' };
  if (!badge) return { is: 'unknown' };
  if (badge.state === 'revoked') return { is: 'revoked', since: badge.since };
  if (claims.revision < badge.revision) return { is: 'superseded', since: badge.since };
  // A newer revision was issued and is not heard of yet. Another text of the same revision was never issued.
  return claims.revision > badge.revision ? { is: 'good' } : { is: 'invalid' };
}

function currentState(badge: KnownBadge): BadgeFinding {
  return badge.state === 'revoked' ? { is: 'revoked', since: badge.since } : { is: 'good' };
}

const tags = new Map<string, number>();

async function tagOf(conferenceId: string): Promise<number> {
  const known = tags.get(conferenceId);
  if (known !== undefined) return known;
  const tag = await conferenceTagOf(conferenceId);
  if (tags.size > 1000) tags.clear();
  tags.set(conferenceId, tag);
  return tag;
}
