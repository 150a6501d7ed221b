import type { QueryClient } from '@tanstack/react-query';
import { conferenceQuery, conferencesQuery, formQuery, subForumQuery, subForumsQuery } from './programme/use-programme';

/** Where the code of each page is. */
export const loadPage = {
  conferences: () => import('./conferences/conferences-page'),
  programme: () => import('./programme/programme-page'),
  subForum: () => import('./sub-forum/sub-forum-page'),
  form: () => import('./form/form-page'),
  registration: () => import('./registration/registration-page'),
};

/**
 * Asks for the code and the data of the page at `path` at once, while the words of its language are still under way: on a slow
 * line one after the other would be seen.
 */
export function startEarly(path: string, queries: QueryClient): void {
  if (/^\/r(\/|$)/.test(path)) {
    void loadPage.registration().catch(later);
    return;
  }
  const [, , slug, part, id] = path.split('/').map(decoded);
  if (!slug) {
    void queries.prefetchQuery(conferencesQuery());
    void loadPage.conferences().catch(later);
    return;
  }
  void queries.prefetchQuery(conferenceQuery(slug));
  void queries.prefetchQuery(formQuery(slug));
  if (part === 'sub-forums' && id) void queries.prefetchQuery(subForumQuery(id));
  else void queries.prefetchQuery(subForumsQuery(slug));
  const page = part === 'sub-forums' ? 'subForum' : part === 'register' ? 'form' : 'programme';
  void loadPage[page]().catch(later);
}

/** Asked for again when it is shown; that attempt reports what is wrong. */
const later = () => undefined;

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
