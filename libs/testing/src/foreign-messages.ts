import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { topics } from '@plenary/contracts';
import { type BareMessage, putMessage } from '@plenary/messaging';
import { stack } from './stack';

const listIn = (stateDir: string) => join(stateDir, 'foreign-messages.txt');

/**
 * Puts a message onto a topic as it is, as only a stranger would, and writes its place down: the checker of invariants
 * leaves these out, since no service has said them, and nothing else.
 */
export async function putOnTopic(
  topic: keyof typeof topics,
  message: BareMessage,
): Promise<{ topic: string; partition: number; offset: string }> {
  const { brokers, stateDir } = stack();
  const { name } = topics[topic];
  const { partition, offset } = await putMessage(brokers, topics[topic], message);
  appendFileSync(listIn(stateDir), `${name}/${partition}@${offset}\n`);
  return { topic: name, partition, offset };
}

/** `topic/partition@offset` of all that tests have put onto topics themselves. */
export function foreignPlaces(stateDir: string): ReadonlySet<string> {
  const list = listIn(stateDir);
  return new Set(existsSync(list) ? readFileSync(list, 'utf8').split('\n') : []);
}
