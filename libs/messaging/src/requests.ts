import {
  type EventDefinition,
  rebuildRequested,
  replayRequested,
  resyncRequested,
  type ServiceName,
  topics,
} from '@plenary/contracts';
import { Partitioners } from 'kafkajs';
import { v7 } from 'uuid';
import { cloudEventHeaders } from './cloud-events';
import { kafkaClient } from './kafka-client';
import { silent } from './options';

/**
 * An operator's requests. They go over Kafka like everything else, so no access to any schema is needed, and the
 * service that is asked writes them down before it obeys; it tells the outcome in its log and in the metric of parked
 * events.
 */

/** Asks `service` to hand over its parked events again: of one subject, or of all. Resolves when Kafka has the request. */
export async function requestReplay(brokers: readonly string[], service: ServiceName, subject?: string): Promise<void> {
  const body = { version: 1, requestId: v7(), service, subject: subject ?? null, ...asOperator() };
  await send(brokers, [{ definition: replayRequested, body }]);
}

/**
 * Asks owners to publish snapshots: `what` is a topic (`registrations`, `plenary.registrations`) or a service (all its
 * topics). Answers the names of the topics asked for; throws when `what` is neither.
 */
export async function requestResync(brokers: readonly string[], what: string, subject?: string): Promise<string[]> {
  const chosen = Object.entries(topics)
    .filter(([key, topic]) => {
      const owned = topic.owners.length === 1 && (topic.owners as readonly string[]).includes(what);
      return names(key, topic.name).includes(what) || owned;
    })
    .map(([, topic]) => topic.name);
  if (chosen.length === 0) throw new Error(`There is no topic and no owner named ${what}`);
  await send(
    brokers,
    chosen.map((topic) => ({
      definition: resyncRequested,
      body: { version: 1, requestId: v7(), topic, subject: subject ?? null, ...asOperator() },
    })),
  );
  return chosen;
}

/**
 * Asks `service` to empty what it knows of a topic (`seats`, `plenary.seats`; left out: of all) and to have the owners
 * tell it anew. Until they have, the service knows nothing of it. Throws where there is no such topic.
 */
export async function requestRebuild(brokers: readonly string[], service: ServiceName, what?: string): Promise<void> {
  const named = Object.entries(topics).find(([key, { name }]) => what !== undefined && names(key, name).includes(what));
  if (what !== undefined && !named) throw new Error(`There is no topic named ${what}`);
  const body = { version: 1, requestId: v7(), service, topic: named?.[1].name ?? null, ...asOperator() };
  await send(brokers, [{ definition: rebuildRequested, body }]);
}

/** What an operator may call a topic. */
const names = (key: string, name: string): string[] => [key, name, name.replace('plenary.', '')];

const asOperator = () => ({ requestedBy: 'operator', at: new Date().toISOString() });

async function send(
  brokers: readonly string[],
  requests: readonly {
    definition: typeof replayRequested | typeof resyncRequested | typeof rebuildRequested;
    body: object;
  }[],
): Promise<void> {
  const producer = kafkaClient('plenary-operator', brokers, silent).producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  try {
    await producer.send({
      topic: topics.deadLetters.name,
      acks: -1,
      messages: requests.map(({ definition, body }) => {
        const { type, body: shape, key, subject } = definition as unknown as EventDefinition;
        const parsed = shape.parse(body);
        return {
          key: key(parsed),
          value: JSON.stringify(parsed),
          headers: cloudEventHeaders({
            id: v7(),
            type,
            source: '/plenary/operator',
            time: new Date(),
            subject: subject(parsed),
          }),
        };
      }),
    });
  } finally {
    await producer.disconnect();
  }
}
