import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';

/** What a chart shows, as rows of text: the same figures for those who read rather than look. */
export interface ChartTableModel {
  readonly columns: readonly { readonly title: string; readonly numeric: boolean }[];
  readonly count: number;
  /** Cells of row `index`, in the order of the columns. */
  cells(index: number): readonly string[];
  /** Where the row leads, if anywhere; the first cell is then a link. */
  href?(index: number): string | null;
}

const ROW_PX = 24;

export function ChartTable({ model, height }: { readonly model: ChartTableModel; readonly height: number }) {
  const scroller = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: model.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
  });
  const items = rows.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <section
      ref={scroller}
      className="chart-table"
      style={{ height }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Figures of the chart"
    >
      <table aria-rowcount={model.count + 1}>
        <thead>
          <tr>
            {model.columns.map((column) => (
              <th key={column.title} scope="col" className={column.numeric ? 'numeric' : undefined}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr style={{ height: before }} />}
          {items.map((item) => {
            const href = model.href?.(item.index) ?? null;
            return (
              <tr key={item.key} aria-rowindex={item.index + 2} style={{ height: ROW_PX }}>
                {model.cells(item.index).map((text, column) => (
                  <td
                    key={model.columns[column]!.title}
                    className={model.columns[column]!.numeric ? 'numeric' : undefined}
                  >
                    {column === 0 && href !== null ? <a href={href}>{text}</a> : text}
                  </td>
                ))}
              </tr>
            );
          })}
          {after > 0 && <tr style={{ height: after }} />}
        </tbody>
      </table>
    </section>
  );
}
