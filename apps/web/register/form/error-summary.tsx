import { useEffect, useId, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Banner } from '../../ui/banner';

/**
 * What is missing or wrong on the page, each a way to its field. Takes focus whenever `attempt` rises: after each try to go on.
 */
export function ErrorSummary({
  faults,
  attempt,
}: {
  /** Id of the field, and the words that stand beside it. */
  faults: readonly { id: string; text: string }[];
  attempt: number;
}) {
  const t = useTranslations('register.form');
  const box = useRef<HTMLElement>(null);
  const heading = useId();
  const seen = useRef(0);
  useEffect(() => {
    if (attempt > seen.current && faults.length > 0) box.current?.focus();
    if (faults.length > 0 || attempt === 0) seen.current = attempt;
  }, [attempt, faults]);
  if (faults.length === 0) return null;
  return (
    <section ref={box} tabIndex={-1} aria-labelledby={heading} className="rounded-card">
      <Banner tone="bad">
        <h2 id={heading} className="font-bold">
          {t('summary', { count: faults.length })}
        </h2>
        <ul>
          {faults.map(({ id, text }) => (
            <li key={id}>
              <a
                href={`#${id}`}
                className="inline-flex min-h-11 items-center text-bad underline"
                onClick={(event) => {
                  // The address keeps its step: it is the field that is wanted.
                  event.preventDefault();
                  const field = document.getElementById(id);
                  field?.scrollIntoView({ block: 'center' });
                  field?.focus();
                }}
              >
                {text}
              </a>
            </li>
          ))}
        </ul>
      </Banner>
    </section>
  );
}
