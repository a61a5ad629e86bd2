import { useCallback, useMemo } from 'react';
import { DAY_MS } from '../../shared/base/time';
import type { DayPoint } from '../../shared/parity/day-point';
import { formatFigure, formatFigureWithUnit } from '../format';
import { Chart, type LegendItem } from './Chart';
import type { ChartTableModel } from './ChartTable';
import { calendarOf, nearestDay } from './day-calendar';
import type { Palette } from './palette';
import { markedFigure, type TrackingLimits, trackingOption } from './tracking-series';

const legend: readonly LegendItem[] = [
  { label: 'Tracking error', colour: 'text', shape: 'line' },
  { label: 'Tracking difference', colour: 'text', shape: 'dashed' },
  { label: 'Pass', colour: 'pass', shape: 'dot' },
  { label: 'Warn', colour: 'warn', shape: 'triangle' },
  { label: 'Fail', colour: 'fail', shape: 'square' },
  { label: 'Unknown', colour: 'unknown', shape: 'ring' },
];

const columns: ChartTableModel['columns'] = [
  { title: 'Day', numeric: false },
  { title: 'Status', numeric: false },
  { title: 'Tracking error, bps', numeric: true },
  { title: '95 % interval', numeric: true },
  { title: 'Tracking difference, bps', numeric: true },
  { title: 'Score', numeric: true },
];

/** Daily tracking error and difference of a symbol or a portfolio against the limits; a click opens the day. */
export function TrackingSeries(props: {
  readonly title: string;
  readonly subject: string;
  readonly days: readonly DayPoint[];
  readonly limits: TrackingLimits;
  readonly height: number;
  readonly zoom?: boolean;
  /** Days shown first; the rest is reached by zoom. */
  readonly firstShownDays?: number;
  readonly hrefOfDay?: (day: string) => string;
  readonly onOpenDay?: (day: string) => void;
}) {
  const { title, subject, days, limits, height, zoom = false, firstShownDays, hrefOfDay, onOpenDay } = props;
  const calendar = useMemo(() => calendarOf(days), [days]);
  const known = useMemo(() => calendar.points.filter((point) => point !== null), [calendar]);
  const opens = onOpenDay !== undefined;
  const option = useCallback(
    (palette: Palette) => trackingOption(calendar, limits, palette, { zoom, opens, height }),
    [calendar, limits, zoom, opens, height],
  );
  const table: ChartTableModel = {
    columns,
    count: known.length,
    cells: (index) => {
      const point = known[known.length - 1 - index]!; // newest first
      const { trackingErrorLowerBps: lower, trackingErrorUpperBps: upper } = point;
      return [
        point.day,
        point.status,
        formatFigure(point.trackingErrorBps, 'bps'),
        lower === null || upper === null ? '—' : `${formatFigure(lower, 'bps')} to ${formatFigure(upper, 'bps')}`,
        formatFigure(point.trackingDifferenceBps, 'bps', { signed: true }),
        formatFigure(point.executionQualityScore, 'score'),
      ];
    },
    href: (index) => hrefOfDay?.(known[known.length - 1 - index]!.day) ?? null,
  };
  const last = known.at(-1);
  const label = `${title}: ${known.length} days, ${calendar.days[0] ?? ''} to ${calendar.days.at(-1) ?? ''}. Latest: ${
    last ? describe(last) : 'none'
  }. Limits ${limits.warn}, ${limits.limit} and ${limits.critical} bps a day.`;
  const endMs = calendar.startMs + (calendar.days.length - 1) * DAY_MS;
  return (
    <Chart
      title={title}
      note="Difference: + = live earned more than the backtest. A day’s mark stands on the larger of the two."
      label={label}
      legend={
        days.some((day) => day.trackingErrorLowerBps !== null)
          ? [...legend.slice(0, 1), { label: '95 % interval', colour: 'text', shape: 'band' }, ...legend.slice(1)]
          : legend
      }
      height={height}
      option={option}
      table={table}
      subject={subject}
      cursor={{
        count: known.length,
        describe: (index) => describe(known[index]!),
        at: (index) => ({
          x: calendar.startMs + calendar.days.indexOf(known[index]!.day) * DAY_MS,
          y: markedFigure(known[index]!),
        }),
        ...(onOpenDay ? { pick: (index) => onOpenDay(known[index]!.day) } : {}),
      }}
      {...(onOpenDay
        ? {
            onPickAt: ({ x }) => {
              const day = nearestDay(calendar, x);
              if (day) onOpenDay(day.day);
            },
          }
        : {})}
      {...(firstShownDays !== undefined && calendar.days.length > firstShownDays
        ? { initialRange: { from: endMs - (firstShownDays - 1) * DAY_MS, to: endMs } }
        : {})}
    />
  );
}

function describe(point: DayPoint): string {
  return `${point.day}: ${point.status}, tracking error ${formatFigureWithUnit(point.trackingErrorBps, 'bpsPerDay')}, difference ${formatFigureWithUnit(point.trackingDifferenceBps, 'bpsPerDay', { signed: true })}`;
}
