/**
 * The payload of a badge's QR code: a fixed-length binary, signed, in base45. It holds no personal data and no
 * entitlement: those change, a printed badge does not. Runs in Node 20 or newer and in browsers with WebCrypto Ed25519.
 *
 *     offset  length  field (big endian)
 *          0       1  format version, 1
 *          1       4  key id
 *          5       4  conference tag: the first 4 bytes of SHA-256 of the conference's id
 *          9       4  serial: number of the badge within its conference
 *         13       2  revision: raised by a reissue, which supersedes the lower ones
 *         15       4  not before, unix seconds
 *         19       4  expires at, unix seconds
 *         23      64  Ed25519 signature over `plenary-badge-v1\0` and the 23 bytes before
 */
import { decodeBase45, encodeBase45 } from './base45';

export { decodeBase45, encodeBase45 } from './base45';
export * from './revocations';

const formatVersion = 1;
const fieldBytes = 23;
const signatureBytes = 64;
/** Bytes of a token: at most 102 fit a QR code of 41 modules at error correction M. */
export const badgeBytes = fieldBytes + signatureBytes;
/** Characters of a token's text. */
export const badgeCharacters = 131;
/** Keeps a signature made for a badge from ever standing for anything else that the same key signs. */
const domain = new TextEncoder().encode('plenary-badge-v1\0');

export interface BadgeClaims {
  /** uint32: which public key verifies it. */
  keyId: number;
  /** uint32: see `conferenceTagOf`. */
  conferenceTag: number;
  /** uint32 */
  serial: number;
  /** uint16 */
  revision: number;
  /** Unix seconds, uint32; the badge is good from this second on. */
  notBefore: number;
  /** Unix seconds, uint32; the badge is good up to and including this second. */
  expiresAt: number;
}

export interface ParsedBadge {
  claims: BadgeClaims;
  /** What the signature is over. */
  message: Uint8Array<ArrayBuffer>;
  /** 64 bytes. */
  signature: Uint8Array<ArrayBuffer>;
}

export type BadgeVerdict =
  | { ok: true; claims: BadgeClaims }
  | { ok: false; reason: 'unparsable'; claims?: undefined }
  | { ok: false; reason: 'unknown_key' | 'bad_signature' | 'not_yet' | 'expired'; claims: BadgeClaims };

/** The bytes to sign. Throws a RangeError where a claim does not fit its field. */
export function messageOf(claims: BadgeClaims): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(domain.length + fieldBytes);
  message.set(domain);
  const view = new DataView(message.buffer, domain.length);
  view.setUint8(0, formatVersion);
  view.setUint32(1, unsigned(claims.keyId, 32));
  view.setUint32(5, unsigned(claims.conferenceTag, 32));
  view.setUint32(9, unsigned(claims.serial, 32));
  view.setUint16(13, unsigned(claims.revision, 16));
  view.setUint32(15, unsigned(claims.notBefore, 32));
  view.setUint32(19, unsigned(claims.expiresAt, 32));
  return message;
}

/** The text of the QR code, from claims and the signature over their `messageOf`. */
export function encodeBadge(claims: BadgeClaims, signature: Uint8Array): string {
  if (signature.length !== signatureBytes) throw new RangeError(`a signature has ${signatureBytes} bytes`);
  const binary = new Uint8Array(badgeBytes);
  binary.set(messageOf(claims).subarray(domain.length));
  binary.set(signature, fieldBytes);
  return encodeBase45(binary);
}

/** Reads a text without judging its signature or its times. undefined: not a badge's text. Never throws. */
export function parseBadge(text: string): ParsedBadge | undefined {
  if (text.length !== badgeCharacters) return undefined;
  const binary = decodeBase45(text);
  if (binary?.length !== badgeBytes || binary[0] !== formatVersion) return undefined;
  const view = new DataView(binary.buffer);
  const claims: BadgeClaims = {
    keyId: view.getUint32(1),
    conferenceTag: view.getUint32(5),
    serial: view.getUint32(9),
    revision: view.getUint16(13),
    notBefore: view.getUint32(15),
    expiresAt: view.getUint32(19),
  };
  return { claims, message: messageOf(claims), signature: binary.slice(fieldBytes) };
}

/**
 * Judges a text: that it parses, that a known key signed it, that it is good at `nowSeconds` (unix). Claims are told
 * with a refusal as soon as they could be read; only those of `not_yet` and `expired` are authentic.
 *
 * `keyOf` answers the raw 32 bytes of a public key. Rejects only where a key is not one, or this runtime's WebCrypto
 * does not know Ed25519.
 */
export async function verifyBadge(
  text: string,
  keyOf: (keyId: number) => Uint8Array | undefined,
  nowSeconds: number,
): Promise<BadgeVerdict> {
  const badge = parseBadge(text);
  if (!badge) return { ok: false, reason: 'unparsable' };
  const { claims } = badge;
  const publicKey = keyOf(claims.keyId);
  if (!publicKey) return { ok: false, reason: 'unknown_key', claims };
  const key = await imported(publicKey);
  if (!(await crypto.subtle.verify('Ed25519', key, badge.signature, badge.message))) {
    return { ok: false, reason: 'bad_signature', claims };
  }
  if (nowSeconds < claims.notBefore) return { ok: false, reason: 'not_yet', claims };
  if (nowSeconds > claims.expiresAt) return { ok: false, reason: 'expired', claims };
  return { ok: true, claims };
}

/** How a badge names its conference: enough to tell a foreign one from a forged one; the signature does the rest. */
export async function conferenceTagOf(conferenceId: string): Promise<number> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(conferenceId));
  return new DataView(digest).getUint32(0);
}

/** Importing costs about as much as verifying, and a door sees the same one or two keys all day. */
const importedKeys = new Map<string, ReturnType<typeof crypto.subtle.importKey>>();

function imported(publicKey: Uint8Array): ReturnType<typeof crypto.subtle.importKey> {
  const name = encodeBase45(publicKey);
  const known = importedKeys.get(name);
  if (known) return known;
  const key = crypto.subtle.importKey('raw', Uint8Array.from(publicKey), 'Ed25519', false, ['verify']);
  if (importedKeys.size >= 64) importedKeys.clear();
  importedKeys.set(name, key);
  return key;
}

function unsigned(value: number, bits: 16 | 32): number {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) {
    throw new RangeError(`${value} is not an unsigned integer of ${bits} bits`);
  }
  return value;
}
