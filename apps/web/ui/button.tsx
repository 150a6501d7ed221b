import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { classNames } from './class-names';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';
type Size = 'small' | 'normal' | 'door';

const looks: Record<Look, string> = {
  primary: 'border-transparent bg-accent text-accent-ink hover:opacity-90',
  plain: 'border-edge bg-paper text-ink hover:border-accent hover:text-accent',
  quiet: 'border-transparent bg-transparent text-accent hover:bg-accent-soft',
  danger: 'border-bad bg-paper text-bad hover:bg-bad-soft',
};
/** 24 px at least at an organiser's desk, 44 on a delegate's phone, 64 in a glove at the door. */
const sizes: Record<Size, string> = {
  small: 'min-h-9 px-3 text-sm',
  normal: 'min-h-11 px-4 text-base',
  door: 'min-h-16 px-6 text-xl',
};

export function buttonClass(look: Look = 'plain', size: Size = 'normal'): string {
  return classNames(
    'inline-flex items-center justify-center gap-2 rounded-control border font-semibold no-underline transition-opacity duration-[120ms] select-none',
    looks[look],
    sizes[size],
  );
}

/**
 * A button. While `busy` it says so, keeps focus and takes no second click. For a place to go to, give a link
 * `buttonClass()` instead.
 */
export function Button({
  look = 'plain',
  size = 'normal',
  busy = false,
  className,
  onClick,
  children,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { look?: Look; size?: Size; busy?: boolean; children: ReactNode }) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
      className={classNames(buttonClass(look, size), 'disabled:cursor-not-allowed disabled:opacity-60', className)}
    >
      {busy && <Spinner />}
      {children}
    </button>
  );
}

function Spinner() {
  return (
    <span
      aria-hidden="true"
      className="size-4 animate-spin rounded-full border-2 border-current border-r-transparent motion-reduce:animate-none"
    />
  );
}
