import type { IncomingHttpHeaders } from 'node:http';
import { type RouteDefinition, routes, type ServiceName } from '@plenary/contracts';
import { clientAddress, nestPath, type PlatformRequest, Problem, ROUTE, sendProblem } from '@plenary/platform';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { RateGuard } from './rate-guard';
import { Replicas } from './replicas';
import type { Settings } from './settings';

/** Nothing was sent yet: another replica may be asked, whatever the method. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/** Every route of the contracts goes to its service, `/.well-known/jwks.json` to identity; there is no other table. */
export function registerProxy(fastify: FastifyInstance, settings: Settings, log: Logger): void {
  const replicas = new Map(
    Object.entries(settings.upstreams).map(([service, origins]) => [service as ServiceName, new Replicas(origins)]),
  );
  const guard = new RateGuard(settings.callsPer10Seconds, settings.allowlist);

  const handOn = (service: ServiceName) => (request: PlatformRequest, reply: FastifyReply) => {
    const address = addressOf(request, settings);
    guard.take(address);
    forward(replicas.get(service) as Replicas, request, reply, address, log);
    return reply;
  };
  for (const route of Object.values(routes as Record<string, RouteDefinition>)) {
    fastify.route({
      method: route.method,
      url: nestPath(route.path),
      // Body limit and metrics come from here.
      config: { [ROUTE]: route } as object,
      // Lists and rosters shrink to a tenth; a verdict is smaller than what packing it would cost.
      ...(route.method === 'GET' && route.produces === 'application/json' ? { compress: {} } : {}),
      handler: handOn(route.service),
    });
  }
  fastify.get('/.well-known/jwks.json', handOn('identity'));
}

/** The address of who calls: `X-Forwarded-For` counts from the named proxies only, since anybody can write it. */
export function addressOf(request: PlatformRequest, settings: Settings): string {
  const forwarded = request.headers['x-forwarded-for'];
  return clientAddress(
    request.socket.remoteAddress,
    Array.isArray(forwarded) ? forwarded.join(',') : forwarded,
    settings.trustedProxies,
  );
}

function forward(
  replicas: Replicas,
  request: PlatformRequest,
  reply: FastifyReply,
  address: string,
  log: Logger,
): void {
  const tried = new Set<string>();
  const body = request.body as Buffer | undefined;
  attempt();

  function attempt(): void {
    const origin = replicas.next(tried);
    if (origin === undefined) {
      sendProblem(Problem.unavailable(), request, reply, log);
      return;
    }
    tried.add(origin);
    reply.from(origin + request.url, {
      ...(body === undefined || body.length === 0
        ? {}
        : { body, contentType: request.headers['content-type'] ?? 'application/octet-stream' }),
      // It would hold the caller back for as long as `Retry-After` says; who is asked again is decided below.
      retryDelay: () => null,
      rewriteRequestHeaders: (_, headers) => ({
        ...headers,
        'x-forwarded-for': address,
        traceparent: request.traceparent as string,
      }),
      rewriteHeaders: (headers: IncomingHttpHeaders) => {
        replicas.answered(origin);
        const { connection: _, 'keep-alive': __, date: ___, ...own } = headers;
        return own;
      },
      onError: (_, { error }) => failed(origin, error),
    });
  }

  function failed(origin: string, error: Error): void {
    const code = codeOf(error);
    replicas.failed(origin);
    log.warn({ origin, code, method: request.method, route: request.routeOptions.url }, 'an upstream did not answer');
    // A command that may have arrived is not sent again: its caller repeats it with the same Idempotency-Key.
    const again = NOT_SENT.has(code) || (request.method === 'GET' && code !== 'UND_ERR_HEADERS_TIMEOUT');
    if (again && !request.socket.destroyed) attempt();
    else sendProblem(Problem.unavailable(), request, reply, log);
  }
}

/** The code of the socket's or undici's own error, which reply-from wraps. */
function codeOf(error: Error): string {
  let at = error as { code?: unknown; cause?: unknown } | undefined;
  while (typeof at === 'object' && at !== null) {
    if (typeof at.code === 'string' && !at.code.startsWith('FST_')) return at.code;
    at = at.cause as typeof at;
  }
  return 'unknown';
}
