import { Client, type ServiceName, type Topic } from '@plenary/contracts';
import { stack } from './stack';

/** A replica past the gateway, with the credentials of `like`: the first one is 0. */
export function replicaOf(service: ServiceName, index: number, like?: Client): Client {
  const url = stack().urls[service][index];
  if (!url) throw new Error(`${service} has ${stack().urls[service].length} replicas, not ${index + 1}`);
  return new Client(url, like?.token);
}

/** One number of `/metrics`. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What the replica at `url` (see `stack().urls`) tells under this name in its `/metrics`. */
export async function metricAt(url: string, name: string): Promise<Sample[]> {
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(3_000) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status} for its metrics`);
  return (await answer.text()).split('\n').flatMap((line) => {
    const [, told, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (told !== name) return [];
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', text = '']) => [label, text]);
    return [{ labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

/** The same of each replica of a service. */
export function metricsOf(service: ServiceName, name: string): Promise<Sample[][]> {
  return Promise.all(stack().urls[service].map((url) => metricAt(url, name)));
}

/**
 * Which replica of a service consumes each partition of a topic, by the partition. Throws unless each partition has
 * exactly one: during a rebalance, ask again.
 */
export async function partitionOwners(service: ServiceName, topic: Topic): Promise<Map<number, number>> {
  const owners = new Map<number, number>();
  for (const [replica, samples] of (await metricsOf(service, 'plenary_consumer_position')).entries()) {
    for (const { labels } of samples.filter((sample) => sample.labels.topic === topic.name)) {
      const partition = Number(labels.partition);
      if (owners.has(partition)) throw new Error(`${topic.name}/${partition} is held by two replicas of ${service}`);
      owners.set(partition, replica);
    }
  }
  if (owners.size !== topic.partitions) {
    throw new Error(`${service} holds ${owners.size} of the ${topic.partitions} partitions of ${topic.name}`);
  }
  return owners;
}
