import type { AnswerOf, routes } from '@plenary/contracts';
import { type BaseSyntheticEvent, lazy, Suspense, useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslations } from 'use-intl';
import { useLocation, useSearch } from 'wouter';
import { usePageTitle } from '../../shell/page-title';
import { ProblemBanner } from '../../ui/banner';
import { classNames } from '../../ui/class-names';
import { Skeleton } from '../../ui/loading';
import { usePlan } from '../plan/use-plan';
import type { Programme, ProgrammeRead } from '../programme/use-programme';
import type { Answers } from './answers';
import { loadDraft, saveDraft } from './draft';
import { ErrorSummary } from './error-summary';
import { resolverOf, useFields } from './fields';
import { LinkSent } from './link-sent';
import { checks } from './load-checks';
import { Review } from './review';
import { SendProblem } from './send-problem';
import { Steering } from './steering';
import { NeedsStep, OrganisationStep, YouStep } from './step-bodies';
import { StepHeader } from './step-header';
import { type Step, steps } from './steps';
import { useSend } from './use-send';

/** Not needed before the fourth step; asked for on the one before. */
const loadPicker = () => import('../programme/picker').then(({ ProgrammePicker }) => ({ default: ProgrammePicker }));
const ProgrammePicker = lazy(loadPicker);

export type RegistrationForm = AnswerOf<typeof routes.getRegistrationForm>;

/** The form: five steps at `?step=1..5`, what was typed kept in this tab until it is sent. */
export function Wizard({
  slug,
  programme,
  seats,
  form,
  openTo,
}: {
  slug: string;
  /** Index of the last step that one may go to: the earlier ones are answered. */
  openTo: number;
  programme: Programme;
  seats: Pick<ProgrammeRead, 'readAt' | 'retry' | 'error'>;
  form: RegistrationForm;
}) {
  const t = useTranslations('register.form');
  const { conference } = programme;
  const plan = usePlan(slug);
  const [, navigate] = useLocation();
  const wanted = Number(new URLSearchParams(useSearch()).get('step') ?? 1) - 1;
  const { questions } = form;

  const [loaded] = useState(() => loadDraft(slug).answers);
  const answering = useForm<Answers>({
    defaultValues: loaded,
    resolver: resolverOf(async (answers) => (await checks()).faultsOf(step, answers, questions)),
    shouldFocusError: false,
  });
  const { getValues, reset, subscribe } = answering;
  const [open, setOpen] = useState(openTo);
  const at = Math.min(Math.max(Number.isInteger(wanted) ? wanted : 0, 0), open);
  const step = steps[at] as Step;
  const addressOf = (index: number) => `/c/${slug}/register?step=${index + 1}`;

  usePageTitle(t('pageTitle', { step: t(step), number: at + 1 }));
  const address = addressOf(at);
  useEffect(() => {
    // Should it not come now, it is asked for again when it is shown; that attempt reports what is wrong.
    if (step === 'needs') void loadPicker().catch(() => undefined);
  }, [step]);
  useEffect(() => {
    if (at !== wanted) navigate(address, { replace: true });
  }, [at, wanted, address, navigate]);
  // What was wrong on one step is nothing to the next; what was typed stays.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `at` is what it is about
  useEffect(() => reset(undefined, { keepValues: true }), [at, reset]);
  useEffect(
    () =>
      subscribe({
        formState: { values: true },
        callback: ({ values }) => saveDraft(slug, { ...loadDraft(slug), answers: values }),
      }),
    [subscribe, slug],
  );

  const sending = useSend(slug, questions);
  const { field, faults } = useFields(answering, questions);
  const goOn = answering.handleSubmit(async (answers) => {
    // Somebody who went back may have left an earlier step wanting: sent is what is whole.
    const next = step === 'send' ? (await checks()).lastOpenStep(answers, questions) : at + 1;
    if (step === 'send' && next === at) return sending.send(answers, plan.chosen);
    setOpen(step === 'send' ? next : Math.max(open, next));
    return navigate(addressOf(next));
  });
  // The code that checks may not have come: then nothing was decided, and another press asks for it again.
  const [missing, setMissing] = useState<unknown>();
  const press = (event?: BaseSyntheticEvent) => void goOn(event).then(() => setMissing(undefined), setMissing);
  const steering = { ...(at > 0 && { onBack: () => navigate(addressOf(at - 1)) }), busy: sending.busy };
  if (sending.linkSent) {
    return (
      <LinkSent
        onBack={() => {
          sending.startOver();
          navigate(addressOf(0));
        }}
      />
    );
  }

  return (
    <div className={classNames('mx-auto grid gap-5', step === 'subForums' ? 'max-w-none' : 'max-w-5xl')}>
      <StepHeader at={at} addressOf={addressOf} />
      <ErrorSummary key={step} faults={faults} attempt={answering.formState.submitCount} />
      {step === 'subForums' ? (
        // No form around it: Enter in its search field is no wish to go on.
        <>
          <p>{t('subForumsIntro')}</p>
          {missing !== undefined && <ProblemBanner error={missing} />}
          <Suspense fallback={<Skeleton />}>
            <ProgrammePicker
              programme={programme}
              chosen={plan.chosen}
              onChoose={plan.choose}
              onDrop={plan.drop}
              onSwap={plan.swap}
            />
          </Suspense>
          <Steering {...steering} chosen={plan.chosen.length} onNext={() => press()} label={t('continue')} />
        </>
      ) : (
        <form noValidate onSubmit={press} className="grid gap-6">
          {step === 'you' && <YouStep form={answering} field={field} categories={conference.categories} />}
          {step === 'organisation' && (
            <OrganisationStep form={answering} field={field} categories={conference.categories} questions={questions} />
          )}
          {step === 'needs' && <NeedsStep field={field} eraseAfterDays={conference.eraseAfterDays} />}
          {step === 'send' && (
            <Review
              programme={programme}
              seats={seats}
              form={form}
              answers={getValues()}
              chosen={plan.chosen}
              onDrop={plan.drop}
              addressOf={addressOf}
              field={field}
            />
          )}
          {missing !== undefined && <ProblemBanner error={missing} />}
          {sending.error !== undefined && <SendProblem error={sending.error} addressOf={addressOf} />}
          <Steering {...steering} label={step !== 'send' ? t('continue') : t(sending.busy ? 'sending' : 'sendNow')} />
        </form>
      )}
    </div>
  );
}
