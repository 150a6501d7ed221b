import type { Topic } from '@plenary/contracts';
import type { Tx } from './database';
import type { OutgoingEvent } from './outbox';

/** How an owner repeats its state. */
export interface SnapshotSource {
  readonly topic: Topic;
  /** The next page of snapshots after a cursor (null: from the start); rows are locked so that no change slips between. */
  page(tx: Tx, after: string | null, limit: number): Promise<{ events: OutgoingEvent[]; next: string | null }>;
  /** Snapshot(s) of one subject; empty where it does not exist. */
  one(tx: Tx, subject: string): Promise<OutgoingEvent[]>;
}
