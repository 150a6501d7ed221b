import { isUtf8 } from 'node:buffer';
import { randomFillSync } from 'node:crypto';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { traceparent } from '@plenary/messaging';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { PlatformRequest } from './call';
import type { Metrics } from './metrics';
import { Problem } from './problem';
import { sendProblem } from './problem-filter';
import { matchedRoute } from './route';

/**
 * Fastify as every process of ours wants it: per-route body limits, strict JSON (or, for one that only hands bodies on,
 * nothing but bytes), trace context, security headers.
 */
export function createHttpAdapter(bodies: 'json' | 'bytes' = 'json'): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: 64 * 1024,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    // What still arrives while the process stops is answered like the rest, with `Connection: close`.
    return503OnClosing: false,
    keepAliveTimeout: 65_000,
    requestTimeout: 60_000,
    routerOptions: { maxParamLength: 200 },
    skipMiddie: true,
    frameworkErrors: (error: unknown, request: unknown, reply: unknown) =>
      sendProblem(error, request as PlatformRequest, reply as FastifyReply),
  });
  const fastify = adapter.getInstance();
  fastify.addHook('onRoute', (options) => {
    const route = matchedRoute(options.config);
    if (route) options.bodyLimit = route.bodyLimit;
  });

  // A body is JSON, or bytes where the route wants bytes; anything else is refused before it is looked at.
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (request, given, done) => {
    const body = given as Buffer;
    if (bodies === 'bytes' || matchedRoute(request.routeOptions.config)?.rawBody) return done(null, body);
    if (body.length === 0) return done(null, undefined);
    if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
      return done(
        new Problem(415, 'media_type_unsupported', 'This media type is not taken here. Send application/json.'),
      );
    }
    if (!isUtf8(body)) return done(notJson('it is not UTF-8'));
    parseJson(request, body.toString(), (error: Error | null, value?: unknown) =>
      error ? done(notJson('it does not parse')) : done(null, value),
    );
  });

  fastify.addHook('onRequest', (request: PlatformRequest, reply, done) => {
    request.traceparent = traceContext(request.headers.traceparent);
    reply.raw.setHeader('x-content-type-options', 'nosniff');
    reply.raw.setHeader('referrer-policy', 'no-referrer');
    reply.raw.setHeader('x-frame-options', 'DENY');
    reply.raw.setHeader('cross-origin-resource-policy', 'same-origin');
    reply.raw.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    done();
  });
  // After the body was read: before that, what comes back from the socket has lost the context.
  fastify.addHook('preHandler', (request: PlatformRequest, _reply, done) => {
    traceparent.run(request.traceparent as string, done);
  });
  return adapter;
}

/** Times every answer by route; a slow one and a failed one are told in the log. */
export function observe(adapter: FastifyAdapter, metrics: Metrics, log: Logger): void {
  adapter.getInstance().addHook('onResponse', (request: PlatformRequest, reply, done) => {
    const route = matchedRoute(request.routeOptions.config)?.id ?? 'other';
    metrics.http.observe({ route, status: reply.statusCode }, reply.elapsedTime / 1000);
    if (log.isLevelEnabled('debug')) {
      log.debug(
        {
          route,
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime),
          traceId: request.traceparent?.slice(3, 35),
        },
        'answered',
      );
    }
    done();
  });
}

function notJson(why: string): Problem {
  return new Problem(400, 'json_invalid', `The body is not valid JSON: ${why}. Check it and send it again.`);
}

/** The caller's trace goes on; without one (or with a broken one) a new one begins. */
export function traceContext(header: string | string[] | undefined): string {
  const given = typeof header === 'string' ? /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/.exec(header) : null;
  const known = given && !/^0+$/.test(given[1] as string) ? given : null;
  const random = randomHex();
  return `00-${known?.[1] ?? random.slice(0, 32)}-${random.slice(32)}-${known?.[2] ?? '00'}`;
}

/** Random bytes are drawn in bulk: a draw costs as much for 24 bytes as for thousands. */
const pool = Buffer.alloc(24 * 256);
let drawn = pool.length;

function randomHex(): string {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  const hex = pool.toString('hex', drawn, drawn + 24);
  drawn += 24;
  return hex;
}
