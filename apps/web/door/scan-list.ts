import type { Verdict } from '@plenary/contracts';
import type { Outcome } from './verdict-words';

/** One scan of this device, as its list shows it. */
export interface Entry {
  scanId: string;
  gateId: string;
  direction: 'entry' | 'exit';
  /** When it was taken, by this device's clock, ms. */
  at: number;
  outcome: Outcome;
  /** Who was meant, where a person was picked by name and nobody decided. */
  name?: string | undefined;
  undone?: boolean;
}

const key = 'plenary.door.scans';
export const MOST_SCANS = 200;

/** Whether somebody should look at it again: all that was no plain admission or exit. */
export function needsAttention({ outcome, undone }: Entry): boolean {
  if (undone) return false;
  if (outcome.is !== 'verdict') return true;
  const { verdict, detail, conflictId } = outcome.verdict;
  return verdict === 'refused' || detail === 'not_inside' || conflictId !== undefined;
}

export const nameIn = ({ outcome, name }: Entry): string | undefined =>
  outcome.is === 'verdict' ? (outcome.verdict.delegate?.name ?? name) : name;

/** Until when a scan may be taken back, ms; undefined: it cannot be. */
export function undoableUntil({ outcome, undone }: Entry): number | undefined {
  if (undone || outcome.is !== 'verdict' || !outcome.verdict.undoableUntil) return undefined;
  return Date.parse(outcome.verdict.undoableUntil);
}

/** The newest first; the same scan again (a retry) replaces itself. */
export function withEntry(entries: readonly Entry[], entry: Entry): Entry[] {
  return [entry, ...entries.filter(({ scanId }) => scanId !== entry.scanId)].slice(0, MOST_SCANS);
}

export function readEntries(): Entry[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isEntry).slice(0, MOST_SCANS) : [];
  } catch {
    return [];
  }
}

/** Kept for a reload, without what the list does not show. */
export function keepEntries(entries: readonly Entry[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(entries.map(trimmed)));
  } catch {
    // Full or forbidden: the list lasts as long as the page.
  }
}

export function forgetEntries(): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept where nothing may be.
  }
}

function trimmed(entry: Entry): Entry {
  if (entry.outcome.is !== 'verdict') return entry;
  const { delegate, subForum: _, seatElsewhere: __, ...verdict } = entry.outcome.verdict;
  const shown: Verdict = {
    ...verdict,
    ...(delegate && { delegate: { name: delegate.name, category: delegate.category } }),
  };
  return { ...entry, outcome: { is: 'verdict', verdict: shown } };
}

function isEntry(kept: unknown): kept is Entry {
  const { scanId, at, outcome } = (kept ?? {}) as Partial<Entry>;
  return typeof scanId === 'string' && typeof at === 'number' && typeof outcome?.is === 'string';
}
