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

/** A choice in one of these states is gone: what counts then is whether there are seats. */
const gone: readonly Held['state'][] = ['refused', 'released'];

export function entryOf(subForum: SubForumCard, { now, chosen, held }: Picking): Entry {
  return {
    seats: seatsOf(subForum, now),
    chosen: chosen.some(({ id }) => id === subForum.id),
    clashes: clashesOf(subForum, chosen),
    held: held.find((one) => one.subForumId === subForum.id && !gone.includes(one.state)),
  };
}
