import { images } from '../../deploy/local/docker';
import { brokerSettings, heapOptions } from '../../deploy/local/kafka';
import { initdbArguments, serverSettings } from '../../deploy/local/postgres';
import { startTestInfrastructure } from '../../deploy/local/test-infrastructure';

type Infrastructure = Awaited<ReturnType<typeof startTestInfrastructure>>;

/**
 * PostgreSQL and Kafka for the integration tests, thrown away afterwards: the local stack's, or with
 * TEST_INFRASTRUCTURE=containers those of testcontainers where an engine answers. TEST_DATABASE_URL and
 * TEST_KAFKA_BROKERS name others that run already. One line says which they are.
 */
export default async function setup(): Promise<void> {
  if (process.env.TEST_DATABASE_URL && process.env.TEST_KAFKA_BROKERS) {
    process.env.TEST_INFRASTRUCTURE_USED = 'given';
    return say('those of TEST_DATABASE_URL and TEST_KAFKA_BROKERS');
  }
  const infrastructure = (await inContainers()) ?? (await onThisMachine());
  process.env.TEST_DATABASE_URL ??= infrastructure.adminUrl;
  process.env.TEST_KAFKA_BROKERS ??= infrastructure.brokers;
  (globalThis as { testInfrastructure?: Infrastructure }).testInfrastructure = infrastructure;
}

async function inContainers(): Promise<Infrastructure | undefined> {
  const wanted = process.env.TEST_INFRASTRUCTURE || 'local';
  if (wanted === 'local') return undefined;
  if (wanted !== 'containers') throw new Error(`TEST_INFRASTRUCTURE=${wanted}: it is "local" or "containers"`);
  const { startTestContainers } = await import('../../libs/testing/src/containers');
  const started = await startTestContainers({
    postgres: { initdbArguments: initdbArguments.filter((one) => !one.startsWith('--auth')), server: serverSettings },
    kafka: { broker: brokerSettings, heap: heapOptions.filter((option) => option.startsWith('-Xm')).join(' ') },
    images,
  });
  if (!started) {
    say(
      'WARNING: TEST_INFRASTRUCTURE=containers was asked for, but NO container engine answers; the local stack stands in',
    );
    return undefined;
  }
  process.env.TEST_INFRASTRUCTURE_USED = 'containers';
  say(`in containers (testcontainers: ${images.postgres}, ${images.kafka})`);
  return started;
}

async function onThisMachine(): Promise<Infrastructure> {
  const started = await startTestInfrastructure();
  process.env.TEST_INFRASTRUCTURE_USED = 'local';
  say("the local stack's");
  return started;
}

function say(what: string): void {
  process.stderr.write(`PostgreSQL and Kafka for integration tests: ${what}\n`);
}
