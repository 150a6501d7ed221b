import type { Conference, SubForumCard } from '@plenary/contracts';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../shell/language-context';
import { inLanguage } from '../../shell/local-text';
import { Button } from '../../ui/button';
import { classNames } from '../../ui/class-names';
import { isNarrowed, seatStates, type View } from './list-query';

const control =
  'min-h-10 w-full min-w-0 rounded-control border border-edge bg-paper px-3 text-base text-ink placeholder:text-ink-2';
/** The address follows the typing after this pause, ms. */
const PAUSE_MS = 300;

/** The search alone, or with filters beside it. What is set stands in the address. */
export function Filters({
  view,
  change,
  conference,
  subForums,
  searchOnly = false,
}: {
  view: View;
  change: (changes: Record<string, string | undefined>) => void;
  conference: Conference;
  subForums: ReadonlyMap<string, SubForumCard>;
  searchOnly?: boolean;
}) {
  const t = useTranslations('organiser.registrations');
  const { locale } = useLanguage();
  return (
    <search className={classNames('flex flex-wrap items-end gap-3', searchOnly && 'max-w-xl')}>
      <SearchBox q={view.q} onSearch={(q) => change({ q })} autoFocus={searchOnly} />
      {!searchOnly && (
        <>
          <Pick
            label={t('category')}
            any={t('anyCategory')}
            value={view.category}
            onPick={(category) => change({ category })}
          >
            {conference.categories.map(({ key, name }) => (
              <option key={key} value={key}>
                {inLanguage(name, locale).text}
              </option>
            ))}
          </Pick>
          <Pick
            label={t('subForum')}
            any={t('anySubForum')}
            value={view.subForum}
            onPick={(forum) => change({ forum })}
          >
            {[...subForums.values()].map(({ id, title, room }) => (
              <option key={id} value={id}>
                {`${inLanguage(title, locale).text} · ${room}`}
              </option>
            ))}
          </Pick>
          {view.tab !== 'waitlisted' && (
            <Pick label={t('seat')} any={t('anySeat')} value={view.seat} onPick={(seat) => change({ seat })}>
              {seatStates.map((state) => (
                <option key={state} value={state}>
                  {t(`seats.${state}`)}
                </option>
              ))}
            </Pick>
          )}
          {isNarrowed(view) && <ClearFilters change={change} />}
        </>
      )}
    </search>
  );
}

export function ClearFilters({ change }: { change: (changes: Record<string, undefined>) => void }) {
  const t = useTranslations('organiser.registrations');
  return (
    <Button
      size="small"
      look="quiet"
      className="min-h-10"
      onClick={() => change({ q: undefined, category: undefined, forum: undefined, seat: undefined })}
    >
      {t('clear')}
    </Button>
  );
}

function SearchBox({ q, onSearch, autoFocus }: { q: string; onSearch: (q: string) => void; autoFocus: boolean }) {
  const t = useTranslations('organiser.registrations');
  const [typed, setTyped] = useState(q);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const told = useRef(q);
  useEffect(() => {
    if (autoFocus) input.current?.focus();
  }, [autoFocus]);
  // Another address, by Back or "clear", is what stands in the box.
  useEffect(() => {
    if (q !== told.current) setTyped(q);
    told.current = q;
  }, [q]);
  const latest = useRef(onSearch);
  latest.current = onSearch;
  useEffect(() => {
    if (typed.trim() === told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = typed.trim();
      latest.current(typed.trim());
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <div className="grid min-w-0 flex-[2_1_18rem] gap-1">
      <label htmlFor={id} className="text-sm font-semibold">
        {t('search')}
      </label>
      <input
        ref={input}
        id={id}
        type="search"
        value={typed}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        placeholder={t('searchHint')}
        onChange={({ target }) => setTyped(target.value)}
        className={control}
      />
    </div>
  );
}

function Pick({
  label,
  any,
  value,
  onPick,
  children,
}: {
  label: string;
  any: string;
  value: string;
  onPick: (value: string) => void;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <div className="grid min-w-0 flex-[1_1_9rem] gap-1">
      <label htmlFor={id} className="text-sm font-semibold">
        {label}
      </label>
      <select id={id} value={value} onChange={({ target }) => onPick(target.value)} className={control}>
        <option value="">{any}</option>
        {children}
      </select>
    </div>
  );
}
