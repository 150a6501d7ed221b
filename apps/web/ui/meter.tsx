import { classNames } from './class-names';

/**
 * How full something is: the track is the whole, the pale part is promised (confirmed seats), the dark part is taken (people
 * inside). SVG, since widths that are data cannot stand in a style sheet. `max` null: no limit, and nothing to fill.
 */
export function Meter({
  max,
  promised,
  taken,
  cap,
  label,
  className,
}: {
  max: number | null;
  promised: number;
  taken?: number;
  /** A tick where the room itself ends, where that is not `max`. */
  cap?: number | null;
  /** Says in words what is drawn. */
  label: string;
  className?: string;
}) {
  const whole = Math.max(max ?? 0, promised, taken ?? 0, cap ?? 0, 1);
  const part = (count: number) => (max === null ? 0 : (100 * count) / whole);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      className={classNames('block h-2.5 w-full rounded-full bg-sunk forced-color-adjust-none', className)}
    >
      <rect width={part(promised)} height="8" className="fill-accent opacity-40" />
      {taken !== undefined && <rect width={part(taken)} height="8" className="fill-accent" />}
      {cap !== undefined && cap !== null && cap !== max && (
        <rect x={Math.max(0, part(cap) - 0.5)} width="1" height="8" className="fill-ink" />
      )}
    </svg>
  );
}
