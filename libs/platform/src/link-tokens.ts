import { createHmac, timingSafeEqual } from 'node:crypto';

export type LinkKind = 'delegate' | 'leader';
export interface Link {
  kind: LinkKind;
  id: string;
  generation: number;
}

const kinds: Record<LinkKind, number> = { delegate: 1, leader: 2 };
const names = new Map<number, LinkKind>([
  [1, 'delegate'],
  [2, 'leader'],
]);
/** kind (1), id (16), generation (4). */
const BODY = 21;
const MAC = 32;
const DOMAIN = Buffer.from('plenary/link/v1\0');

/**
 * Links that are capabilities: base64url(kind, id, generation, HMAC-SHA-256 under LINK_KEY, domain-separated).
 * They are stored nowhere and can be made again; raising the generation kills older ones.
 */
export class LinkTokens {
  constructor(private readonly key: Buffer) {}

  make(kind: LinkKind, id: string, generation: number): string {
    const body = Buffer.alloc(BODY);
    body.writeUInt8(kinds[kind], 0);
    body.write(id.replaceAll('-', ''), 1, 'hex');
    body.writeUInt32BE(generation, 17);
    return Buffer.concat([body, this.mac(body)]).toString('base64url');
  }

  /** undefined for anything that was not made under this key. */
  parse(token: string): Link | undefined {
    const bytes = Buffer.from(token, 'base64url');
    // Comparing with the re-encoded text refuses padding and stray bits: one token has one spelling.
    if (bytes.length !== BODY + MAC || bytes.toString('base64url') !== token) return undefined;
    const body = bytes.subarray(0, BODY);
    const kind = names.get(body.readUInt8(0));
    if (!timingSafeEqual(bytes.subarray(BODY), this.mac(body)) || !kind) return undefined;
    const hex = body.toString('hex', 1, 17);
    const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    return { kind, id, generation: body.readUInt32BE(17) };
  }

  private mac(body: Buffer): Buffer {
    return createHmac('sha256', this.key).update(DOMAIN).update(body).digest();
  }
}
