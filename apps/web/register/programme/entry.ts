import type { Conference, Registration, SubForumCard } from '@plenary/contracts';
import { clashesOf } from '../plan/plan';
import { type Seats, seatsOf } from './seat-state';

export type Held = Registration['choices'][number];

/** What the pieces of a picker share: the plan as it stands, and how to change it. */
export interface Picking {
  conference: Conference;
  now: number;
  chosen: readonly SubForumCard[];
  held: readonly Held[];
  /** Undefined where nothing can be chosen any more. */
  acts:
    | {
        choose(subForum: SubForumCard): void;
        drop(subForum: SubForumCard): void;
        swap(old: readonly SubForumCard[], next: SubForumCard): void;
      }
    | undefined;
}

/** How one sub-forum stands to the plan. */
export interface Entry {
  seats: Seats;
  chosen: boolean;
  clashes: readonly SubForumCard[];
  held: Held | undefined;
}

export function entryOf(subForum: SubForumCard, { now, chosen, held }: Picking): Entry {
  const isChosen = chosen.some(({ id }) => id === subForum.id);
  const seats = seatsOf(subForum, now);
  return {
    seats,
    chosen: isChosen,
    // What nobody can choose any more has nothing to clash about; what is chosen says so itself.
    clashes: clashesOf(subForum, chosen),
    held: held.find((one) => one.subForumId === subForum.id),
  };
}
