import {
  type DynamicModule,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, ModuleRef } from '@nestjs/core';
import type { ServiceName } from '@plenary/contracts';
import { Database, type SnapshotSource } from '@plenary/messaging';
import { AccessTokens, type JwksSource, RemoteJwks } from './access-token';
import { Answers } from './answers';
import { Authenticator } from './authenticate';
import type { KnownDevices, LinkGenerations } from './caller';
import { Changes } from './changes';
import { Config } from './config';
import { connect } from './data-source';
import { HealthController } from './health.controller';
import { LinkTokens } from './link-tokens';
import { createLog } from './logging';
import { Metrics } from './metrics';
import { ProblemFilter } from './problem-filter';
import { RateLimits } from './rate-limits';
import { RouteGuard } from './route-guard';

/** The process's pino log. */
export const LOG = 'plenary:log';
/** What a service gave to `forService`. */
export const SERVICE_OPTIONS = 'plenary:service-options';

export interface ServiceOptions {
  service: ServiceName;
  /** Providers that can repeat the service's state. */
  snapshots?: Type<SnapshotSource>[];
  /** Tells the current link generation; needed where delegates or leaders call. */
  links?: Type<LinkGenerations>;
  /** Tells the state of a device; needed where doors call. */
  devices?: Type<KnownDevices>;
  /** Identity's own keys; the others ask identity for them. */
  jwks?: Type<JwksSource>;
}

/** Aborts when the process stops taking work: event streams end with it. */
@Injectable()
export class Stopping {
  readonly controller = new AbortController();
  readonly signal = this.controller.signal;
}

/**
 * The classes named in the options: an instance that the service provides itself, else one made for it with what the
 * platform provides.
 */
@Injectable()
export class ServiceSources implements OnModuleInit {
  links: LinkGenerations | undefined;
  devices: KnownDevices | undefined;
  jwks: JwksSource | undefined;
  snapshots: SnapshotSource[] = [];

  constructor(
    private readonly modules: ModuleRef,
    private readonly options: ServiceOptions,
  ) {}

  async onModuleInit(): Promise<void> {
    const { links, devices, jwks, snapshots = [] } = this.options;
    this.links = links && (await this.instance(links));
    this.devices = devices && (await this.instance(devices));
    this.jwks = jwks && (await this.instance(jwks));
    this.snapshots = await Promise.all(snapshots.map((source) => this.instance(source)));
  }

  private instance<T>(type: Type<T>): T | Promise<T> {
    try {
      return this.modules.get(type, { strict: false });
    } catch {
      return this.modules.create(type);
    }
  }
}

/** Global; provides Database, Changes, LinkTokens, Config, Metrics and the log to the service's own providers. */
@Module({})
export class PlatformModule implements OnApplicationShutdown {
  static forService(options: ServiceOptions): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      controllers: [HealthController],
      providers: [
        { provide: SERVICE_OPTIONS, useValue: options },
        { provide: Config, useFactory: () => new Config(options.service) },
        { provide: LOG, useFactory: (config: Config) => createLog(config.service, config.logLevel), inject: [Config] },
        { provide: Metrics, useFactory: () => new Metrics(options.service) },
        {
          provide: Database,
          useFactory: async (config: Config) => new Database(await connect(config)),
          inject: [Config],
        },
        { provide: Changes, useFactory: (database: Database) => new Changes(database), inject: [Database] },
        { provide: LinkTokens, useFactory: (config: Config) => new LinkTokens(config.linkKey), inject: [Config] },
        Stopping,
        {
          provide: ServiceSources,
          useFactory: (modules: ModuleRef) => new ServiceSources(modules, options),
          inject: [ModuleRef],
        },
        {
          provide: AccessTokens,
          useFactory: (config: Config, sources: ServiceSources) => {
            const remote = new RemoteJwks(config.identityUrl);
            return new AccessTokens({ keys: () => (sources.jwks ?? remote).keys() });
          },
          inject: [Config, ServiceSources],
        },
        {
          provide: RateLimits,
          useFactory: (database: Database, config: Config) => new RateLimits(database, config.rateLimitAllowlist),
          inject: [Database, Config],
        },
        {
          provide: APP_GUARD,
          useFactory: (tokens: AccessTokens, links: LinkTokens, sources: ServiceSources, limits: RateLimits) =>
            new RouteGuard(new Authenticator(tokens, links, sources), limits),
          inject: [AccessTokens, LinkTokens, ServiceSources, RateLimits],
        },
        {
          provide: APP_INTERCEPTOR,
          useFactory: (log: import('pino').Logger, stopping: Stopping, config: Config) =>
            new Answers(log, stopping.signal, config.checkAnswers),
          inject: [LOG, Stopping, Config],
        },
        { provide: APP_FILTER, useFactory: (log: import('pino').Logger) => new ProblemFilter(log), inject: [LOG] },
      ],
      exports: [
        Config,
        LOG,
        Metrics,
        Database,
        Changes,
        LinkTokens,
        Stopping,
        ServiceSources,
        AccessTokens,
        RateLimits,
      ],
    };
  }

  constructor(
    private readonly database: Database,
    private readonly changes: Changes,
    private readonly limits: RateLimits,
  ) {}

  /** After HTTP and the consumer have ended. */
  async onApplicationShutdown(): Promise<void> {
    await this.limits.stop();
    await this.changes.stop();
    await this.database.source.destroy();
  }
}
