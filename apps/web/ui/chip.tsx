import type { ReactNode } from 'react';
import { classNames } from './class-names';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'neutral';

const tones: Record<Tone, string> = {
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  info: 'bg-info-soft text-info',
  neutral: 'bg-sunk text-ink-2',
};
/** The shape says the same as the colour, for those who do not see it. */
export const shapes: Record<Tone, string> = { ok: '●', warn: '◆', bad: '■', info: '…', neutral: '–' };

/** A state in a word: colour, shape and word together. */
export function Chip({ tone, shape, children }: { tone: Tone; shape?: string; children: ReactNode }) {
  return (
    <span
      className={classNames(
        'inline-flex items-center gap-1.5 rounded-chip px-2 py-0.5 text-sm font-semibold',
        tones[tone],
      )}
    >
      <span aria-hidden="true">{shape ?? shapes[tone]}</span>
      <span>{children}</span>
    </span>
  );
}

export const textColours: Record<Tone, string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad',
  info: 'text-info',
  neutral: 'text-ink-2',
};

/** The same without a box, in the size of the text around it. */
export function StateText({
  tone,
  shape,
  className,
  children,
}: {
  tone: Tone;
  shape?: string;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <span className={classNames('inline-flex items-baseline gap-1.5 font-semibold', textColours[tone], className)}>
      <span aria-hidden="true">{shape ?? shapes[tone]}</span>
      <span>{children}</span>
    </span>
  );
}
