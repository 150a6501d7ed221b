/** A line of how many were inside, from the left to now; decoration beside the number itself. */
export function Trend({ values }: { values: readonly number[] }) {
  if (values.length < 2) return null;
  const most = Math.max(...values, 1);
  const least = Math.min(...values);
  const height = Math.max(most - least, 1);
  const points = values.map(
    (value, index) =>
      `${((60 * index) / (values.length - 1)).toFixed(1)},${(15 - (14 * (value - least)) / height).toFixed(1)}`,
  );
  return (
    <svg viewBox="0 0 60 16" className="h-4 w-15 text-ink-2" aria-hidden="true">
      <polyline points={points.join(' ')} fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}
