import { parseBadge } from '@plenary/badge-token';
import type { Verdict } from '@plenary/contracts';
import type { Judge, ScanBody } from './judge';
import { DeviceRemoved } from './removal';
import { newScanId } from './scan-id';
import { type Entry, keepEntries, readEntries, withEntry } from './scan-list';

/** Where the door stands. */
export interface Post {
  gateId: string;
  direction: 'entry' | 'exit';
}
/** Who is at the door: what their badge says, or a person picked by name. */
export type Arrival = { token: string } | { registrationId: string; name: string };

export interface Doing {
  /** The verdict that fills the screen. */
  shown: Entry | undefined;
  /** Scans that nobody has answered yet. */
  checking: number;
  /** The last 200, newest first. */
  entries: readonly Entry[];
}

/** A scan that nobody decided is repeated as itself when the badge comes again within this time. */
const SAME_SCAN_MS = 120_000;

/**
 * What a door does, without a screen: takes arrivals, has them judged, keeps the list. The next arrival never waits for the
 * last; an answer is shown unless a later one is on the screen already.
 */
export class Session {
  private doing: Doing = { shown: undefined, checking: 0, entries: readEntries() };
  private readonly listeners = new Set<() => void>();
  private taken = 0;
  private shownNumber = 0;
  /** Scans without a decision, by what was held out; they hold badge texts, so they live in memory alone. */
  private readonly undecided = new Map<string, ScanBody>();

  constructor(
    private readonly with_: {
      judge: Judge;
      undo: (scanId: string) => Promise<Verdict>;
      offsetMs: () => number | undefined;
      /** Called when an outcome stands, and not before. */
      announce: (entry: Entry) => void;
      onRemoved: () => void;
    },
  ) {}

  readonly subscribe = (changed: () => void): (() => void) => {
    this.listeners.add(changed);
    return () => this.listeners.delete(changed);
  };
  readonly now = (): Doing => this.doing;

  /** Somebody is at the door. */
  async take(arrival: Arrival, post: Post): Promise<void> {
    this.taken += 1;
    const number = this.taken;
    const at = Date.now();
    const about = { ...post, at, ...('name' in arrival ? { name: arrival.name } : {}) };
    if ('token' in arrival && !parseBadge(arrival.token)) {
      this.show({ ...about, scanId: newScanId(), outcome: { is: 'not_ours' } }, number);
      return;
    }
    await this.ask(this.scanFor(arrival, post, at), about, number);
  }

  /** The same scan again, after nobody had decided. */
  async retry(entry: Entry): Promise<void> {
    const scan = [...this.undecided.values()].find(({ scanId }) => scanId === entry.scanId);
    if (!scan) return;
    this.taken += 1;
    this.change({ shown: undefined });
    await this.ask(scan, entry, this.taken);
  }

  canRetry(entry: Entry): boolean {
    return [...this.undecided.values()].some(({ scanId }) => scanId === entry.scanId);
  }

  /** Takes a scan back; rejects as the call does. */
  async undo(entry: Entry): Promise<void> {
    try {
      await this.with_.undo(entry.scanId);
    } catch (error) {
      if (error instanceof DeviceRemoved) this.with_.onRemoved();
      throw error;
    }
    const entries = this.doing.entries.map((one) => (one.scanId === entry.scanId ? { ...one, undone: true } : one));
    const { shown } = this.doing;
    this.change({ entries, ...(shown?.scanId === entry.scanId ? { shown: { ...shown, undone: true } } : {}) });
    keepEntries(entries);
  }

  /** Clears the screen for the next person. */
  readonly next = (): void => {
    if (this.doing.shown) this.change({ shown: undefined });
  };

  private async ask(scan: ScanBody, about: Omit<Entry, 'scanId' | 'outcome'>, number: number): Promise<void> {
    this.change({ checking: this.doing.checking + 1 });
    try {
      const outcome = await this.with_.judge(scan);
      const key = keyOf(scan);
      if (outcome.is === 'undecided') this.undecided.set(key, scan);
      else this.undecided.delete(key);
      const { gateId, direction, at, name } = about;
      this.show({ scanId: scan.scanId, gateId, direction, at, name, outcome }, number);
    } catch (error) {
      if (!(error instanceof DeviceRemoved)) throw error;
      this.with_.onRemoved();
    } finally {
      this.change({ checking: this.doing.checking - 1 });
    }
  }

  private scanFor(arrival: Arrival, post: Post, at: number): ScanBody {
    const offset = this.with_.offsetMs();
    const scan: ScanBody = {
      scanId: newScanId(at),
      ...post,
      ...('token' in arrival ? { token: arrival.token } : { registrationId: arrival.registrationId }),
      scannedAt: new Date(at).toISOString(),
      ...(offset === undefined ? {} : { clockOffsetMs: offset }),
    };
    // Perhaps the server has it and only the answer was lost: as a new scan it would find itself inside already.
    const before = this.undecided.get(keyOf(scan));
    return before && at - Date.parse(before.scannedAt) < SAME_SCAN_MS ? before : scan;
  }

  private show(entry: Entry, number: number): void {
    const entries = withEntry(this.doing.entries, entry);
    keepEntries(entries);
    if (number < this.shownNumber) {
      this.change({ entries });
      return;
    }
    this.shownNumber = number;
    this.change({ entries, shown: entry });
    this.with_.announce(entry);
  }

  private change(part: Partial<Doing>): void {
    this.doing = { ...this.doing, ...part };
    for (const changed of this.listeners) changed();
  }
}

const keyOf = ({ gateId, direction, token, registrationId }: ScanBody): string =>
  [gateId, direction, token ?? registrationId].join(' ');
