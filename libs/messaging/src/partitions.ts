import type { Topic } from '@plenary/contracts';
import { Partitioners } from 'kafkajs';

const partitioner = Partitioners.DefaultPartitioner();

/** The partition that the relay puts events of this key into. */
export function partitionOf(topic: Topic, key: string): number {
  const partitionMetadata = Array.from({ length: topic.partitions }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 1,
    replicas: [],
    isr: [],
  }));
  return partitioner({ topic: topic.name, partitionMetadata, message: { key, value: null } });
}
