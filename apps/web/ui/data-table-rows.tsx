import type { Virtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { classNames } from './class-names';
import type { Column } from './data-table';

export interface Shown<Row> {
  key: string;
  row: Row;
}
export interface RowsSelection<Row> {
  selected: ReadonlySet<string>;
  onChange: (selected: ReadonlySet<string>) => void;
  nameOf: (row: Row) => string;
  toggle: (key: string) => void;
}

/** All rows, or with `virtual` those in view between two empty rows as high as the rest. */
export function Body<Row>({
  columns,
  rows,
  virtual,
  selection,
}: {
  columns: readonly Column<Row>[];
  rows: readonly Shown<Row>[];
  virtual: Virtualizer<HTMLDivElement, Element> | undefined;
  selection: RowsSelection<Row> | undefined;
}) {
  const one = (shown: Shown<Row>, index: number) => (
    <TableRow
      key={shown.key}
      id={shown.key}
      row={shown.row}
      columns={columns as readonly Column<unknown>[]}
      {...(virtual && { index, measure: virtual.measureElement })}
      {...(selection && {
        selected: selection.selected.has(shown.key),
        name: selection.nameOf(shown.row),
        toggle: selection.toggle,
      })}
    />
  );
  if (!virtual) return rows.map(one);
  const items = virtual.getVirtualItems();
  const above = items[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const width = columns.length + (selection ? 1 : 0);
  return (
    <>
      <Gap height={above} width={width} />
      {items.map(({ index }) => one(rows[index] as Shown<Row>, index))}
      <Gap height={below} width={width} />
    </>
  );
}

/** Where rows are that are not in view. */
function Gap({ height, width }: { height: number; width: number }) {
  if (height <= 0) return null;
  return (
    <tr>
      <td colSpan={width} className="p-0" style={{ height }} />
    </tr>
  );
}

const cell = 'border-b border-line px-2 py-1 h-8 first:ps-3 last:pe-3';

interface TableRowProps {
  id: string;
  row: unknown;
  columns: readonly Column<unknown>[];
  index?: number;
  measure?: (element: HTMLElement | null) => void;
  selected?: boolean;
  name?: string;
  toggle?: (key: string) => void;
}

const TableRow = memo(
  function TableRow({ id, row, columns, index, measure, selected, name, toggle }: TableRowProps) {
    const t = useTranslations('common.table');
    return (
      <tr
        {...(index !== undefined && { 'data-index': index, ref: measure, 'aria-rowindex': index + 2 })}
        data-key={id}
        className={classNames('group', selected ? 'bg-accent-soft' : 'hover:bg-canvas')}
      >
        {toggle && (
          <td className={classNames(cell, 'py-0')}>
            <label className="grid size-8 place-items-center">
              <input
                type="checkbox"
                aria-label={t('choose', { name: name ?? '' })}
                checked={selected ?? false}
                onChange={() => toggle(id)}
              />
            </label>
          </td>
        )}
        {columns.map((column) => {
          const className = classNames(cell, column.numeric && 'text-end tabular-nums', column.className);
          return column.rowHeader ? (
            <th key={column.id} scope="row" className={classNames(className, 'text-start font-normal')}>
              {column.cell(row)}
            </th>
          ) : (
            <td key={column.id} className={className}>
              {column.cell(row)}
            </td>
          );
        })}
      </tr>
    );
  },
  // How a row is chosen does not depend on when it was drawn, but on what is chosen now: `toggle` is compared, too.
  (before, after) => (Object.keys(after) as (keyof TableRowProps)[]).every((name) => before[name] === after[name]),
);

/** The box above the boxes: all that is shown, or none. */
export function SelectAll<Row>({ keys, selection }: { keys: readonly string[]; selection: RowsSelection<Row> }) {
  const t = useTranslations('common.table');
  const chosen = keys.filter((key) => selection.selected.has(key)).length;
  const all = keys.length > 0 && chosen === keys.length;
  const toggleAll = () => {
    const next = new Set(selection.selected);
    for (const key of keys) {
      if (all) next.delete(key);
      else next.add(key);
    }
    selection.onChange(next);
  };
  return (
    <label className="grid size-8 place-items-center">
      <input
        type="checkbox"
        aria-label={t('chooseAll')}
        checked={all}
        disabled={keys.length === 0}
        ref={(box) => {
          if (box) box.indeterminate = chosen > 0 && !all;
        }}
        onChange={toggleAll}
      />
    </label>
  );
}

/** Grey lines in the places of rows to come. */
export function LoadingRows({ width }: { width: number }) {
  return [...Array(6).keys()].map((line) => (
    <tr key={line}>
      {[...Array(width).keys()].map((column) => (
        <td key={column} className={cell}>
          <span className="block h-5 rounded-chip bg-sunk" />
        </td>
      ))}
    </tr>
  ));
}

export function EmptyRow({ width, children }: { width: number; children: ReactNode }) {
  return (
    <tr>
      <td colSpan={width} className="px-3 py-6 text-base">
        {children}
      </td>
    </tr>
  );
}
