import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { ChartTable, type ChartTableModel } from './ChartTable';
import './charts.css';
import { cssColour, type Palette, type PaletteColour, usePalette } from './palette';
import { type ChartOption, type EChartsType, init } from './parts';

/**
 * The one place that owns an ECharts instance: canvas, size, theme, pointer and keyboard, and the table that says the same in text.
 * Nothing is animated, and an update keeps the zoom, so that live data never moves what is under the pointer.
 */
export interface LegendItem {
  readonly label: string;
  readonly colour: PaletteColour;
  readonly shape: 'line' | 'dashed' | 'band' | 'bar' | 'dot' | 'triangle' | 'square' | 'ring';
}

/** Walks the chart's points with the arrow keys, for those who do not use a pointer. */
interface ChartCursor {
  readonly count: number;
  /** What is said and shown at the point: "2026-05-04: tracking error 12.1 bps/day, PASS". */
  describe(index: number): string;
  /** Point in data coordinates of the first grid. */
  at(index: number): { readonly x: number; readonly y: number };
  pick?(index: number): void;
}

export interface ChartProps {
  readonly title: ReactNode;
  /** One sentence under the title: what the axes mean and which sign is which. */
  readonly note?: ReactNode;
  /** What a listener hears instead of the picture. */
  readonly label: string;
  readonly legend?: readonly LegendItem[];
  readonly height: number;
  /** Must be the same function as long as the data is the same. */
  readonly option: (palette: Palette) => ChartOption;
  readonly table: ChartTableModel;
  /** Identity of what is shown: a change starts the zoom over, a mere update keeps it. */
  readonly subject: string;
  readonly cursor?: ChartCursor;
  /** A click anywhere in the first grid, in its data coordinates. */
  readonly onPickAt?: (at: { readonly x: number; readonly y: number }) => void;
  /** A click on a mark of a series. */
  readonly onPickMark?: (seriesId: string, dataIndex: number) => void;
  /** Part of the x axis shown first, in data values; without it the whole. */
  readonly initialRange?: { readonly from: number; readonly to: number };
  readonly actions?: ReactNode;
}

export function Chart(props: ChartProps) {
  const { title, note, label, legend, height, option, table, subject, cursor, onPickAt, onPickMark, actions } = props;
  const palette = usePalette();
  const holder = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const shownSubject = useRef<string | null>(null);
  const [asTable, setAsTable] = useState(false);
  const density = useDevicePixelRatio();
  const picks = useRef({ onPickAt, onPickMark });
  picks.current = { onPickAt, onPickMark };
  const { initialRange } = props;
  const titleId = useId();

  // A canvas has a fixed density and is cleared by hiding: a new one is made when either changes, and only once it comes near the
  // screen, so that a page with many charts shows its text first.
  // biome-ignore lint/correctness/useExhaustiveDependencies: density is the reason to start over
  useEffect(() => {
    const element = holder.current;
    if (asTable || element === null) return;
    let stop = () => {};
    const nearness = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        nearness.disconnect();
        stop = start(element);
      },
      { rootMargin: '200px' },
    );
    nearness.observe(element);
    return () => {
      nearness.disconnect();
      stop();
    };
  }, [asTable, density]);

  function start(element: HTMLElement): () => void {
    const made = init(element, null, { renderer: 'canvas', devicePixelRatio: window.devicePixelRatio });
    shownSubject.current = null;
    made.on('click', (event) => {
      if (event.componentType === 'series' && event.seriesId !== undefined && event.dataIndex !== undefined) {
        picks.current.onPickMark?.(event.seriesId, event.dataIndex);
      }
    });
    made.getZr().on('click', (event) => {
      const pixel = [event.offsetX, event.offsetY];
      if (!picks.current.onPickAt || !made.containPixel({ gridIndex: 0 }, pixel)) return;
      const [x, y] = made.convertFromPixel({ gridIndex: 0 }, pixel) as number[]; // a grid converts a pair into a pair
      if (x !== undefined && y !== undefined) picks.current.onPickAt({ x, y });
    });
    let frame = 0;
    const observer = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => made.resize());
    });
    observer.observe(element);
    setChart(made);
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      setChart(null);
      made.dispose();
    };
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: initialRange counts for a new subject only
  useEffect(() => {
    if (chart === null || chart.isDisposed()) return;
    const fresh = shownSubject.current !== subject;
    shownSubject.current = subject;
    chart.setOption(option(palette), fresh ? { notMerge: true } : { replaceMerge: ['series'] });
    if (fresh && initialRange) {
      chart.dispatchAction({ type: 'dataZoom', startValue: initialRange.from, endValue: initialRange.to });
    }
  }, [chart, option, palette, subject]);

  return (
    <figure className="chart" aria-labelledby={titleId}>
      <figcaption className="chart-caption">
        <div className="chart-words">
          <h2 id={titleId}>{title}</h2>
          {note !== undefined && <p className="chart-note muted">{note}</p>}
        </div>
        <div className="chart-tools">
          {legend && !asTable && <Legend items={legend} />}
          {actions}
          <button type="button" className="chart-toggle" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            Table
          </button>
        </div>
      </figcaption>
      {asTable ? (
        <ChartTable model={table} height={height} />
      ) : (
        <ChartSurface holder={holder} chart={chart} height={height} label={label} cursor={cursor} />
      )}
    </figure>
  );
}

function ChartSurface(props: {
  readonly holder: React.RefObject<HTMLDivElement | null>;
  readonly chart: EChartsType | null;
  readonly height: number;
  readonly label: string;
  readonly cursor: ChartCursor | undefined;
}) {
  const { holder, chart, height, label, cursor } = props;
  const [place, setPlace] = useState<number | null>(null);
  if (!cursor || cursor.count === 0) {
    return <div ref={holder} className="chart-canvas" style={{ height }} role="img" aria-label={label} />;
  }
  const show = (index: number) => {
    setPlace(index);
    const [x, y] = pixelOf(chart, cursor.at(index));
    chart?.dispatchAction({ type: 'showTip', x, y });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const from = place ?? cursor.count;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: from - 1,
      ArrowRight: from + 1,
      Home: 0,
      End: cursor.count - 1,
    };
    const next = steps[event.key];
    if (next !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      show(Math.max(0, Math.min(cursor.count - 1, next)));
    } else if (event.key === 'Enter' && place !== null && cursor.pick) {
      event.preventDefault();
      cursor.pick(place);
    }
  };
  const leave = () => {
    setPlace(null);
    chart?.dispatchAction({ type: 'hideTip' });
  };
  const hint = cursor.pick ? 'Arrow keys move along the points, Enter opens one.' : 'Arrow keys move along the points.';
  return (
    <>
      <div
        ref={holder}
        className="chart-canvas"
        style={{ height }}
        role="application"
        aria-roledescription="chart"
        aria-label={`${label} ${hint}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys walk the points of the picture
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      <p className="visually-hidden" aria-live="polite">
        {place === null || place >= cursor.count ? '' : cursor.describe(place)}
      </p>
    </>
  );
}

function pixelOf(chart: EChartsType | null, at: { readonly x: number; readonly y: number }): number[] {
  return (chart?.convertToPixel({ gridIndex: 0 }, [at.x, at.y]) as number[] | undefined) ?? []; // a grid converts a pair into a pair
}

function useDevicePixelRatio(): number {
  const [density, setDensity] = useState(window.devicePixelRatio);
  useEffect(() => {
    const query = window.matchMedia(`(resolution: ${density}dppx)`);
    const changed = () => setDensity(window.devicePixelRatio);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, [density]);
  return density;
}

function Legend({ items }: { readonly items: readonly LegendItem[] }) {
  return (
    <ul className="chart-legend">
      {items.map((item) => (
        <li key={item.label}>
          <LegendMark item={item} />
          {item.label}
        </li>
      ))}
    </ul>
  );
}

function LegendMark({ item }: { readonly item: LegendItem }) {
  const colour = cssColour(item.colour);
  const shapes: Record<LegendItem['shape'], ReactNode> = {
    line: <path d="M0 5h16" stroke={colour} strokeWidth={2} />,
    dashed: <path d="M0 5h16" stroke={colour} strokeWidth={2} strokeDasharray="4 3" />,
    band: <rect x={0} y={1} width={16} height={8} fill={colour} opacity={0.25} />,
    bar: <rect x={4} y={0} width={8} height={10} fill={colour} />,
    dot: <circle cx={8} cy={5} r={4} fill={colour} />,
    triangle: <path d="M8 0.5 13 9.5H3z" fill={colour} />,
    square: <rect x={4} y={1} width={8} height={8} fill={colour} />,
    ring: <circle cx={8} cy={5} r={3.2} fill="none" stroke={colour} strokeWidth={1.6} />,
  };
  return (
    <svg width={16} height={10} aria-hidden="true">
      {shapes[item.shape]}
    </svg>
  );
}
