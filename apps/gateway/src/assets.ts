import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncApi, mergedOpenApi } from '@plenary/contracts';
import { repositoryRoot } from '@plenary/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { getAbsoluteFSPath } from 'swagger-ui-dist';
import { type Asset, asset, sendAsset } from './asset';
import type { Settings } from './settings';

/** The pages and documents that the gateway serves itself: few, read and packed once, kept in memory. */
export function registerAssets(
  fastify: FastifyInstance,
  { demo, publicUrl }: Pick<Settings, 'demo' | 'publicUrl'>,
): void {
  const pages = join(repositoryRoot(), 'apps/gateway/pages');
  const page = (name: string) => readFileSync(join(pages, name));
  const swagger = (name: string) => readFileSync(join(getAbsoluteFSPath(), name));
  const start = (language: string) =>
    asset('start.html', forAudience(page(`start.${language}.html`).toString(), demo, publicUrl));
  const starts = { en: start('en'), 'zh-CN': start('zh-CN') };

  fastify.get('/', (request, reply) => {
    reply.header('vary', 'accept-language').header('content-language', languageOf(request));
    return sendAsset(request, reply, starts[languageOf(request)]);
  });
  const served: Record<string, Asset> = {
    '/start.css': asset('start.css', page('start.css')),
    '/mark.svg': asset('mark.svg', page('mark.svg')),
    '/api/v1/openapi.json': asset('mergedOpenApi.json', JSON.stringify(mergedOpenApi())),
    '/api/v1/asyncapi.json': asset('asyncApi.json', JSON.stringify(asyncApi())),
    '/api/docs': asset('docs.html', page('docs.html')),
    '/api/docs/docs.js': asset('docs.js', page('docs.js')),
    '/api/docs/docs.css': asset('docs.css', page('docs.css')),
    '/api/docs/swagger-ui.css': asset('swagger-ui.css', swagger('swagger-ui.css')),
    '/api/docs/swagger-ui-bundle.js': asset('swagger-ui-bundle.js', swagger('swagger-ui-bundle.js')),
  };
  for (const [path, one] of Object.entries(served))
    fastify.get(path, (request, reply) => sendAsset(request, reply, one));
  fastify.get('/favicon.ico', (_, reply) => reply.redirect('/mark.svg', 301));
  fastify.get('/api/docs/', (_, reply) => reply.redirect('/api/docs', 301));
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
