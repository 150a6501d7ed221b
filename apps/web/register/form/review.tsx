import { type ReactNode, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { useLanguage } from '../../shell/language-context';
import { inLanguage, LocalText, PersonName } from '../../shell/local-text';
import { Tick } from '../../ui/field';
import type { Programme, ProgrammeRead } from '../programme/use-programme';
import { type Answers, asksLatinName } from './answers';
import { countryName } from './countries';
import type { FieldOf } from './fields';
import { needsText } from './needs';
import { ReviewChoices } from './review-choices';
import type { RegistrationForm } from './wizard';

/** The last step: all that was answered, how the seats stand now, and the consents. */
export function Review({
  programme,
  seats,
  form,
  answers,
  chosen,
  onDrop,
  addressOf,
  field,
}: {
  programme: Programme;
  seats: Pick<ProgrammeRead, 'readAt' | 'retry' | 'error'>;
  form: RegistrationForm;
  answers: Answers;
  chosen: readonly string[];
  onDrop: (id: string) => void;
  addressOf: (index: number) => string;
  field: FieldOf;
}) {
  const t = useTranslations('register.form');
  const { locale } = useLanguage();
  const { conference } = programme;
  const category = conference.categories.find(({ key }) => key === answers.category);
  const { needs } = answers;
  const [openedAt] = useState(() => Date.now());
  const { retry } = seats;
  // biome-ignore lint/correctness/useExhaustiveDependencies: read anew once, when the step is opened
  useEffect(() => retry(), []);
  return (
    <div className="grid gap-6">
      <p>{t('sendIntro')}</p>
      <div className="grid gap-4 lg:grid-cols-3">
        <Part title={t('you')} href={addressOf(0)}>
          <Said label={t('name')}>{answers.name && <PersonName name={answers.name} />}</Said>
          {asksLatinName(answers.name) && <Said label={t('latinName')}>{answers.latinName}</Said>}
          <Said label={t('email')}>{answers.email}</Said>
          <Said label={t('phone')}>{answers.phone}</Said>
          <Said label={t('category')}>{category && <LocalText of={category.name} />}</Said>
        </Part>
        <Part title={t('organisation')} href={addressOf(1)}>
          <Said label={t('organisationName')}>{answers.organisation}</Said>
          <Said label={t('jobTitle')}>{answers.jobTitle}</Said>
          <Said label={t('country')}>{answers.country && countryName(answers.country, locale)}</Said>
          {form.questions.map(({ key, label }) => (
            <Said key={key} label={inLanguage(label, locale).text}>
              {answers.answers[key]}
            </Said>
          ))}
        </Part>
        <Part title={t('needs')} href={addressOf(2)}>
          {needs.wheelchair && <Said label={t('wheelchair')}>{'✓'}</Said>}
          {needs.signLanguage && <Said label={t('signLanguage')}>{'✓'}</Said>}
          <Said label={t('otherNeeds')}>{needs.other}</Said>
        </Part>
      </div>
      <Part title={t('subForums')} href={addressOf(3)} asList={false}>
        <ReviewChoices
          programme={programme}
          category={category}
          chosen={chosen}
          onDrop={onDrop}
          readAt={seats.readAt}
          fresh={seats.readAt >= openedAt}
          failed={seats.error !== null && seats.error !== undefined}
        />
      </Part>
      <section className="grid gap-2">
        <h2 className="text-lg font-bold">{t('consents')}</h2>
        <details className="group rounded-control border border-line bg-paper px-4">
          <summary className="flex min-h-11 items-center gap-2 font-semibold text-accent">
            <svg viewBox="0 0 24 24" aria-hidden="true" className="size-5 flex-none group-open:rotate-90">
              <path d="m9 5 7 7-7 7" fill="none" stroke="currentColor" strokeWidth="2" />
            </svg>
            {t('privacyText')}
          </summary>
          <p className="pb-4 whitespace-pre-line">
            {form.privacy ? <LocalText of={form.privacy} /> : t('privacyDefault', { days: conference.eraseAfterDays })}
          </p>
        </details>
        <Tick {...field('privacy')} required />
        {needsText(needs) && <Tick {...field('needsConsent')} required />}
      </section>
    </div>
  );
}

function Part({
  title,
  href,
  asList = true,
  children,
}: {
  title: string;
  href: string;
  asList?: boolean;
  children: ReactNode;
}) {
  const t = useTranslations('register.form');
  return (
    <section className="grid content-start gap-2 rounded-card border border-line bg-paper p-4">
      <div className="flex items-center justify-between gap-3">
        <h2 className="text-lg font-bold">{title}</h2>
        <Link
          href={href}
          aria-label={t('changeWhat', { what: title })}
          className="inline-flex min-h-11 min-w-11 items-center justify-end"
        >
          {t('change')}
        </Link>
      </div>
      {asList ? <dl className="grid gap-2">{children}</dl> : children}
    </section>
  );
}

function Said({ label, children }: { label: string; children: ReactNode }) {
  const t = useTranslations('register.form');
  return (
    <div>
      <dt className="text-sm text-ink-2">{label}</dt>
      <dd className="whitespace-pre-line">{children ? <bdi dir="auto">{children}</bdi> : t('empty')}</dd>
    </div>
  );
}
