import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ServiceName } from '@plenary/contracts';
import type { Logger } from 'pino';
import { Changes } from './changes';
import { Config } from './config';
import { createHttpAdapter, observe } from './http';
import { createLog, NestLog } from './logging';
import { Metrics } from './metrics';
import { LOG, Stopping } from './platform.module';

/** A service that does not stop within this time is stopped. */
const STOP_MS = 9500;

/** Starts a service: HTTP, consumer, relay, health, shutdown. Ends the process with one line when it cannot. */
export async function bootstrap(module: Type, service: ServiceName): Promise<void> {
  let log = createLog(service, process.env.LOG_LEVEL || 'info');
  try {
    const config = new Config(service);
    log = createLog(service, config.logLevel);
    const app = await createApp(module);
    const stop = stopper(log, async () => {
      app.get(Stopping).controller.abort();
      await app.close();
    });
    process.once('SIGTERM', () => void stop('SIGTERM', 0));
    process.once('SIGINT', () => void stop('SIGINT', 0));
    dieLoudly(log, stop);
    await app.listen(config.port, config.host);
    log.info({ address: await app.getUrl() }, 'listening');
  } catch (error) {
    log.fatal({ err: error }, `${service} cannot start: ${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}

/** The application of a service, ready but not listening. */
async function createApp(module: Type): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(module, createHttpAdapter(), {
    bodyParser: false,
    abortOnError: false,
    bufferLogs: true,
  });
  return prepare(app);
}

/** Completes an application made with `createHttpAdapter()`: by `bootstrap`, and by tests that then `app.inject`. */
export async function prepare(app: NestFastifyApplication): Promise<NestFastifyApplication> {
  const log = app.get<Logger>(LOG);
  app.useLogger(new NestLog(log));
  observe(app.getHttpAdapter() as FastifyAdapter, app.get(Metrics), log);
  await app.init();
  app.get(Changes).start();
  return app;
}

type Stop = (why: string, code: number) => Promise<void>;

/** Runs `work` once, whatever is asked again meanwhile, and ends the process within 10 s. */
export function stopper(log: Logger, work: () => Promise<void>): Stop {
  let stopping = false;
  return async (why, code) => {
    if (stopping) return;
    stopping = true;
    log.info({ why }, 'stopping');
    setTimeout(() => {
      log.error('did not stop in time');
      process.exit(1);
    }, STOP_MS).unref();
    try {
      await work();
      log.info('stopped');
      process.exit(code);
    } catch (error) {
      log.error({ err: error }, 'stopped badly');
      process.exit(1);
    }
  };
}

/** A promise that nobody watches, or an error that nobody caught, leaves an unknown state: drain, end, be started again. */
export function dieLoudly(log: Logger, stop: Stop): void {
  process.on('unhandledRejection', (reason) => {
    log.fatal({ err: reason }, 'unhandled rejection');
    void stop('unhandled rejection', 1);
  });
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught exception');
    void stop('uncaught exception', 1);
  });
}
