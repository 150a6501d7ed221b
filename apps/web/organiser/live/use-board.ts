import type { Attendance } from '@plenary/contracts';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type AtSubForum, patched } from './board';

export interface BoardRow extends AtSubForum {
  /** How many were inside, every half minute since the board was opened. */
  trend: readonly number[];
}

const SAMPLE_MS = 30_000;
const SAMPLES = 40;

/** The rows of the board; one that has not changed is the same object as before. */
export function useBoard(data: Attendance | undefined): readonly BoardRow[] | undefined {
  const trends = useTrends(data);
  const before = useRef<readonly BoardRow[]>([]);
  return useMemo(() => {
    if (!data) return undefined;
    const rows = data.subForums.map((row) => ({ ...row, trend: trends.get(row.subForumId) ?? [] }));
    before.current = patched(before.current, rows, (row) => row.subForumId);
    return before.current;
  }, [data, trends]);
}

function useTrends(data: Attendance | undefined): ReadonlyMap<string, readonly number[]> {
  const [trends, setTrends] = useState<ReadonlyMap<string, readonly number[]>>(new Map());
  const latest = useRef(data);
  latest.current = data;
  const there = data !== undefined;
  useEffect(() => {
    if (!there) return undefined;
    const sample = () =>
      setTrends(
        (old) =>
          new Map(
            latest.current?.subForums.map((row) => [
              row.subForumId,
              [...(old.get(row.subForumId) ?? []), row.inside].slice(-SAMPLES),
            ]),
          ),
      );
    sample();
    const timer = setInterval(sample, SAMPLE_MS);
    return () => clearInterval(timer);
  }, [there]);
  return trends;
}
