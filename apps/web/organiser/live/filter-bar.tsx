import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Button } from '../../ui/button';
import { fillStates } from './board';
import type { Filters } from './filters';

/** Filters in one line; each change stands in the address. */
export function FilterBar({
  filters,
  floors,
  tracks,
  change,
  children,
}: {
  filters: Filters;
  floors: readonly string[];
  tracks: readonly string[];
  change: (changes: Record<string, string | undefined>) => void;
  children?: ReactNode;
}) {
  const t = useTranslations('organiser.live');
  const any = filters.floor ?? filters.track ?? filters.state ?? filters.when ?? (filters.q || undefined);
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchBox label={t('filter.search')} value={filters.q} onChange={(q) => change({ q })} />
      <Pick
        label={t('filter.floor')}
        all={t('filter.allFloors')}
        value={filters.floor}
        onChange={(floor) => change({ floor })}
      >
        {floors.map((floor) => (
          <option key={floor}>{floor}</option>
        ))}
      </Pick>
      <Pick
        label={t('filter.track')}
        all={t('filter.allTracks')}
        value={filters.track}
        onChange={(track) => change({ track })}
      >
        {tracks.map((track) => (
          <option key={track}>{track}</option>
        ))}
      </Pick>
      <Pick
        label={t('filter.state')}
        all={t('filter.allStates')}
        value={filters.state}
        onChange={(state) => change({ state })}
      >
        {fillStates.map((state) => (
          <option key={state} value={state}>
            {t(`state.${state}`)}
          </option>
        ))}
      </Pick>
      <Pick
        label={t('filter.when')}
        all={t('filter.anyTime')}
        value={filters.when}
        onChange={(when) => change({ when })}
      >
        <option value="now">{t('filter.now')}</option>
        <option value="later">{t('filter.later')}</option>
      </Pick>
      {any !== undefined && (
        <Button
          size="small"
          look="quiet"
          onClick={() =>
            change({ floor: undefined, track: undefined, state: undefined, when: undefined, q: undefined })
          }
        >
          {t('filter.clear')}
        </Button>
      )}
      {children}
    </search>
  );
}

const control = 'min-h-9 rounded-control border border-edge bg-paper px-2 text-sm text-ink placeholder:text-ink-2';

export function SearchBox({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (text: string) => void;
}) {
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      value={value}
      maxLength={200}
      onChange={(event) => onChange(event.target.value)}
      className={`${control} w-56 max-w-full`}
    />
  );
}

export function Pick({
  label,
  all,
  value,
  onChange,
  children,
}: {
  label: string;
  /** What it says where nothing is picked. */
  all: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  children: ReactNode;
}) {
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || undefined)}
      className={`${control} max-w-44 ${value ? 'border-accent font-semibold text-accent' : ''}`}
    >
      <option value="">{all}</option>
      {children}
    </select>
  );
}
