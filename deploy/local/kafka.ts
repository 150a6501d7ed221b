import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { projectRoot } from './project';
import type { RunRecord } from './run-record';
import { type Say, StartError } from './say';
import { SupervisedProcess } from './supervised-process';

export const kafkaVersion = '4.1.1';
const OLDEST_JAVA = 17;

/** Settings of the broker, here and in Docker, besides its addresses and folders. One node, so one replica. */
export const brokerSettings = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'PLAINTEXT',
  'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
  'auto.create.topics.enable': 'false',
  'num.partitions': '1',
  'offsets.topic.num.partitions': '6',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '3',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
  // After a kill -9 the controller waits this long (9 s by default) before it lets the same node come back.
  'broker.session.timeout.ms': '5000',
  'broker.heartbeat.interval.ms': '1000',
};

/** The broker needs 340 MB in all with these. */
export const heapOptions = ['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** Apache Kafka (KRaft, one node) on this machine's Java, its data in `<stateDir>/kafka`. */
export async function startLocalKafka(options: {
  stateDir: string;
  cacheDir: string;
  port: number;
  controllerPort: number;
  clusterId: string;
  java: string;
  record: RunRecord;
  say: Say;
}): Promise<SupervisedProcess> {
  const { stateDir, port, controllerPort, clusterId, java, record, say } = options;
  const jars = await provideJars(options.cacheDir, java, say);
  const home = join(stateDir, 'kafka');
  const data = join(home, 'data');
  mkdirSync(home, { recursive: true });
  const config = join(home, 'server.properties');
  writeFileSync(
    config,
    properties({
      ...brokerSettings,
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
      'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
      'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
      'log.dirs': data.replaceAll('\\', '/'),
    }),
  );
  const logging = join(home, 'log4j2.xml');
  copyFileSync(join(projectRoot, 'deploy/local/kafka/log4j2.xml'), logging);
  const run = (mainClass: string, ...args: string[]) => [
    ...heapOptions,
    `-Dlog4j2.configurationFile=${logging}`,
    ...['-cp', join(jars, '*'), mainClass, ...args],
  ];
  if (!existsSync(join(data, 'meta.properties'))) {
    const formatted = spawnSync(
      java,
      run('kafka.tools.StorageTool', 'format', '--cluster-id', clusterId, '--config', config, '--ignore-formatted'),
      { encoding: 'utf8' },
    );
    if (formatted.status !== 0) {
      throw new StartError(`Kafka could not prepare ${data}: ${formatted.stderr}${formatted.stdout}`);
    }
  }
  const supervised = new SupervisedProcess(
    {
      name: 'kafka',
      command: java,
      args: run('kafka.Kafka', config),
      env: { PATH: process.env.PATH },
      cwd: home,
      logFile: join(stateDir, 'logs', 'kafka.log'),
      stopSignal: 'SIGTERM',
      graceMs: 30_000,
      readyWithinMs: 60_000,
      ready: () => answersAsKafka(port),
    },
    record,
    say,
  );
  await supervised.start();
  return supervised;
}

export const properties = (settings: Record<string, string>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** The `java` command of a Java 17 or newer: JAVA_HOME, the PATH, then where systems and Homebrew put it. */
export function findJava(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const virtualMachines = '/usr/lib/jvm';
  const folders = [
    ...(env.JAVA_HOME ? [join(env.JAVA_HOME, 'bin')] : []),
    ...(env.PATH ?? '').split(delimiter),
    ...(existsSync(virtualMachines)
      ? readdirSync(virtualMachines).map((name) => join(virtualMachines, name, 'bin'))
      : []),
    '/opt/homebrew/opt/openjdk/bin',
    '/usr/local/opt/openjdk/bin',
  ];
  const name = process.platform === 'win32' ? 'java.exe' : 'java';
  return [...new Set(folders.map((folder) => join(folder, name)))].find(
    (java) => existsSync(java) && majorOf(java) >= OLDEST_JAVA,
  );
}

/** 17 for `openjdk version "17.0.15"`; 0 where it does not run. */
function majorOf(java: string): number {
  const { stderr, status } = spawnSync(java, ['-version'], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 ? Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0) : 0;
}

/** The folder with Kafka's jars; resolved by Maven the first time, then kept. */
async function provideJars(cacheDir: string, java: string, say: Say): Promise<string> {
  const jars = join(cacheDir, `kafka-${kafkaVersion}`);
  if (existsSync(jars)) return jars;
  say('kafka', `fetching Apache Kafka ${kafkaVersion} by Maven (43 MB, once)`);
  const fresh = `${jars}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  const maven = await findMaven(cacheDir, java, say);
  const goal = [
    ...['--batch-mode', '--quiet', '--file', join(projectRoot, 'deploy/local/kafka/pom.xml')],
    ...[`-Dkafka.version=${kafkaVersion}`, `-DoutputDirectory=${fresh}`, 'dependency:copy-dependencies'],
  ];
  let output = '';
  const status = await new Promise<number | string>((resolve) => {
    const child = spawn(maven.command, [...maven.args, ...goal], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, JAVA_HOME: process.env.JAVA_HOME ?? join(java, '../..') },
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code) => resolve(code ?? 'killed'));
  });
  if (status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new StartError(
      `Maven could not fetch Apache Kafka (${status}). Is Maven Central reachable (a proxy goes into ~/.m2/settings.xml)?\n${output.slice(-1500)}`,
    );
  }
  try {
    renameSync(fresh, jars);
  } catch (error) {
    // Another start was faster.
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(jars)) throw error;
  }
  return jars;
}

const wrapper = {
  maven: '3.9.11',
  version: '3.3.4',
  sha256: '4e2fbf6554bc8a4702cdfdd3bef464f423393d784ddbb037216320ce55d5e4e1',
};

/** `mvn` where it is installed; else Maven's own wrapper, which fetches Maven itself. */
async function findMaven(cacheDir: string, java: string, say: Say): Promise<{ command: string; args: string[] }> {
  const mvn = process.platform === 'win32' ? 'mvn.cmd' : 'mvn';
  if (spawnSync(mvn, ['--version'], { shell: process.platform === 'win32' }).status === 0) {
    return { command: mvn, args: [] };
  }
  say('kafka', 'there is no mvn here: fetching the Maven wrapper');
  const jar = join(cacheDir, `maven-wrapper-${wrapper.version}.jar`);
  // MVNW_REPOURL is the wrapper's own variable for a mirror.
  const origin = process.env.MVNW_REPOURL ?? 'https://repo.maven.apache.org/maven2';
  const distribution = `org/apache/maven/apache-maven/${wrapper.maven}/apache-maven-${wrapper.maven}-bin.zip`;
  mkdirSync(cacheDir, { recursive: true });
  // The wrapper reads the file that is called like its jar.
  writeFileSync(jar.replace(/jar$/, 'properties'), properties({ distributionUrl: `${origin}/${distribution}` }));
  if (!existsSync(jar)) {
    const path = `org/apache/maven/wrapper/maven-wrapper/${wrapper.version}/maven-wrapper-${wrapper.version}.jar`;
    const answer = await fetch(`${origin}/${path}`, { signal: AbortSignal.timeout(60_000) });
    if (!answer.ok) throw new StartError(`${origin}/${path} answered ${answer.status}.`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (digest !== wrapper.sha256) throw new StartError(`The Maven wrapper from ${origin} has SHA-256 ${digest}.`);
    writeFileSync(`${jar}.new`, bytes);
    renameSync(`${jar}.new`, jar);
  }
  return {
    command: java,
    args: [
      `-Dmaven.multiModuleProjectDirectory=${join(projectRoot, 'deploy/local/kafka')}`,
      ...['-cp', jar, 'org.apache.maven.wrapper.MavenWrapperMain'],
    ],
  };
}

/**
 * Whether a broker answers: an ApiVersions request (key 18, version 0) of Kafka's protocol, which every listener
 * answers once it takes requests. A port that merely accepts connections is not enough (Docker's does at once).
 */
export function answersAsKafka(port: number): Promise<boolean> {
  const correlation = randomBytes(4);
  const request = Buffer.concat([Buffer.from([0, 0, 0, 10, 0, 18, 0, 0]), correlation, Buffer.from([0xff, 0xff])]);
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const socket = connect({ port, host: '127.0.0.1', timeout: 2_000 }, () => socket.write(request));
    const finish = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 8) finish(received.subarray(4, 8).equals(correlation));
    });
    for (const trouble of ['error', 'timeout', 'close']) socket.once(trouble, () => finish(false));
  });
}
