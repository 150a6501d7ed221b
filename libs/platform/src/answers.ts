import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { RouteDefinition } from '@plenary/contracts';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { map, type Observable } from 'rxjs';
import { Answer, type EventStream, noneMatch } from './answer';
import type { PlatformRequest } from './call';
import { encodeStream } from './event-stream';
import { Problem } from './problem';
import { fieldErrors } from './validation';

/** Turns what a method returned into the reply that its route promises. */
export class Answers implements NestInterceptor {
  constructor(
    private readonly log: Logger,
    private readonly stopping: AbortSignal,
    /** Hold each JSON answer against the contract: 500 `answer_off_contract`, so that drift is caught in tests. */
    private readonly check: boolean,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<PlatformRequest>();
    const route = request.call?.route;
    if (!route) return next.handle();
    return next.handle().pipe(map((result) => this.send(route, request, http.getResponse<FastifyReply>(), result)));
  }

  private send(route: RouteDefinition, request: PlatformRequest, reply: FastifyReply, result: unknown): unknown {
    const { body, options } = result instanceof Answer ? result : new Answer(result);
    // What a caller with credentials gets is theirs alone, and no cache's.
    if (reply.getHeader('cache-control') === undefined) {
      reply.header('cache-control', options.etag !== undefined ? 'private, no-cache' : 'no-store');
    }
    if (options.headers) reply.headers(options.headers);
    if (options.status !== undefined) reply.status(options.status);
    if (options.etag !== undefined) {
      reply.header('etag', options.etag);
      if (request.method === 'GET' && noneMatch(request.headers['if-none-match'], options.etag)) {
        reply.status(304);
        return undefined;
      }
    }
    if (body === undefined) return undefined;
    if (route.produces === 'text/event-stream') {
      reply.headers({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      return encodeStream(body as EventStream, this.stopping);
    }
    if (route.produces !== 'application/json') {
      if (reply.getHeader('content-type') === undefined) reply.header('content-type', route.produces);
      return body;
    }
    reply.header('content-type', 'application/json; charset=utf-8');
    const text = JSON.stringify(body);
    if (this.check) this.hold(route, text);
    return text;
  }

  private hold(route: RouteDefinition, text: string): void {
    const parsed = route.answer.safeParse(JSON.parse(text));
    if (parsed.success) return;
    const errors = fieldErrors(parsed.error, '');
    this.log.error({ route: route.id, errors }, 'an answer is off its contract');
    throw new Problem(500, 'answer_off_contract', `The answer of ${route.id} does not fit its contract.`, { errors });
  }
}
