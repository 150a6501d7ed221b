import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Only what comes from this origin; no inline script or style, no frame. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A file that the gateway keeps in memory, packed once. */
export interface Asset {
  readonly body: Buffer;
  readonly packed: Buffer | undefined;
  readonly type: string;
  readonly etag: string;
  readonly policy: string;
  readonly caching: string;
}

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  wasm: 'application/wasm',
  webmanifest: 'application/manifest+json; charset=utf-8',
};

/** `name` says the type. Without `caching`, a browser asks each time whether it is still the same. */
export function asset(
  name: string,
  content: string | Buffer,
  { policy = PAGE_POLICY, caching = 'no-cache' }: { policy?: string; caching?: string } = {},
): Asset {
  const type = types[name.slice(name.lastIndexOf('.') + 1)];
  if (!type) throw new Error(`${name}: no type is known for this kind of file`);
  const body = Buffer.from(content);
  const packed = body.length > 1024 && type !== 'image/png' ? gzipSync(body, { level: 9 }) : undefined;
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { body, packed, type, etag, policy, caching };
}

export function sendAsset(request: FastifyRequest, reply: FastifyReply, one: Asset): FastifyReply {
  reply
    .header('content-type', one.type)
    .header('content-security-policy', one.policy)
    .header('cache-control', one.caching)
    .header('etag', one.etag)
    .header('vary', [reply.getHeader('vary'), 'accept-encoding'].filter(Boolean).join(', '));
  if (request.headers['if-none-match'] === one.etag) return reply.code(304).send();
  const packs = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (!one.packed || !packs) return reply.send(one.body);
  return reply.header('content-encoding', 'gzip').send(one.packed);
}
