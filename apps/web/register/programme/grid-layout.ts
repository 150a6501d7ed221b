import { timeOf } from '../../shell/venue-time';
import type { Span } from '../plan/plan';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Times are drawn to five minutes. */
const FINEST = 5;
/** What runs longer than this from the first start of the day is drawn as going on. */
const LONGEST = 30 * HOUR;
/** So many hours have room for `09:00` each; more are told as `09`. */
const ROOMY_HOURS = 14;
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
      label: timeOf(from + hour * HOUR, timeZone).slice(0, hours > ROOMY_HOURS ? 2 : undefined),
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

/** A piece of a row in which nothing happens: never longer than to the next hour, break or not as a whole. */
export interface Gap {
  column: number;
  columns: number;
  pause: boolean;
}

/** The columns from `from` to `to` (exclusive) in pieces, so that hours and breaks can be seen down the whole grid. */
export function gapsOf(from: number, to: number, axis: Axis, pauses: readonly Place[]): Gap[] {
  const each = 60 / axis.minutes;
  const isPause = (column: number) => pauses.some(({ before, during }) => column >= before && column < before + during);
  const gaps: Gap[] = [];
  for (let column = from; column < to; column += 1) {
    const last = gaps.at(-1);
    const pause = isPause(column);
    if (last && last.pause === pause && column % each !== 0) last.columns += 1;
    else gaps.push({ column, columns: 1, pause });
  }
  return gaps;
}

function divisor(one: number, other: number): number {
  let [a, b] = [Math.abs(one), Math.abs(other)];
  while (b) [a, b] = [b, a % b];
  return a;
}
