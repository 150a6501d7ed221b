import { type Grant, grant } from '@plenary/contracts';
import { type CryptoKey, createLocalJWKSet, type JSONWebKeySet, type JWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { credentialsInvalid } from './caller';
import { Problem } from './problem';

/** `iss` and `aud` of every token. */
export const TOKEN_ISSUER = 'plenary';
export const TOKEN_AUDIENCE = 'plenary';

const staffClaims = z.object({
  typ: z.literal('staff'),
  /** The member of staff. */
  sub: z.uuid(),
  admin: z.boolean(),
  grants: z.array(grant),
});
const deviceClaims = z.object({
  typ: z.literal('device'),
  /** The device. */
  sub: z.uuid(),
  conferenceId: z.uuid(),
  /** Its token generation: lower ones are dead. */
  gen: z.int().min(0),
});
const accessClaims = z.discriminatedUnion('typ', [staffClaims, deviceClaims]);

/** What a staff access token says. */
export interface StaffClaims {
  typ: 'staff';
  sub: string;
  admin: boolean;
  grants: Grant[];
}
/** What a device token says. */
export interface DeviceClaims {
  typ: 'device';
  sub: string;
  conferenceId: string;
  gen: number;
}
export type AccessClaims = StaffClaims | DeviceClaims;

/** Signs a token: EdDSA, with `kid`, `iss`, `aud` and `iat`; `expiresAt` undefined: until the key or the device ends. */
export async function signAccessToken(
  claims: AccessClaims,
  key: { privateKey: CryptoKey; kid: string },
  expiresAt: Date | undefined,
): Promise<string> {
  const token = new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'JWT' })
    .setIssuer(TOKEN_ISSUER)
    .setAudience(TOKEN_AUDIENCE)
    .setIssuedAt();
  if (expiresAt) token.setExpirationTime(expiresAt);
  return token.sign(key.privateKey);
}

/** Where the public keys come from; identity itself gives its own, in process. */
export abstract class JwksSource {
  abstract keys(): Promise<JSONWebKeySet>;
}

/** Identity's keys over HTTP. */
export class RemoteJwks extends JwksSource {
  constructor(private readonly identityUrl: string) {
    super();
  }
  async keys(): Promise<JSONWebKeySet> {
    const response = await fetch(`${this.identityUrl}/.well-known/jwks.json`, { signal: AbortSignal.timeout(2000) });
    if (!response.ok) throw new Error(`identity answered ${response.status} for its keys`);
    return jwks.parse(await response.json()) as JSONWebKeySet;
  }
}
const jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) });

/** How long fetched keys are taken without asking again, and how soon an unknown key id may ask again. */
const FRESH_MS = 10 * 60_000;
const COOL_DOWN_MS = 1000;
/** A verified token is remembered this long: a door sends the same one thousands of times. */
const REMEMBERED_MS = 60_000;
const REMEMBERED = 10_000;

/** Verifies access tokens by the keys of a JwksSource. */
export class AccessTokens {
  private set: ReturnType<typeof createLocalJWKSet> | undefined;
  private kids = new Set<string>();
  private fetchedAt = 0;
  private askedAt = 0;
  private asking: Promise<void> | undefined;
  private readonly remembered = new Map<string, { claims: AccessClaims; until: number }>();

  constructor(private readonly source: JwksSource) {}

  /** 401 `credentials_invalid` for anything but a living token of ours; 503 while no keys can be had. */
  async verify(token: string): Promise<AccessClaims> {
    const now = Date.now();
    const known = this.remembered.get(token);
    if (known && known.until > now) return known.claims;
    const kid = keyIdOf(token);
    if (kid === undefined) throw credentialsInvalid();
    const set = await this.keysFor(kid);
    try {
      const { payload } = await jwtVerify(token, set, {
        algorithms: ['EdDSA', 'Ed25519'],
        issuer: TOKEN_ISSUER,
        audience: TOKEN_AUDIENCE,
        clockTolerance: 5,
      });
      const claims = accessClaims.parse(payload) as AccessClaims;
      this.remember(token, claims, Math.min(now + REMEMBERED_MS, (payload.exp ?? Number.POSITIVE_INFINITY) * 1000));
      return claims;
    } catch {
      this.remembered.delete(token);
      throw credentialsInvalid();
    }
  }

  private remember(token: string, claims: AccessClaims, until: number): void {
    if (this.remembered.size >= REMEMBERED) {
      // The oldest tenth goes; a Map keeps the order of insertion.
      let left = REMEMBERED / 10;
      for (const old of this.remembered.keys()) {
        this.remembered.delete(old);
        if (--left === 0) break;
      }
    }
    this.remembered.delete(token);
    this.remembered.set(token, { claims, until });
  }

  private async keysFor(kid: string): Promise<ReturnType<typeof createLocalJWKSet>> {
    const age = Date.now() - this.fetchedAt;
    if (!this.set || age > FRESH_MS || !this.kids.has(kid)) {
      try {
        await this.refresh();
      } catch {
        // Keys that were good stay good while identity is away.
        if (!this.set || !this.kids.has(kid))
          throw Problem.unavailable('Sign-ins cannot be checked just now. Try again in a moment.');
      }
    }
    if (!this.set) throw Problem.unavailable('Sign-ins cannot be checked just now. Try again in a moment.');
    return this.set;
  }

  private refresh(): Promise<void> {
    if (this.asking) return this.asking;
    if (this.set && Date.now() - this.askedAt < COOL_DOWN_MS) return Promise.resolve();
    this.askedAt = Date.now();
    this.asking = this.source
      .keys()
      .then((set) => {
        this.set = createLocalJWKSet(set);
        this.kids = new Set(set.keys.map((key: JWK) => key.kid ?? ''));
        this.fetchedAt = Date.now();
      })
      .finally(() => {
        this.asking = undefined;
      });
    return this.asking;
  }
}

/** The key id in a token's header; undefined where it is no JWT at all. */
function keyIdOf(token: string): string | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString());
    const kid = typeof header === 'object' && header !== null && 'kid' in header ? header.kid : undefined;
    return typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}
