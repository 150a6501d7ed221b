import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Link, useLocation } from 'wouter';
import { LocalText } from '../shell/local-text';
import { PageHeader, SkipLink } from '../ui/page-header';
import { conferenceQuery } from './programme/use-programme';

/**
 * What every delegate's page stands in: header, `<main id="content">`, and at the foot the help contact of the conference, always
 * at the same place. Without `slug` (not known yet, or no conference at all) the parts that name it are left out.
 */
export function Frame({ slug, children }: { slug?: string | undefined; children: ReactNode }) {
  const common = useTranslations('common');
  const { data: conference } = useQuery({ ...conferenceQuery(slug ?? ''), enabled: slug !== undefined });
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink>{common('skip')}</SkipLink>
      <PageHeader
        home="/c"
        title={
          conference && (
            <Link
              href={`/c/${conference.slug}`}
              className="block truncate leading-[44px] text-ink-2 no-underline hover:text-accent"
            >
              <LocalText of={conference.name} />
            </Link>
          )
        }
      />
      <Content>{children}</Content>
      {conference && <Help help={conference.help} />}
    </div>
  );
}

/** Another page begins at its top, and the keyboard with it; going back keeps the place. */
function Content({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  const wentBack = useRef(false);
  useEffect(() => {
    const note = () => {
      wentBack.current = true;
    };
    addEventListener('popstate', note);
    return () => removeEventListener('popstate', note);
  }, []);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    if (!wentBack.current) scrollTo({ top: 0, behavior: 'instant' });
    wentBack.current = false;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <main ref={main} id="content" tabIndex={-1} className="mx-auto w-full max-w-[1440px] flex-1 px-4 py-6 outline-none">
      {children}
    </main>
  );
}

function Help({
  help,
}: {
  help: { email?: string | undefined; phone?: string | undefined; place?: object | undefined };
}) {
  const t = useTranslations('programme.help');
  if (!help.email && !help.phone && !help.place) return null;
  return (
    <footer className="border-t border-line bg-paper">
      <div className="mx-auto flex max-w-[1440px] flex-wrap items-center gap-x-6 gap-y-1 px-4 py-3">
        <h2 className="font-semibold">{t('title')}</h2>
        {help.place && (
          <p>
            <LocalText of={help.place} />
          </p>
        )}
        {help.email && (
          <a href={`mailto:${help.email}`} className="inline-flex min-h-11 items-center">
            {help.email}
          </a>
        )}
        {help.phone && (
          <a href={`tel:${help.phone.replace(/[^\d+]/g, '')}`} className="inline-flex min-h-11 items-center">
            {help.phone}
          </a>
        )}
      </div>
    </footer>
  );
}
