import './wall.css';
import type { Text } from '@plenary/contracts';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { LocalText } from '../../shell/local-text';
import type { Live } from '../../shell/use-live';
import { useNow } from '../../shell/use-now';
import { secondOf } from '../../shell/venue-time';
import { Button } from '../../ui/button';
import { DataAge } from '../live/data-age';
import { gridOf, shiftAt, type Tile, tilesOf } from './tiles';
import { WallTile } from './wall-tile';

const PAGE_MS = 12_000;

/** A screen on the wall: tiles, page after page, with the time and the age of what they say. */
export function WallScreen({
  tiles: all,
  live,
  name,
  timeZone,
  floor,
  controls,
}: {
  tiles: readonly Tile[] | undefined;
  live: Pick<Live<unknown>, 'state' | 'heardAt' | 'aliveAt' | 'lostAt'>;
  name: Text | undefined;
  timeZone: string;
  floor: string | undefined;
  /** Buttons besides full screen. */
  controls?: ReactNode;
}) {
  const t = useTranslations('organiser.wall');
  const now = useNow(1000);
  const area = useRef<HTMLDivElement>(null);
  const grid = useGrid(area);
  const tiles = all && tilesOf(all, floor, now);
  const size = grid.columns * grid.rows;
  const pages = Math.max(1, Math.ceil((tiles?.length ?? 0) / size));
  const [page, setPage] = useState(0);
  const [paused, setPaused] = useState(false);
  useEffect(() => {
    if (paused || pages < 2) return undefined;
    const timer = setInterval(() => setPage((shown) => shown + 1), PAGE_MS);
    return () => clearInterval(timer);
  }, [paused, pages]);
  const at = page % pages;
  const shift = shiftAt(now);

  return (
    <div className="wall fixed inset-0 overflow-auto p-3">
      <div
        className="grid min-h-full grid-cols-[minmax(0,1fr)] grid-rows-[auto_1fr] gap-3 sm:h-full"
        style={{ transform: `translate(${shift.x}px, ${shift.y}px)` }}
      >
        <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <h1 className="min-w-0 flex-1 basis-48 truncate text-xl font-bold">
            {name ? <LocalText of={name} /> : t('title')}
            {floor && <span className="text-ink-2">{` · ${floor}`}</span>}
          </h1>
          {pages > 1 && (
            <div className="flex items-center gap-2 text-ink-2">
              <span>{t('page', { page: at + 1, pages })}</span>
              <Button size="small" aria-pressed={paused} onClick={() => setPaused(!paused)}>
                {t('hold')}
              </Button>
            </div>
          )}
          {controls}
          <FullScreen />
          <DataAge live={live} timeZone={timeZone} />
          <time className="text-2xl font-bold tabular-nums">{secondOf(now, timeZone)}</time>
        </header>
        <main id="content" ref={area} className="min-h-0">
          {tiles?.length === 0 ? (
            <p className="grid h-full place-items-center text-xl text-ink-2">{t('nothing')}</p>
          ) : (
            <ul
              className="grid h-full gap-3"
              style={{
                gridTemplateColumns: `repeat(${grid.columns}, minmax(0, 1fr))`,
                gridTemplateRows: `repeat(${grid.rows}, minmax(150px, 1fr))`,
              }}
            >
              {tiles?.slice(at * size, (at + 1) * size).map((tile) => (
                <WallTile key={tile.subForumId} tile={tile} now={now} timeZone={timeZone} />
              ))}
            </ul>
          )}
        </main>
      </div>
    </div>
  );
}

/** How many tiles fit, measured and measured again. */
function useGrid(area: { current: HTMLElement | null }) {
  const [grid, setGrid] = useState({ columns: 7, rows: 6 });
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return undefined;
    const look = () => setGrid(gridOf(element.clientWidth, element.clientHeight));
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [area]);
  return grid;
}

function FullScreen() {
  const t = useTranslations('organiser.wall');
  const [full, setFull] = useState(false);
  useEffect(() => {
    const look = () => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', look);
    return () => document.removeEventListener('fullscreenchange', look);
  }, []);
  if (!document.fullscreenEnabled || full) return null;
  return (
    <Button size="small" onClick={() => void document.documentElement.requestFullscreen().catch(() => undefined)}>
      {t('fullScreen')}
    </Button>
  );
}
