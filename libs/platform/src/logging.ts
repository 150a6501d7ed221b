import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';

/** One JSON line per entry on standard output: no bodies, no headers, no addresses, no query strings. */
export function createLog(name: string, level: string, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: { service: name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** What a log may say of an error: never Postgres' detail or a statement's parameters, which hold people's data. */
function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { driverError } = error as { driverError?: unknown };
  const source = (driverError instanceof Error ? driverError : error) as Error & Record<string, unknown>;
  const codes = ['code', 'schema', 'table', 'column', 'constraint', 'routine'].filter(
    (name) => source[name] !== undefined,
  );
  return {
    type: source.name,
    message: source.message,
    stack: source.stack,
    ...Object.fromEntries(codes.map((name) => [name, source[name]])),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}

/** Nest's own words through the same log; what it says of itself while starting is detail. */
export class NestLog implements LoggerService {
  constructor(private readonly out: Logger) {}

  private say(level: 'debug' | 'info' | 'warn' | 'error' | 'trace', message: unknown, rest: unknown[]): void {
    const context = typeof rest.at(-1) === 'string' ? (rest.at(-1) as string) : undefined;
    const cause = rest.find((one) => one instanceof Error || (typeof one === 'string' && one !== context));
    const told = {
      ...(context ? { context } : {}),
      ...(cause instanceof Error ? { err: cause } : cause === undefined ? {} : { cause }),
    };
    if (message instanceof Error) this.out[level]({ ...told, err: message }, message.message);
    else this.out[level](told, typeof message === 'string' ? message : JSON.stringify(message));
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.say(startup.has(rest.at(-1)) ? 'debug' : 'info', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.say('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.say('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.say('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.say('trace', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.say('error', message, rest);
  }
}

const startup = new Set<unknown>([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
]);
