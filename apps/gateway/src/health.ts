import { type ServiceName, services } from '@plenary/contracts';
import { type Metrics, type PlatformRequest, Problem, privateNetworks } from '@plenary/platform';
import type { FastifyInstance } from 'fastify';
import type { Settings } from './settings';

/** How long the state of the services is told without asking them again. */
const FRESH_MS = 1000;

type States = Record<ServiceName, { up: number; of: number }>;

/** `/health` tells people which services answer; `/health/ready` only whether this process does. */
export function registerHealth(fastify: FastifyInstance, settings: Settings, metrics: Metrics): void {
  const ok = { status: 'ok' };
  let asked: { at: number; states: Promise<States> } | undefined;

  fastify.get('/health/live', async () => ok);
  fastify.get('/health/ready', async () => ok);
  fastify.get('/health', async (_, reply) => {
    if (!asked || Date.now() - asked.at > FRESH_MS) asked = { at: Date.now(), states: ask(settings) };
    const states = await asked.states;
    const whole = Object.values(states).every(({ up }) => up > 0);
    reply.header('cache-control', 'no-store');
    return { status: whole ? 'ok' : 'degraded', services: states };
  });
  fastify.get('/metrics', async (request: PlatformRequest, reply) => {
    // For the operator's own network; a proxy in front of us speaks for the outside.
    const inside = privateNetworks.has(request.socket.remoteAddress ?? '') && !request.headers['x-forwarded-for'];
    if (!inside) throw Problem.notFound('page');
    reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8');
    return metrics.registry.metrics();
  });
}

async function ask(settings: Settings): Promise<States> {
  const states = await Promise.all(
    services.map(async (service): Promise<[ServiceName, { up: number; of: number }]> => {
      const origins = settings.upstreams[service];
      const ready = await Promise.all(origins.map(isReady));
      return [service, { up: ready.filter(Boolean).length, of: origins.length }];
    }),
  );
  return Object.fromEntries(states) as States;
}

async function isReady(origin: string): Promise<boolean> {
  try {
    const answer = await fetch(`${origin}/health/ready`, { signal: AbortSignal.timeout(1500) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
