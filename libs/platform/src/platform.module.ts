import {
  type DynamicModule,
  Inject,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, ModuleRef, ModulesContainer } from '@nestjs/core';
import type { ServiceName } from '@plenary/contracts';
import { createMessaging, Database, type Messaging, type SnapshotSource } from '@plenary/messaging';
import type { Logger } from 'pino';
import { AccessTokens, type JwksSource, RemoteJwks } from './access-token';
import { Answers } from './answers';
import { Authenticator } from './authenticate';
import type { KnownDevices, LinkGenerations, WallLinks } from './caller';
import { Changes } from './changes';
import { Config } from './config';
import { connect } from './data-source';
import { HealthController } from './health.controller';
import { Housekeeping } from './housekeeping';
import { LinkTokens } from './link-tokens';
import { createLog } from './logging';
import { Metrics } from './metrics';
import { schemaOf } from './migrate';
import { ProblemFilter } from './problem-filter';
import { RateLimits } from './rate-limits';
import { RouteGuard } from './route-guard';

/** The process's pino log. */
export const LOG = 'plenary:log';
/** Relay and consumer of the service: a `Messaging`. */
export const MESSAGING = 'plenary:messaging';

export interface ServiceOptions {
  service: ServiceName;
  /** Providers that can repeat the service's state. */
  snapshots?: Type<SnapshotSource>[];
  /** Tells the current link generation; needed where delegates or leaders call. */
  links?: Type<LinkGenerations>;
  /** Tells the state of a device; needed where doors call. */
  devices?: Type<KnownDevices>;
  /** Finds wall links; needed where screens on the wall call. */
  walls?: Type<WallLinks>;
  /** Identity's own keys; the others ask identity for them. */
  jwks?: Type<JwksSource>;
}

/** Aborts when the process stops taking work: event streams end with it. */
@Injectable()
export class Stopping {
  readonly controller = new AbortController();
  readonly signal = this.controller.signal;
  /** What to do when the consumer is dead: `bootstrap` ends the process. */
  onFatal: (error: Error) => void = () => {};
}

/**
 * The classes named in the options: an instance that the service provides itself, else one made with what the module
 * of the service can give it.
 */
@Injectable()
export class ServiceSources implements OnModuleInit {
  links: LinkGenerations | undefined;
  devices: KnownDevices | undefined;
  walls: WallLinks | undefined;
  jwks: JwksSource | undefined;
  /** Filled when the modules are ready. */
  readonly snapshots: SnapshotSource[] = [];

  constructor(
    private readonly own: ModuleRef,
    private readonly modules: ModulesContainer,
    private readonly options: ServiceOptions,
  ) {}

  async onModuleInit(): Promise<void> {
    const { links, devices, walls, jwks, snapshots = [] } = this.options;
    this.links = links && (await this.instance(links));
    this.devices = devices && (await this.instance(devices));
    this.walls = walls && (await this.instance(walls));
    this.jwks = jwks && (await this.instance(jwks));
    for (const source of snapshots) this.snapshots.push(await this.instance(source));
  }

  private async instance<T>(type: Type<T>): Promise<T> {
    try {
      return this.own.get(type, { strict: false });
    } catch {
      let failure: unknown;
      for (const module of this.modules.values()) {
        const maker = module.getProviderByKey<ModuleRef>(ModuleRef)?.instance;
        try {
          if (maker) return await maker.create(type);
        } catch (error) {
          failure = error;
        }
      }
      throw failure;
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
        Housekeeping,
        {
          provide: ServiceSources,
          useFactory: (own: ModuleRef, modules: ModulesContainer) => new ServiceSources(own, modules, options),
          inject: [ModuleRef, ModulesContainer],
        },
        {
          provide: MESSAGING,
          useFactory: (config: Config, database: Database, log: Logger, sources: ServiceSources, stopping: Stopping) =>
            createMessaging(
              { ...config, schema: schemaOf(config.service) },
              database,
              log,
              sources.snapshots,
              (error) => stopping.onFatal(error),
            ),
          inject: [Config, Database, LOG, ServiceSources, Stopping],
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
          useFactory: (log: Logger, stopping: Stopping, config: Config) =>
            new Answers(log, stopping.signal, config.checkAnswers),
          inject: [LOG, Stopping, Config],
        },
        { provide: APP_FILTER, useFactory: (log: Logger) => new ProblemFilter(log), inject: [LOG] },
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
    private readonly housekeeping: Housekeeping,
    @Inject(MESSAGING) private readonly messaging: Messaging,
  ) {}

  /** After HTTP has ended and the consumer has left: the outbox is emptied, then the connections go. */
  async onApplicationShutdown(): Promise<void> {
    this.housekeeping.stop();
    await this.messaging.close();
    await this.limits.stop();
    await this.changes.stop();
    await this.database.source.destroy();
  }
}
