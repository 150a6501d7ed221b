import { useEffect, useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../shell/language-context';
import { Tick } from '../../ui/field';
import { type Filters, valuesOf } from './filters';
import { Chevron } from './looks';
import type { Programme } from './use-programme';

type Change = (changes: Record<string, string | undefined>) => void;

const control = 'min-h-11 w-full rounded-control border border-edge bg-paper px-3 text-base text-ink';

/** Search, track, room and "what fits"; side by side on a desk, folded away but for the search on a phone. */
export function FilterBar({
  programme: { subForums },
  filters,
  change,
  wide,
}: {
  programme: Programme;
  filters: Filters;
  change: Change;
  wide: boolean;
}) {
  const t = useTranslations('programme');
  const { locale } = useLanguage();
  const tracks = valuesOf(
    subForums.map((one) => one.track),
    locale,
  );
  const rooms = valuesOf(
    subForums.map((one) => one.room),
    locale,
  );
  const selects = (
    <>
      {tracks.length > 1 && (
        <Select
          name="track"
          label={t('track')}
          all={t('allTracks')}
          values={tracks}
          chosen={filters.track}
          change={change}
        />
      )}
      {rooms.length > 1 && (
        <Select
          name="room"
          label={t('room')}
          all={t('allRooms')}
          values={rooms}
          chosen={filters.room}
          change={change}
        />
      )}
      <Tick
        label={t('fits')}
        checked={filters.fits}
        onChange={(event) => change({ fits: event.target.checked ? '1' : undefined })}
      />
    </>
  );
  const on = [filters.track, filters.room, filters.fits].filter(Boolean).length;
  return wide ? (
    <search className="grid grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)_auto] items-center gap-3">
      <Search words={filters.words} change={change} />
      {selects}
    </search>
  ) : (
    <search className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <Search words={filters.words} change={change} />
      <details className="group rounded-control border border-edge bg-paper px-3">
        <summary className="flex min-h-11 items-center gap-2 font-semibold">
          <Chevron />
          {on > 0 ? t('filtersOn', { n: on }) : t('filters')}
        </summary>
        <div className="grid gap-3 pb-3">{selects}</div>
      </details>
    </search>
  );
}

/** What is typed is looked for when the typing rests: browsers refuse addresses that change with every key. */
function Search({ words, change }: { words: string; change: Change }) {
  const t = useTranslations('programme');
  const id = useId();
  const [typed, setTyped] = useState(words);
  const asked = useRef(words);
  useEffect(() => {
    if (words === asked.current) return;
    asked.current = words;
    setTyped(words);
  }, [words]);
  useEffect(() => {
    if (typed === asked.current) return undefined;
    const timer = setTimeout(() => {
      asked.current = typed;
      change({ q: typed || undefined });
    }, 200);
    return () => clearTimeout(timer);
  }, [typed, change]);
  return (
    <div className="relative">
      <label htmlFor={id} className="sr-only">
        {t('search')}
      </label>
      <svg
        aria-hidden="true"
        viewBox="0 0 24 24"
        className="pointer-events-none absolute top-2.5 left-3 size-6 fill-none stroke-ink-2 stroke-2"
      >
        <circle cx="11" cy="11" r="6" />
        <path d="m20 20-4.5-4.5" strokeLinecap="round" />
      </svg>
      <input
        id={id}
        type="search"
        value={typed}
        maxLength={200}
        placeholder={t('search')}
        onChange={(event) => setTyped(event.target.value)}
        className={`${control} ps-11 placeholder:text-ink-2`}
      />
    </div>
  );
}

function Select({
  name,
  label,
  all,
  values,
  chosen,
  change,
}: {
  name: string;
  label: string;
  all: string;
  values: string[];
  chosen: string | null;
  change: Change;
}) {
  return (
    <select
      aria-label={label}
      value={chosen ?? ''}
      onChange={(event) => change({ [name]: event.target.value || undefined })}
      className={control}
    >
      <option value="">{all}</option>
      {values.map((value) => (
        <option key={value} value={value}>
          {value}
        </option>
      ))}
    </select>
  );
}
