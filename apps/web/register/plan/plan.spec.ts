import { array, assert, boolean, integer, property, record, tuple, uniqueArray } from 'fast-check';
import { clashesOf, overlap, type Span } from './plan';

const day = Date.UTC(2026, 4, 21);
const at = (minute: number) => new Date(day + minute * 60_000).toISOString();
const span = (id: string, from: number, to: number): Span => ({ id, startsAt: at(from), endsAt: at(to) });

/** Up to a day, at least a minute long. */
const spans = record({
  from: integer({ min: 0, max: 1439 }),
  length: integer({ min: 1, max: 600 }),
  id: integer(),
}).map(({ from, length, id }) => ({ ...span(String(id), from, from + length), from, to: from + length }));

describe('what clashes', () => {
  it('is what shares a minute: checked against the minutes themselves', () => {
    assert(
      property(spans, spans, (one, other) => {
        let shared = false;
        for (let minute = one.from; minute < one.to; minute += 1) shared ||= minute >= other.from && minute < other.to;
        expect(overlap(one, other)).toBe(shared);
        expect(overlap(other, one)).toBe(shared);
      }),
    );
  });

  it('never includes the sub-forum itself, keeps the order, names each that overlaps and no other', () => {
    const chosen = uniqueArray(spans, { selector: ({ id }) => id, maxLength: 12 });
    assert(
      property(tuple(chosen, spans, boolean()), ([chosen, other, own]) => {
        const subForum = own && chosen[0] ? chosen[0] : other;
        const clashes = clashesOf(subForum, chosen);
        expect(clashes).toEqual(chosen.filter((one) => one.id !== subForum.id && overlap(one, subForum)));
      }),
    );
  });

  it('back to back is no clash, whichever offset the instants are written in', () => {
    const morning = span('a', 60, 120);
    expect(clashesOf(span('b', 120, 180), [morning])).toEqual([]);
    const elsewhere = { id: 'c', startsAt: '2026-05-21T10:00:00+08:00', endsAt: '2026-05-21T11:00:00+08:00' };
    expect(clashesOf(elsewhere, [morning, span('d', 119, 121), span('e', 150, 170)])).toEqual([
      span('d', 119, 121),
      span('e', 150, 170),
    ]);
  });

  it('holds for many at once', () => {
    assert(
      property(array(spans, { maxLength: 40 }), (chosen) => {
        for (const one of chosen) expect(clashesOf(one, chosen)).not.toContain(one);
      }),
    );
  });
});
