import { useContext, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link, useLocation } from 'wouter';
import { LocalText, PersonName } from '../../shell/local-text';
import { ProblemBanner } from '../../ui/banner';
import { Button } from '../../ui/button';
import { classNames } from '../../ui/class-names';
import { LanguageSwitch } from '../../ui/language-switch';
import { Mark } from '../../ui/mark';
import { SkipLink } from '../../ui/page-header';
import { useOpenConflicts } from '../conflicts/use-open-conflicts';
import { session } from '../session/own-session';
import { useStaff } from '../session/session';
import { ConferenceContext } from './conference-context';
import { Disclosure } from './disclosure';
import { addressOf, pages } from './pages';

/** The bar on top: where one is, where one may go, who one is. Narrow, all but the mark is behind one button. */
export function FrameHeader() {
  const t = useTranslations('organiser.frame');
  const conference = useContext(ConferenceContext);
  return (
    <header className="border-b border-line bg-paper">
      <SkipLink>{t('skip')}</SkipLink>
      <div className="mx-auto flex min-h-14 max-w-[1440px] items-center gap-x-4 px-4">
        <Link
          href={conference ? addressOf(conference.slug) : '/organiser'}
          className="flex min-h-11 flex-none items-center gap-2 font-bold text-ink no-underline"
        >
          <Mark className="size-7 text-accent" />
          <span className={conference ? 'sr-only' : 'text-lg'}>{t('home')}</span>
        </Link>
        {conference && (
          <div className="min-w-0 flex-1 truncate font-semibold xl:max-w-64 xl:flex-initial">
            <LocalText of={conference.name} />
          </div>
        )}
        {conference && (
          <nav aria-label={t('pages')} className="hidden xl:block">
            <Pages slug={conference.slug} className="flex gap-1" />
          </nav>
        )}
        <div className="ms-auto hidden items-center gap-3 xl:flex">
          <Account />
          <LanguageSwitch />
        </div>
        <Disclosure label={t('menu')} className="ms-auto xl:hidden">
          {conference && (
            <nav aria-label={t('pages')}>
              <Pages slug={conference.slug} className="grid gap-1" />
            </nav>
          )}
          <Account />
          <LanguageSwitch />
        </Disclosure>
      </div>
    </header>
  );
}

function Pages({ slug, className }: { slug: string; className: string }) {
  const t = useTranslations('organiser.frame');
  const { can } = useStaff();
  const [path] = useLocation();
  const open = useOpenConflicts(slug);
  return (
    <ul className={className}>
      {pages
        .filter((page) => can(page.for))
        .map((page) => {
          const address = addressOf(slug, page.path);
          const here = path === address || path.startsWith(`${address}/`);
          return (
            <li key={page.name}>
              <Link
                href={address}
                aria-current={here ? 'page' : undefined}
                className={classNames(
                  'flex min-h-10 items-center gap-2 rounded-control px-3 text-sm whitespace-nowrap no-underline',
                  here ? 'bg-accent-soft font-semibold text-accent' : 'text-ink hover:text-accent',
                )}
              >
                {t(`nav.${page.name}`)}
                {page.name === 'conflicts' && open !== undefined && open.count > 0 && (
                  <span className="rounded-chip bg-warn-soft px-1.5 font-semibold text-warn">
                    <span aria-hidden="true">{open.more ? `${open.count}+` : open.count}</span>
                    <span className="sr-only">{t('openConflicts', { count: open.count })}</span>
                  </span>
                )}
              </Link>
            </li>
          );
        })}
    </ul>
  );
}

function Account() {
  const t = useTranslations('organiser.frame');
  const { me } = useStaff();
  const conference = useContext(ConferenceContext);
  const [state, setState] = useState<{ busy: boolean; error?: unknown }>({ busy: false });
  const several = me.admin || new Set(me.grants.map(({ conferenceId }) => conferenceId)).size > 1;
  const signOut = async () => {
    setState({ busy: true });
    try {
      await session.signOut();
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      {conference && several && (
        <Link href="/organiser?all" className="flex min-h-10 items-center">
          {t('switch')}
        </Link>
      )}
      <span className="max-w-40 truncate text-ink-2" title={me.email}>
        <PersonName name={me.name} />
      </span>
      <Button size="small" look="quiet" busy={state.busy} onClick={() => void signOut()}>
        {t('signOut')}
      </Button>
      {state.error !== undefined && <ProblemBanner error={state.error} onRetry={() => void signOut()} />}
    </div>
  );
}
