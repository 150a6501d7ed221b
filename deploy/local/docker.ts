import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { answersAsKafka, brokerSettings, heapOptions, kafkaVersion } from './kafka';
import { initdbArguments, serverSettings } from './postgres';
import { type Say, StartError } from './say';

export const images = { postgres: 'postgres:18', kafka: `apache/kafka:${kafkaVersion}` };
type Part = keyof typeof images;

export interface Container {
  stop(hurry: boolean): Promise<void>;
}

/** Whether an engine answers; a client without one does not count. */
export async function engineAnswers(): Promise<boolean> {
  const { status, output } = await docker(['info', '--format', '{{.ServerVersion}}'], { timeoutMs: 5_000 });
  return status === 0 && /^\d/.test(output.trim());
}

/** Fetches the image unless it is there. false: it cannot be had (no network, no such registry). */
export async function provideImage(part: Part, say: Say): Promise<boolean> {
  const image = images[part];
  if ((await docker(['image', 'inspect', image])).status === 0) return true;
  say(part, `pulling ${image} (once)`);
  const { status, output } = await docker(['pull', '--quiet', image], { timeoutMs: 600_000 });
  if (status !== 0) say(part, `could not pull ${image}: ${output.trim().split('\n').at(-1)}`);
  return status === 0;
}

/** Each state folder has containers and volumes of its own, so that several checkouts do not meet. */
const nameOf = (part: Part, stateDir: string) =>
  `plenary-${part}-${createHash('sha256').update(resolve(stateDir)).digest('hex').slice(0, 8)}`;

/** Ends the containers that a launcher which was killed has left: Kafka before PostgreSQL. */
export async function endLeftContainers(stateDir: string, say: Say): Promise<void> {
  const { output } = await docker(['ps', '--format', '{{.Names}}']);
  for (const part of ['kafka', 'postgres'] as const) {
    const name = nameOf(part, stateDir);
    if (!output.split('\n').includes(name)) continue;
    say('plenary', `ending what the last run left behind: the container ${name}`);
    await discard(name, 30);
  }
}

/** Removes the data of a state folder that is made anew. */
export async function removeContainers(stateDir: string): Promise<void> {
  for (const part of ['kafka', 'postgres'] as const) {
    await docker(['rm', '--force', '--volumes', nameOf(part, stateDir)]);
    await docker(['volume', 'rm', '--force', nameOf(part, stateDir)]);
  }
}

export async function startPostgresContainer(options: {
  stateDir: string;
  port: number;
  password: string;
  database: string;
}): Promise<{ adminUrl: string; container: Container }> {
  const { stateDir, port, password, database } = options;
  const name = nameOf('postgres', stateDir);
  await replace(
    name,
    [
      ...['--publish', `127.0.0.1:${port}:5432`, '--shm-size', '256m'],
      ...['--volume', `${name}:/var/lib/postgresql`],
      // Without a value: docker takes it from its environment, and no list of processes shows it.
      ...['--env', 'POSTGRES_PASSWORD', '--env', `POSTGRES_DB=${database}`],
      ...['--env', `POSTGRES_INITDB_ARGS=${initdbArguments.filter((one) => !one.startsWith('--auth')).join(' ')}`],
      images.postgres,
      ...Object.entries(serverSettings).flatMap(([setting, value]) => ['-c', `${setting}=${value}`]),
    ],
    { POSTGRES_PASSWORD: password },
  );
  const adminUrl = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  await untilReady(name, () => answersAsPostgres(adminUrl));
  return { adminUrl, container: stoppable(name) };
}

export async function startKafkaContainer(options: {
  stateDir: string;
  port: number;
  clusterId: string;
}): Promise<Container> {
  const { stateDir, port, clusterId } = options;
  const name = nameOf('kafka', stateDir);
  const settings: Record<string, string> = {
    ...brokerSettings,
    listeners: `PLAINTEXT://0.0.0.0:${port},CONTROLLER://127.0.0.1:9093`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.quorum.voters': '1@127.0.0.1:9093',
    'log.dirs': '/var/lib/kafka/data',
  };
  const variables = {
    ...Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [`KAFKA_${key.toUpperCase().replaceAll('.', '_')}`, value]),
    ),
    CLUSTER_ID: clusterId,
    KAFKA_HEAP_OPTS: heapOptions.filter((option) => option.startsWith('-Xm')).join(' '),
    KAFKA_JVM_PERFORMANCE_OPTS: heapOptions.filter((option) => option.startsWith('-XX')).join(' '),
  };
  await replace(name, [
    ...['--publish', `127.0.0.1:${port}:${port}`, '--volume', `${name}:/var/lib/kafka/data`],
    ...Object.entries(variables).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    images.kafka,
  ]);
  await untilReady(name, () => answersAsKafka(port));
  return stoppable(name);
}

/** Stops and removes a container, with the nameless volumes that its image declares; its named volume stays. */
async function discard(name: string, graceSeconds: number): Promise<void> {
  await docker(['stop', '--time', String(graceSeconds), name], { timeoutMs: 60_000 });
  await docker(['rm', '--force', '--volumes', name]);
}

/** Starts a container in the place of one that an earlier run left (running or not); the volume carries the data on. */
async function replace(name: string, run: string[], env: Record<string, string> = {}): Promise<void> {
  await discard(name, 30);
  const { status, output } = await docker(['run', '--detach', '--name', name, '--restart', 'on-failure:10', ...run], {
    env,
    timeoutMs: 60_000,
  });
  if (status !== 0) throw new StartError(`Docker could not start ${name}: ${output.trim()}`);
}

async function untilReady(name: string, ready: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 90_000;
  while (!(await ready())) {
    if (performance.now() > deadline) {
      const { output } = await docker(['logs', '--tail', '15', name]);
      throw new StartError(`The container ${name} was not ready within 90 s:\n${output}`);
    }
    await pause(200);
  }
}

async function answersAsPostgres(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

const stoppable = (name: string): Container => ({
  stop: async (hurry) => {
    await discard(name, hurry ? 1 : 30);
  },
});

/** Runs the client; `output` is what it wrote, standard error included. Status 127: there is no client. */
function docker(
  args: string[],
  options: { env?: Record<string, string>; timeoutMs?: number } = {},
): Promise<{ status: number; output: string }> {
  return new Promise((done) => {
    const child = spawn('docker', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
      timeout: options.timeoutMs ?? 30_000,
      detached: true, // Ctrl-C is for the launcher; it stops containers in its own order.
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', () => done({ status: 127, output: 'there is no docker command' }));
    child.once('close', (status) => done({ status: status ?? 1, output }));
  });
}
