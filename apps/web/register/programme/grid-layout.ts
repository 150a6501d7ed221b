import { timeOf } from '../../shell/venue-time';
import type { Span } from '../plan/plan';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Times are drawn to five minutes. */
const FINEST = 5;
/** What runs longer than this from the first start of the day is drawn as going on. */
const LONGEST = 30 * HOUR;
/** A bar this wide, as a part of the whole axis, has room for words; a narrower one has them beside it. */
const WIDE = 0.24;

/** The time axis of a day: columns of `minutes` each, from a full hour to a full hour. */
export interface Axis {
  /** ms since the epoch */
  from: number;
  to: number;
  minutes: number;
  columns: number;
  hours: { label: string; columns: number }[];
}

/** Where a sub-forum stands: columns before its bar, of it, and after it. */
export interface Place {
  before: number;
  during: number;
  after: number;
  /** Where its words stand: in the bar, or on the side that has more room. */
  words: 'in' | 'after' | 'before';
}

/** The axis that shows all of `spans` (at least one), with hours as the clock at the venue strikes them. */
export function axisOf(spans: readonly Span[], timeZone: string): Axis {
  const starts = spans.map((span) => Date.parse(span.startsAt));
  const ends = spans.map((span) => Date.parse(span.endsAt));
  const first = Math.min(...starts);
  // Zones lie whole minutes apart, not whole hours: the clock at the venue says how much of an hour has gone.
  const from = first - Number(timeOf(first, timeZone).slice(3)) * MINUTE - (first % MINUTE);
  const last = Math.min(Math.max(...ends), first + LONGEST);
  const hours = Math.max(1, Math.ceil((last - from) / HOUR));
  const minutes = [...starts, ...ends].reduce(
    (common, at) => divisor(common, Math.round((at - from) / MINUTE / FINEST) * FINEST),
    60,
  );
  return {
    from,
    to: from + hours * HOUR,
    minutes,
    columns: (hours * 60) / minutes,
    hours: [...Array(hours).keys()].map((hour) => ({
      label: timeOf(from + hour * HOUR, timeZone).replace(/:00$/, ''),
      columns: 60 / minutes,
    })),
  };
}

/** Where a span stands on the axis: at least one column wide, cut off where the axis ends. `wide` as in `WIDE`. */
export function placeOf(span: Pick<Span, 'startsAt' | 'endsAt'>, axis: Axis, wide = WIDE): Place {
  const column = (instant: string) => Math.round((Date.parse(instant) - axis.from) / MINUTE / axis.minutes);
  const before = Math.min(Math.max(column(span.startsAt), 0), axis.columns - 1);
  const end = Math.min(Math.max(column(span.endsAt), before + 1), axis.columns);
  const after = axis.columns - end;
  const during = end - before;
  const words = during >= axis.columns * wide ? 'in' : after >= before ? 'after' : 'before';
  return { before, during, after, words };
}

function divisor(one: number, other: number): number {
  let [a, b] = [Math.abs(one), Math.abs(other)];
  while (b) [a, b] = [b, a % b];
  return a;
}
