import type { ServiceName } from '@plenary/contracts';
import { z } from 'zod';

/** Base64url of at least 32 bytes. */
const secret = z
  .string()
  .regex(/^[A-Za-z0-9_-]+={0,2}$/, 'not base64url')
  .transform((text) => Buffer.from(text, 'base64url'))
  .refine((bytes) => bytes.length >= 32, 'shorter than 32 bytes');
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  );
const flag = z
  .string()
  .optional()
  .transform((text) => text === '1' || text === 'true');

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(12),
  KAFKA_BROKERS: list.refine((brokers) => brokers.length > 0, 'names no broker'),
  LINK_KEY: secret,
  IDENTITY_URL: z.url().default('http://127.0.0.1:8086'),
  PUBLIC_URL: z.url().default('http://127.0.0.1:8080'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  PLENARY_DEMO: flag,
  PLENARY_CHECK_ANSWERS: flag,
  NODE_ENV: z.string().optional(),
  RATE_LIMIT_ALLOWLIST: list,
});

/** What the environment says, parsed once at boot. */
export class Config {
  readonly service: ServiceName;
  readonly port: number;
  readonly host: string;
  /** The service's own role. */
  readonly databaseUrl: string;
  /** Connections of the pool. */
  readonly databasePool: number;
  readonly brokers: string[];
  readonly publicUrl: string;
  readonly identityUrl: string;
  readonly linkKey: Buffer;
  readonly logLevel: string;
  readonly demo: boolean;
  /** Judge each JSON answer by its contract: on in tests and where PLENARY_CHECK_ANSWERS=1. */
  readonly checkAnswers: boolean;
  /** CIDRs whose callers are not limited. */
  readonly rateLimitAllowlist: string[];

  /** Throws one line that names every variable at fault. */
  constructor(service: ServiceName, env: NodeJS.ProcessEnv = process.env) {
    const parsed = parseEnvironment(environment, env);
    this.service = service;
    this.port = parsed.PORT;
    this.host = parsed.HOST;
    this.databaseUrl = parsed.DATABASE_URL;
    this.databasePool = parsed.DATABASE_POOL;
    this.brokers = parsed.KAFKA_BROKERS;
    this.publicUrl = parsed.PUBLIC_URL.replace(/\/$/, '');
    this.identityUrl = parsed.IDENTITY_URL.replace(/\/$/, '');
    this.linkKey = parsed.LINK_KEY;
    this.logLevel = parsed.LOG_LEVEL;
    this.demo = parsed.PLENARY_DEMO;
    this.checkAnswers = parsed.NODE_ENV === 'test' || parsed.PLENARY_CHECK_ANSWERS;
    this.rateLimitAllowlist = parsed.RATE_LIMIT_ALLOWLIST;
  }
}

/** The boot cannot go on; the message says all. */
export class ConfigurationError extends Error {}

/** Parses an environment; one line for all that is wrong, without the values: they may be secrets. */
export function parseEnvironment<Schema extends z.ZodObject>(
  schema: Schema,
  env: NodeJS.ProcessEnv = process.env,
): z.output<Schema> {
  // An empty variable is an absent one.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return given[name] === undefined ? `${name} is missing` : `${name}: ${issue.message}`;
  });
  throw new ConfigurationError(`Configuration: ${faults.join('; ')}.`);
}
