import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../shell/language-context';
import { inLanguage } from '../../shell/local-text';
import { usePageTitle } from '../../shell/page-title';
import { ProblemBanner } from '../../ui/banner';
import { Skeleton } from '../../ui/loading';
import { ConferenceHead } from '../conferences/conference-head';
import { hasNotOpened } from '../conferences/registration-state';
import { usePlan } from '../plan/use-plan';
import { StaleBanner } from './freshness';
import { ProgrammePicker } from './picker';
import { PlanBar } from './plan-bar';
import { conferenceQuery, formQuery, useProgramme } from './use-programme';

/** The home of a conference: what, where, when, how to register; and the programme to choose from. */
export default function ProgrammePage({ slug }: { slug: string }) {
  const t = useTranslations('programme');
  const { locale } = useLanguage();
  const { programme, error, readAt, reading, retry } = useProgramme(slug);
  const { data: conference } = useQuery(conferenceQuery(slug));
  const { data: form } = useQuery(formQuery(slug));
  const plan = usePlan(slug);
  usePageTitle(conference && inLanguage(conference.name, locale).text);
  const over = form !== undefined && !form.open && !hasNotOpened(form, Date.now());
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      {conference && <ConferenceHead conference={conference} form={form} />}
      <section aria-labelledby="programme" className="grid min-h-[80dvh] grid-cols-[minmax(0,1fr)] content-start gap-3">
        {conference && (
          <h2 id="programme" className="text-xl font-bold">
            {t('title')}
          </h2>
        )}
        <StaleBanner readAt={readAt} error={programme && error} timeZone={conference?.timeZone} />
        {programme ? (
          <ProgrammePicker
            programme={programme}
            chosen={plan.chosen}
            onChoose={plan.choose}
            onDrop={plan.drop}
            onSwap={plan.swap}
            readOnly={over}
          />
        ) : error ? (
          <ProblemBanner error={error} onRetry={retry} busy={reading} />
        ) : (
          <Skeleton lines={12} />
        )}
      </section>
      {programme && !over && <PlanBar programme={programme} chosen={plan.chosen} form={form} />}
    </div>
  );
}
