import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chooseInfrastructure, discardContainers } from './infrastructure';
import { freePorts } from './ports';
import { projectRoot } from './project';
import { RunRecord } from './run-record';
import { StartError, sayNothing } from './say';

/** Everything that tests start lives below this folder: one sub-folder per run, named by its kind and process. */
const testFolder = join(projectRoot, '.plenary-test');

/** A state folder for a test run; ends and removes what runs that were killed have left. */
export async function freshTestFolder(kind: string): Promise<string> {
  for (const name of existsSync(testFolder) ? readdirSync(testFolder) : []) {
    const folder = join(testFolder, name);
    try {
      await RunRecord.open(folder, sayNothing);
    } catch (error) {
      // In use by a run that lives.
      if (error instanceof StartError) continue;
      throw error;
    }
    await removeTestFolder(folder);
  }
  const folder = join(testFolder, `${kind}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

export async function removeTestFolder(folder: string): Promise<void> {
  await discardContainers(folder);
  rmSync(folder, { recursive: true, force: true });
}

/**
 * PostgreSQL and Kafka alone, for integration tests: on free ports, with data of their own, from this machine's
 * binaries before Docker. DATABASE_URL and KAFKA_BROKERS are not looked at: they may name a system with real data.
 */
export async function startTestInfrastructure(): Promise<{
  adminUrl: string;
  brokers: string;
  stop(): Promise<void>;
}> {
  const stateDir = await freshTestFolder('integration');
  const { DATABASE_URL: _, KAFKA_BROKERS: __, ...env } = process.env;
  const infrastructure = await chooseInfrastructure({
    stateDir,
    cacheDir: join(projectRoot, '.plenary/cache'),
    ports: await freePorts(),
    secrets: { postgresPassword: 'test', kafkaClusterId: 'cGxlbmFyeS10ZXN0aW5nMQ' },
    record: await RunRecord.open(stateDir, sayNothing),
    say: sayNothing,
    env,
    order: ['local', 'docker'],
  });
  const [postgres, kafka] = await Promise.all([infrastructure.startPostgres(), infrastructure.startKafka()]);
  return {
    adminUrl: postgres.adminUrl,
    brokers: kafka.brokers,
    stop: async () => {
      await Promise.all([kafka.stop(true), postgres.stop(true)]);
      await removeTestFolder(stateDir);
    },
  };
}
