import type { verdict as verdictContract } from '@plenary/contracts';
import type { GateWindow } from './gate-window';

type Words = typeof verdictContract._output;
export type VerdictWord = Words['verdict'];
export type VerdictDetail = NonNullable<Words['detail']>;
export type Refusal = NonNullable<Words['reason']>;
export type RegistrationStatus = NonNullable<Words['status']>;

/** What a badge turned out to be, before anything about its holder is asked. Instants are epoch milliseconds. */
export type BadgeFinding =
  | { readonly is: 'good' }
  /** Does not parse, bad signature, unknown key, expired. */
  | { readonly is: 'invalid' }
  | { readonly is: 'wrong_conference' }
  /** Genuine, but its serial or its registration is not known here, or was erased. */
  | { readonly is: 'unknown' }
  /** A scan by name of somebody who has no badge yet. */
  | { readonly is: 'missing' }
  | { readonly is: 'superseded' | 'revoked'; readonly since: number };

export interface SeatFacts {
  readonly state: 'confirmed' | 'waitlisted' | 'released' | 'refused' | 'none';
  /** Current rank in the waitlist, 1 is next. */
  readonly position?: number | undefined;
  /** When a released seat was given up. */
  readonly since?: number | undefined;
}

/** All that the rules look at. One code for the server and for a door without network. */
export interface DoorFacts {
  /** Corrected time of the scan. */
  readonly at: number;
  readonly direction: 'entry' | 'exit';
  readonly badge: BadgeFinding;
  /** null where the badge is not known. */
  readonly person: { readonly status: RegistrationStatus; readonly category: string } | null;
  /** A category that is admitted everywhere, or a speaker or crew member of this sub-forum. */
  readonly pass: boolean;
  readonly gate: {
    readonly open: boolean;
    readonly direction: 'entry' | 'exit' | 'both';
    readonly window: GateWindow;
    /** Category keys; empty: all. */
    readonly categories: readonly string[];
    /** The venue's own; a sub-forum's stands with the sub-forum. */
    readonly reEntry: boolean;
  };
  /** null: a gate of the venue. */
  readonly subForum: {
    readonly cancelled: boolean;
    readonly admission: 'seat' | 'open';
    readonly categories: readonly string[];
    readonly walkIn: 'off' | 'from_start' | 'always';
    readonly reEntry: boolean;
    readonly startsAt: number;
  } | null;
  readonly seat: SeatFacts;
  /** Here: in this sub-forum, or in the venue on this venue day. An exit from the venue also looks at the rooms. */
  readonly presence: {
    /** The admission that is still open. */
    readonly inside: Admission | null;
    /** The earliest one. */
    readonly first: Admission | null;
  };
  readonly room: {
    readonly inside: number;
    /** null: no limit, or none that is asked here. */
    readonly cap: number | null;
    /** Confirmed holders who have not come yet. */
    readonly holdersToCome: number;
  };
}
export interface Admission {
  readonly at: number;
  readonly gateId: string;
}

export interface Decision {
  readonly verdict: VerdictWord;
  readonly detail?: VerdictDetail;
  readonly reason?: Refusal;
  readonly since?: number;
  readonly status?: RegistrationStatus;
  readonly opensAt?: number;
  readonly position?: number;
  /** Where and when the badge was admitted. */
  readonly first?: Admission;
  /** The door should name the sub-forum where this person does have a seat. */
  readonly tellSeatElsewhere?: boolean;
}

type Row = (facts: DoorFacts) => Decision | undefined;

/** Rows 1 to 3: is this a badge of ours at all? An exit fails by these alone. */
const badgeRows: readonly Row[] = [
  ({ badge }) => (badge.is === 'invalid' ? refused('invalid_badge') : undefined),
  ({ badge }) => (badge.is === 'wrong_conference' ? refused('wrong_conference') : undefined),
  ({ badge, person }) => (badge.is === 'unknown' || person === null ? refused('unknown_badge') : undefined),
];

/** Rows 4 to 10, the nearest fixable first: the first that refuses speaks. */
const entryRows: readonly Row[] = [badgeState, registrationState, gateWindow, category, seat, presence, capacity];

/** The verdict on one scan. Pure: the same facts always get the same verdict. */
export function decide(facts: DoorFacts): Decision {
  const stranger = firstRefusal(badgeRows, facts);
  if (stranger) return stranger;
  if (facts.direction === 'exit') {
    return { verdict: 'exited', detail: facts.presence.inside ? 'normal' : 'not_inside' };
  }
  return firstRefusal(entryRows, facts) ?? { verdict: 'admitted', detail: admittedAs(facts) };
}

/**
 * Places for people without a seat: the room's cap less those inside, less the holders still to come. Under `from_start`
 * nobody is waited for once it has started; before, and with walk-ins off, there are none. null: no limit.
 */
export function walkInPlaces({ at, subForum, room }: Pick<DoorFacts, 'at' | 'subForum' | 'room'>): number | null {
  if (!subForum || !walkInsRunning(at, subForum)) return 0;
  if (room.cap === null) return null;
  return Math.max(0, room.cap - room.inside - (subForum.walkIn === 'from_start' ? 0 : room.holdersToCome));
}

/** Which of a person's confirmed seats to name at another door: the one that runs now or comes next, else the last one. */
export function seatElsewhere<Seat extends { startsAt: number; endsAt: number }>(
  seats: readonly Seat[],
  at: number,
): Seat | undefined {
  const byStart = seats.toSorted((a, b) => a.startsAt - b.startsAt);
  return byStart.find((one) => one.endsAt > at) ?? byStart.at(-1);
}

function badgeState({ badge }: DoorFacts): Decision | undefined {
  if (badge.is !== 'superseded' && badge.is !== 'revoked') return undefined;
  return { ...refused(badge.is), since: badge.since };
}

function registrationState({ badge, person }: DoorFacts): Decision | undefined {
  const status = person?.status;
  if (status === 'cancelled') return refused('cancelled');
  if (status === 'approved' && badge.is !== 'missing') return undefined;
  return status ? { ...refused('not_approved'), status } : refused('not_approved');
}

/** Boundary instants are inside. */
function gateWindow({ at, gate, subForum }: DoorFacts): Decision | undefined {
  if (!gate.open || gate.direction === 'exit' || subForum?.cancelled) return refused('gate_closed');
  const { opensAt, closesAt } = gate.window;
  if (opensAt !== null && at < opensAt) return { ...refused('too_early'), opensAt };
  return closesAt !== null && at > closesAt ? refused('too_late') : undefined;
}

function category({ pass, person, gate, subForum }: DoorFacts): Decision | undefined {
  if (pass) return undefined;
  const barred = (allowed: readonly string[] = []) => allowed.length > 0 && !allowed.includes(person?.category ?? '');
  return barred(gate.categories) || barred(subForum?.categories) ? refused('category') : undefined;
}

function seat(facts: DoorFacts): Decision | undefined {
  if (!needsSeat(facts) || facts.seat.state === 'confirmed' || walkInAdmits(facts)) return undefined;
  const { state, position, since } = facts.seat;
  if (state === 'waitlisted') {
    return { ...refused('waitlisted'), ...(position === undefined ? {} : { position }), tellSeatElsewhere: true };
  }
  return {
    ...refused('no_seat'),
    ...(state === 'released' && since !== undefined ? { since } : {}),
    tellSeatElsewhere: true,
  };
}

function presence({ gate, subForum, presence }: DoorFacts): Decision | undefined {
  if (presence.inside) return { ...refused('already_inside'), first: presence.inside };
  const mayComeBack = subForum ? subForum.reEntry : gate.reEntry;
  return presence.first && !mayComeBack ? { ...refused('already_admitted'), first: presence.first } : undefined;
}

function capacity({ room }: DoorFacts): Decision | undefined {
  return room.cap !== null && room.inside >= room.cap ? refused('room_full') : undefined;
}

function admittedAs(facts: DoorFacts): VerdictDetail {
  if (facts.pass) return 'pass';
  if (facts.presence.first) return 're_entry';
  return needsSeat(facts) && facts.seat.state !== 'confirmed' ? 'walk_in' : 'first';
}

function needsSeat({ pass, subForum }: DoorFacts): boolean {
  return !pass && subForum?.admission === 'seat';
}

function walkInsRunning(at: number, subForum: NonNullable<DoorFacts['subForum']>): boolean {
  return subForum.walkIn === 'always' || (subForum.walkIn === 'from_start' && at >= subForum.startsAt);
}

/**
 * A walk-in place lets somebody past the row of seats: a free one, or the one that they sit on. A full room does too,
 * so that the row of capacity tells what is wrong.
 */
function walkInAdmits({ at, subForum, presence, room }: DoorFacts): boolean {
  if (!subForum || !walkInsRunning(at, subForum)) return false;
  if (room.cap !== null && room.inside >= room.cap) return true;
  const others = presence.inside ? room.inside - 1 : room.inside;
  return (walkInPlaces({ at, subForum, room: { ...room, inside: others } }) ?? 1) > 0;
}

function firstRefusal(rows: readonly Row[], facts: DoorFacts): Decision | undefined {
  for (const row of rows) {
    const decision = row(facts);
    if (decision) return decision;
  }
  return undefined;
}

function refused(reason: Refusal): Decision {
  return { verdict: 'refused', reason };
}
