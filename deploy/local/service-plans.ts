import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ServiceName, services } from '@plenary/contracts';
import type { Ports } from './ports';
import { cacheDir, projectRoot } from './project';
import { StartError } from './say';
import type { Secrets } from './secrets';
import type { ProcessPlan } from './supervised-process';

export interface Setting {
  readonly stateDir: string;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly adminUrl: string;
  readonly brokers: string;
  readonly demo: boolean;
  /** The environment of the launcher; services inherit it, their own settings go before it. */
  readonly env: NodeJS.ProcessEnv;
}

/** Compiled code of the packages, so that services start with less work the second time. */
const compileCache = join(cacheDir, 'node');

export const publicUrl = ({ ports, env }: Pick<Setting, 'ports' | 'env'>): string =>
  env.PUBLIC_URL ?? `http://127.0.0.1:${ports.gateway}`;

export const urlsOf = (ports: Ports): Record<ServiceName, string[]> =>
  Object.fromEntries(
    services.map((service) => [service, ports.services[service].map((port) => `http://127.0.0.1:${port}`)]),
  ) as Record<ServiceName, string[]>;

/** One plan per replica: the first is called as its service, the others `<service>-2` and so on. */
export function plansOf(service: ServiceName, setting: Setting): ProcessPlan[] {
  return setting.ports.services[service].map((port, index) =>
    planOf(service, index === 0 ? service : `${service}-${index + 1}`, port, setting, {
      HOST: '127.0.0.1',
      DATABASE_URL: roleUrl(service, setting),
      KAFKA_BROKERS: setting.brokers,
      IDENTITY_URL: urlsOf(setting.ports).identity[0],
      LINK_KEY: setting.secrets.linkKey,
      ...(service === 'badge' ? { BADGE_KEY: setting.secrets.badgeKey } : {}),
      ...(service === 'identity' ? { IDENTITY_KEY: setting.secrets.identityKey } : {}),
    }),
  );
}

export function gatewayPlan(setting: Setting): ProcessPlan {
  const origins = Object.fromEntries(
    Object.entries(urlsOf(setting.ports)).map(([service, urls]) => [
      `${service.toUpperCase().replaceAll('-', '_')}_URL`,
      urls.join(','),
    ]),
  );
  return planOf('gateway', 'gateway', setting.ports.gateway, setting, {
    HOST: setting.env.PLENARY_HOST ?? '127.0.0.1',
    KAFKA_BROKERS: undefined,
    DATABASE_URL: undefined,
    ...origins,
  });
}

function planOf(
  app: string,
  name: string,
  port: number,
  setting: Setting,
  own: Record<string, string | undefined>,
): ProcessPlan {
  const main = join(projectRoot, 'dist/apps', app, 'src/main.js');
  if (!existsSync(main)) throw new StartError(`${main} is missing: run npm run build.`);
  return {
    name,
    command: process.execPath,
    args: ['--enable-source-maps', main],
    env: {
      RATE_LIMIT_ALLOWLIST: '127.0.0.1/32,::1/128',
      LOG_LEVEL: 'info',
      ...setting.env,
      NODE_ENV: 'production',
      NODE_COMPILE_CACHE: compileCache,
      PORT: String(port),
      PUBLIC_URL: publicUrl(setting),
      PLENARY_DEMO: setting.demo ? '1' : '0',
      ...own,
    },
    cwd: projectRoot,
    logFile: join(setting.stateDir, 'logs', `${name}.log`),
    stopSignal: 'SIGTERM',
    graceMs: 15_000,
    readyWithinMs: 45_000,
    ready: async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) });
      await answer.body?.cancel();
      return answer.ok;
    },
  };
}

/** The administrator's connection string with the service's own role in it. */
export function roleUrl(service: ServiceName, { adminUrl, secrets }: Pick<Setting, 'adminUrl' | 'secrets'>): string {
  const url = new URL(adminUrl);
  url.username = `plenary_${service.replaceAll('-', '_')}`;
  url.password = encodeURIComponent(secrets.rolePasswords[service]);
  return url.href;
}

/** For the command that makes the demo's accounts. */
export const demoStaffEnvironment = (setting: Pick<Setting, 'adminUrl' | 'secrets'>): Record<string, string> => ({
  DATABASE_URL: roleUrl('identity', setting),
  IDENTITY_KEY: setting.secrets.identityKey,
  PLENARY_DEMO: '1',
});

/** What scripts beside the system (migrate, seed, demo, verify) need to reach it. */
export function scriptEnvironment(setting: Setting): Record<string, string> {
  return {
    NODE_COMPILE_CACHE: compileCache,
    PLENARY_URL: `http://127.0.0.1:${setting.ports.gateway}`,
    DATABASE_URL: setting.adminUrl,
    KAFKA_BROKERS: setting.brokers,
    PUBLIC_URL: publicUrl(setting),
    IDENTITY_URL: urlsOf(setting.ports).identity[0] ?? '',
    LINK_KEY: setting.secrets.linkKey,
    BADGE_KEY: setting.secrets.badgeKey,
    IDENTITY_KEY: setting.secrets.identityKey,
    ...Object.fromEntries(
      services.map((service) => [
        `${service.toUpperCase().replaceAll('-', '_')}_DB_PASSWORD`,
        setting.secrets.rolePasswords[service],
      ]),
    ),
  };
}
