import type { Conference } from '@plenary/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { useLanguage } from '../../shell/language-context';
import { inOtherLanguage, LocalText } from '../../shell/local-text';
import { usePageTitle } from '../../shell/page-title';
import { ProblemBanner } from '../../ui/banner';
import { Empty, Skeleton } from '../../ui/loading';
import { conferencesQuery } from '../programme/use-programme';
import { Dates } from './conference-head';

/** The published conferences, next ones first. */
export default function ConferencesPage() {
  const t = useTranslations('programme');
  const { data, error, failureReason, isFetching, refetch } = useQuery(conferencesQuery());
  usePageTitle(t('conferences'));
  return (
    <div className="mx-auto grid w-full max-w-3xl grid-cols-[minmax(0,1fr)] gap-4">
      <h1 className="text-2xl font-bold">{t('conferences')}</h1>
      {data ? (
        data.length === 0 ? (
          <Empty>{t('noConferences')}</Empty>
        ) : (
          <ul className="grid grid-cols-[minmax(0,1fr)] gap-3">
            {inOrder(data).map((one) => (
              <Card key={one.id} conference={one} />
            ))}
          </ul>
        )
      ) : (error ?? failureReason) ? (
        <ProblemBanner error={error ?? failureReason} onRetry={() => void refetch()} busy={isFetching} />
      ) : (
        <Skeleton lines={3} />
      )}
    </div>
  );
}

/** Those that are not over by their start, then those that are, the latest first. */
function inOrder(conferences: readonly Conference[]): Conference[] {
  const today = new Date().toISOString().slice(0, 10);
  const over = (one: Conference) => one.endsOn < today;
  const ahead = conferences.filter((one) => !over(one)).sort((a, b) => a.startsOn.localeCompare(b.startsOn));
  return [...ahead, ...conferences.filter(over).sort((a, b) => b.endsOn.localeCompare(a.endsOn))];
}

function Card({ conference }: { conference: Conference }) {
  const { locale } = useLanguage();
  const other = inOtherLanguage(conference.name, locale);
  return (
    <li>
      <Link
        href={`/c/${conference.slug}`}
        className="grid gap-1 rounded-card border border-line bg-paper p-5 text-ink no-underline hover:border-accent"
      >
        <h2 className="text-lg font-bold text-accent">
          <LocalText of={conference.name} />
        </h2>
        {other && (
          <p className="text-ink-2">
            <bdi lang={other.lang}>{other.text}</bdi>
          </p>
        )}
        <p className="mt-1 flex flex-wrap gap-x-4">
          <span className="font-semibold">
            <Dates conference={conference} />
          </span>
          <LocalText of={conference.venue} />
        </p>
      </Link>
    </li>
  );
}
