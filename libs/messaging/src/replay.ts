import type { ServiceName, Topic } from '@plenary/contracts';
import { definitionOf, type Handler, handOver } from './chunk';
import { rows, type Tx } from './database';
import { parse } from './incoming';
import { publishAll } from './outbox';
import { headOfParked, resyncOf, saveVersions, subjectStates, unpark } from './parking';
import { judge } from './versions';

/**
 * Hands over the first parked event of a subject, and takes it off the table, in the given transaction.
 *
 * The partition's offset row is locked first, as a chunk does it, so the consumer waits and cannot hand over a newer
 * event of the subject meanwhile: as long as one event is parked the newer ones are parked behind it, and the
 * transaction that takes off the last one lets them flow again. Throws what the handler throws.
 */
export async function replayFirst(
  tx: Tx,
  service: ServiceName,
  topic: Topic,
  subject: string,
  handlers: readonly Handler[],
): Promise<'more' | 'emptied' | 'gap'> {
  const [place] = await rows<{ partition: number }>(
    tx,
    'SELECT partition FROM parked WHERE topic = $1 AND subject = $2 LIMIT 1',
    [topic.name, subject],
  );
  if (!place) return 'emptied';
  await rows(tx, 'SELECT 1 FROM consumer_offsets WHERE topic = $1 AND partition = $2 FOR UPDATE', [
    topic.name,
    place.partition,
  ]);
  const head = await headOfParked(tx, topic.name, subject);
  if (!head) return 'emptied';

  const { event } = head;
  const version = (await subjectStates(tx, topic, [subject])).get(subject)?.version;
  const definition = definitionOf(handlers, event.type);
  const handled = definition !== undefined;
  const verdict = judge({ version, parked: undefined }, { version: event.version, kind: event.kind, handled });
  if (verdict.do === 'park') {
    await rows(tx, `UPDATE parked SET cause = 'version_gap' WHERE topic = $1 AND partition = $2 AND "offset" = $3`, [
      topic.name,
      event.partition,
      event.offset,
    ]);
    await publishAll(tx, [resyncOf(service, topic, subject)]);
    return 'gap';
  }
  if (verdict.do === 'apply' || verdict.do === 'supersede') {
    const received = definition && parse(event, definition);
    if (handled && !received) throw new Unparsable(`${event.type} at ${topic.name}/${event.partition}/${event.offset}`);
    if (received) await handOver(tx, topic, handlers, [received]);
    if (verdict.version !== undefined) await saveVersions(tx, topic, new Map([[subject, verdict.version]]));
    if (verdict.do === 'supersede') {
      await unpark(tx, topic, [subject]);
      return 'emptied';
    }
  }
  await rows(tx, 'DELETE FROM parked WHERE topic = $1 AND partition = $2 AND "offset" = $3', [
    topic.name,
    event.partition,
    event.offset,
  ]);
  return (await headOfParked(tx, topic.name, subject)) ? 'more' : 'emptied';
}

/** The body still does not fit the contract. */
class Unparsable extends Error {
  override readonly name = 'Unparsable';
}
