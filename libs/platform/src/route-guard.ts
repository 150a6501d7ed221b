import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { RouteDefinition } from '@plenary/contracts';
import { clientAddress } from './address';
import { untagged } from './answer';
import type { Authenticator } from './authenticate';
import type { PlatformRequest } from './call';
import { callerKey, credentialsMissing, mayHold, roleRequired } from './caller';
import { Problem } from './problem';
import type { RateLimits } from './rate-limits';
import { routeOf } from './route';
import { idempotencyKeyOf, validated, waitOf } from './validation';

/** Everything between the socket and a method that `@Handles` a route: who calls, may they, how often, and is it valid. */
export class RouteGuard implements CanActivate {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly rateLimits: RateLimits,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (context.getType() !== 'http') return true;
    const route = routeOf(context.getHandler());
    if (!route) return true;
    const request = context.switchToHttp().getRequest<PlatformRequest>();
    const { headers } = request;
    const address = clientAddress(request.socket.remoteAddress, one(headers['x-forwarded-for']));

    const caller = await this.authenticator.callerOf(headers.authorization, address);
    if (!mayHold(caller, route.who)) {
      throw caller.kind === 'anonymous' && headers.authorization === undefined ? credentialsMissing() : roleRequired();
    }
    this.rateLimits.take(route, caller, address);

    if (route.ifMatch && headers['if-match'] === undefined) throw ifMatchMissing();
    const input = validated(route, {
      params: request.params,
      query: request.query,
      body: bodyOf(route, request.body),
    });
    request.call = {
      route,
      caller,
      input,
      waitMs: route.preferWait ? waitOf(headers.prefer) : 0,
      ifMatch: untagged(one(headers['if-match']) ?? ''),
      once: route.idempotent
        ? idempotencyKeyOf(headers['idempotency-key'], `${callerKey(caller)}|${route.id}|${pathOf(request.url)}`, input)
        : undefined,
    };
    return true;
  }
}

/** A route without a body ignores an empty one, and one whose fields are all optional takes none for an empty one. */
function bodyOf(route: RouteDefinition, body: unknown): unknown {
  if (route.rawBody) return body ?? Buffer.alloc(0);
  if (body === null && route.body.safeParse(undefined).success && !route.body.safeParse(null).success) return undefined;
  if (isEmptyObject(body) && !route.body.safeParse(body).success) return undefined;
  if (body === undefined && !route.body.safeParse(undefined).success && route.body.safeParse({}).success) return {};
  return body;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

function ifMatchMissing(): Problem {
  return new Problem(
    428,
    'if_match_missing',
    'Send `If-Match` with the ETag that you last read, so no change is lost.',
  );
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
