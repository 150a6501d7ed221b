import { z } from 'zod';
import type { ServiceName } from './event';

/**
 * Who may call a route. `organiser` covers every staff role of its conference, `admin` is organiser of all; `wall` is a
 * screen on the wall with a wall link.
 */
export type Role =
  | 'anyone'
  | 'admin'
  | 'organiser'
  | 'cohost'
  | 'supervisor'
  | 'desk'
  | 'door'
  | 'delegate'
  | 'leader'
  | 'wall';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RouteDefinition<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  readonly id: string;
  readonly service: ServiceName;
  readonly method: Method;
  /** Below `/api/v1`, parameters in braces: `/conferences/{slug}/registrations`. */
  readonly path: string;
  readonly summary: string;
  readonly who: readonly Role[];
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly answer: Answer;
  /** Status of the usual answer. */
  readonly status: number;
  /** Accepts `Idempotency-Key`. */
  readonly idempotent: boolean;
  /** Requires `If-Match`. */
  readonly ifMatch: boolean;
  /** Honours `Prefer: wait=N`. */
  readonly preferWait: boolean;
  /** Media type of the answer; `text/event-stream` for live views. */
  readonly produces: string;
  /** Largest request body in bytes. */
  readonly bodyLimit: number;
  /** Calls allowed per caller (device, token or address) in a window of seconds; none: not limited. */
  readonly limit: { readonly max: number; readonly perSeconds: number } | undefined;
  /** Media type of a request body that is not JSON: handed over as a Buffer. */
  readonly rawBody: string | undefined;
}

type ParameterNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterNames<Rest>
  : never;

const nothing = z.strictObject({});

/** Defines a route. Path parameters are UUIDs unless `params` says otherwise. */
export function defineRoute<
  const Path extends string,
  Query extends z.ZodObject = typeof nothing,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodVoid,
>(definition: {
  id: string;
  service: ServiceName;
  method: Method;
  path: Path;
  summary: string;
  who: readonly Role[];
  params?: Partial<Record<ParameterNames<Path>, z.ZodType<string>>>;
  query?: Query;
  body?: Body;
  answer?: Answer;
  status?: number;
  idempotent?: boolean;
  ifMatch?: boolean;
  preferWait?: boolean;
  produces?: string;
  bodyLimit?: number;
  limit?: { max: number; perSeconds: number };
  rawBody?: string;
}): RouteDefinition<z.ZodObject<Record<ParameterNames<Path>, z.ZodType<string>>>, Query, Body, Answer> {
  const names = [...definition.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
  const own: Record<string, z.ZodType<string> | undefined> = definition.params ?? {};
  const shape = Object.fromEntries(names.map((name) => [name, own[name] ?? z.uuid()]));
  return {
    id: definition.id,
    service: definition.service,
    method: definition.method,
    path: definition.path,
    summary: definition.summary,
    who: definition.who,
    params: z.strictObject(shape) as never,
    query: (definition.query ?? nothing) as Query,
    body: (definition.body ?? z.undefined()) as Body,
    answer: (definition.answer ?? z.void()) as Answer,
    status:
      definition.status ??
      (definition.answer || definition.produces ? (definition.method === 'POST' ? 201 : 200) : 204),
    idempotent: definition.idempotent ?? false,
    ifMatch: definition.ifMatch ?? false,
    preferWait: definition.preferWait ?? false,
    produces: definition.produces ?? 'application/json',
    bodyLimit: definition.bodyLimit ?? 64 * 1024,
    limit: definition.limit,
    rawBody: definition.rawBody,
  };
}

/** What a handler of the route receives after validation. */
export interface InputOf<Route extends RouteDefinition> {
  params: z.output<Route['params']>;
  query: z.output<Route['query']>;
  body: z.output<Route['body']>;
}
/** What a handler of the route returns. */
export type AnswerOf<Route extends RouteDefinition> = z.output<Route['answer']>;
