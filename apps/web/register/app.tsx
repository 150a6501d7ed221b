import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { Link, Route, Switch, useLocation, useRoute } from 'wouter';
import { Skeleton } from '../ui/loading';
import { Broken } from './broken';
import { Frame } from './frame';
import { loadPage } from './pages';

const ConferencesPage = lazy(loadPage.conferences);
const ProgrammePage = lazy(loadPage.programme);
const SubForumPage = lazy(loadPage.subForum);
const FormPage = lazy(loadPage.form);
const RegistrationPage = lazy(loadPage.registration);

/** The delegate's pages. `/r/` learns late which conference it belongs to, so it brings its own frame. */
export function App() {
  const [own] = useRoute('/r/*?');
  return own ? <OwnRegistration /> : <OfConference />;
}

function OwnRegistration() {
  const arriving = (
    <Frame>
      <Skeleton />
    </Frame>
  );
  return (
    <Broken>
      <Suspense fallback={arriving}>
        <RegistrationPage />
      </Suspense>
    </Broken>
  );
}

function OfConference() {
  const [, found] = useRoute('/c/:slug/*?');
  const [path] = useLocation();
  return (
    <Frame slug={found?.slug}>
      <Broken key={path}>
        <Suspense fallback={<Skeleton />}>
          <Switch>
            <Route path="/c">
              <ConferencesPage />
            </Route>
            <Route path="/c/:slug">{({ slug }) => <ProgrammePage key={slug} slug={slug} />}</Route>
            <Route path="/c/:slug/sub-forums/:id">
              {({ slug, id }) => <SubForumPage key={id} slug={slug} id={id} />}
            </Route>
            <Route path="/c/:slug/register">{({ slug }) => <FormPage key={slug} slug={slug} />}</Route>
            <Route>
              <NotHere />
            </Route>
          </Switch>
        </Suspense>
      </Broken>
    </Frame>
  );
}

function NotHere() {
  const t = useTranslations('programme');
  return (
    <div className="grid justify-items-start gap-4">
      <h1 className="text-2xl font-bold">{t('notHere')}</h1>
      <Link href="/c" className="inline-flex min-h-11 items-center">
        {t('conferences')}
      </Link>
    </div>
  );
}
