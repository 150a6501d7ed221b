import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { routes } from '../../shell/api';
import { usePageTitle } from '../../shell/page-title';
import { useSearchState } from '../../shell/search-state';
import { useLive } from '../../shell/use-live';
import { ProblemBanner } from '../../ui/banner';
import { Button, buttonClass } from '../../ui/button';
import { useConference } from '../frame/conference-context';
import { NotFound } from '../frame/not-found';
import { addressOf } from '../frame/pages';
import { Pick } from '../live/filter-bar';
import { valuesOf } from '../live/filters';
import { useStaff } from '../session/session';
import { WallLinks } from './wall-links';
import { WallScreen } from './wall-screen';

/** The wall as staff see it, and the way to make links for screens that nobody is signed in at. */
export default function WallPage({ slug }: { slug: string }) {
  const { can } = useStaff();
  const [attempt, setAttempt] = useState(0);
  if (!can('watchAttendance')) return <NotFound />;
  return <StaffWall key={attempt} slug={slug} again={() => setAttempt(attempt + 1)} />;
}

function StaffWall({ slug, again }: { slug: string; again: () => void }) {
  const t = useTranslations('organiser.wall');
  const live = useTranslations('organiser.live');
  const { can, client } = useStaff();
  const { name, timeZone } = useConference();
  usePageTitle(t('title'));
  const [search, change] = useSearchState();
  const floor = search.get('floor') ?? undefined;
  const [linking, setLinking] = useState(false);
  const attendance = useLive(client, routes.watchAttendance, { params: { slug } });
  const floors = valuesOf(attendance.data?.subForums.map((row) => row.floor) ?? []);
  return (
    <>
      <WallScreen
        tiles={attendance.data?.subForums}
        live={attendance}
        name={name}
        timeZone={timeZone}
        floor={floor}
        controls={
          <>
            {attendance.state === 'ended' && <ProblemBanner error={attendance.error} onRetry={again} />}
            <Pick
              label={live('filter.floor')}
              all={live('filter.allFloors')}
              value={floor}
              onChange={(wanted) => change({ floor: wanted })}
            >
              {floors.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </Pick>
            {can('createWallLink') && (
              <Button size="small" onClick={() => setLinking(true)}>
                {t('links')}
              </Button>
            )}
            <Link href={addressOf(slug, 'live')} className={buttonClass('plain', 'small')}>
              {t('back')}
            </Link>
          </>
        }
      />
      <WallLinks open={linking} onClose={() => setLinking(false)} slug={slug} floor={floor} />
    </>
  );
}
