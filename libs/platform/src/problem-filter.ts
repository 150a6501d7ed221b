import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { type PlatformRequest, traceIdOf } from './call';
import { Problem, problemOf } from './problem';

/** Every error leaves as problem+json; what is our fault is logged with its cause. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    // Event handlers have their own.
    if (host.getType() !== 'http') throw error;
    const http = host.switchToHttp();
    sendProblem(error, http.getRequest<PlatformRequest>(), http.getResponse<FastifyReply>(), this.log);
  }
}

/** Sends an error, wherever in the life of a request it came from. */
export function sendProblem(error: unknown, request: PlatformRequest, reply: FastifyReply, log?: Logger): void {
  const problem = problemOf(error);
  const traceId = traceIdOf(request);
  if (problem.status >= 500 && !(error instanceof Problem)) {
    const told = { err: error, traceId, route: request.routeOptions?.url, code: problem.code };
    if (problem.status === 500) log?.error(told, 'a request failed');
    else log?.warn(told, 'a request could not be served');
  }
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  reply
    .code(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store');
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds));
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  reply.send(JSON.stringify(problem.document(traceId)));
}
