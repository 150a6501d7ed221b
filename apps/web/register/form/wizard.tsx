import type { AnswerOf, routes } from '@plenary/contracts';
import { useEffect } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslations } from 'use-intl';
import { useLocation, useSearch } from 'wouter';
import { usePageTitle } from '../../shell/page-title';
import { classNames } from '../../ui/class-names';
import { usePlan } from '../plan/use-plan';
import { ProgrammePicker } from '../programme/picker';
import type { Programme, ProgrammeRead } from '../programme/use-programme';
import type { Answers } from './answers';
import { faultsOf, type Step, steps } from './checks';
import { loadDraft, saveDraft } from './draft';
import { ErrorSummary } from './error-summary';
import { resolverOf, useFields } from './fields';
import { LinkSent } from './link-sent';
import { Review } from './review';
import { SendProblem } from './send-problem';
import { Steering } from './steering';
import { NeedsStep, OrganisationStep, YouStep } from './step-bodies';
import { StepHeader } from './step-header';
import { useSend } from './use-send';

export type RegistrationForm = AnswerOf<typeof routes.getRegistrationForm>;

/** The form: five steps at `?step=1..5`, what was typed kept in this tab until it is sent. */
export function Wizard({
  slug,
  programme,
  seats,
  form,
}: {
  slug: string;
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

  const answering = useForm<Answers>({
    defaultValues: loadDraft(slug).answers,
    resolver: resolverOf((answers) => faultsOf(steps[at] as Step, answers, questions)),
    shouldFocusError: false,
  });
  const { getValues, reset, subscribe } = answering;
  // A later step is for those who have answered the earlier ones, also where its address is opened directly.
  const faulty = steps.findIndex((step) => Object.keys(faultsOf(step, getValues(), questions)).length > 0);
  const last = faulty < 0 ? steps.length - 1 : faulty;
  const at = Math.min(Math.max(Number.isInteger(wanted) ? wanted : 0, 0), last);
  const step = steps[at] as Step;
  const addressOf = (index: number) => `/c/${slug}/register?step=${index + 1}`;

  usePageTitle(t('pageTitle', { step: t(step), number: at + 1 }));
  const address = addressOf(at);
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
  const goOn = answering.handleSubmit((answers) => {
    if (step === 'send') sending.send(answers, plan.chosen);
    else navigate(addressOf(at + 1));
  });
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
          <ProgrammePicker
            programme={programme}
            chosen={plan.chosen}
            onChoose={plan.choose}
            onDrop={plan.drop}
            onSwap={plan.swap}
          />
          <Steering {...steering} chosen={plan.chosen.length} onNext={() => void goOn()} label={t('continue')} />
        </>
      ) : (
        <form noValidate onSubmit={(event) => void goOn(event)} className="grid gap-6">
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
          {sending.error !== undefined && <SendProblem error={sending.error} addressOf={addressOf} />}
          <Steering {...steering} label={step !== 'send' ? t('continue') : t(sending.busy ? 'sending' : 'sendNow')} />
        </form>
      )}
    </div>
  );
}
