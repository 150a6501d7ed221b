import { createServer } from 'node:net';
import { GenericContainer, getContainerRuntimeClient, type StartedTestContainer, Wait } from 'testcontainers';

export interface ContainerSettings {
  readonly postgres: { readonly initdbArguments: readonly string[]; readonly server: Record<string, string> };
  /** Of the broker, besides its addresses; and the options of its Java. */
  readonly kafka: { readonly broker: Record<string, string>; readonly heap: string };
  readonly images: { readonly postgres: string; readonly kafka: string };
}

export interface TestContainers {
  /** Of a superuser. */
  readonly adminUrl: string;
  /** host:port */
  readonly brokers: string;
  stop(): Promise<void>;
}

const PASSWORD = 'test';
const STARTS_WITHIN_MS = 120_000;

/**
 * PostgreSQL and Kafka in containers that testcontainers starts, and clears away should the tests be killed (but not
 * where TESTCONTAINERS_RYUK_DISABLED is set). undefined: no engine answers. Not part of the library's index, so
 * that no test loads testcontainers which does not start any.
 */
export async function startTestContainers(settings: ContainerSettings): Promise<TestContainers | undefined> {
  const engine = await getContainerRuntimeClient().catch(() => undefined);
  if (!engine) return undefined;
  const started = await Promise.allSettled([
    startPostgres(settings),
    startKafka(settings, engine.info.containerRuntime.host),
  ]);
  const [postgres, kafka] = started;
  const stop = async () => {
    const running = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value.container] : []));
    await Promise.all(running.map((container) => container.stop()));
  };
  if (postgres.status === 'rejected' || kafka.status === 'rejected') {
    await stop();
    throw postgres.status === 'rejected' ? postgres.reason : (kafka as PromiseRejectedResult).reason;
  }
  return { adminUrl: postgres.value.adminUrl, brokers: kafka.value.brokers, stop };
}

async function startPostgres({ images, postgres }: ContainerSettings) {
  const container = await new GenericContainer(images.postgres)
    .withEnvironment({ POSTGRES_PASSWORD: PASSWORD, POSTGRES_INITDB_ARGS: postgres.initdbArguments.join(' ') })
    .withCommand([
      'postgres',
      ...Object.entries(postgres.server).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ])
    .withExposedPorts(5432)
    // Over TCP: the server that the image starts to prepare the cluster listens on its socket alone.
    .withHealthCheck({
      test: ['CMD', 'pg_isready', '-h', '127.0.0.1', '-U', 'postgres'],
      interval: 500,
      timeout: 3_000,
      retries: 100,
    })
    .withWaitStrategy(Wait.forHealthCheck())
    .withStartupTimeout(STARTS_WITHIN_MS)
    .start();
  const adminUrl = `postgres://postgres:${PASSWORD}@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
  return { container, adminUrl };
}

/**
 * A plain container, since testcontainers' own class for Kafka runs Confluent's images only. The broker has to tell
 * its clients the published port, so that is chosen before.
 */
async function startKafka({ images, kafka }: ContainerSettings, host: string) {
  const port = await freePort();
  const brokers = `${host}:${port}`;
  const broker = {
    ...kafka.broker,
    listeners: `PLAINTEXT://0.0.0.0:${port},CONTROLLER://127.0.0.1:9093`,
    'advertised.listeners': `PLAINTEXT://${brokers}`,
    'controller.quorum.voters': '1@127.0.0.1:9093',
  };
  const container: StartedTestContainer = await new GenericContainer(images.kafka)
    .withEnvironment({
      ...Object.fromEntries(
        Object.entries(broker).map(([name, value]) => [`KAFKA_${name.toUpperCase().replaceAll('.', '_')}`, value]),
      ),
      KAFKA_HEAP_OPTS: kafka.heap,
    })
    .withExposedPorts({ container: port, host: port })
    .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
    .withStartupTimeout(STARTS_WITHIN_MS)
    .start();
  return { container, brokers };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
