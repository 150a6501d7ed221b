import { type OutgoingEvent, type Tx } from '@plenary/messaging';
import { type Changes, newId } from '@plenary/platform';
import { compareDoubles, type FoundConflict } from '../conflicts/conflict.rules';
import { openConflicts, withdrawConflicts } from '../conflicts/write-conflicts';
import { foldOf, lockPeople, readLedgers } from './ledger';
import { addChanges, lockRooms, placeKey, type RoomChanges, roomChanges } from './rooms';
import { writeStays } from './write-stays';

/**
 * Folds anew what happened to people, as far as `now`, and writes what follows: stays, counts, conflicts. Used where
 * something was taken back or time went on. Answers the events to publish, in this transaction.
 */
export async function refold(
  tx: Tx,
  people: readonly { registrationId: string; conferenceId: string }[],
  now: number,
  changed: Changes,
): Promise<OutgoingEvent[]> {
  const { ledgers, closings } = await readLedgers(tx, await lockPeople(tx, people));
  const changes: RoomChanges = new Map();
  const found: FoundConflict[] = [];
  const withdrawn: string[] = [];
  const folded = [...ledgers.values()].map((ledger) => {
    const fold = foldOf(ledger, closings, now);
    addChanges(changes, roomChanges(ledger.conferenceId, ledger.stored, fold.stays));
    const compared = compareDoubles(ledger, fold, newId);
    found.push(...compared.found);
    withdrawn.push(...compared.withdrawn.map((double) => double.conflictId));
    return { ledger, stays: fold.stays };
  });
  const held = await lockRooms(tx, changes.keys());
  return [
    ...(await writeStays(tx, folded, { changes, held, moved: (placeId) => changed.touch(tx, placeKey(placeId)) }, now)),
    ...(await withdrawConflicts(tx, withdrawn, now)),
    ...(await openConflicts(tx, found, now)),
  ];
}
