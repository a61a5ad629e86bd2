import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import type { RowSource } from '../api/use-query';

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** Explains the column, on hover of its header. */
  readonly explanation?: string;
  /** CSS grid track in pixels, or growing from pixels: `90px`, `minmax(120px, 1fr)`. */
  readonly width: string;
  /** `end` for figures. */
  readonly align?: 'start' | 'end';
  readonly cell: (row: Row) => React.ReactNode;
  /** Makes the header a sort button. For rows held in full the value is compared (null sorts last either way); for a source the caller sorts. */
  readonly sortValue?: (row: Row) => number | string | null;
  readonly sortable?: boolean;
}

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

export interface TableProps<Row> {
  /** Names the table for those who do not see it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** All rows, or a source that has only the pages on screen. */
  readonly rows: readonly Row[] | RowSource<Row>;
  readonly keyOf?: (row: Row) => string;
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort) => void;
  /** Enter or a click on a row. */
  readonly onOpen?: (row: Row, index: number) => void;
  readonly openKey?: string | null;
  /** A row to bring into view, for example the one an address names; scrolls only when it changes. */
  readonly revealIndex?: number | null;
  /** CSS height of the scrolling part; by default it grows with its rows up to 60 % of the window. */
  readonly height?: string;
  /** Pixels a row takes. */
  readonly rowHeight?: number;
  /** Shown when there is no row. */
  readonly empty?: React.ReactNode;
}

function isSource<Row>(rows: readonly Row[] | RowSource<Row>): rows is RowSource<Row> {
  return 'show' in rows;
}

/** The pixels a column never goes below: the first number of its track. */
function smallestPx(width: string): number {
  return Number(/(\d+)px/.exec(width)?.[1] ?? 0);
}

/** Compares for a stable sort; null last in both directions. */
export function compareForSort(a: number | string | null, b: number | string | null, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en');
  return descending ? -order : order;
}

/**
 * A table of any length: only the rows on screen exist, so a million scroll like a hundred. The keyboard walks rows with the arrow keys,
 * Page Up and Down, Home and End, and opens one with Enter. The container keeps the focus; the row is its active descendant.
 */
export function Table<Row>({
  label,
  columns,
  rows,
  keyOf,
  sort: givenSort,
  onSort,
  onOpen,
  openKey,
  revealIndex = null,
  height,
  rowHeight = 28,
  empty,
}: TableProps<Row>) {
  const id = useId();
  const scroller = useRef<HTMLTableElement>(null);
  const [ownSort, setOwnSort] = useState<Sort | null>(null);
  const [active, setActive] = useState(0);
  const sort = givenSort === undefined ? ownSort : givenSort;

  const sorted = useMemo(() => {
    if (isSource(rows)) return null;
    const value = sort === null ? undefined : columns.find((column) => column.id === sort.column)?.sortValue;
    if (sort === null || value === undefined) return rows;
    return [...rows].sort((a, b) => compareForSort(value(a), value(b), sort.descending));
  }, [rows, columns, sort]);
  const count = isSource(rows) ? rows.count : rows.length;
  const rowAt = (index: number): Row | null => (isSource(rows) ? rows.at(index) : (sorted?.[index] ?? null));

  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // The header stands above the rows and stays on top: rows begin one header lower than the virtualizer counts.
    scrollPaddingEnd: rowHeight,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const show = isSource(rows) ? rows.show : null;
  useEffect(() => show?.(first, last), [show, first, last]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the virtualizer is the same object throughout; a new count must not scroll
  useEffect(() => {
    if (revealIndex === null || revealIndex >= count) return;
    setActive(revealIndex);
    virtual.scrollToIndex(revealIndex, { align: 'center' });
  }, [revealIndex]);

  const template = columns.map((column) => column.width).join(' ');
  const minWidth = columns.reduce((sum, column) => sum + smallestPx(column.width), 0);

  function changeSort(column: string): void {
    const next: Sort = { column, descending: sort?.column === column ? !sort.descending : true };
    if (onSort) onSort(next);
    else setOwnSort(next);
  }

  function walk(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || count === 0) return;
    const pageRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + pageRows,
      PageUp: active - pageRows,
      Home: 0,
      End: count - 1,
    };
    const target = steps[event.key];
    if (target !== undefined) {
      event.preventDefault();
      const next = Math.min(count - 1, Math.max(0, target));
      setActive(next);
      virtual.scrollToIndex(next);
    } else if (event.key === 'Enter' && onOpen) {
      const row = rowAt(active);
      if (row !== null) {
        event.preventDefault();
        onOpen(row, active);
      }
    }
  }

  const activeOnScreen = count > 0 && active >= first && active <= last;
  return (
    <table
      ref={scroller}
      className="table"
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={activeOnScreen ? `${id}-${active}` : undefined}
      tabIndex={0}
      onKeyDown={walk}
      style={{ height, maxHeight: height === undefined ? '60vh' : undefined }}
    >
      <thead className="table-head" style={{ minWidth }}>
        <tr aria-rowindex={1} className="table-row" style={{ gridTemplateColumns: template, height: rowHeight }}>
          {columns.map((column) => (
            <HeaderCell key={column.id} column={column} sort={sort} onSort={changeSort} />
          ))}
        </tr>
      </thead>
      {count === 0 ? (
        <tbody>
          <tr>
            <td className="table-empty">{empty ?? 'No rows.'}</td>
          </tr>
        </tbody>
      ) : (
        <tbody className="table-body" style={{ height: virtual.getTotalSize(), minWidth }}>
          {items.map((item) => {
            const row = rowAt(item.index);
            const isOpen = row !== null && openKey !== undefined && openKey !== null && keyOf?.(row) === openKey;
            const looks = [
              'table-row',
              onOpen && 'table-row-opens',
              item.index === active && 'table-row-active',
              isOpen && 'table-row-open',
            ];
            return (
              <tr
                key={item.index}
                id={`${id}-${item.index}`}
                aria-rowindex={item.index + 2}
                aria-selected={isOpen || undefined}
                className={looks.filter(Boolean).join(' ')}
                style={{ gridTemplateColumns: template, height: rowHeight, top: item.start }} // transforms lose whole pixels beyond 2^24
                onClick={(event) => {
                  setActive(item.index);
                  if (row !== null && isPlainClick(event)) onOpen?.(row, item.index);
                }}
              >
                {columns.map((column) => (
                  <td key={column.id} className={`table-cell table-${column.align ?? 'start'}`}>
                    {row === null ? <span className="table-waiting" aria-hidden="true" /> : column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      )}
    </table>
  );
}

/** A click on a link or button inside the row, or the end of selecting text, is not a click on the row. */
function isPlainClick(event: MouseEvent): boolean {
  if (event.target instanceof Element && event.target.closest('a, button, input') !== null) return false;
  return window.getSelection()?.type !== 'Range';
}

function HeaderCell<Row>({
  column,
  sort,
  onSort,
}: {
  readonly column: Column<Row>;
  readonly sort: Sort | null;
  readonly onSort: (column: string) => void;
}) {
  const sortable = column.sortValue !== undefined || column.sortable === true;
  const sorts = sort?.column === column.id;
  const SortIcon = sort?.descending ? ArrowDown : ArrowUp;
  return (
    <th
      className={`table-cell table-${column.align ?? 'start'}`}
      scope="col"
      aria-sort={sorts ? (sort.descending ? 'descending' : 'ascending') : undefined}
      title={column.explanation}
    >
      {sortable ? (
        <button type="button" className="table-sort" onClick={() => onSort(column.id)}>
          {column.title}
          {sorts && <SortIcon size={12} aria-hidden="true" />}
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}
