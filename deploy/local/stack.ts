import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { services as allServices, type ServiceName } from '@plenary/contracts';
import {
  chooseInfrastructure,
  discardContainers,
  type Infrastructure,
  type Kafka,
  type Postgres,
} from './infrastructure';
import { freePorts, portsFrom } from './ports';
import { cacheDir, projectRoot } from './project';
import { RunRecord } from './run-record';
import { type Say, StartError, sayNothing, sayOnTerminal } from './say';
import { loadSecrets, type Secrets } from './secrets';
import {
  demoStaffEnvironment,
  gatewayPlan,
  plansOf,
  publicUrl,
  type Setting,
  scriptEnvironment,
  urlsOf,
} from './service-plans';
import { type ProcessPlan, SupervisedProcess } from './supervised-process';

export interface StackOptions {
  readonly stateDir: string;
  /** 'free': wherever there is room; else as the environment says (8080 and so on). */
  readonly ports?: 'free';
  readonly quiet?: boolean;
  readonly say?: Say;
  /** PLENARY_DEMO of the services. */
  readonly demo?: boolean;
  /** Empties the state folder first. */
  readonly fresh?: boolean;
  /** How many processes of each service. */
  readonly replicas?: number;
  /** A subset, for trials. */
  readonly services?: readonly ServiceName[];
  readonly gateway?: boolean;
  /** More environment for the services; goes before the launcher's own. */
  readonly env?: Record<string, string>;
  /** What is tried after DATABASE_URL and KAFKA_BROKERS; Docker first unless said otherwise. */
  readonly order?: readonly ('docker' | 'local')[];
}

/** What there is to know of a running system; can be written down as JSON. */
export interface StackAddresses {
  /** The public origin. */
  readonly url: string;
  /** Of each replica of each service. */
  readonly urls: Record<ServiceName, string[]>;
  /** Of a superuser, in Plenary's database. */
  readonly databaseUrl: string;
  readonly brokers: string;
  readonly secrets: Secrets;
  readonly stateDir: string;
}

/**
 * The whole system on one machine: PostgreSQL and Kafka, schemas and topics, services, gateway.
 * `start()` once, then `stop()`; a start that fails stops what it had started.
 */
export class Stack {
  /** By name: `badge`, `badge-2`, `gateway`; `postgres` and `kafka` where they are processes of ours. */
  readonly processes = new Map<string, SupervisedProcess>();
  private readonly say: Say;
  private readonly env: NodeJS.ProcessEnv;
  readonly stateDir: string;
  private readonly stopping = new AbortController();
  private record!: RunRecord;
  private postgres: Postgres | undefined;
  private kafka: Kafka | undefined;
  private known: StackAddresses | undefined;
  private starting: Promise<unknown> = Promise.resolve();
  private stopped: Promise<void> | undefined;

  constructor(private readonly options: StackOptions) {
    this.stateDir = resolve(projectRoot, options.stateDir);
    this.say = options.quiet ? sayNothing : (options.say ?? sayOnTerminal);
    this.env = { ...process.env, ...options.env };
  }

  get addresses(): StackAddresses {
    if (!this.known) throw new Error('the system has not started');
    return this.known;
  }

  /** Resolves when everything is ready. Throws a StartError that says what is wrong. */
  async start(): Promise<StackAddresses> {
    const starting = this.bringUp();
    this.starting = starting;
    try {
      return await starting;
    } catch (error) {
      await this.stop(true);
      throw error;
    }
  }

  /** How often each process had to be started again, where it had to. */
  restarts(): Record<string, number> {
    return Object.fromEntries(
      [...this.processes].filter(([, { restarts }]) => restarts > 0).map(([name, { restarts }]) => [name, restarts]),
    );
  }

  /**
   * The gateway and the services drain, then Kafka stops, then PostgreSQL. Called again, or in a hurry, services and
   * Kafka are killed; PostgreSQL always gets the moment that it needs.
   */
  stop(hurry = false): Promise<void> {
    const again = this.stopped !== undefined;
    this.stopping.abort();
    if (again && hurry)
      for (const one of this.processes.values()) if (one.plan.name !== 'postgres') void one.stop(true);
    this.stopped ??= this.bringDown(hurry);
    return this.stopped;
  }

  private async bringUp(): Promise<StackAddresses> {
    const { options, stateDir, say, env } = this;
    this.record = await RunRecord.open(stateDir, say);
    if (options.fresh) {
      await discardContainers(stateDir);
      rmSync(stateDir, { recursive: true, force: true });
      this.record = await RunRecord.open(stateDir, say);
    }
    const secrets = loadSecrets(stateDir);
    const ports = options.ports === 'free' ? await freePorts(options.replicas) : portsFrom(env, options.replicas);
    const infrastructure = await chooseInfrastructure({
      stateDir,
      cacheDir,
      ports,
      secrets,
      record: this.record,
      say,
      env,
      ...(options.order ? { order: options.order } : {}),
    });
    const common = { stateDir, ports, secrets, env, demo: options.demo ?? false };
    const setting = { ...common, ...(await this.prepare(infrastructure, common)) };
    this.known = {
      url: publicUrl(setting),
      urls: urlsOf(ports),
      databaseUrl: setting.adminUrl,
      brokers: setting.brokers,
      secrets,
      stateDir,
    };
    writeFileSync(join(stateDir, 'environment.json'), `${JSON.stringify(scriptEnvironment(setting), null, 2)}\n`, {
      mode: 0o600,
    });
    await this.launch(allServices.filter((one) => this.wants(one)).flatMap((service) => plansOf(service, setting)));
    if (options.gateway !== false) await this.launch([gatewayPlan(setting)]);
    return this.known;
  }

  /** PostgreSQL and its schemas, Kafka and its topics: the two at once. */
  private async prepare(infrastructure: Infrastructure, common: Omit<Setting, 'adminUrl' | 'brokers'>) {
    const postgres = infrastructure.startPostgres().then(async (part) => {
      this.postgres = part;
      if (part.process) this.processes.set('postgres', part.process);
      this.goOn();
      this.say('postgres', `ready (${originNames[part.origin]})`);
      await runScript(
        'libs/platform/src/migrate.cli',
        scriptEnvironment({ ...common, adminUrl: part.adminUrl, brokers: '' }),
      );
      if (common.demo && this.wants('identity')) {
        await runScript(
          'apps/identity/src/staff-create.cli',
          demoStaffEnvironment({ ...common, adminUrl: part.adminUrl }),
          {
            args: ['--demo'],
          },
        );
      }
      return part.adminUrl;
    });
    const kafka = infrastructure.startKafka().then(async (part) => {
      this.kafka = part;
      if (part.process) this.processes.set('kafka', part.process);
      this.goOn();
      this.say('kafka', `ready (${originNames[part.origin]})`);
      await runScript('deploy/local/topics', { KAFKA_BROKERS: part.brokers });
      return part.brokers;
    });
    // Both are awaited even when one fails: what still starts must be known before it can be stopped.
    const [first, second] = await Promise.allSettled([postgres, kafka]);
    if (first.status === 'rejected') throw first.reason;
    if (second.status === 'rejected') throw second.reason;
    this.goOn();
    return { adminUrl: first.value, brokers: second.value };
  }

  private async launch(plans: ProcessPlan[]): Promise<void> {
    this.goOn();
    const outcomes = await Promise.allSettled(
      plans.map(async (plan) => {
        const one = new SupervisedProcess(plan, this.record, this.say);
        this.processes.set(plan.name, one);
        await one.start();
        this.say(plan.name, `ready (port ${plan.env.PORT})`);
      }),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private wants(service: ServiceName): boolean {
    return this.options.services?.includes(service) ?? true;
  }

  private goOn(): void {
    if (this.stopping.signal.aborted) throw new StartError('stopped while starting');
  }

  private async bringDown(hurry: boolean): Promise<void> {
    const isService = (name: string) => !['gateway', 'kafka', 'postgres'].includes(name);
    const stopServices = async () => {
      const services = [...this.processes].filter(([name]) => isService(name)).map(([, one]) => one);
      if (services.length > 0) this.say('plenary', 'stopping the services');
      await this.processes.get('gateway')?.stop(hurry);
      await Promise.all(services.map((one) => one.stop(hurry)));
    };
    await stopServices();
    // A start that is under way gives up at its next step; what it has started by then is stopped below.
    await this.starting.catch(() => {});
    if ([...this.processes.values()].some((one) => one.pid !== undefined && isService(one.plan.name)))
      await stopServices();
    if (this.kafka && this.kafka.origin !== 'given') this.say('plenary', 'stopping Kafka');
    await this.kafka?.stop(hurry);
    if (this.postgres && this.postgres.origin !== 'given') this.say('plenary', 'stopping PostgreSQL');
    await this.postgres?.stop(hurry);
  }
}

const originNames = { given: 'as named in the environment', docker: 'in Docker', local: 'on this machine' };

/** Brings a system up; see `Stack`. */
export async function startStack(options: StackOptions): Promise<StackAddresses & Pick<Stack, 'stop' | 'restarts'>> {
  const stack = new Stack(options);
  const addresses = await stack.start();
  return { ...addresses, stop: (hurry) => stack.stop(hurry), restarts: () => stack.restarts() };
}

/** Runs a compiled script to its end; a StartError with what it said when it fails. */
export function runScript(
  script: string,
  env: Record<string, string>,
  options: { args?: readonly string[]; onLine?: (line: string) => void } = {},
): Promise<void> {
  const { args = [], onLine } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(projectRoot, 'dist', `${script}.js`), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
        if (onLine) for (const line of chunk.split('\n')) if (line.trim()) onLine(line);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new StartError(`${script} ended with code ${code}:\n${output.trim().split('\n').slice(-12).join('\n')}`),
        );
    });
  });
}
