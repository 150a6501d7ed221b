import type { AnswerOf, routes } from '@plenary/contracts';
import { type FieldPath, get, type Resolver, set, type UseFormReturn } from 'react-hook-form';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../shell/language-context';
import { inLanguage } from '../../shell/local-text';
import { Choice, Field, TextField, Tick } from '../../ui/field';
import { type Answers, asksLatinName } from './answers';
import type { Fault, Faults } from './checks';
import { countries } from './countries';
import { useFaultText } from './fault-text';

export type Form = UseFormReturn<Answers>;
export type Question = AnswerOf<typeof routes.getRegistrationForm>['questions'][number];

/**
 * A resolver that finds faults by `check`; the form shows them by their paths. What checks (the schemas) is code of its own, for
 * which no field has to wait.
 */
export function resolverOf(check: (answers: Answers) => Promise<Faults>): Resolver<Answers> {
  return async (values) => {
    const faults = await check(values);
    const errors = {};
    for (const [path, type] of Object.entries(faults)) set(errors, path, { type });
    return Object.keys(faults).length > 0 ? { values: {}, errors } : { values, errors: {} };
  };
}

/** Everything a field needs by its path: label, id, what is wrong with it, and the form's hold on it. */
export function useFields(form: Form, questions: readonly Question[] = []) {
  const t = useTranslations('register.form');
  const { locale } = useLanguage();
  const faultText = useFaultText();
  const { errors } = form.formState;
  const labels: Record<string, string> = {
    name: t('name'),
    latinName: t('latinName'),
    email: t('email'),
    phone: t('phone'),
    category: t('category'),
    organisation: t('organisationName'),
    jobTitle: t('jobTitle'),
    country: t('country'),
    'needs.other': t('otherNeeds'),
    privacy: t('privacy'),
    needsConsent: t('needsConsent'),
  };
  for (const { key, label } of questions) labels[`answers.${key}`] = inLanguage(label, locale).text;

  const textOf = (path: string): string | undefined => {
    const fault = (get(errors, path) as { type?: Fault } | undefined)?.type;
    return fault && faultText(path, fault, labels[path] ?? path);
  };
  return {
    field: (path: FieldPath<Answers>) => ({
      id: `field-${path}`,
      label: labels[path] ?? path,
      error: textOf(path),
      ...form.register(path),
    }),
    /** For the summary: what is wrong on this step, in the order of the fields. */
    faults: Object.keys(labels).flatMap((path) => {
      const text = textOf(path);
      return text ? [{ id: `field-${path}`, text }] : [];
    }),
  };
}
export type FieldOf = ReturnType<typeof useFields>['field'];

/** Name and mailbox. The Latin spelling is asked for where the name has hanzi. */
export function NameFields({ form, field, emailHint }: { form: Form; field: FieldOf; emailHint?: string }) {
  const t = useTranslations('register.form');
  const name = form.watch('name');
  return (
    <>
      <Field {...field('name')} hint={t('nameHint')} autoComplete="name" dir="auto" required />
      {asksLatinName(name) && (
        <Field {...field('latinName')} hint={t('latinNameHint')} autoComplete="off" lang="en" optional />
      )}
      <Field
        {...field('email')}
        hint={emailHint ?? t('emailHint')}
        type="email"
        inputMode="email"
        autoComplete="email"
        autoCapitalize="none"
        spellCheck={false}
        required
      />
      <Field {...field('phone')} type="tel" inputMode="tel" autoComplete="tel" optional />
    </>
  );
}

export function OrganisationFields({ field }: { field: FieldOf }) {
  const t = useTranslations('register.form');
  const { locale } = useLanguage();
  return (
    <>
      <Field {...field('organisation')} hint={t('organisationHint')} autoComplete="organization" dir="auto" optional />
      <Field {...field('jobTitle')} autoComplete="organization-title" dir="auto" optional />
      <Choice {...field('country')} autoComplete="country" optional>
        <option value="">{t('noCountry')}</option>
        {countries(locale).map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </Choice>
    </>
  );
}

/** What somebody needs, who sees it, and when it is erased. */
export function NeedsFields({ field, eraseAfterDays }: { field: FieldOf; eraseAfterDays: number }) {
  const t = useTranslations('register.form');
  return (
    <>
      <p className="text-ink-2">{t('needsWho', { days: eraseAfterDays })}</p>
      <div>
        <Tick {...field('needs.wheelchair')} label={t('wheelchair')} />
        <Tick {...field('needs.signLanguage')} label={t('signLanguage')} />
      </div>
      <TextField {...field('needs.other')} hint={t('otherNeedsHint')} dir="auto" optional />
    </>
  );
}
