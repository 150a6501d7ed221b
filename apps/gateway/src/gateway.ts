import type { Socket } from 'node:net';
import { join } from 'node:path';
import compress from '@fastify/compress';
import replyFrom from '@fastify/reply-from';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  cannotStart,
  createHttpAdapter,
  createLog,
  dieLoudly,
  Metrics,
  NestLog,
  observe,
  ProblemFilter,
  repositoryRoot,
  stopper,
} from '@plenary/platform';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { registerAssets } from './assets';
import { registerHealth } from './health';
import { registerProxy } from './proxy';
import { Settings } from './settings';
import { registerWeb } from './web';

@Module({})
class GatewayModule {}

/** Starts the gateway; ends the process with one line when it cannot. */
export async function start(): Promise<void> {
  const log = createLog('gateway', process.env.LOG_LEVEL || 'info');
  try {
    const settings = new Settings();
    const app = await createGateway(settings, log);
    const stop = stopper(log, () => app.close());
    process.once('SIGTERM', () => void stop('SIGTERM', 0));
    process.once('SIGINT', () => void stop('SIGINT', 0));
    dieLoudly(log, stop);
    await app.listen(settings.port, settings.host);
    log.info({ address: await app.getUrl() }, 'listening');
  } catch (error) {
    cannotStart(log, error);
  }
}

/** The gateway, ready but not listening: it decides nothing and keeps nothing. `webFolder` holds the built web app. */
export async function createGateway(
  settings: Settings,
  log: Logger,
  webFolder = join(repositoryRoot(), 'dist/web'),
): Promise<NestFastifyApplication> {
  const adapter = createHttpAdapter('bytes');
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule, adapter as FastifyAdapter, {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLog(log),
  });
  app.useGlobalFilters(new ProblemFilter(log));
  const fastify = adapter.getInstance() as unknown as FastifyInstance;
  const metrics = new Metrics('gateway');
  observe(adapter, metrics, log);
  if (settings.publicUrl.startsWith('https:')) {
    fastify.addHook('onRequest', (_, reply, done) => {
      reply.raw.setHeader('strict-transport-security', 'max-age=31536000; includeSubDomains');
      done();
    });
  }
  cutStreamsWhenStopping(fastify);
  await fastify.register(replyFrom, {
    disableCache: true,
    disableRequestLogging: true,
    destroyAgent: true,
    undici: {
      connections: 256,
      pipelining: 1,
      connect: { timeout: 1000 },
      // `Prefer: wait` holds an answer for 10 s; an event stream sends something every 15 s.
      headersTimeout: 20_000,
      bodyTimeout: 45_000,
      keepAliveTimeout: 20_000,
    },
  });
  // Answers to reads, where a route says so (proxy.ts); what the gateway serves itself is packed once.
  await fastify.register(compress, { global: false, threshold: 1024, encodings: ['gzip', 'identity'] });
  registerAssets(fastify, settings);
  registerWeb(fastify, webFolder, log);
  registerHealth(fastify, settings, metrics);
  registerProxy(fastify, settings, log);
  await app.init();
  return app;
}

/** How long calls in hand may take once the gateway is stopping. */
const ANSWER_MS = 6000;

/** Event streams last for ever: when the gateway stops they are cut, and their clients come back to another one. */
function cutStreamsWhenStopping(fastify: FastifyInstance): void {
  const open = new Set<Socket>();
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    const { socket } = request.raw;
    if (String(reply.getHeader('content-type')).startsWith('text/event-stream') && !open.has(socket)) {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    }
    done();
  });
  fastify.addHook('preClose', (done) => {
    for (const socket of open) socket.destroy();
    // A connection whose answer was under way falls idle only now, and would be kept for the next call.
    const idle = setInterval(() => fastify.server.closeIdleConnections(), 50).unref();
    fastify.server.once('close', () => clearInterval(idle));
    // What is still unanswered then is asked again by its caller.
    setTimeout(() => fastify.server.closeAllConnections(), ANSWER_MS).unref();
    done();
  });
}
