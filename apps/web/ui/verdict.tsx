import type { ReactNode } from 'react';
import { classNames } from './class-names';

/** What a door says: let in (decided here or by the server), wait, stop, gone out, nobody decided. */
export type VerdictClass = 'in' | 'in_offline' | 'hold' | 'stop' | 'out' | 'none';

/** Ground and text of each class, the same in both schemes. Lightness does the work: bright lets in, very dark stops. */
export const verdictColours: Record<VerdictClass, string> = {
  in: 'bg-verdict-in text-verdict-in-ink',
  in_offline:
    'bg-verdict-offline text-verdict-offline-ink bg-[repeating-linear-gradient(135deg,transparent_0_18px,rgb(4_18_31/0.14)_18px_24px)]',
  hold: 'bg-verdict-hold text-verdict-hold-ink',
  stop: 'bg-verdict-stop text-white',
  out: 'bg-verdict-out text-verdict-out-ink',
  none: 'bg-verdict-none text-white',
};

/** The shape of a class, on a grid of 48 with strokes of 5. Told without colour, and in forced colours. */
const drawings: Record<VerdictClass, ReactNode> = {
  in: (
    <>
      <circle cx="24" cy="24" r="20" />
      <path d="m14.5 24.5 6.5 6.5 12.5-13" />
    </>
  ),
  in_offline: (
    <>
      <circle cx="24" cy="24" r="20" strokeDasharray="9 6.7" />
      <path d="m14.5 24.5 6.5 6.5 12.5-13" />
    </>
  ),
  hold: (
    <>
      <path d="M24 5.5 44 41.5H4z" />
      <path d="M24 18v10M24 34.6v.4" />
    </>
  ),
  stop: (
    <>
      <path d="M16 4h16l12 12v16L32 44H16L4 32V16z" />
      <path d="m17 17 14 14M31 17 17 31" />
    </>
  ),
  out: (
    <>
      <path d="M22 5H6v38h16" />
      <path d="M17 24h26M33 13.5 43.5 24 33 34.5" />
    </>
  ),
  none: (
    <>
      <path d="M13 37h23a8.5 8.5 0 0 0 1.5-16.9A13 13 0 0 0 13 18.6 9.3 9.3 0 0 0 13 37z" />
      <path d="M6 6l36 36" />
    </>
  ),
};

export function VerdictShape({ of, className }: { of: VerdictClass; className?: string }) {
  return (
    <svg
      viewBox="0 0 48 48"
      fill="none"
      stroke="currentColor"
      strokeWidth="5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      data-verdict-shape={of}
      className={className}
    >
      {drawings[of]}
    </svg>
  );
}

/** The class in small, as lists of scans show it: shape on its colour; the word stands beside it or in `label`. */
export function VerdictMark({ of, label, className }: { of: VerdictClass; label?: string; className?: string }) {
  return (
    <span
      className={classNames(
        'inline-grid size-9 shrink-0 place-items-center rounded-control border border-transparent',
        verdictColours[of],
        className,
      )}
    >
      <VerdictShape of={of} className="size-[66%]" />
      {label && <span className="sr-only">{label}</span>}
    </span>
  );
}
