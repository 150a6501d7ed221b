/** The mark: a P whose bowl is the eye of a QR code. */
export function Mark({ className = 'size-8 text-accent' }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" fill="currentColor" aria-hidden="true" className={className}>
      <path
        fillRule="evenodd"
        d="M5 9a6 6 0 0 1 6-6h10a6 6 0 0 1 6 6v8a6 6 0 0 1-6 6H10v6H5zM12.5 8A2.5 2.5 0 0 0 10 10.5v5A2.5 2.5 0 0 0 12.5 18h7a2.5 2.5 0 0 0 2.5-2.5v-5A2.5 2.5 0 0 0 19.5 8z"
      />
      <rect x="13.5" y="10.5" width="5" height="5" rx="1.2" />
    </svg>
  );
}
