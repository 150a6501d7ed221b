import { useQuery } from '@tanstack/react-query';
import { type ComponentProps, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { useLanguage } from '../../shell/language-context';
import { usePageTitle } from '../../shell/page-title';
import { dayAt, dayName, timeOf, zoneName } from '../../shell/venue-time';
import { ProblemBanner } from '../../ui/banner';
import { buttonClass } from '../../ui/button';
import { Skeleton } from '../../ui/loading';
import { formQuery, useProgramme } from '../programme/use-programme';
import { loadDraft } from './draft';
import { checks } from './load-checks';
import { type RegistrationForm, Wizard } from './wizard';

/** `/c/{slug}/register`: the form, or when it opens. */
export default function FormPage({ slug }: { slug: string }) {
  const { programme, error, retry, readAt, reading } = useProgramme(slug);
  const t = useTranslations('register.form');
  const form = useQuery(formQuery(slug));
  // Who has begun keeps the form: if it closes meanwhile, the answer to what is sent says so, and nothing typed is lost.
  const begun = useRef(false);
  begun.current ||= form.data?.open === true;
  if (!programme || !form.data) {
    const failure = error ?? form.error;
    if (!failure) return <Skeleton />;
    return (
      <div className="grid gap-5">
        <h1 className="text-2xl font-bold">{t('title')}</h1>
        <ProblemBanner
          error={failure}
          busy={reading || form.isFetching}
          onRetry={() => {
            if (form.isError) void form.refetch();
            retry();
          }}
        />
      </div>
    );
  }
  if (!begun.current) return <NotOpen slug={slug} form={form.data} timeZone={programme.conference.timeZone} />;
  return <Opening slug={slug} programme={programme} seats={{ readAt, retry, error }} form={form.data} />;
}

/** Opened at a later step, the form first looks whether the earlier ones are answered. */
function Opening(props: Omit<ComponentProps<typeof Wizard>, 'openTo'>) {
  const wanted = Number(new URLSearchParams(location.search).get('step') ?? 1) - 1;
  const [openTo, setOpenTo] = useState(wanted > 0 ? undefined : 0);
  const [problem, setProblem] = useState<unknown>();
  const { slug, form } = props;
  const look = useCallback(() => {
    checks().then(({ lastOpenStep }) => {
      setOpenTo((known) => known ?? lastOpenStep(loadDraft(slug).answers, form.questions));
    }, setProblem);
  }, [slug, form.questions]);
  useEffect(look, [look]);
  if (openTo !== undefined) return <Wizard {...props} openTo={openTo} />;
  return problem === undefined ? <Skeleton /> : <ProblemBanner error={problem} onRetry={look} />;
}

function NotOpen({ slug, form, timeZone }: { slug: string; form: RegistrationForm; timeZone: string }) {
  const t = useTranslations('register.form');
  const { locale } = useLanguage();
  const { opensAt } = form;
  const later = opensAt !== null && Date.parse(opensAt) > Date.now();
  const title = t(later ? 'notOpenYet' : 'closed');
  usePageTitle(title);
  return (
    <div className="mx-auto grid max-w-2xl justify-items-start gap-4">
      <h1 className="text-2xl font-bold">{title}</h1>
      <p>
        {later
          ? t('opensAt', {
              day: dayName(dayAt(opensAt, timeZone), locale),
              time: timeOf(opensAt, timeZone),
              zone: zoneName(timeZone, locale, Date.parse(opensAt)),
            })
          : t('closedWhat')}
      </p>
      <Link href={`/c/${slug}`} className={buttonClass()}>
        {t('toProgramme')}
      </Link>
    </div>
  );
}
