import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useProblemText } from '../shell/problem-text';
import { Button } from './button';
import type { Tone } from './chip';
import { classNames } from './class-names';

const tones: Record<Tone, string> = {
  ok: 'border-ok bg-ok-soft text-ok',
  warn: 'border-warn bg-warn-soft text-warn',
  bad: 'border-bad bg-bad-soft text-bad',
  info: 'border-info bg-info-soft text-info',
  neutral: 'border-edge bg-sunk text-ink',
};

/** Something to know about the whole page, in place; it stays as long as it is true. */
export function Banner({ tone, children, actions }: { tone: Tone; children: ReactNode; actions?: ReactNode }) {
  return (
    <div className={classNames('flex flex-wrap items-center gap-3 rounded-card border px-4 py-3', tones[tone])}>
      <div className="min-w-0 flex-1 basis-64">{children}</div>
      {actions}
    </div>
  );
}

/** What went wrong, what to do, a code to quote, and a way to try again. */
export function ProblemBanner({ error, onRetry, busy }: { error: unknown; onRetry?: () => void; busy?: boolean }) {
  const t = useTranslations('common');
  const { text, code, traceId } = useProblemText()(error);
  return (
    <div role="alert">
      <Banner
        tone="bad"
        actions={
          onRetry && (
            <Button busy={busy ?? false} onClick={onRetry}>
              {t('retry')}
            </Button>
          )
        }
      >
        <p className="font-semibold">{text}</p>
        <p className="text-sm">
          <code>{traceId ? `${code} · ${traceId}` : code}</code>
        </p>
      </Banner>
    </div>
  );
}
