import type { Attendance } from '@plenary/contracts';
import type { Tone } from '../../ui/chip';

export type AtSubForum = Attendance['subForums'][number];
/** What a state needs to know; a wall knows no more. */
export type Fill = Pick<
  AtSubForum,
  'state' | 'startsAt' | 'endsAt' | 'capacity' | 'roomCap' | 'confirmed' | 'inside' | 'waitlisted'
>;

export type Phase = 'now' | 'later' | 'ended';
export type FillState = 'roomFull' | 'full' | 'filling' | 'open' | 'noLimit' | 'closed' | 'ended' | 'cancelled';

/** In the order of a list to choose from. */
export const fillStates: readonly FillState[] = [
  'roomFull',
  'full',
  'filling',
  'open',
  'noLimit',
  'closed',
  'ended',
  'cancelled',
];

export const looks: Record<FillState, { tone: Tone; shape: string }> = {
  roomFull: { tone: 'bad', shape: '■' },
  full: { tone: 'bad', shape: '■' },
  filling: { tone: 'warn', shape: '◆' },
  open: { tone: 'ok', shape: '●' },
  noLimit: { tone: 'ok', shape: '○' },
  closed: { tone: 'neutral', shape: '–' },
  ended: { tone: 'neutral', shape: '–' },
  cancelled: { tone: 'neutral', shape: '×' },
};

export function phaseOf({ startsAt, endsAt }: Pick<Fill, 'startsAt' | 'endsAt'>, now: number): Phase {
  if (now >= Date.parse(endsAt)) return 'ended';
  return now >= Date.parse(startsAt) ? 'now' : 'later';
}

/** How many people may be in the room; null: no limit. */
export const capOf = ({ roomCap, capacity }: Pick<Fill, 'roomCap' | 'capacity'>): number | null => roomCap ?? capacity;

/** A sub-forum in one word: seats fill from three quarters on; a room with no place left says so before its seats do. */
export function fillStateOf(subForum: Fill, now: number): FillState {
  if (subForum.state === 'cancelled') return 'cancelled';
  if (phaseOf(subForum, now) === 'ended') return 'ended';
  const cap = capOf(subForum);
  const { capacity, confirmed, inside } = subForum;
  if (cap !== null && inside > 0 && inside >= cap) return 'roomFull';
  if (capacity !== null && confirmed >= capacity) return 'full';
  if (subForum.state === 'closed') return 'closed';
  if (capacity === null) return 'noLimit';
  return confirmed >= capacity * 0.75 ? 'filling' : 'open';
}

/**
 * Trouble first: what is full while people wait (the longest waitlist first), then what is soonest full, then the rest;
 * in each, what runs now before what comes later. What is over or cancelled is no trouble and comes last.
 */
export function byTrouble(now: number): (one: AtSubForum, other: AtSubForum) => number {
  const phases: readonly Phase[] = ['now', 'later', 'ended'];
  const keyOf = (subForum: AtSubForum): number[] => {
    const phase = phaseOf(subForum, now);
    const state = fillStateOf(subForum, now);
    const over = state === 'cancelled' ? 2 : phase === 'ended' ? 1 : 0;
    const full = state === 'roomFull' || (state === 'full' && subForum.waitlisted > 0);
    const soon = subForum.forecastFullAt === null ? undefined : Date.parse(subForum.forecastFullAt);
    const trouble = over ? 3 : full ? 0 : soon !== undefined ? 1 : 2;
    return [
      over,
      trouble,
      trouble === 1 ? (soon ?? 0) : 0,
      phases.indexOf(phase),
      trouble === 0 ? -subForum.waitlisted : 0,
      Date.parse(subForum.startsAt),
    ];
  };
  return (one, other) => {
    const [a, b] = [keyOf(one), keyOf(other)];
    const at = a.findIndex((part, index) => part !== b[index]);
    return at >= 0
      ? (a[at] as number) - (b[at] as number)
      : one.room.localeCompare(other.room, 'en', { numeric: true });
  };
}

/** Minutes until a room is full, at least 1; undefined without a forecast. */
export function minutesToFull({ forecastFullAt }: Pick<AtSubForum, 'forecastFullAt'>, now: number): number | undefined {
  if (forecastFullAt === null) return undefined;
  return Math.max(1, Math.round((Date.parse(forecastFullAt) - now) / 60_000));
}

/** The same objects where nothing has changed, so that only what has is drawn anew. */
export function patched<Row>(before: readonly Row[], after: readonly Row[], keyOf: (row: Row) => string): Row[] {
  const known = new Map(before.map((row) => [keyOf(row), row]));
  return after.map((row) => {
    const old = known.get(keyOf(row));
    return old !== undefined && JSON.stringify(old) === JSON.stringify(row) ? old : row;
  });
}

const OPENS_BEFORE_MS = 30 * 60_000;
const FILLS_UNTIL_MS = 15 * 60_000;
const SILENT_MS = 3 * 60_000;

/** Gates without a scan for three minutes while people should be coming: from half an hour before the start to a quarter after. */
export function silentGates({ gates, subForums }: Pick<Attendance, 'gates' | 'subForums'>, now: number) {
  const known = new Map(subForums.map((subForum) => [subForum.subForumId, subForum]));
  return gates.filter((gate) => {
    const subForum = gate.subForumId === null ? undefined : known.get(gate.subForumId);
    if (!subForum || subForum.state === 'cancelled' || subForum.admitted >= subForum.confirmed) return false;
    const starts = Date.parse(subForum.startsAt);
    if (now > Math.min(starts + FILLS_UNTIL_MS, Date.parse(subForum.endsAt))) return false;
    const since = Math.max(gate.lastScanAt === null ? 0 : Date.parse(gate.lastScanAt), starts - OPENS_BEFORE_MS);
    return now - since > SILENT_MS;
  });
}
