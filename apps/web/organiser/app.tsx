import { lazy, Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Skeleton } from '../ui/loading';
import { Conferences } from './frame/conferences';
import { Frame } from './frame/frame';
import { LandingPage } from './frame/landing-page';
import { NotFound } from './frame/not-found';
import { SignedIn } from './session/session';

const SetPassword = lazy(() => import('./session/set-password'));
const PublicWall = lazy(() => import('./wall/public-wall'));
const WallPage = lazy(() => import('./wall/wall-page'));
const LivePage = lazy(() => import('./live/live-page'));
const SubForumsPage = lazy(() => import('./sub-forums/sub-forums-page'));
const SubForumPage = lazy(() => import('./sub-forums/sub-forum-page'));
const RegistrationsPage = lazy(() => import('./registrations/registrations-page'));
const RegistrationDetailPage = lazy(() => import('./registrations/registration-detail'));
const DevicesPage = lazy(() => import('./devices/devices-page'));
const ConflictsPage = lazy(() => import('./conflicts/conflicts-page'));

/** Which page an address shows. Only the wall by link and a new password are for people who are not signed in. */
export function App() {
  return (
    <Suspense fallback={<Waiting />}>
      <Switch>
        <Route path="/s/*?">
          <SetPassword />
        </Route>
        <Route path="/organiser/wall">
          <PublicWall />
        </Route>
        <Route path="/organiser">
          <SignedIn>
            <Conferences />
          </SignedIn>
        </Route>
        <Route path="/organiser/:slug/*?">{({ slug }) => <OfConference slug={slug} />}</Route>
        <Route>
          <Redirect to="/organiser" replace />
        </Route>
      </Switch>
    </Suspense>
  );
}

function OfConference({ slug }: { slug: string }) {
  return (
    <SignedIn>
      <Switch>
        <Route path="/organiser/:slug/wall">
          <Frame slug={slug} bare>
            <WallPage slug={slug} />
          </Frame>
        </Route>
        <Route>
          <Frame slug={slug}>
            <Suspense fallback={<Waiting />}>
              <Switch>
                <Route path="/organiser/:slug">
                  <LandingPage slug={slug} />
                </Route>
                <Route path="/organiser/:slug/live">
                  <LivePage slug={slug} />
                </Route>
                <Route path="/organiser/:slug/sub-forums">
                  <SubForumsPage slug={slug} />
                </Route>
                <Route path="/organiser/:slug/sub-forums/:id">
                  {({ id }) => <SubForumPage slug={slug} id={id} key={id} />}
                </Route>
                <Route path="/organiser/:slug/registrations">
                  <RegistrationsPage slug={slug} />
                </Route>
                <Route path="/organiser/:slug/registrations/:id">
                  {({ id }) => <RegistrationDetailPage slug={slug} id={id} key={id} />}
                </Route>
                <Route path="/organiser/:slug/devices">
                  <DevicesPage slug={slug} />
                </Route>
                <Route path="/organiser/:slug/conflicts">
                  <ConflictsPage slug={slug} />
                </Route>
                <Route>
                  <NotFound />
                </Route>
              </Switch>
            </Suspense>
          </Frame>
        </Route>
      </Switch>
    </SignedIn>
  );
}

/** What is seen while a page comes. */
function Waiting() {
  return (
    <main id="content" className="mx-auto w-full max-w-[1440px] p-4">
      <Skeleton />
    </main>
  );
}
