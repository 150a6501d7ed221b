import { ApiError, type FoundAtGate } from '@plenary/contracts';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type KeyboardEvent, useDeferredValue, useEffect, useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, routes } from '../shell/api';
import { useLanguage } from '../shell/language-context';
import { PersonName } from '../shell/local-text';
import { mayPass } from '../shell/query';
import { classNames } from '../ui/class-names';
import { Seat } from './found-seat';
import { isRemoval } from './removal';
import { isEnough } from './search-rules';
import { Sheet } from './sheet';
import type { Sayings } from './verdict-words';

/** So long after the last key the question is asked: 30 searches a minute are allowed, and each is audited. */
const PAUSE_MS = 350;
const MOST = 10;

/** Finds a person by name, and lets them in (or out) without a badge, after a second look. */
export function Search({
  token,
  gateId,
  direction,
  say,
  rehearsal,
  covered,
  onPick,
  onClose,
  onRemoved,
}: {
  token: string;
  gateId: string;
  direction: 'entry' | 'exit';
  say: Sayings;
  rehearsal: boolean;
  covered: boolean;
  onPick: (person: FoundAtGate) => void;
  onClose: () => void;
  onRemoved: () => void;
}) {
  const t = useTranslations('door.search');
  const common = useTranslations('common');
  const { locale } = useLanguage();
  const id = useId();
  const [typed, setTyped] = useState('');
  const [asked, setAsked] = useState('');
  const [picked, setPicked] = useState<FoundAtGate>();
  const list = useRef<HTMLUListElement>(null);
  const confirm = useRef<HTMLButtonElement>(null);
  const enough = isEnough(asked);
  const found = useQuery({
    queryKey: ['door', token, 'search', gateId, asked],
    queryFn: () => api.as(token).call(routes.searchAtGate, { params: { id: gateId }, query: { q: asked } }),
    enabled: enough,
    staleTime: 5_000,
    retry: (failures, error) => failures < 1 && mayPass(error) && !(error instanceof ApiError && error.status === 429),
  });
  const people = useDeferredValue(enough ? (found.data?.items ?? []) : []);
  const removed = isRemoval(found.error);
  useEffect(() => {
    if (removed) onRemoved();
  }, [removed, onRemoved]);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    if (picked) confirm.current?.focus();
  }, [picked]);

  const move = (event: KeyboardEvent, index: number) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const next = buttons[index + step];
    if (next) next.focus();
    else if (index + step < 0) document.getElementById(id)?.focus();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(typed.trim());
    list.current?.querySelector('button')?.focus();
  };
  const problem = found.error && !removed ? t(`problems.${codeOf(found.error)}`) : undefined;
  return (
    <Sheet title={t('title')} onClose={onClose} rehearsal={rehearsal} covered={covered}>
      <form onSubmit={submit} className="grid gap-2">
        <label htmlFor={id} className="font-semibold">
          {t('label')}
        </label>
        <input
          id={id}
          data-autofocus
          type="search"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setPicked(undefined);
          }}
          onKeyDown={(event) => move(event, -1)}
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="search"
          aria-describedby={`${id}-hint`}
          className="min-h-16 w-full rounded-control border border-edge bg-paper px-4 text-xl text-ink"
        />
        <p id={`${id}-hint`} className="text-ink-2">
          {t('hint')}
        </p>
      </form>
      <p role="status" className={classNames(people.length > 0 && 'sr-only')}>
        {enough &&
          found.data &&
          !found.isFetching &&
          (people.length > 0 ? t('count', { n: people.length }) : t('nobody'))}
      </p>
      <p role="alert" className="font-semibold text-bad">
        {problem}
      </p>
      {picked ? (
        <div className="grid gap-4 rounded-card border-2 border-accent bg-paper p-4">
          <PersonLines person={picked} say={say} />
          <p>{t('ask')}</p>
          <button
            ref={confirm}
            type="button"
            onClick={() => onPick(picked)}
            className="min-h-18 rounded-control bg-accent px-4 text-xl font-bold text-accent-ink"
          >
            {t(direction === 'entry' ? 'admit' : 'exit', {
              name: locale === 'en' ? (picked.latinName ?? picked.name) : picked.name,
            })}
          </button>
          <button
            type="button"
            onClick={() => setPicked(undefined)}
            className="min-h-16 rounded-control border border-edge bg-paper px-4 font-semibold"
          >
            {common('back')}
          </button>
        </div>
      ) : (
        <ul ref={list} className="grid gap-3">
          {people.map((person, index) => (
            <li key={person.registrationId}>
              <button
                type="button"
                onClick={() => setPicked(person)}
                onKeyDown={(event) => move(event, index)}
                className="grid min-h-16 w-full gap-1 rounded-card border border-edge bg-paper p-4 text-start"
              >
                <PersonLines person={person} say={say} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {people.length >= MOST && !picked && <p className="text-ink-2">{t('more', { n: MOST })}</p>}
    </Sheet>
  );
}

function PersonLines({ person, say }: { person: FoundAtGate; say: Sayings }) {
  return (
    <span className="grid gap-1">
      <span className="flex flex-wrap items-baseline gap-x-3 text-xl font-bold">
        <PersonName name={person.name} />
        {person.latinName && person.latinName !== person.name && <PersonName name={person.latinName} />}
      </span>
      <span className="text-ink-2">
        {person.organisation && (
          <>
            <bdi dir="auto">{person.organisation}</bdi>
            {'\u00a0· '}
          </>
        )}
        {say.category(person.category)}
      </span>
      <Seat person={person} say={say} />
    </span>
  );
}

function codeOf(error: unknown): 'search_too_short' | 'rate_limited' | 'gate_not_bound' | 'other' {
  if (!(error instanceof ApiError)) return 'other';
  if (error.status === 429) return 'rate_limited';
  if (error.status === 403) return 'gate_not_bound';
  return error.code === 'search_too_short' ? 'search_too_short' : 'other';
}
