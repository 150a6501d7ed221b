import { api, routes } from '../../shell/api';
import { SessionKeeper } from './keeper';

const hint = 'plenary.signed-in';
const tabs = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('plenary.session');

/** The session of this page. */
export const session = new SessionKeeper({
  as: (token) => api.as(token),
  refresh: () => api.call(routes.refresh),
  signIn: (email, password) => api.call(routes.signIn, { body: { email, password } }),
  signOut: () => api.call(routes.signOut),
  // Older browsers have no locks; the server answers two refreshes within 10 s alike.
  alone: (work) => ('locks' in navigator ? (navigator.locks.request('plenary.refresh', work) as never) : work()),
  wasSignedIn: () => {
    try {
      return localStorage.getItem(hint) !== null;
    } catch {
      return true;
    }
  },
  remember: (signedIn) => {
    try {
      if (signedIn) localStorage.setItem(hint, '1');
      else localStorage.removeItem(hint);
    } catch {
      // Storage is forbidden: then the next start asks.
    }
  },
  tell: (news) => tabs?.postMessage(news),
  now: Date.now,
});
tabs?.addEventListener('message', ({ data }) => session.heard(data));
