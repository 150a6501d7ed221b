import type { ReactNode } from 'react';

/** The door's own signs: 24 px grid, 2 px strokes; the word stands beside each. */
function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className="size-7"
    >
      {children}
    </svg>
  );
}

export const Torch = () => (
  <Icon>
    <path d="M7 3h10v4l-3 4v10h-4V11L7 7zM7 7h10M12 14v2" />
  </Icon>
);
export const Glass = () => (
  <Icon>
    <circle cx="10.5" cy="10.5" r="6.5" />
    <path d="m15.5 15.5 5.5 5.5" />
  </Icon>
);
export const List = () => (
  <Icon>
    <path d="M9 6h12M9 12h12M9 18h12M4 6h.01M4 12h.01M4 18h.01" />
  </Icon>
);
export const Gate = () => (
  <Icon>
    <path d="M5 21V3h14v18M3 21h18M15 12h.01" />
  </Icon>
);
