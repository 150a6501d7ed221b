import type { ReactNode } from 'react';
import { shapes, type Tone } from '../ui/chip';
import { classNames } from '../ui/class-names';

const colours: Record<Tone, string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad',
  info: 'text-info',
  neutral: 'text-ink-2',
};

/** A state in the door's type size: colour, shape and word. */
export function StateWord({ tone, shape, children }: { tone: Tone; shape?: string; children: ReactNode }) {
  return (
    <span className={classNames('inline-flex items-baseline gap-1.5 font-semibold', colours[tone])}>
      <span aria-hidden="true">{shape ?? shapes[tone]}</span>
      <span>{children}</span>
    </span>
  );
}
