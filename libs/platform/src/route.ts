import {
  applyDecorators,
  createParamDecorator,
  type ExecutionContext,
  HttpCode,
  RequestMapping,
  RequestMethod,
  SetMetadata,
} from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { AnswerOf, RouteDefinition } from '@plenary/contracts';
import type { Answer, EventStream } from './answer';
import { type Call, languageOf, type PlatformRequest } from './call';

/** Where every route of the contracts stands. */
export const API_PREFIX = '/api/v1';
export const ROUTE = 'plenary:route';

/** What a method of the route may return. Routes without a described answer send text, bytes or nothing. */
type Returned<Route extends RouteDefinition> =
  | AnswerOf<Route>
  | Answer<AnswerOf<Route>>
  | EventStream<AnswerOf<Route>>
  | (undefined extends AnswerOf<Route> ? BytesOrText : never);
type BytesOrText = Buffer | string | Answer<Buffer | string>;

/**
 * Applies a contract's route to a controller method: method, path, validation, credentials, roles, limits, status and
 * media type. The method's return type is held against the contract.
 */
export function Handles<Route extends RouteDefinition>(route: Route) {
  const decorate = applyDecorators(
    RequestMapping({ path: nestPath(route.path), method: RequestMethod[route.method] }),
    HttpCode(route.status),
    SetMetadata(ROUTE, route),
    // Fastify's hooks find it in the route's config.
    RouteConfig({ [ROUTE]: route }),
  );
  return <Method extends (...given: never[]) => Returned<Route> | Promise<Returned<Route>>>(
    target: object,
    name: string | symbol,
    descriptor: TypedPropertyDescriptor<Method>,
  ): void => decorate(target, name, descriptor);
}

/** `/gates/{id}` -> `/api/v1/gates/:id` */
export function nestPath(path: string): string {
  return API_PREFIX + path.replace(/\{(\w+)\}/g, ':$1');
}

/** The contract's route that Fastify matched; undefined for others. */
export function matchedRoute(config: unknown): RouteDefinition | undefined {
  return (config as Record<string, RouteDefinition | undefined> | undefined)?.[ROUTE];
}

/** The route that a handler was given; undefined for plain Nest handlers. */
export function routeOf(handler: object): RouteDefinition | undefined {
  return Reflect.getMetadata(ROUTE, handler) as RouteDefinition | undefined;
}

function ofCall<T>(read: (call: Call, request: PlatformRequest) => T): () => ParameterDecorator {
  return createParamDecorator((_: unknown, context: ExecutionContext) => {
    const request = context.switchToHttp().getRequest<PlatformRequest>();
    if (!request.call) throw new Error('This parameter needs @Handles(route) on its method.');
    return read(request.call, request);
  });
}

/** InputOf<typeof route>: params, query and body after validation. */
export const Input = ofCall((call) => call.input);
/** Caller */
export const By = ofCall((call) => call.caller);
/** number: ms of `Prefer: wait=N`, 0 without. */
export const Wait = ofCall((call) => call.waitMs);
/** string: the opaque tag of `If-Match` without quotes. */
export const IfMatch = ofCall((call) => call.ifMatch);
/** IdempotencyKey | undefined */
export const Once = ofCall((call) => call.once);
/** Locale by `Accept-Language`. */
export const Language = ofCall((_, request) => languageOf(request.headers['accept-language']));
/** string | undefined */
export const LastEventId = ofCall((_, request) => {
  const id = request.headers['last-event-id'];
  return typeof id === 'string' ? id : undefined;
});
