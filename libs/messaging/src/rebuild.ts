import type { ServiceName, Topic } from '@plenary/contracts';
import type { Handler } from './chunk';
import { rows, type Tx } from './database';
import { publishAll } from './outbox';
import { resyncOf } from './parking';
import { tombstone } from './versions';

/** The tables that the events of a topic alone have filled. */
export const tablesOf = (handlers: readonly Handler[]): string[] => [
  ...new Set(handlers.flatMap((handler) => handler.tables)),
];

/**
 * Empties what is known of a topic and asks its owners to tell their state again, in the given transaction.
 *
 * The offset rows are locked first, as a chunk does it, so no event is half in the old tables and half in the new ones.
 * They stay where they are: every event carries a whole state, so what the log holds before is not needed. Versions are
 * forgotten, but for those of the erased: nothing that is told again brings them back.
 */
export async function rebuildTopic(
  tx: Tx,
  service: ServiceName,
  topic: Topic,
  handlers: readonly Handler[],
): Promise<void> {
  await rows(tx, 'SELECT 1 FROM consumer_offsets WHERE topic = $1 ORDER BY partition FOR UPDATE', [topic.name]);
  for (const table of tablesOf(handlers)) await rows(tx, `DELETE FROM "${table}"`);
  await rows(tx, 'DELETE FROM parked WHERE topic = $1', [topic.name]);
  await rows(tx, 'DELETE FROM subject_versions WHERE topic = $1 AND version < $2', [topic.name, tombstone]);
  await publishAll(tx, [resyncOf(service, topic, null)]);
}
