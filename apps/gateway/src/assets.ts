import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { asyncApi, mergedOpenApi } from '@plenary/contracts';
import { repositoryRoot } from '@plenary/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { getAbsoluteFSPath } from 'swagger-ui-dist';
import type { Settings } from './settings';

/** Only what comes from this origin; no inline script or style, no frame. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

interface Asset {
  readonly body: Buffer;
  readonly packed: Buffer | undefined;
  readonly type: string;
  readonly etag: string;
}

function asset(content: string | Buffer, type: string): Asset {
  const body = Buffer.from(content);
  const packed = body.length > 1024 && !type.startsWith('image/png') ? gzipSync(body) : undefined;
  return { body, packed, type, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

const html = 'text/html; charset=utf-8';
const css = 'text/css; charset=utf-8';
const script = 'text/javascript; charset=utf-8';
const svg = 'image/svg+xml';
const json = 'application/json; charset=utf-8';

/** The pages and documents that the gateway serves itself: few, read and packed once, kept in memory. */
export function registerAssets(
  fastify: FastifyInstance,
  { demo, publicUrl }: Pick<Settings, 'demo' | 'publicUrl'>,
): void {
  const pages = join(repositoryRoot(), 'apps/gateway/pages');
  const page = (name: string) => readFileSync(join(pages, name));
  const swagger = (name: string) => readFileSync(join(getAbsoluteFSPath(), name));
  const start = (language: string) =>
    asset(forAudience(page(`start.${language}.html`).toString(), demo, publicUrl), html);
  const starts = { en: start('en'), 'zh-CN': start('zh-CN') };

  fastify.get('/', (request, reply) => {
    reply.header('vary', 'accept-language').header('content-language', languageOf(request));
    return send(request, reply, starts[languageOf(request)]);
  });
  const served: Record<string, Asset> = {
    '/start.css': asset(page('start.css'), css),
    '/mark.svg': asset(page('mark.svg'), svg),
    '/api/v1/openapi.json': asset(JSON.stringify(mergedOpenApi()), json),
    '/api/v1/asyncapi.json': asset(JSON.stringify(asyncApi()), json),
    '/api/docs': asset(page('docs.html'), html),
    '/api/docs/docs.js': asset(page('docs.js'), script),
    '/api/docs/docs.css': asset(page('docs.css'), css),
    '/api/docs/swagger-ui.css': asset(swagger('swagger-ui.css'), css),
    '/api/docs/swagger-ui-bundle.js': asset(swagger('swagger-ui-bundle.js'), script),
  };
  for (const [path, one] of Object.entries(served)) fastify.get(path, (request, reply) => send(request, reply, one));
  fastify.get('/favicon.ico', (_, reply) => reply.redirect('/mark.svg', 301));
  fastify.get('/api/docs/', (_, reply) => reply.redirect('/api/docs', 301));
}

function send(request: FastifyRequest, reply: FastifyReply, one: Asset): FastifyReply {
  reply
    .header('content-type', one.type)
    .header('content-security-policy', PAGE_POLICY)
    .header('cache-control', 'no-cache')
    .header('etag', one.etag)
    .header('vary', [reply.getHeader('vary'), 'accept-encoding'].filter(Boolean).join(', '));
  if (request.headers['if-none-match'] === one.etag) return reply.code(304).send();
  const packs = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (!one.packed || !packs) return reply.send(one.body);
  return reply.header('content-encoding', 'gzip').send(one.packed);
}

/** Parts between `<!-- demo -->` and `<!-- /demo -->` are for the demo alone; `https://origin.invalid` is where the page stands. */
export function forAudience(page: string, demo: boolean, publicUrl: string): string {
  const addressed = page.replaceAll('https://origin.invalid', new URL(publicUrl).origin);
  return demo ? addressed : addressed.replace(/<!-- demo -->[\s\S]*?<!-- \/demo -->\n?/g, '');
}

/** `?lang=` where it was chosen, else what the browser prefers. */
function languageOf(request: FastifyRequest): 'en' | 'zh-CN' {
  const chosen = (request.query as { lang?: string }).lang;
  if (chosen === 'en' || chosen === 'zh-CN') return chosen;
  const accepted = String(request.headers['accept-language'] ?? '');
  const [zh, en] = [accepted.search(/\bzh\b/i), accepted.search(/\ben\b/i)];
  return zh >= 0 && (en < 0 || zh < en) ? 'zh-CN' : 'en';
}
