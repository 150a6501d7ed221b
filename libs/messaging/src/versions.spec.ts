import fc from 'fast-check';
import { after, judge, type SubjectState, tombstone } from './versions';

type Kind = 'event' | 'snapshot' | 'tombstone';

/** Feeds arrivals to the rule as a consumer does; parked events stay parked, as nobody replays. */
function consume(arrivals: readonly { version: number; kind?: Kind }[], handled = true) {
  let state: SubjectState = { version: undefined, parked: undefined };
  const applied: { version: number; kind: Kind }[] = [];
  let parked: number[] = [];
  for (const { version, kind = 'event' } of arrivals) {
    const verdict = judge(state, { version, kind, handled });
    if (verdict.do === 'apply' || verdict.do === 'supersede') applied.push({ version, kind });
    if (verdict.do === 'supersede') parked = [];
    if (verdict.do === 'park') parked.push(version);
    state = after(state, verdict);
  }
  return { state, applied, parked };
}

/** A log as relays may write it: every version in order for the first time, and anything repeated in between. */
const repeatedLog = fc
  .tuple(fc.integer({ min: 1, max: 30 }), fc.array(fc.nat(), { maxLength: 60 }))
  .map(([length, repeats]) => {
    const log: number[] = [];
    const inserts = new Map<number, number[]>();
    for (const repeat of repeats) inserts.set(repeat % length, [...(inserts.get(repeat % length) ?? []), repeat]);
    for (let version = 1; version <= length; version++) {
      log.push(version);
      for (const repeat of inserts.get(version - 1) ?? []) log.push((repeat % version) + 1);
    }
    return { length, log };
  });

describe('the version rule', () => {
  it('applies every version once and in order, whatever is delivered again', () => {
    fc.assert(
      fc.property(repeatedLog, ({ length, log }) => {
        const { applied, parked, state } = consume(log.map((version) => ({ version })));
        expect(applied.map(({ version }) => version)).toEqual(Array.from({ length }, (_, index) => index + 1));
        expect(parked).toEqual([]);
        expect(state.version).toBe(length);
      }),
    );
  });

  it('in any order at all: applies a contiguous run in order, each once, and parks from the first gap on', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 60 }), (log) => {
        const { applied, parked, state } = consume(log.map((version) => ({ version })));
        const first = log[0] as number;
        expect(applied.map(({ version }) => version)).toEqual(applied.map((_, index) => first + index));
        expect(state.version).toBe(first + applied.length - 1);
        // What is parked is newer than what was applied: nothing old is kept, nothing new is lost.
        for (const version of parked) expect(version).toBeGreaterThan(state.version as number);
        for (const version of log) {
          expect(version <= (state.version as number) || parked.includes(version)).toBe(true);
        }
      }),
    );
  });

  it('a snapshot in a log with losses ends the gap at its own version', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 20, max: 25 }),
        (lossy, current) => {
          const log = lossy.sort((a, b) => a - b).map((version) => ({ version }));
          const { parked, state, applied } = consume([...log, { version: current, kind: 'snapshot' }]);
          expect(parked).toEqual([]);
          expect(state).toEqual({ version: current, parked: undefined });
          expect(applied.at(-1)).toEqual({ version: current, kind: 'snapshot' });
        },
      ),
    );
  });

  it('takes a snapshot of the known version again, drops an older one', () => {
    const known: SubjectState = { version: 5, parked: undefined };
    const snapshot = (version: number) => judge(known, { version, kind: 'snapshot', handled: true });
    expect(snapshot(5)).toEqual({ do: 'supersede', version: 5 });
    expect(snapshot(4)).toEqual({ do: 'drop' });
  });

  it('lets nothing pass after a tombstone, whatever its version', () => {
    const { state } = consume([{ version: 1 }, { version: 4 }, { version: 2, kind: 'tombstone' }]);
    expect(state).toEqual({ version: tombstone, parked: undefined });
    for (const kind of ['event', 'snapshot', 'tombstone'] as const) {
      for (const version of [1, 7, undefined]) {
        expect(judge(state, { version, kind, handled: true })).toEqual({ do: 'drop' });
      }
    }
  });

  it('who ignores snapshots keeps what is parked by a failure, and accepts a gap that nothing else fills', () => {
    const ignored = (state: SubjectState) => judge(state, { version: 9, kind: 'snapshot', handled: false });
    expect(ignored({ version: 4, parked: 'handler_failed' })).toEqual({ do: 'drop' });
    expect(ignored({ version: 4, parked: 'version_gap' })).toEqual({ do: 'accept_gap' });
    expect(ignored({ version: 4, parked: undefined })).toEqual({ do: 'apply', version: 9 });
  });

  it('parks what does not even tell its version behind what is parked, and hands it over otherwise', () => {
    const unreadable = { version: undefined, kind: 'event', handled: true } as const;
    expect(judge({ version: 3, parked: 'unparsable' }, unreadable)).toEqual({ do: 'park', cause: 'behind_parked' });
    expect(judge({ version: 3, parked: undefined }, unreadable)).toEqual({ do: 'apply', version: undefined });
  });
});
