import { createServer } from 'node:net';
import type { ServiceName } from '@plenary/contracts';
import { StartError } from './say';

export interface Ports {
  readonly gateway: number;
  /** One port for each replica. */
  readonly services: Record<ServiceName, number[]>;
  readonly postgres: number;
  readonly kafka: number;
  readonly kafkaController: number;
}

/** Who wants which port, by which variable, and how far from the gateway's port where the variable is not set. */
const wanted = {
  gateway: ['PLENARY_PORT', 0],
  registration: ['PLENARY_REGISTRATION_PORT', 1],
  'sub-forum': ['PLENARY_SUB_FORUM_PORT', 2],
  badge: ['PLENARY_BADGE_PORT', 3],
  'check-in': ['PLENARY_CHECK_IN_PORT', 4],
  attendance: ['PLENARY_ATTENDANCE_PORT', 5],
  identity: ['PLENARY_IDENTITY_PORT', 6],
  postgres: ['PLENARY_POSTGRES_PORT', 10],
  kafka: ['PLENARY_KAFKA_PORT', 11],
  'kafka-controller': ['PLENARY_KAFKA_CONTROLLER_PORT', 12],
} as const satisfies Record<string, readonly [variable: string, offset: number]>;
type Wanter = keyof typeof wanted;

const DEFAULT_GATEWAY_PORT = 8080;
/** Further replicas of a service listen this far above the one before. */
const REPLICA_STEP = 20;

/** The ports of the environment: 8080 for the gateway, the others counted from it unless they are named. */
export function portsFrom(env: NodeJS.ProcessEnv, replicas = 1): Ports {
  const base = numberFrom(env, 'PLENARY_PORT') ?? DEFAULT_GATEWAY_PORT;
  return arrange((who) => numberFrom(env, wanted[who][0]) ?? base + wanted[who][1], replicas);
}

/**
 * Free ports below the range from which the system takes ports for outgoing connections (32768 and up on Linux),
 * so that none is taken away while a service is down for a moment.
 */
export async function freePorts(replicas = 1): Promise<Ports> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const base = 20_000 + Math.floor(Math.random() * 9_000);
    const ports = arrange((who) => base + wanted[who][1], replicas);
    if ((await takenAmong(ports, { postgres: true, kafka: true })).length === 0) return ports;
  }
  throw new StartError('Found no range of free ports between 20000 and 30000.');
}

/** Throws a StartError that names each taken port, what wanted it, and the variable that moves it. */
export async function demandFree(ports: Ports, ours: { postgres: boolean; kafka: boolean }): Promise<void> {
  const taken = await takenAmong(ports, ours);
  if (taken.length === 0) return;
  const lines = taken.map(
    ({ who, port }) => `Port ${port}, wanted for ${who}, is taken by another program. ${wanted[who][0]} changes it.`,
  );
  throw new StartError(
    [
      ...lines,
      'PLENARY_PORT moves all that have no variable of their own, for instance PLENARY_PORT=9080 npm start',
    ].join('\n'),
  );
}

function arrange(portOf: (who: Wanter) => number, replicas: number): Ports {
  const listOf = (who: Wanter) => Array.from({ length: replicas }, (_, index) => portOf(who) + index * REPLICA_STEP);
  return {
    gateway: portOf('gateway'),
    services: {
      registration: listOf('registration'),
      'sub-forum': listOf('sub-forum'),
      badge: listOf('badge'),
      'check-in': listOf('check-in'),
      attendance: listOf('attendance'),
      identity: listOf('identity'),
    },
    postgres: portOf('postgres'),
    kafka: portOf('kafka'),
    kafkaController: portOf('kafka-controller'),
  };
}

async function takenAmong(
  ports: Ports,
  ours: { postgres: boolean; kafka: boolean },
): Promise<{ who: Wanter; port: number }[]> {
  const list: { who: Wanter; port: number }[] = [{ who: 'gateway', port: ports.gateway }];
  for (const [who, replicas] of Object.entries(ports.services)) {
    for (const port of replicas) list.push({ who: who as Wanter, port });
  }
  if (ours.postgres) list.push({ who: 'postgres', port: ports.postgres });
  if (ours.kafka) {
    list.push({ who: 'kafka', port: ports.kafka }, { who: 'kafka-controller', port: ports.kafkaController });
  }
  const seen = new Map<number, Wanter>();
  for (const { who, port } of list) {
    const other = seen.get(port);
    if (other) {
      throw new StartError(
        `Port ${port} is wanted twice, for ${other} and ${who}: change ${wanted[other][0]} or ${wanted[who][0]}.`,
      );
    }
    seen.set(port, who);
  }
  const free = await Promise.all(list.map(({ port }) => isFree(port)));
  return list.filter((_, index) => !free[index]);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function numberFrom(env: NodeJS.ProcessEnv, variable: string): number | undefined {
  const text = env[variable];
  if (text === undefined || text === '') return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_000) {
    throw new StartError(`${variable}=${text} is not a port number (1 to 65000).`);
  }
  return port;
}
