import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PlatformRequest, Problem } from '@plenary/platform';
import type { FastifyInstance, RouteHandlerMethod } from 'fastify';
import type { Logger } from 'pino';
import { asset, sendAsset } from './asset';

/** Only what comes from this origin; no inline script or style, no frame. Pictures may be made in the page. */
const policy = (scripts: string) =>
  `default-src 'none'; script-src ${scripts}; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; ` +
  "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Which entry of the web app answers which addresses; inside an entry the page finds its own way. */
const entries = [
  { entry: 'register', paths: ['/c', '/r', '/g'], policy: policy("'self'"), camera: '()' },
  // The decoder of QR codes is WebAssembly.
  { entry: 'door', paths: ['/door'], policy: policy("'self' 'wasm-unsafe-eval'"), camera: '(self)' },
  { entry: 'organiser', paths: ['/organiser', '/s'], policy: policy("'self'"), camera: '()' },
];

/** Pages are asked for anew each time; what they load has a name that changes with its content, and is kept for a year. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** The web app as it was built, read once and kept in memory. Not built, its addresses answer 503. */
export function registerWeb(fastify: FastifyInstance, folder: string, log: Logger): void {
  const built = existsSync(join(folder, 'register/index.html'));
  if (!built) log.warn({ folder }, 'the web app is not built: npm run build');
  const absent = async () => {
    throw new Problem(503, 'web_not_built', 'The pages of this installation are not built yet.');
  };
  for (const { entry, paths, policy, camera } of entries) {
    const page = built ? asset('index.html', readFileSync(join(folder, entry, 'index.html')), { policy }) : undefined;
    const answer: RouteHandlerMethod = page
      ? (request, reply) => {
          reply
            .header('referrer-policy', 'no-referrer')
            .header('x-robots-tag', entry === 'register' && request.url.startsWith('/c') ? 'all' : 'noindex')
            .header('permissions-policy', `camera=${camera}, microphone=(), geolocation=()`);
          return sendAsset(request, reply, page);
        }
      : absent;
    for (const path of paths) for (const at of [path, `${path}/`, `${path}/*`]) fastify.get(at, answer);
  }
  const assets = new Map(
    (built ? readdirSync(join(folder, 'assets')) : []).map((name) => [
      name,
      asset(name, readFileSync(join(folder, 'assets', name)), {
        caching: FOR_EVER,
        // A worker has the policy of its own file.
        policy: policy("'self' 'wasm-unsafe-eval'"),
      }),
    ]),
  );
  fastify.get('/assets/:name', (request: PlatformRequest, reply) => {
    const found = assets.get((request.params as { name: string }).name);
    if (!found) throw Problem.notFound('page');
    return sendAsset(request, reply, found);
  });
}
