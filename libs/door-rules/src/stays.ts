import type { Admission, DoorFacts, VerdictDetail } from './verdict';

/**
 * What happened at a door, whatever the rules would have said: the recorded verdict, or what the door did where it told,
 * and not undone. Instants are epoch milliseconds.
 */
export interface Happening {
  readonly scanId: string;
  /** Corrected time. */
  readonly at: number;
  readonly did: 'admitted' | 'exited';
  readonly gateId: string;
  /** null: the venue. */
  readonly subForumId: string | null;
  readonly detail: VerdictDetail | null;
}

export interface FoldedStay {
  readonly level: 'venue' | 'room';
  readonly subForumId: string | null;
  /** The scan that opened it. */
  readonly scanId: string;
  readonly gateId: string;
  readonly enteredAt: number;
  readonly detail: VerdictDetail | null;
  readonly exitedAt: number | null;
  readonly exit: 'scan' | 'inferred' | null;
  /** The scan that ended it; null where time did, or while it is open. */
  readonly endedBy: string | null;
}

export interface FoldContext {
  /** Until when time has passed: what ends by itself before then has ended. */
  readonly until: number;
  /** End of a sub-forum plus its gates' closing minutes; null where it is not known. Somebody may still enter at that instant. */
  readonly closingOf: (subForumId: string) => number | null;
  /** The next midnight at the venue after an instant. */
  readonly midnightAfter: (at: number) => number;
}

export interface Fold {
  /** By time of entry. */
  readonly stays: readonly FoldedStay[];
  /** An admission of somebody who was inside there already, with the scan that had opened the stay. */
  readonly doubles: readonly { readonly scanId: string; readonly openedBy: string }[];
}

/** In which order things happened: by corrected time, then by scan id. */
export function inOrder(a: { at: number; scanId: string }, b: { at: number; scanId: string }): number {
  return a.at - b.at || (a.scanId < b.scanId ? -1 : a.scanId > b.scanId ? 1 : 0);
}

/**
 * A person's stays, from all that happened, in whatever order it was heard of. Two levels: at most one open stay in the
 * venue and one in a room. Entering room B ends the stay in A (inferred); leaving the venue ends both; a room's stays
 * end when its sub-forum has closed, all stays at midnight at the venue.
 */
export function foldStays(happenings: readonly Happening[], context: FoldContext): Fold {
  const stays: FoldedStay[] = [];
  const doubles: Fold['doubles'][number][] = [];
  /** Index in `stays` of the open one. */
  const open: { venue: number | null; room: number | null } = { venue: null, room: null };

  const end = (level: 'venue' | 'room', exitedAt: number, exit: 'scan' | 'inferred', endedBy: string | null) => {
    const index = open[level];
    if (index === null) return;
    stays[index] = { ...(stays[index] as FoldedStay), exitedAt, exit, endedBy };
    open[level] = null;
  };
  const letTimePass = (until: number) => {
    for (const level of ['venue', 'room'] as const) {
      const stay = open[level] === null ? undefined : stays[open[level]];
      if (!stay) continue;
      const ended = endedByTime(stay, until, context);
      if (ended !== null) end(level, ended, 'inferred', null);
    }
  };

  for (const happening of happenings.toSorted(inOrder)) {
    const { scanId, at, did, gateId, subForumId, detail } = happening;
    const level = subForumId === null ? 'venue' : 'room';
    letTimePass(at);
    const current = open[level] === null ? undefined : (stays[open[level]] as FoldedStay);
    const isHere = current?.subForumId === subForumId;
    if (did === 'exited') {
      if (isHere) end(level, at, 'scan', scanId);
      if (level === 'venue') end('room', at, 'inferred', scanId);
    } else if (current && isHere) {
      doubles.push({ scanId, openedBy: current.scanId });
    } else {
      end(level, at, 'inferred', scanId);
      open[level] = stays.length;
      stays.push({
        ...{ level, subForumId, scanId, gateId, enteredAt: at, detail },
        ...{ exitedAt: null, exit: null, endedBy: null },
      });
    }
  }
  letTimePass(context.until);
  return { stays, doubles };
}

/** When time alone ended an open stay, seen from `until`; null: it goes on. */
function endedByTime(stay: FoldedStay, until: number, context: FoldContext): number | null {
  const closing = stay.subForumId === null ? null : context.closingOf(stay.subForumId);
  // Whoever entered after the closing (a supervisor said so) stays until midnight.
  if (closing !== null && stay.enteredAt <= closing) return until > closing ? closing : null;
  const midnight = context.midnightAfter(stay.enteredAt);
  return until >= midnight ? midnight : null;
}

/**
 * Is, or was, somebody here? For a sub-forum over all its time, for the venue on one venue day.
 * @param day the day in which the scan lies, for the venue's gates
 */
export function presenceIn(
  stays: readonly FoldedStay[],
  subForumId: string | null,
  day: { starts: number; ends: number },
): DoorFacts['presence'] {
  const here = stays.filter(
    (stay) =>
      stay.subForumId === subForumId &&
      (subForumId !== null || (day.starts <= stay.enteredAt && stay.enteredAt < day.ends)),
  );
  return { inside: admission(here.find((stay) => stay.exitedAt === null)), first: admission(here[0]) };
}

function admission(stay: FoldedStay | undefined): Admission | null {
  return stay ? { at: stay.enteredAt, gateId: stay.gateId } : null;
}
