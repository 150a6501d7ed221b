import { z } from 'zod';
import { id, instant, prose, slug, version } from './common';
import { defineEvent } from './event';
import { defineRoute } from './route';
import { topics } from './topics';

/** Base64url, 32 bytes. */
const publicKey = z.string().length(43);

const badgeState = z.object({
  version,
  registrationId: id,
  conferenceId: id,
  state: z.enum(['valid', 'revoked']),
  /** Number of the badge within its conference; stays through reissues. */
  serial: z.int().min(1),
  /** Raised by each reissue: older tokens are superseded. */
  revision: z.int().min(1),
  keyId: z.int().min(1),
  /** SHA-256 of the token's text as it stands in the QR, lower-case hex. Never the token. */
  tokenHash: z.string().length(64),
  notBefore: instant,
  expiresAt: instant,
  /** When this revision was issued, or the badge revoked. */
  since: instant,
  at: instant,
});
export type BadgeState = z.output<typeof badgeState>;

const badgeKeyState = z.object({
  version,
  keyId: z.int().min(1),
  conferenceId: id,
  publicKey,
  notBefore: instant,
  /** Signs no more from then on; what it signed stays good until it expires. */
  retiredAt: instant.nullable(),
  at: instant,
});
export type BadgeKeyState = z.output<typeof badgeKeyState>;

const key = { topic: topics.badges, key: byRegistration, subject: byRegistration } as const;
export const badgeIssued = defineEvent({ type: 'badge.issued.v1', body: badgeState, ...key });
export const badgeRevoked = defineEvent({ type: 'badge.revoked.v1', body: badgeState, ...key });
export const badgeSnapshot = defineEvent({ type: 'badge.snapshot.v1', body: badgeState, ...key });

const keyed = {
  topic: topics.badges,
  body: badgeKeyState,
  key: (body: { conferenceId: string }) => body.conferenceId,
  subject: (body: { keyId: number }) => `key/${body.keyId}`,
} as const;
export const badgeKeyPublished = defineEvent({ type: 'badge-key.published.v1', ...keyed });
export const badgeKeySnapshot = defineEvent({ type: 'badge-key.snapshot.v1', ...keyed });

function byRegistration(body: { registrationId: string }): string {
  return body.registrationId;
}

const issuedBadge = z.object({
  registrationId: id,
  state: z.enum(['valid', 'revoked']),
  serial: z.int(),
  revision: z.int(),
  notBefore: instant,
  expiresAt: instant,
  since: instant,
});

/** Exact: a serial with the lowest revision that is still good; a revoked one is listed with `revoked: true`. */
export const revocations = z.object({
  conferenceId: id,
  at: instant,
  entries: z.array(z.object({ serial: z.int(), minimumRevision: z.int(), revoked: z.boolean() })),
  keyId: z.int(),
  /** Ed25519 over the canonical JSON of the rest, base64url. */
  signature: z.string(),
});

const service = 'badge';

export const badgeRoutes = {
  getOwnBadge: defineRoute({
    id: 'getOwnBadge',
    service,
    method: 'GET',
    path: '/registration/badge',
    summary: 'The payload of the QR code. 409 `badge_not_ready` until the registration is approved and heard of.',
    who: ['delegate'],
    preferWait: true,
    answer: z.object({
      payload: z.string(),
      serial: z.int(),
      revision: z.int(),
      notBefore: instant,
      expiresAt: instant,
    }),
  }),
  getOwnBadgePng: defineRoute({
    id: 'getOwnBadgePng',
    service,
    method: 'GET',
    path: '/registration/badge.png',
    summary: 'The QR code, ECC M.',
    who: ['delegate'],
    preferWait: true,
    produces: 'image/png',
    query: z.strictObject({ scale: z.coerce.number().int().min(1).max(24).default(7) }),
  }),
  getOwnBadgeSvg: defineRoute({
    id: 'getOwnBadgeSvg',
    service,
    method: 'GET',
    path: '/registration/badge.svg',
    summary: 'The QR code, ECC M.',
    who: ['delegate'],
    preferWait: true,
    produces: 'image/svg+xml',
  }),
  reissueBadge: defineRoute({
    id: 'reissueBadge',
    service,
    method: 'POST',
    path: '/registrations/{id}/badge/reissue',
    summary: 'A new revision; the old badge is superseded.',
    who: ['desk', 'supervisor'],
    status: 200,
    body: z.strictObject({ reason: prose(500).min(3) }),
    answer: issuedBadge,
  }),
  revokeBadge: defineRoute({
    id: 'revokeBadge',
    service,
    method: 'POST',
    path: '/registrations/{id}/badge/revoke',
    summary: 'Withdraws the badge.',
    who: ['desk'],
    status: 200,
    body: z.strictObject({ reason: prose(500).min(3) }),
    answer: issuedBadge,
  }),
  listBadgeKeys: defineRoute({
    id: 'listBadgeKeys',
    service,
    method: 'GET',
    path: '/conferences/{slug}/badge-keys',
    params: { slug },
    summary: 'Public keys of the conference, retired ones too.',
    who: ['anyone'],
    answer: z.object({
      items: z.array(z.object({ keyId: z.int(), publicKey, notBefore: instant, retiredAt: instant.nullable() })),
      nextCursor: z.null(),
    }),
  }),
  getRevocations: defineRoute({
    id: 'getRevocations',
    service,
    method: 'GET',
    path: '/conferences/{slug}/revocations',
    params: { slug },
    summary: 'Signed snapshot of revoked and superseded badges. ETag.',
    who: ['anyone'],
    answer: revocations,
  }),
};
