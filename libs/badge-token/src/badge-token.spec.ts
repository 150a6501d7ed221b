import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import fc from 'fast-check';
import { create } from 'qrcode';
import {
  type BadgeClaims,
  badgeBytes,
  badgeCharacters,
  conferenceTagOf,
  decodeBase45,
  encodeBadge,
  encodeBase45,
  messageOf,
  messageOfRevocations,
  parseBadge,
  verifyBadge,
  verifyRevocations,
} from './index';

const pair = generateKeyPairSync('ed25519');
const publicKey = rawPublicKey(pair.publicKey);
const now = 1_800_000_000;
const claims: BadgeClaims = {
  keyId: 7,
  conferenceTag: 0xdeadbeef,
  serial: 4711,
  revision: 2,
  notBefore: now - 60,
  expiresAt: now + 60,
};
const text = badge(claims);
const keys = (keyId: number) => (keyId === claims.keyId ? publicKey : undefined);

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const anyClaims: fc.Arbitrary<BadgeClaims> = fc.record({
  keyId: uint32,
  conferenceTag: uint32,
  serial: uint32,
  revision: fc.integer({ min: 0, max: 0xffff }),
  notBefore: uint32,
  expiresAt: uint32,
});

describe('base45', () => {
  it.each([
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
  ])('encodes and decodes the example of RFC 9285: %s', (plain, encoded) => {
    expect(encodeBase45(Buffer.from(plain))).toBe(encoded);
    expect(Buffer.from(decodeBase45(encoded) ?? []).toString()).toBe(plain);
  });

  it('reads back whatever it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        expect(decodeBase45(encodeBase45(bytes))).toEqual(Uint8Array.from(bytes));
      }),
    );
  });

  it('decodes only what it would have written', () => {
    const characters = fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:az\u0000é');
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 9 }), (noise) => {
        const bytes = decodeBase45(noise);
        expect(bytes === undefined || encodeBase45(bytes) === noise).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['A', 'GGW', '::', ':::', '::::', 'bb8', 'BB8\n'])('refuses %j', (refused) => {
    expect(decodeBase45(refused)).toBeUndefined();
  });
});

describe('a badge token', () => {
  it('has a fixed length and reads back, whatever its claims', async () => {
    await fc.assert(
      fc.asyncProperty(anyClaims, async (some) => {
        const token = badge(some);
        expect(token).toHaveLength(badgeCharacters);
        const parsed = parseBadge(token);
        expect(parsed?.claims).toEqual(some);
        expect(parsed?.message).toEqual(messageOf(some));
        const verdict = await verifyBadge(token, () => publicKey, some.notBefore);
        expect(verdict).toEqual(
          some.notBefore <= some.expiresAt
            ? { ok: true, claims: some }
            : { ok: false, reason: 'expired', claims: some },
        );
      }),
    );
  });

  it('stays within what 41 modules hold', () => {
    expect(badgeBytes).toBeLessThanOrEqual(102);
    const code = create([{ data: text, mode: 'alphanumeric' }], { errorCorrectionLevel: 'M' });
    expect(code.modules.size).toBe(41);
    expect(code.segments).toHaveLength(1);
    // Left alone, the encoder comes to the same: no character is outside the alphanumeric mode.
    expect(create(text, { errorCorrectionLevel: 'M' }).modules.size).toBe(41);
    expect(create(text, { errorCorrectionLevel: 'Q' }).modules.size).toBe(49);
  });

  it('is good from its first to its last second', async () => {
    expect(await verifyBadge(text, keys, claims.notBefore)).toEqual({ ok: true, claims });
    expect(await verifyBadge(text, keys, claims.expiresAt)).toEqual({ ok: true, claims });
    expect(await verifyBadge(text, keys, claims.notBefore - 1)).toEqual({ ok: false, reason: 'not_yet', claims });
    expect(await verifyBadge(text, keys, claims.expiresAt + 1)).toEqual({ ok: false, reason: 'expired', claims });
  });

  it('names an unknown key, and a key that did not sign it', async () => {
    const other = rawPublicKey(generateKeyPairSync('ed25519').publicKey);
    expect(await verifyBadge(text, () => undefined, now)).toEqual({ ok: false, reason: 'unknown_key', claims });
    expect(await verifyBadge(text, () => other, now)).toEqual({ ok: false, reason: 'bad_signature', claims });
  });

  it('is not signed by a signature over the bare fields, without the domain', async () => {
    const bare = messageOf(claims).subarray('plenary-badge-v1\0'.length);
    const token = encodeBadge(claims, sign(null, bare, pair.privateKey));
    expect(await verifyBadge(token, keys, now)).toMatchObject({ ok: false, reason: 'bad_signature' });
  });

  it('never verifies with one bit flipped, at any position', async () => {
    const binary = decodeBase45(text) ?? new Uint8Array();
    for (let bit = 0; bit < badgeBytes * 8; bit++) {
      const flipped = Uint8Array.from(binary);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect([bit, await verifyBadge(encodeBase45(flipped), () => publicKey, now)]).toMatchObject([bit, { ok: false }]);
    }
  });

  it('never verifies with one character changed, at any position', async () => {
    const characters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:a\n\u0000';
    for (let at = 0; at < text.length; at++) {
      for (const character of characters) {
        if (character === text[at]) continue;
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        expect([changed, await verifyBadge(changed, () => publicKey, now)]).toMatchObject([changed, { ok: false }]);
      }
    }
  });

  it('refuses what is truncated, padded, lower-cased, another version, empty or noise, without throwing', async () => {
    const nextVersion = decodeBase45(text) ?? new Uint8Array();
    nextVersion[0] = 2;
    const variants = [
      ...Array.from({ length: text.length }, (_, length) => text.slice(0, length)),
      `${text} `,
      ` ${text}`,
      `${text}\n`,
      `${text}00`,
      `${text}000`,
      text + text,
      text.toLowerCase(),
      encodeBase45(nextVersion),
      'x'.repeat(10_000),
      '0'.repeat(badgeCharacters),
      ':'.repeat(badgeCharacters),
    ];
    for (const variant of variants) {
      expect([variant, await verifyBadge(variant, keys, now)]).toEqual([variant, { ok: false, reason: 'unparsable' }]);
    }
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 300 }),
          fc.uint8Array({ minLength: badgeBytes, maxLength: badgeBytes }).map(encodeBase45),
        ),
        async (noise) => {
          expect((await verifyBadge(noise, () => publicKey, now)).ok).toBe(false);
        },
      ),
    );
  });

  it('refuses to be made of claims that do not fit their fields', () => {
    expect(() => messageOf({ ...claims, revision: 0x10000 })).toThrow(RangeError);
    expect(() => messageOf({ ...claims, serial: -1 })).toThrow(RangeError);
    expect(() => messageOf({ ...claims, expiresAt: 1.5 })).toThrow(RangeError);
    expect(() => encodeBadge(claims, new Uint8Array(63))).toThrow(RangeError);
  });

  it('names a conference by the start of its hash', async () => {
    // printf %s 019a0000-0000-7000-8000-000000000001 | sha256sum
    expect(await conferenceTagOf('019a0000-0000-7000-8000-000000000001')).toBe(0xb7888a9d);
  });
});

describe('a signed list of revocations', () => {
  const list = {
    conferenceId: '019a0000-0000-7000-8000-000000000001',
    at: '2026-05-21T08:00:00.000Z',
    entries: [{ serial: 3, minimumRevision: 2, revoked: false }],
    keyId: 7,
  };
  const signature = sign(null, messageOfRevocations(list), pair.privateKey).toString('base64url');

  it('is signed over its canonical JSON', () => {
    expect(Buffer.from(messageOfRevocations(list)).toString()).toBe(
      'plenary-revocations-v1\0{"at":"2026-05-21T08:00:00.000Z","conferenceId":"019a0000-0000-7000-8000-000000000001",' +
        '"entries":[{"minimumRevision":2,"revoked":false,"serial":3}],"keyId":7}',
    );
  });

  it('verifies as it stands, in any order of members, and in no other way', async () => {
    const reordered = { signature, keyId: 7, entries: list.entries, at: list.at, conferenceId: list.conferenceId };
    expect(await verifyRevocations({ ...list, signature }, publicKey)).toBe(true);
    expect(await verifyRevocations(reordered, publicKey)).toBe(true);
    expect(await verifyRevocations({ ...list, entries: [], signature }, publicKey)).toBe(false);
    expect(await verifyRevocations({ ...list, keyId: 8, signature }, publicKey)).toBe(false);
    expect(await verifyRevocations({ ...list, signature: 'none' }, publicKey)).toBe(false);
  });
});

function badge(of: BadgeClaims): string {
  return encodeBadge(of, sign(null, messageOf(of), pair.privateKey));
}

function rawPublicKey(key: KeyObject): Uint8Array {
  return Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url');
}
