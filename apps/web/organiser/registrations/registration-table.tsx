import type { Category, Registration, SubForumCard } from '@plenary/contracts';
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import { PersonName } from '../../shell/local-text';
import { type Column, DataTable } from '../../ui/data-table';
import { useConference } from '../frame/conference-context';
import { BadgeChip, CategoryChip, SeatLine, StatusChip } from './chips';
import { When } from './when';

/** More seats than these are counted, not listed. */
const SEATS = 3;
/** Where each list was left, by its address: who comes back from a person is where they were. */
const left = new Map<string, string>();

/** Registrations, one row each. `search` is the list's own address: it comes back to where it was left. */
export function RegistrationTable({
  slug,
  search,
  rows,
  subForums,
  selected,
  onSelect,
  empty,
}: {
  slug: string;
  search: string;
  rows: readonly Registration[] | undefined;
  subForums: ReadonlyMap<string, SubForumCard>;
  selected: ReadonlySet<string>;
  /** Absent: nothing can be chosen. */
  onSelect: ((selected: ReadonlySet<string>) => void) | undefined;
  empty: ReactNode;
}) {
  const t = useTranslations('organiser.registrations');
  const { categories } = useConference();
  const frame = useRef<HTMLDivElement>(null);

  const columns = useMemo(() => {
    const categoryOf = new Map<string, Category>(categories.map((one) => [one.key, one]));
    const leave = (id: string) => left.set(`${slug}?${search}`, id);
    const all: Column<Registration>[] = [
      {
        id: 'name',
        header: t('columns.name'),
        rowHeader: true,
        className: 'w-56',
        cell: ({ id, person }) => (
          <>
            <Link
              href={`/organiser/${slug}/registrations/${id}${search && `?${search}`}`}
              onClick={() => leave(id)}
              className="inline-block min-h-6 font-semibold"
            >
              <PersonName name={person.name} />
            </Link>
            {person.latinName && (
              <span className="block text-ink-2">
                <PersonName name={person.latinName} />
              </span>
            )}
          </>
        ),
      },
      {
        id: 'organisation',
        header: t('columns.organisation'),
        className: 'w-48',
        cell: ({ person }) =>
          person.organisation && (
            <span className="line-clamp-3">
              <PersonName name={person.organisation} />
            </span>
          ),
      },
      {
        id: 'category',
        header: t('columns.category'),
        className: 'w-36',
        cell: ({ category }) => <CategoryChip category={categoryOf.get(category)} fallback={category} />,
      },
      {
        id: 'status',
        header: t('columns.status'),
        className: 'w-36',
        cell: ({ status }) => <StatusChip status={status} />,
      },
      {
        id: 'seats',
        header: t('columns.seats'),
        className: 'w-80 max-w-80',
        cell: ({ choices }) => <Seats choices={choices} subForums={subForums} />,
      },
      {
        id: 'badge',
        header: t('columns.badge'),
        className: 'w-32',
        cell: ({ badge }) => <BadgeChip state={badge.state} />,
      },
      {
        id: 'registered',
        header: t('columns.registered'),
        className: 'w-40',
        cell: ({ createdAt }) => <When at={createdAt} />,
      },
    ];
    return all;
  }, [t, slug, search, categories, subForums]);

  const latest = useRef(rows);
  latest.current = rows;
  const isThere = rows !== undefined && rows.length > 0;
  useEffect(() => {
    const key = `${slug}?${search}`;
    const id = isThere ? left.get(key) : undefined;
    const index = latest.current?.findIndex((row) => row.id === id) ?? -1;
    if (id === undefined || index < 0) return undefined;
    let tries = 0;
    const comeBack = () => {
      const link = frame.current?.querySelector<HTMLElement>(`[data-key="${id}"] a`);
      tries += 1;
      if (link || tries > 20) {
        left.delete(key);
        link?.focus({ preventScroll: true });
        link?.scrollIntoView({ block: 'center' });
      } else {
        approach(frame.current, index);
        waiting = requestAnimationFrame(comeBack);
      }
    };
    let waiting = requestAnimationFrame(comeBack);
    return () => cancelAnimationFrame(waiting);
  }, [isThere, slug, search]);

  return (
    <div ref={frame} className="min-w-0">
      <DataTable
        caption={t('title')}
        columns={columns}
        rows={rows}
        rowKey={({ id }) => id}
        empty={empty}
        fitsFrom="xl"
        minWidth="min-w-[72rem]"
        {...(onSelect && {
          selection: { selected, onChange: onSelect, nameOf: ({ person }: Registration) => person.name },
        })}
      />
    </div>
  );
}

/** Scrolls a long list, of which only a part is drawn, nearer to a row: by as many rows as it is off, as high as those in view. */
function approach(frame: HTMLElement | null, index: number): void {
  const drawn = [...(frame?.querySelectorAll<HTMLElement>('tr[data-index]') ?? [])];
  const middle = drawn[Math.floor(drawn.length / 2)];
  if (!middle || !frame?.firstElementChild) return;
  frame.firstElementChild.scrollTop += (index - Number(middle.dataset.index)) * middle.offsetHeight;
}

function Seats({
  choices,
  subForums,
}: {
  choices: Registration['choices'];
  subForums: ReadonlyMap<string, SubForumCard>;
}) {
  const t = useTranslations('organiser.registrations');
  const held = choices.filter(({ state }) => state !== 'released');
  if (held.length === 0) return <span className="text-ink-2">{t('noSeats')}</span>;
  return (
    <ul className="grid min-w-0 gap-0.5">
      {held.slice(0, SEATS).map((choice) => (
        <li key={choice.subForumId} className="min-w-0">
          <SeatLine choice={choice} subForum={subForums.get(choice.subForumId)} />
        </li>
      ))}
      {held.length > SEATS && <li className="text-ink-2">{t('moreSeats', { count: held.length - SEATS })}</li>}
    </ul>
  );
}
