import type { AnswerOf, routes } from '@plenary/contracts';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../shell/language-context';
import { dayAt, dayName, timeOf } from '../../shell/venue-time';
import { Chip } from '../../ui/chip';

export type Form = AnswerOf<typeof routes.getRegistrationForm>;

/** Whether registration begins only later than `now`, ms. */
export const hasNotOpened = (form: Form, now: number): boolean =>
  !form.open && form.opensAt !== null && Date.parse(form.opensAt) > now;

/** Whether one can register now, until when, or from when on. */
export function RegistrationState({ form, timeZone }: { form: Form; timeZone: string }) {
  const t = useTranslations('programme.register');
  const { locale } = useLanguage();
  const at = (instant: string) => ({ day: dayName(dayAt(instant, timeZone), locale), time: timeOf(instant, timeZone) });
  if (form.open) return <Chip tone="ok">{form.closesAt ? t('openUntil', at(form.closesAt)) : t('open')}</Chip>;
  if (form.opensAt && hasNotOpened(form, Date.now())) {
    return (
      <Chip tone="info" shape="○">
        {t('opens', at(form.opensAt))}
      </Chip>
    );
  }
  return <Chip tone="neutral">{t('closed')}</Chip>;
}
