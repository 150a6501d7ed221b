import {
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  type Updater,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../shell/language-context';
import { classNames } from './class-names';
import { Body, EmptyRow, LoadingRows, type RowsSelection, SelectAll } from './data-table-rows';
import { useHeldOrder } from './held-order';
import { useScrolls } from './use-scrolls';

/** One column. Keep the list of columns stable (`useMemo`, or outside the component): rows are drawn anew when it changes. */
export interface Column<Row> {
  id: string;
  /** A word or two. */
  header: ReactNode;
  /** What the header means, shown when pointed at. */
  title?: string;
  cell: (row: Row) => ReactNode;
  /** What to sort by; `null` is last in both directions. Without it the column cannot be sorted. */
  sortBy?: (row: Row) => string | number | null;
  /** The first press sorts downwards, as for most counts. */
  descFirst?: boolean;
  /** Aligned to the end, figures of one width. */
  numeric?: boolean;
  /** The cell names its row: `<th scope="row">`. One column should. */
  rowHeader?: boolean;
  /** Width and the like, for head and cells: `w-24`, `max-w-64`, `hidden sm:table-cell`. */
  className?: string;
}

export interface Sort {
  id: string;
  desc: boolean;
}

export interface DataTableProps<Row> {
  /** Names the table, and its scroller where it scrolls. */
  caption: string;
  /** Default: the caption is for screen readers alone. */
  showCaption?: boolean;
  columns: readonly Column<Row>[];
  /** `undefined` while loading: the table keeps its columns. */
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  /** Instead of rows, where there is none: one sentence, and the one next act. */
  empty: ReactNode;
  /** With `onSort`: the sorting is kept outside, in the address for one. `undefined`: the order of `rows`. */
  sort?: Sort | undefined;
  onSort?: (sort: Sort | undefined) => void;
  /** `rows` come sorted by the server: the headers only say and ask. */
  sortedOutside?: boolean;
  /** A column of boxes in front. */
  selection?: {
    selected: ReadonlySet<string>;
    onChange: (selected: ReadonlySet<string>) => void;
    /** Names the row for its box. */
    nameOf: (row: Row) => string;
  };
  /** Rows keep their places while the pointer or the focus is in the table; for data that changes by itself. */
  holdOrder?: boolean;
  /** From this width on the table fits and lets its head stick to the page. Narrower, it scrolls sideways in itself. */
  fitsFrom?: 'lg' | 'xl';
  /** A class such as `min-w-[60rem]`: narrower than this the columns do not become, the table scrolls sideways. */
  minWidth?: string;
  /** How high it may be, `max-h-96`; then it scrolls in itself. Over 100 rows it always does, at `max-h-[70dvh]`. */
  height?: string;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
/** More rows than these are not all in the page at once. */
const MANY = 100;
const ROW_PX = 33;

/**
 * A table of things that are alike. Head cells sort by their buttons; over 100 rows only those in view are in the page, and
 * the table is a `grid` in a scroller of its own.
 *
 *     <DataTable caption={t('people')} columns={columns} rows={query.data} rowKey={(row) => row.id} empty={t('nobody')} />
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, columns, rows, rowKey, selection, fitsFrom, holdOrder = false } = props;
  const { locale } = useLanguage();
  const t = useTranslations('common');
  const [own, setOwn] = useState<Sort>();
  const sort = props.onSort ? props.sort : own;
  const setSort = props.onSort ?? setOwn;

  const collator = useMemo(() => new Intl.Collator(locale, { numeric: true }), [locale]);
  const definitions = useMemo(() => columns.map((column) => definitionOf(column, collator)), [columns, collator]);
  const sorting = useMemo<SortingState>(() => (sort ? [sort] : []), [sort]);
  const data = useMemo(() => [...(rows ?? [])] as object[], [rows]);
  const table = useTable({
    features,
    columns: definitions as never,
    data,
    getRowId: (row: object) => rowKey(row as Row),
    state: { sorting },
    onSortingChange: (next: Updater<SortingState>) => setSort((typeof next === 'function' ? next(sorting) : next)[0]),
    manualSorting: props.sortedOutside ?? false,
    enableMultiSort: false,
  });
  const sorted = table.getRowModel().rows.map((row) => ({ key: row.id, row: row.original as Row }));
  const { shown, held, hold } = useHeldOrder(sorted, holdOrder, JSON.stringify(sorting));

  const scroller = useRef<HTMLDivElement>(null);
  const scrolls = useScrolls(scroller);
  const many = shown.length > MANY;
  const virtual = useVirtualizer({
    count: shown.length,
    enabled: many,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => shown[index]?.key ?? index,
    overscan: 8,
  });
  const width = columns.length + (selection ? 1 : 0);
  const rowsSelection: RowsSelection<Row> | undefined = selection && {
    ...selection,
    toggle: (key) => {
      const next = new Set(selection.selected);
      if (!next.delete(key)) next.add(key);
      selection.onChange(next);
    },
  };
  const headers = table.getHeaderGroups()[0]?.headers ?? [];

  return (
    <div
      ref={scroller}
      {...(scrolls && { tabIndex: 0, role: 'region', 'aria-label': caption })}
      data-scrolls-sideways
      {...(holdOrder && hold)}
      className={classNames(
        'rounded-card border border-line bg-paper',
        many || props.height
          ? classNames('overflow-auto', props.height ?? 'max-h-[70dvh]')
          : fitsFrom === 'lg'
            ? 'overflow-x-auto lg:overflow-visible'
            : fitsFrom === 'xl'
              ? 'overflow-x-auto xl:overflow-visible'
              : 'overflow-x-auto',
      )}
    >
      <table
        {...(many && { role: 'grid', 'aria-rowcount': shown.length + 1, 'aria-colcount': width })}
        aria-busy={rows === undefined || undefined}
        data-held={held || undefined}
        className={classNames(
          'w-full border-separate border-spacing-0 text-sm leading-5',
          many && 'table-fixed',
          props.minWidth,
        )}
      >
        <caption className={props.showCaption ? 'px-3 py-2 text-start text-base font-semibold' : 'sr-only'}>
          {caption}
          {rows === undefined && <span className="sr-only">{t('loading')}</span>}
        </caption>
        <thead>
          <tr {...(many && { 'aria-rowindex': 1 })}>
            {rowsSelection && (
              <HeadCell className="w-10">
                <SelectAll keys={shown.map(({ key }) => key)} selection={rowsSelection} />
              </HeadCell>
            )}
            {headers.map((header, index) => {
              const column = columns[index] as Column<Row>;
              const sortedBy = header.column.getIsSorted();
              const ariaSort = sortedBy === 'asc' ? 'ascending' : sortedBy === 'desc' ? 'descending' : 'none';
              return (
                <HeadCell
                  key={column.id}
                  className={classNames(column.className, column.numeric && 'text-end')}
                  {...(column.sortBy && { sort: ariaSort })}
                  {...(column.title && { title: column.title })}
                >
                  {column.sortBy ? (
                    <button
                      type="button"
                      onClick={() => header.column.toggleSorting(undefined, false)}
                      className={classNames(
                        'inline-flex min-h-8 items-center gap-1 font-semibold hover:text-accent',
                        column.numeric ? 'flex-row-reverse text-end' : 'text-start',
                        sortedBy && 'text-accent',
                      )}
                    >
                      {column.header}
                      <Arrow direction={sortedBy} />
                    </button>
                  ) : (
                    column.header
                  )}
                </HeadCell>
              );
            })}
          </tr>
        </thead>
        <tbody className="[&>tr:last-child>*]:border-b-0">
          {rows === undefined ? (
            <LoadingRows width={width} />
          ) : shown.length === 0 ? (
            <EmptyRow width={width}>{props.empty}</EmptyRow>
          ) : (
            <Body columns={columns} rows={shown} virtual={many ? virtual : undefined} selection={rowsSelection} />
          )}
        </tbody>
      </table>
    </div>
  );
}

function definitionOf<Row>(column: Column<Row>, collator: Intl.Collator) {
  const { sortBy } = column;
  return {
    id: column.id,
    // Undefined is what the table library puts last.
    accessorFn: (row: Row) => sortBy?.(row) ?? undefined,
    enableSorting: sortBy !== undefined,
    sortDescFirst: column.descFirst ?? false,
    sortUndefined: 'last',
    sortFn: (one: { getValue(id: string): unknown }, other: { getValue(id: string): unknown }, id: string) => {
      const [a, b] = [one.getValue(id), other.getValue(id)];
      return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
    },
  };
}

function HeadCell({
  sort,
  title,
  className,
  children,
}: {
  sort?: 'ascending' | 'descending' | 'none';
  title?: string;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <th
      scope="col"
      {...(sort && { 'aria-sort': sort })}
      title={title}
      className={classNames(
        'sticky top-0 z-10 h-9 border-b wrap-normal break-keep border-edge bg-paper px-2 text-start align-middle font-semibold text-ink-2 first:rounded-ss-card first:ps-3 last:rounded-se-card last:pe-3',
        className,
      )}
    >
      {children}
    </th>
  );
}

function Arrow({ direction }: { direction: false | 'asc' | 'desc' }) {
  return (
    <svg viewBox="0 0 8 12" className="h-3 w-2 flex-none" fill="currentColor" aria-hidden="true">
      <path d="M4 0 8 5H0z" className={direction === 'asc' ? '' : 'opacity-25'} />
      <path d="M4 12 0 7h8z" className={direction === 'desc' ? '' : 'opacity-25'} />
    </svg>
  );
}
