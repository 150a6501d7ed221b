import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ServiceName } from '@plenary/contracts';
import { Database, type Messaging } from '@plenary/messaging';
import type { Logger } from 'pino';
import { Changes } from './changes';
import { Config, ConfigurationError } from './config';
import { Housekeeping } from './housekeeping';
import { createHttpAdapter, observe } from './http';
import { createLog, NestLog } from './logging';
import { Metrics } from './metrics';
import { LOG, MESSAGING, Stopping } from './platform.module';

/** A service that does not stop within this time is stopped. */
const STOP_MS = 9500;
/** Connections are closed after this time: one on which nothing was ever asked counts as busy to Node. */
const DRAIN_MS = 5000;

/** Starts a service: HTTP, consumer, relay, health, shutdown. Ends the process with one line when it cannot. */
export async function bootstrap(module: Type, service: ServiceName): Promise<void> {
  let log = createLog(service, process.env.LOG_LEVEL || 'info');
  try {
    const config = new Config(service);
    log = createLog(service, config.logLevel);
    const app = await createApp(module, service, log);
    const stopping = app.get(Stopping);
    const stop = stopper(log, async () => {
      stopping.controller.abort();
      app.get(Changes).release();
      setTimeout(() => app.getHttpServer().closeAllConnections(), DRAIN_MS).unref();
      await app.close();
    });
    stopping.onFatal = (err) => {
      log.fatal({ err }, 'the consumer is dead');
      void stop('dead consumer', 1);
    };
    process.once('SIGTERM', () => void stop('SIGTERM', 0));
    process.once('SIGINT', () => void stop('SIGINT', 0));
    dieLoudly(log, stop);
    const messaging = app.get<Messaging>(MESSAGING);
    app.connectMicroservice({ strategy: messaging.strategy });
    messaging.relay.start();
    app.get(Housekeeping).start();
    await app.listen(config.port, config.host);
    await app.startAllMicroservices();
    log.info({ address: await app.getUrl() }, 'listening');
  } catch (error) {
    cannotStart(log, error);
  }
}

/** Ends the process with one line; where it is in the code says nothing about a wrong setting. */
export function cannotStart(log: Logger, error: unknown): never {
  const told = error instanceof ConfigurationError ? {} : { err: error };
  log.fatal(told, `cannot start: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

/** The application of a service, ready but not listening, neither to HTTP nor to Kafka: also for tests (`app.inject`). */
export async function createApp(
  module: Type,
  service: ServiceName,
  log = createLog(service, process.env.LOG_LEVEL || 'info'),
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(module, createHttpAdapter(), {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLog(log),
  });
  return prepare(app, log);
}

/** Completes an application that was made with `createHttpAdapter()`. */
export async function prepare(
  app: NestFastifyApplication,
  log = app.get<Logger>(LOG),
): Promise<NestFastifyApplication> {
  const metrics = app.get(Metrics);
  const messaging = app.get<Messaging>(MESSAGING);
  metrics.observe('relay', () => messaging.stats().relay);
  metrics.observe('consumer', () => messaging.stats().consumer);
  metrics.observe('database', () => app.get(Database).stats());
  metrics.observeEach('consumer_position', 'Next offset of each partition held here.', ['topic', 'partition'], () =>
    messaging.strategy.held().map(({ topic, partition, offset }) => ({ labels: { topic, partition }, value: offset })),
  );
  observe(app.getHttpAdapter() as FastifyAdapter, metrics, log);
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
