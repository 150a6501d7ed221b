import { type ServiceName, services } from '@plenary/contracts';
import { Networks, parseEnvironment } from '@plenary/platform';
import { z } from 'zod';

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim().replace(/\/$/, ''))
      .filter(Boolean),
  );
const origins = list.pipe(z.array(z.url({ protocol: /^https?$/ })).min(1, 'names no origin'));

/** `sub-forum` -> `SUB_FORUM_URL`: its replicas, comma separated. */
const variableOf = (service: ServiceName): string => `${service.toUpperCase().replaceAll('-', '_')}_URL`;

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HOST: z.string().default('127.0.0.1'),
  PUBLIC_URL: z.url().default('http://127.0.0.1:8080'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  PLENARY_DEMO: z.string().optional(),
  RATE_LIMIT_ALLOWLIST: list,
  TRUSTED_PROXIES: list,
  GATEWAY_CALLS_PER_10_SECONDS: z.coerce.number().int().min(1).default(5000),
});

/** What the environment says of the gateway, parsed once at boot. */
export class Settings {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string;
  readonly logLevel: string;
  readonly demo: boolean;
  /** Callers that are not limited. */
  readonly allowlist: Networks;
  /** Proxies in front of the gateway: only their `X-Forwarded-For` is believed. */
  readonly trustedProxies: Networks;
  /** A whole venue may be one address. */
  readonly callsPer10Seconds: number;
  readonly upstreams: Record<ServiceName, string[]>;

  constructor(env: NodeJS.ProcessEnv = process.env) {
    const own = Object.fromEntries(services.map((service) => [variableOf(service), origins]));
    const parsed = parseEnvironment(environment, env);
    const urls = parseEnvironment(z.object(own), env) as Record<string, string[]>;
    this.port = parsed.PORT;
    this.host = parsed.HOST;
    this.publicUrl = parsed.PUBLIC_URL;
    this.logLevel = parsed.LOG_LEVEL;
    this.demo = parsed.PLENARY_DEMO === '1';
    this.allowlist = new Networks(parsed.RATE_LIMIT_ALLOWLIST);
    this.trustedProxies = new Networks(parsed.TRUSTED_PROXIES);
    this.callsPer10Seconds = parsed.GATEWAY_CALLS_PER_10_SECONDS;
    this.upstreams = Object.fromEntries(
      services.map((service) => [service, urls[variableOf(service)] as string[]]),
    ) as Record<ServiceName, string[]>;
  }
}
