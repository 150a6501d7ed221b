import type { Conflict } from '@plenary/contracts';
import type { Decision, Fold } from '@plenary/door-rules';
import type { KnownDouble, Ledger } from '../stays/ledger';

export type ConflictKind = Conflict['kind'];
export type Acted = 'admitted' | 'exited' | 'refused' | 'undecided';

/** What counts for stays: the act where the door told one, else the verdict. */
export function outcomeOf(verdict: Decision['verdict'], acted: Acted | undefined): 'admitted' | 'exited' | 'none' {
  const word = acted ?? verdict;
  return word === 'admitted' || word === 'exited' ? word : 'none';
}

/**
 * The conflict between what the server thinks of a scan and what the door did. `undecided` is no act. A second admission
 * of somebody who is inside is told by the fold (`offline_double`), with both scans.
 * @param isDouble the fold has this scan, or one that it made so, as a double
 * @param overfull the room holds more than its cap after this act
 */
export function conflictBetween(
  decision: Pick<Decision, 'verdict' | 'reason'>,
  acted: Acted | undefined,
  isDouble: boolean,
  overfull: boolean,
): ConflictKind | undefined {
  if (acted === undefined || acted === 'undecided') return undefined;
  if (acted === decision.verdict) return acted === 'admitted' && overfull ? 'room_overfull' : undefined;
  if (acted !== 'admitted' || decision.verdict === 'exited') return 'shown_differs';
  if (decision.reason === 'room_full') return 'room_overfull';
  return isDouble && decision.reason === 'already_inside' ? undefined : 'offline_refused_by_rules';
}

export interface FoundConflict {
  conflictId: string;
  conferenceId: string;
  kind: ConflictKind;
  registrationId: string | null;
  subForumId: string | null;
  /** One or two, by corrected time: the first is the admission. */
  scanIds: string[];
  /** Set where it was found before and withdrawn: its next version. */
  version?: number;
}

/**
 * Which double admissions of a person are new, and which were explained since: by an exit that was uploaded late, an
 * earlier admission, an undo. A resolved one is left as it is.
 */
export function compareDoubles(
  ledger: Pick<Ledger, 'registrationId' | 'conferenceId' | 'doubles'>,
  fold: Fold,
  newId: () => string,
): { found: FoundConflict[]; withdrawn: KnownDouble[] } {
  const keyOf = (scanIds: readonly string[]) => scanIds.join(' ');
  const known = new Map(ledger.doubles.map((double) => [keyOf(double.scanIds), double]));
  const subForumOf = new Map(fold.stays.map((stay) => [stay.scanId, stay.subForumId]));
  const found: FoundConflict[] = [];
  for (const { scanId, openedBy } of fold.doubles) {
    const scanIds = [openedBy, scanId];
    const before = known.get(keyOf(scanIds));
    known.delete(keyOf(scanIds));
    if (before && before.state !== 'withdrawn') continue;
    found.push({
      conflictId: before?.conflictId ?? newId(),
      conferenceId: ledger.conferenceId,
      kind: 'offline_double',
      registrationId: ledger.registrationId,
      subForumId: subForumOf.get(openedBy) ?? null,
      scanIds,
      ...(before ? { version: before.version + 1 } : {}),
    });
  }
  return { found, withdrawn: [...known.values()].filter((double) => double.state === 'open') };
}
