import type { Conference, Registration } from '@plenary/contracts';
import { useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslations } from 'use-intl';
import { Banner, ProblemBanner } from '../../ui/banner';
import { Tick } from '../../ui/field';
import { Skeleton } from '../../ui/loading';
import { type Answers, nothingYet } from '../form/answers';
import { ErrorSummary } from '../form/error-summary';
import { NameFields, NeedsFields, OrganisationFields, resolverOf, useFields } from '../form/fields';
import { checks as loadSchemas } from '../form/load-checks';
import { needsFrom, needsText } from '../form/needs';
import { Steering } from '../form/steering';
import { amendmentOf } from './amend-person';
import { useAmend } from './use-amend';

/** The schemas come when something is to be checked. */
const checks = async () => {
  await loadSchemas();
  return import('./amend-checks');
};

interface Props {
  token: string;
  conference: Conference;
  onBack: () => void;
  onSaved: () => void;
}

/** One's details, to be changed. */
export default function AmendDetails(props: Props) {
  const amend = useAmend(props.token, props.onSaved);
  if (!amend.start) {
    return amend.startError ? <ProblemBanner error={amend.startError} onRetry={amend.retry} /> : <Skeleton />;
  }
  return <DetailsForm {...props} amend={amend} registration={amend.start.registration} />;
}

function DetailsForm({
  conference,
  onBack,
  amend,
  registration: { person },
}: Props & { amend: ReturnType<typeof useAmend>; registration: Registration }) {
  const t = useTranslations('register.own');
  const form = useTranslations('register.form');
  const answering = useForm<Answers>({
    defaultValues: answersOf(person),
    resolver: resolverOf(async (answers) => (await checks()).amendmentFaults(answers, person)),
    shouldFocusError: false,
  });
  const { reset, formState } = answering;
  // Read again, what was not touched shows what it is now; what was typed stays.
  useEffect(() => reset(answersOf(person), { keepDirtyValues: true }), [person, reset]);
  const { field, faults } = useFields(answering);
  const newNeeds = !person.needs && needsText(answering.watch('needs')) !== '';
  const [missing, setMissing] = useState<unknown>();
  const save = answering.handleSubmit((answers) => amend.save({ person: amendmentOf(answers, person) }));
  return (
    <form
      noValidate
      className="grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-5"
      onSubmit={(event) => void save(event).then(() => setMissing(undefined), setMissing)}
    >
      <div role="status" className="empty:absolute">
        {amend.stale && <Banner tone="warn">{t('stale')}</Banner>}
      </div>
      <ErrorSummary faults={faults} attempt={formState.submitCount} />
      <NameFields form={answering} field={field} emailHint={t('emailChange')} />
      <OrganisationFields field={field} />
      <section className="grid gap-4 border-t border-line pt-5">
        <h2 className="text-lg font-bold">{form('needs')}</h2>
        <NeedsFields field={field} eraseAfterDays={conference.eraseAfterDays} />
        {newNeeds && <Tick {...field('needsConsent')} required />}
      </section>
      {missing !== undefined && <ProblemBanner error={missing} />}
      {amend.error && <ProblemBanner error={amend.error} />}
      <Steering busy={amend.busy} onBack={onBack} label={t('save')} />
    </form>
  );
}

function answersOf(person: Registration['person']): Answers {
  const { needs, ...said } = person;
  const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  return { ...nothingYet, ...given, needs: needsFrom(needs) };
}
