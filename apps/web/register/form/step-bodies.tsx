import type { Category } from '@plenary/contracts';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { LocalText } from '../../shell/local-text';
import { TextField } from '../../ui/field';
import { BadgePreview } from './badge-preview';
import { CategoryFields } from './category-fields';
import { type FieldOf, type Form, NameFields, NeedsFields, OrganisationFields, type Question } from './fields';

interface BodyProps {
  form: Form;
  field: FieldOf;
  categories: readonly Category[];
}

export function YouStep({ form, field, categories }: BodyProps) {
  return (
    <WithBadge form={form} categories={categories}>
      <NameFields form={form} field={field} />
      <CategoryFields categories={categories.filter((one) => one.public)} field={field('category')} />
    </WithBadge>
  );
}

export function OrganisationStep({
  form,
  field,
  categories,
  questions,
}: BodyProps & { questions: readonly Question[] }) {
  const t = useTranslations('register.form');
  return (
    <WithBadge form={form} categories={categories}>
      <OrganisationFields field={field} />
      {questions.length > 0 && (
        <section className="grid gap-5 border-t border-line pt-5">
          <h2 className="text-lg font-bold">{t('questions')}</h2>
          {questions.map(({ key, label, required }) => (
            <TextField
              key={key}
              {...field(`answers.${key}`)}
              label={<LocalText of={label} />}
              rows={2}
              dir="auto"
              required={required}
              optional={!required}
            />
          ))}
        </section>
      )}
    </WithBadge>
  );
}

export function NeedsStep({ field, eraseAfterDays }: { field: FieldOf; eraseAfterDays: number }) {
  const t = useTranslations('register.form');
  return (
    <div className="grid max-w-2xl gap-5">
      <p>{t('needsIntro')}</p>
      <NeedsFields field={field} eraseAfterDays={eraseAfterDays} />
    </div>
  );
}

/** The fields, and beside them (on a phone below) the badge as it will be printed. */
function WithBadge({ form, categories, children }: Omit<BodyProps, 'field'> & { children: ReactNode }) {
  const [name, latinName, organisation, category] = form.watch(['name', 'latinName', 'organisation', 'category']);
  return (
    <div className="grid gap-6 lg:grid-cols-[1fr_320px] lg:gap-12">
      <div className="grid content-start gap-5">{children}</div>
      <div>
        <div className="lg:sticky lg:top-6">
          <BadgePreview
            name={name}
            latinName={latinName}
            organisation={organisation}
            category={categories.find(({ key }) => key === category)}
          />
        </div>
      </div>
    </div>
  );
}
