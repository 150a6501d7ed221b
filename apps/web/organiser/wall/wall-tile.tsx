import { useTranslations } from 'use-intl';
import { useLanguage } from '../../shell/language-context';
import { LocalText } from '../../shell/local-text';
import { dayAt, dayName, timeOf } from '../../shell/venue-time';
import { classNames } from '../../ui/class-names';
import { Meter } from '../../ui/meter';
import { capOf, type FillState, fillStateOf, phaseOf } from '../live/board';
import { placeOf } from '../live/filters';
import { StateWord } from '../live/state-word';
import type { Tile } from './tiles';

const edges: Partial<Record<FillState, string>> = {
  roomFull: 'border-bad',
  full: 'border-bad',
  filling: 'border-warn',
};

/** One sub-forum, to be read from across a hall. */
export function WallTile({ tile, now, timeZone }: { tile: Tile; now: number; timeZone: string }) {
  const t = useTranslations('organiser.wall');
  const { locale } = useLanguage();
  const state = fillStateOf(tile, now);
  const cap = capOf(tile);
  const start = timeOf(tile.startsAt, timeZone);
  const day = dayAt(tile.startsAt, timeZone);
  const when =
    phaseOf(tile, now) === 'now'
      ? undefined
      : day === dayAt(now, timeZone)
        ? start
        : `${dayName(day, locale)} ${start}`;
  return (
    <li
      className={classNames(
        'grid min-w-0 grid-rows-[auto_1fr_auto_auto] gap-1 overflow-hidden rounded-card border-2 bg-paper px-3 py-2',
        edges[state] ?? 'border-line',
      )}
    >
      <div className="flex min-w-0 items-center justify-between gap-2">
        <span className="truncate text-xl leading-7 font-bold">{placeOf(tile)}</span>
        <span className="flex-none">
          <StateWord state={state} />
        </span>
      </div>
      <p className="line-clamp-2 leading-snug">
        <LocalText of={tile.title} />
      </p>
      <p className="flex items-baseline justify-between gap-2">
        <span className="text-2xl leading-8 font-bold tabular-nums">
          {tile.inside}
          <span className="text-lg font-normal text-ink-2">{cap === null ? ` ${t('inside')}` : ` / ${cap}`}</span>
        </span>
        {when && <span className="truncate text-sm text-ink-2">{when}</span>}
      </p>
      <Meter
        max={cap}
        promised={0}
        taken={tile.inside}
        label={cap === null ? t('insideNoLimit', { inside: tile.inside }) : t('insideOf', { inside: tile.inside, cap })}
      />
    </li>
  );
}
