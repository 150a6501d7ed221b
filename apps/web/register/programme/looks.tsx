/** Signs that stand before a word and say the same. */
export const marks = { chosen: '✓', clash: '∕∕\u00a0' };

/** The ground of what clashes with the plan. */
export const hatched = 'bg-[repeating-linear-gradient(135deg,var(--paper)_0_7px,var(--sunk)_7px_14px)]';

/** Points right where a `<details className="group">` is closed, down where it is open. */
export function Chevron() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      className="size-5 shrink-0 fill-none stroke-ink-2 stroke-2 transition-transform duration-[120ms] group-open:rotate-90"
    >
      <path d="m9 6 6 6-6 6" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
