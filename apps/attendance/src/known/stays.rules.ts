import type { Stay } from '@plenary/contracts';

/** A stay and what it counts for. Each mark is set on at most one stay of a person (and place), so rows count people. */
export interface CountedStay {
  subForumId: string | null;
  enteredAt: string;
  exitedAt: string | null;
  /** The first one at this place: the person is counted as admitted there. */
  firstHere: boolean;
  /** The first one of all. */
  firstEver: boolean;
  /** The first one at this place that took a walk-in place. */
  firstWalkIn: boolean;
  /** The person came from outside, and not from another room or the venue's hall: an arrival. */
  fromOutside: boolean;
  /** Inside now; set on one stay, though venue and room may both be open. */
  nowInside: boolean;
}

/** Marks a person's stays, in order of entry. The given order decides between equal times. */
export function counted(stays: readonly Stay[]): CountedStay[] {
  const inOrder = [...stays].sort((a, b) => Date.parse(a.enteredAt) - Date.parse(b.enteredAt));
  const been = new Set<string | null>();
  const walkedIn = new Set<string | null>();
  let insideUntil = Number.NEGATIVE_INFINITY;
  let isCountedInside = false;
  return inOrder.map((stay, index) => {
    const { subForumId, enteredAt, exitedAt } = stay;
    const isWalkIn = stay.detail === 'walk_in';
    const result: CountedStay = {
      subForumId,
      enteredAt,
      exitedAt,
      firstHere: !been.has(subForumId),
      firstEver: index === 0,
      firstWalkIn: isWalkIn && !walkedIn.has(subForumId),
      // Walking from one room straight into the next ends the first stay in the instant in which the second begins.
      fromOutside: Date.parse(enteredAt) > insideUntil,
      nowInside: exitedAt === null && !isCountedInside,
    };
    been.add(subForumId);
    if (isWalkIn) walkedIn.add(subForumId);
    isCountedInside ||= exitedAt === null;
    insideUntil = Math.max(insideUntil, exitedAt === null ? Number.POSITIVE_INFINITY : Date.parse(exitedAt));
    return result;
  });
}
