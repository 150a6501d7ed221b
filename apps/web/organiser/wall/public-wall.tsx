import { useEffect, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useSearch } from 'wouter';
import { api, routes } from '../../shell/api';
import { usePageTitle } from '../../shell/page-title';
import { useLive } from '../../shell/use-live';
import { WallScreen } from './wall-screen';

/** `/organiser/wall#<token>`: a screen on the wall, for whoever has its link. Counts only. */
export default function PublicWall() {
  const [token, setToken] = useState(() => location.hash.slice(1));
  useEffect(() => {
    const look = () => setToken(location.hash.slice(1));
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  return token === '' ? <Dark /> : <Screen key={token} token={token} />;
}

function Screen({ token }: { token: string }) {
  const t = useTranslations('organiser.wall');
  usePageTitle(t('title'));
  const floor = new URLSearchParams(useSearch()).get('floor') ?? undefined;
  const client = useMemo(() => api.as(token), [token]);
  const live = useLive(client, routes.watchWall);
  if (live.state === 'ended') return <Dark />;
  const zone = live.data?.conference.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <WallScreen
      tiles={live.data?.subForums}
      live={live}
      name={live.data?.conference.name}
      timeZone={zone}
      floor={floor}
    />
  );
}

/** Without a link that works there is nothing to see. */
function Dark() {
  const t = useTranslations('organiser.wall');
  usePageTitle(t('title'));
  return (
    <main id="content" className="wall fixed inset-0 grid place-content-center gap-4 p-4 text-center">
      <h1 className="text-2xl font-bold">{t('dark')}</h1>
      <p className="text-ink-2">{t('darkText')}</p>
    </main>
  );
}
