import type { Locale, RouteDefinition } from '@plenary/contracts';
import type { FastifyRequest } from 'fastify';
import type { Caller } from './caller';
import type { IdempotencyKey } from './idempotency';

/** What the guard found out about a request, for the parameter decorators. */
export interface Call {
  readonly route: RouteDefinition;
  readonly caller: Caller;
  readonly input: { params: unknown; query: unknown; body: unknown };
  readonly waitMs: number;
  readonly ifMatch: string;
  readonly once: IdempotencyKey | undefined;
}

/** A request as our hooks and guard have completed it. */
export interface PlatformRequest extends FastifyRequest {
  traceparent?: string;
  call?: Call;
}

/** The trace id within a `traceparent`. */
export function traceIdOf(request: PlatformRequest): string | undefined {
  return request.traceparent?.slice(3, 35);
}

/** The language of messages by `Accept-Language`, quality considered; English where nothing fits. */
export function languageOf(header: string | undefined): Locale {
  const wished = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const q = parameters.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find(Boolean);
      return { tag: tag.trim(), q: q === undefined ? 1 : Number(q) };
    })
    .filter(({ q }) => q > 0)
    .sort((a, b) => b.q - a.q);
  for (const { tag } of wished) {
    if (tag === 'zh' || tag.startsWith('zh-')) return 'zh-CN';
    if (tag === 'en' || tag.startsWith('en-')) return 'en';
  }
  return 'en';
}
