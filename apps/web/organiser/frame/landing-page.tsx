import { Redirect } from 'wouter';
import { useStaff } from '../session/session';
import { NotFound } from './not-found';
import { addressOf, pages } from './pages';

/** Leads on to the first page that the roles allow. */
export function LandingPage({ slug }: { slug: string }) {
  const { can } = useStaff();
  const first = pages.find((page) => can(page.for));
  return first ? <Redirect to={addressOf(slug, first.path)} replace /> : <NotFound />;
}
