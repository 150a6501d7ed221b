import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { ApiError } from '../../shell/api';
import { ProblemBanner } from '../../ui/banner';
import { type Step, steps } from './steps';

/** Where what was refused can be mended. */
const mendedIn: Record<string, Step> = {
  choices_overlap: 'subForums',
  sub_forum_unknown: 'subForums',
  category_unknown: 'you',
  category_not_public: 'you',
  email_missing: 'you',
  answer_missing: 'organisation',
  question_unknown: 'organisation',
};

/** Why nothing was sent, that nothing is lost, and where to go. */
export function SendProblem({ error, addressOf }: { error: unknown; addressOf: (index: number) => string }) {
  const t = useTranslations('register.form');
  const step = error instanceof ApiError ? mendedIn[error.code] : undefined;
  const index = step ? steps.indexOf(step) : -1;
  return (
    <div className="grid gap-2">
      <ProblemBanner error={error} />
      <p>{t('notSent')}</p>
      {step && (
        <Link href={addressOf(index)} className="inline-flex min-h-11 items-center justify-self-start">
          {t('seeStep', { number: index + 1, step: t(step) })}
        </Link>
      )}
    </div>
  );
}
