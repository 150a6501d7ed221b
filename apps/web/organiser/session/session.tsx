import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl';
import { routes } from '../../shell/api';
import { ProblemBanner } from '../../ui/banner';
import { Skeleton } from '../../ui/loading';
import { ConferenceContext } from '../frame/conference-context';
import type { FreshClient } from './keeper';
import { type Me, may } from './may';
import { session } from './own-session';
import { SignIn } from './sign-in';

/** An act of staff is the route that does it. */
export type Action = keyof typeof routes;

export interface Staff {
  me: Me;
  /** Whether the roles in this conference allow the act; what they do not allow is left out, not greyed. */
  can(action: Action, subForumId?: string): boolean;
  /** Calls as the signed-in member of staff, and keeps itself signed in. */
  client: FreshClient;
}

const MeContext = createContext<Me | undefined>(undefined);

/** The signed-in member of staff. */
export function useStaff(): Staff {
  const me = useContext(MeContext);
  const conference = useContext(ConferenceContext);
  if (!me) throw new Error('outside of <SignedIn>');
  return useMemo(
    () => ({
      me,
      can: (action, subForumId) => may(routes[action].who, me, conference?.id, subForumId),
      client: session.client,
    }),
    [me, conference],
  );
}

/** Its children, for somebody who is signed in; for others the form to sign in, at the same address. */
export function SignedIn({ children }: { children: ReactNode }) {
  const t = useTranslations('organiser.session');
  const state = useSyncExternalStore(session.subscribe, session.state);
  useEffect(() => {
    if (session.state() === 'starting') void session.start();
  }, []);
  const queries = useQueryClient();
  // What one has read is not for whoever signs in next.
  useEffect(() => {
    if (state === 'signed_out') queries.clear();
  }, [state, queries]);
  const me = useQuery({
    queryKey: ['me'],
    queryFn: () => session.client.call(routes.whoAmI),
    enabled: state === 'signed_in',
    staleTime: 5 * 60_000,
  });
  if (state === 'signed_out') return <SignIn />;
  if (state === 'signed_in' && me.data) return <MeContext value={me.data}>{children}</MeContext>;
  const failed = state === 'unreachable' || me.isError;
  const again = () => void (state === 'unreachable' ? session.start() : me.refetch());
  return (
    <main id="content" className="mx-auto grid max-w-xl gap-4 p-4 pt-16">
      <h1 className="sr-only">{t('opening')}</h1>
      {failed ? (
        <ProblemBanner error={me.error ?? new Error('unreachable')} onRetry={again} busy={me.isFetching} />
      ) : (
        <Skeleton lines={4} />
      )}
    </main>
  );
}
