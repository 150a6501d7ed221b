/** Which badges are no longer good, as the badge service signs it; see `GET /conferences/{slug}/revocations`. */
export interface Revocations {
  conferenceId: string;
  at: string;
  /** Below `minimumRevision` a serial is superseded; with `revoked` no revision of it is good. */
  entries: { serial: number; minimumRevision: number; revoked: boolean }[];
  keyId: number;
}
export type SignedRevocations = Revocations & { signature: string };

const domain = 'plenary-revocations-v1\0';

/** The bytes to sign: the domain, then the list as canonical JSON (RFC 8785), without its signature. */
export function messageOfRevocations(list: Revocations): Uint8Array<ArrayBuffer> {
  const { conferenceId, at, entries, keyId } = list;
  return new TextEncoder().encode(domain + canonicalJson({ conferenceId, at, entries, keyId }));
}

/** Did the key it names sign this list? `publicKey` is the raw 32 bytes of that key. */
export async function verifyRevocations(list: SignedRevocations, publicKey: Uint8Array): Promise<boolean> {
  const signature = bytesOf(list.signature);
  if (!signature) return false;
  const key = await crypto.subtle.importKey('raw', Uint8Array.from(publicKey), 'Ed25519', false, ['verify']);
  return crypto.subtle.verify('Ed25519', key, signature, messageOfRevocations(list));
}

/** RFC 8785 for what stands in such a list: members sorted by name, no white space, numbers as JavaScript writes them. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

/** Base64url to bytes, in Node and browsers alike. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9_-]{86}$/.test(text)) return undefined;
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}
