import type { z } from 'zod';
import type { ProblemDocument } from './common';
import type { AnswerOf, RouteDefinition } from './route';

/** An answer that was not the wished one: the problem document as it came. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly problem: ProblemDocument;
  /** When asking again makes sense, where the server said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(route: string, status: number, problem: ProblemDocument, retryAfterSeconds?: number) {
    super(`${route}: ${status} ${problem.code}: ${problem.detail}`);
    this.status = status;
    this.code = problem.code;
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface CallInput<Route extends RouteDefinition> {
  params?: z.input<Route['params']>;
  query?: z.input<Route['query']>;
  body?: z.input<Route['body']>;
}
export interface CallOptions {
  ifMatch?: string;
  idempotencyKey?: string;
  /** `Prefer: wait`, seconds. */
  wait?: number;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Milliseconds; default 30,000. */
  timeoutMs?: number;
}
export interface Called<Route extends RouteDefinition> {
  status: number;
  headers: Headers;
  etag: string | undefined;
  body: AnswerOf<Route>;
}

/** Calls the public API by its routes: typed, no hand-written paths. Works in Node and in the browser. */
export class Client {
  /** `origin` without a trailing slash, empty for the page's own. */
  constructor(
    readonly origin: string,
    readonly token?: string,
  ) {}

  /** The same origin with other credentials. */
  as(token: string | undefined): Client {
    return new Client(this.origin, token);
  }

  /** The body of a good answer. Throws `ApiError` otherwise. */
  async call<Route extends RouteDefinition>(
    route: Route,
    input: CallInput<Route> = {},
    options: CallOptions = {},
  ): Promise<AnswerOf<Route>> {
    return (await this.request(route, input, options)).body;
  }

  /** Status, headers and body of a good answer. Throws `ApiError` otherwise. */
  async request<Route extends RouteDefinition>(
    route: Route,
    input: CallInput<Route> = {},
    options: CallOptions = {},
  ): Promise<Called<Route>> {
    const response = await this.send(route, input, options);
    const type = response.headers.get('content-type') ?? '';
    const body = type.includes('json')
      ? await response.json()
      : type.startsWith('image/')
        ? new Uint8Array(await response.arrayBuffer())
        : (await response.text()) || undefined;
    if (!response.ok) {
      throw new ApiError(route.id, response.status, asProblem(response.status, body), retryAfter(response));
    }
    const etag = response.headers.get('etag') ?? undefined;
    return { status: response.status, headers: response.headers, etag, body: body as AnswerOf<Route> };
  }

  /** Every item of a list, page by page. */
  all<Route extends RouteDefinition>(route: Route, input: CallInput<Route> = {}): AsyncGenerator<ItemOf<Route>> {
    return everyItem(this, route, input);
  }

  /** The events of a live view, until `signal` aborts or the server ends it. `onHeard` is told of heartbeats, too. */
  async *watch<Route extends RouteDefinition>(
    route: Route,
    input: CallInput<Route>,
    options: { signal: AbortSignal; lastEventId?: string; onHeard?: () => void },
  ): AsyncGenerator<{ id: string | undefined; data: AnswerOf<Route> }> {
    const headers = options.lastEventId ? { 'last-event-id': options.lastEventId } : {};
    const response = await this.send(route, input, { headers, signal: options.signal });
    if (!response.ok || !response.body) {
      const body = await response.json().catch(() => undefined);
      throw new ApiError(route.id, response.status, asProblem(response.status, body), retryAfter(response));
    }
    let pending = '';
    const decoder = new TextDecoder();
    for await (const chunk of chunksOf(response.body)) {
      options.onHeard?.();
      pending += decoder.decode(chunk, { stream: true });
      for (let end = pending.indexOf('\n\n'); end >= 0; end = pending.indexOf('\n\n')) {
        const lines = pending.slice(0, end).split('\n');
        pending = pending.slice(end + 2);
        const field = (name: string) =>
          lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1).trimStart());
        const data = field('data').join('\n');
        if (data) yield { id: field('id')[0], data: JSON.parse(data) as AnswerOf<Route> };
      }
    }
  }

  /** The bare response. */
  async send<Route extends RouteDefinition>(
    route: Route,
    input: CallInput<Route>,
    options: CallOptions,
  ): Promise<Response> {
    const params = (input.params ?? {}) as Record<string, string>;
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    const query = new URLSearchParams(
      Object.entries((input.query ?? {}) as Record<string, unknown>)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [key, String(value)]),
    );
    const headers: Record<string, string> = { ...options.headers };
    if (this.token) headers.authorization = `Bearer ${this.token}`;
    if (options.ifMatch) headers['if-match'] = options.ifMatch;
    if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey;
    if (options.wait) headers.prefer = `wait=${options.wait}`;
    const raw = input.body instanceof Uint8Array;
    if (input.body !== undefined) headers['content-type'] ??= raw ? 'application/octet-stream' : 'application/json';
    return fetch(`${this.origin}/api/v1${path}${query.size > 0 ? `?${query}` : ''}`, {
      method: route.method,
      headers,
      ...(input.body !== undefined
        ? { body: raw ? (input.body as Uint8Array<ArrayBuffer>) : JSON.stringify(input.body) }
        : {}),
      signal: options.signal ?? AbortSignal.timeout(options.timeoutMs ?? 30_000),
    });
  }
}

type ItemOf<Route extends RouteDefinition> = AnswerOf<Route> extends { items: (infer Item)[] } ? Item : never;

/** Every item of a list, page by page, by whatever can call. */
export async function* everyItem<Route extends RouteDefinition>(
  client: Pick<Client, 'call'>,
  route: Route,
  input: CallInput<Route> = {},
): AsyncGenerator<ItemOf<Route>> {
  let cursor: string | null | undefined;
  do {
    const query = { ...(input.query as object), ...(cursor ? { cursor } : {}) };
    const answer = (await client.call(route, { ...input, query } as CallInput<Route>)) as {
      items: never[];
      nextCursor: string | null;
    };
    yield* answer.items;
    cursor = answer.nextCursor;
  } while (cursor);
}

/** A browser's stream is not yet iterable everywhere. Left early, it is cancelled. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Seconds of `Retry-After`; it has a date nowhere in Plenary. */
function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : undefined;
}

function asProblem(status: number, body: unknown): ProblemDocument {
  if (typeof body === 'object' && body !== null && 'code' in body) return body as ProblemDocument;
  return {
    type: 'about:blank',
    title: 'Unexpected answer',
    status,
    code: 'unexpected_answer',
    detail: String(body).slice(0, 200),
  };
}
