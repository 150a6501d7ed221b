import { type OutgoingEvent, type Tx } from '@plenary/messaging';
import { newId } from '@plenary/platform';
import { compareDoubles, type FoundConflict } from '../conflicts/conflict.rules';
import { openConflicts, withdrawConflicts } from '../conflicts/write-conflicts';
import { closingsOf, foldOf, lockPeople, readLedgers } from './ledger';
import { addChanges, lockRooms, type RoomChanges, roomChanges, writeRooms } from './rooms';
import { writeStays } from './write-stays';

/**
 * Folds anew what happened to people, as far as `now`, and writes what follows: stays, counts, conflicts. Used where
 * something was taken back or time went on. Answers the events to publish, in this transaction.
 */
export async function refold(
  tx: Tx,
  people: readonly { registrationId: string; conferenceId: string }[],
  now: number,
): Promise<OutgoingEvent[]> {
  const ledgers = [...(await readLedgers(tx, await lockPeople(tx, people))).values()];
  const closings = await closingsOf(
    tx,
    ledgers.flatMap(({ happenings }) => happenings.flatMap((one) => one.subForumId ?? [])),
  );
  const changes: RoomChanges = new Map();
  const found: FoundConflict[] = [];
  const withdrawn: string[] = [];
  const folded = ledgers.map((ledger) => {
    const fold = foldOf(ledger, closings, now);
    addChanges(changes, roomChanges(ledger.conferenceId, ledger.stored, fold.stays));
    const compared = compareDoubles(ledger, fold, newId);
    found.push(...compared.found);
    withdrawn.push(...compared.withdrawn.map((double) => double.conflictId));
    return { ledger, stays: fold.stays };
  });
  const held = await lockRooms(tx, changes.keys());
  const events = [
    ...(await writeStays(tx, folded, now)),
    ...(await withdrawConflicts(tx, withdrawn, now)),
    ...(await openConflicts(tx, found, now)),
  ];
  await writeRooms(tx, changes, held);
  return events;
}
