import type { Model } from './operation';

/**
 * Doors by the rules of ARCHITECTURE, section 6, and of the table of verdicts, for whoever has a seat: first admission,
 * re-entry, already inside, exit, and the room's cap. Rooms that share a person are one object, since an entry to one
 * ends the stay in another; so are the badges of a room with a cap. State is a fold over what happened, by the time of
 * the scan and then its id, whichever came to be decided first.
 */
export interface DoorDeed {
  readonly scanId: string;
  readonly badge: string;
  readonly room: string;
  readonly gate: string;
  readonly direction: 'entry' | 'exit';
  /** When the device says it was, ms since the epoch. */
  readonly at: number;
  /** undefined: no answer. */
  readonly said?: Said | undefined;
}
export interface Said {
  /** Verdict and detail or reason: `admitted first`, `refused room_full`. */
  readonly verdict: string;
  /** How many were inside then. */
  readonly inside: number;
  /** Where a badge that is inside already had come in. */
  readonly firstGate?: string | undefined;
}
interface Scanned extends DoorDeed {
  readonly said: Said;
}
/** All scans so far, in the order in which they were decided. */
export type Scans = readonly Scanned[];

/** Rooms by name with their caps (null: none), and who has a seat in which; nobody was there yet. */
export function doorModel(
  rooms: Readonly<Record<string, { cap: number | null; holders: readonly string[] }>>,
): Model<Scans, DoorDeed> {
  const insideOf = (scans: Scans, room: string) =>
    [...new Set(scans.map((scan) => scan.badge))].filter((badge) => stayOf(scans, badge).open?.room === room).length;

  function judge(scans: Scans, { badge, room, direction }: DoorDeed): { verdict: string; firstGate?: string } {
    const { open, visited } = stayOf(scans, badge);
    const isHere = open?.room === room;
    if (direction === 'exit') return { verdict: `exited ${isHere ? 'normal' : 'not_inside'}` };
    const { cap = 0, holders = [] } = rooms[room] ?? {};
    if (!holders.includes(badge)) return { verdict: 'refused no_seat' };
    if (isHere) return { verdict: 'refused already_inside', firstGate: open.gate };
    if (cap !== null && insideOf(scans, room) >= cap) return { verdict: 'refused room_full' };
    return { verdict: `admitted ${visited.has(room) ? 're_entry' : 'first'}` };
  }

  return {
    initial: [],
    step(scans, deed) {
      const earlier = scans.find((scan) => scan.scanId === deed.scanId);
      // The same id again gets the first verdict, whatever has changed.
      if (earlier) return fits(deed.said, earlier.said) ? scans : undefined;
      const judged = judge(scans, deed);
      const decided = [...scans, { ...deed, said: { ...judged, inside: 0 } }];
      const said = { ...judged, inside: insideOf(decided, deed.room) };
      return fits(deed.said, said) ? [...scans, { ...deed, said }] : undefined;
    },
    keyOf: (scans) =>
      scans
        .map(({ scanId, said }) => `${scanId} ${said.verdict} ${said.inside} ${said.firstGate}`)
        .sort()
        .join(),
    unanswered: ({ said: _, ...deed }) => deed,
    tell: ({ badge, room, gate, direction, said }) =>
      `${badge} ${direction === 'entry' ? 'to' : 'from'} ${room} by ${gate}${said ? `: ${said.verdict}${said.firstGate ? ` by ${said.firstGate}` : ''}, ${said.inside} inside` : ''}`,
    show: (scans) =>
      Object.keys(rooms)
        .map((room) => `${insideOf(scans, room)} in ${room}`)
        .join(', '),
  };
}

/** Where a badge is, and where it ever was. */
function stayOf(scans: Scans, badge: string) {
  const visited = new Set<string>();
  let open: { room: string; gate: string } | undefined;
  const happened = scans.filter((scan) => scan.badge === badge && !scan.said.verdict.startsWith('refused'));
  for (const { room, gate, direction } of happened.toSorted(byTime)) {
    if (direction === 'entry') {
      visited.add(room);
      // Admitted while inside: the stay goes on as it was.
      if (open?.room !== room) open = { room, gate };
    } else if (open?.room === room) open = undefined;
  }
  return { open, visited };
}

function byTime(a: DoorDeed, b: DoorDeed): number {
  return a.at - b.at || (a.scanId < b.scanId ? -1 : 1);
}

function fits(told: Said | undefined, is: Said): boolean {
  if (!told) return true;
  return told.verdict === is.verdict && told.inside === is.inside && told.firstGate === is.firstGate;
}
