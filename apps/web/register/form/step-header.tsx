import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { classNames } from '../../ui/class-names';
import { type Step, steps } from './steps';

/** Where one is in the form; steps that are done lead back. The heading takes focus when the step changes. */
export function StepHeader({ at, addressOf }: { at: number; addressOf: (index: number) => string }) {
  const t = useTranslations('register.form');
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(at);
  useEffect(() => {
    if (shown.current === at) return;
    shown.current = at;
    scrollTo({ top: 0, behavior: 'instant' });
    heading.current?.focus({ preventScroll: true });
  }, [at]);
  return (
    <>
      <nav aria-label={t('steps')}>
        <ol className="grid grid-cols-5 gap-1.5 text-sm">
          {steps.map((step, index) => (
            <li
              key={step}
              aria-current={index === at ? 'step' : undefined}
              className={classNames(
                'border-t-4',
                index <= at ? 'border-accent' : 'border-line',
                index === at ? 'font-semibold text-ink' : 'text-ink-2',
              )}
            >
              {index < at ? (
                <Link href={addressOf(index)} className="flex min-h-11 items-center gap-1">
                  <span aria-hidden="true">{'✓'}</span>
                  <StepName step={step} />
                  <span className="sr-only">{t('done')}</span>
                </Link>
              ) : (
                <span className="flex min-h-11 items-center gap-1">
                  <span>{index + 1}</span>
                  <StepName step={step} />
                </span>
              )}
            </li>
          ))}
        </ol>
      </nav>
      <div>
        <p className="text-ink-2">{t('stepOf', { number: at + 1 })}</p>
        <h1 ref={heading} tabIndex={-1} className="text-2xl font-bold outline-none">
          {t(steps[at] as Step)}
        </h1>
      </div>
    </>
  );
}

/** On a phone five names do not fit side by side: there the number stands for it, and the name is for those who listen. */
function StepName({ step }: { step: Step }) {
  const t = useTranslations('register.form');
  return <span className="max-sm:sr-only">{t(step)}</span>;
}
