import type { IntervalSeries } from '../../shared/parity/document';
import { formatFigure, formatFigureWithUnit, formatMoney, formatUtcTime } from '../format';
import { axisLook, stillOption, tooltipLook, zoomLook } from './look';
import type { Palette } from './palette';
import type { ChartOption } from './parts';
import { domainOf } from './scale';
import { tooltipBox } from './tooltip';

/** Live and backtest profit over the day above, their difference per interval below, on one time axis. */

/** Instants at which intervals begin, ms UTC; the first one by the width of the second. */
function intervalStartsMs(series: IntervalSeries): readonly number[] {
  const ends = series.endsUs.map((endUs) => endUs / 1_000);
  const width = ends.length > 1 ? ends[1]! - ends[0]! : 3_600_000;
  return ends.map((end, index) => (index === 0 ? end - width : ends[index - 1]!));
}

/** The interval in which the difference moved most; null where it never moved or cannot be measured. */
export function largestInterval(series: IntervalSeries): number | null {
  let best: number | null = null;
  let size = 0;
  series.differenceBps.forEach((value, index) => {
    if (value === null || Math.abs(value) <= size) return;
    best = index;
    size = Math.abs(value);
  });
  return best;
}

export function equityDifferenceOption(series: IntervalSeries, currency: string | null, palette: Palette): ChartOption {
  const starts = intervalStartsMs(series);
  const firstMs = starts[0] ?? 0;
  const lastMs = (series.endsUs.at(-1) ?? 0) / 1_000;
  // Profit counts from the start of the day: there both are zero.
  const equity = (values: readonly number[]) => [
    [firstMs, 0],
    ...series.endsUs.map((endUs, index) => [endUs / 1_000, values[index]!]),
  ];
  const equityDomain = domainOf([...series.liveEquity, ...series.backtestEquity], [0], 4);
  const differenceDomain = domainOf(series.differenceBps, [0], 3);
  const look = axisLook(palette);
  const line = (id: string, values: readonly number[], colour: string, type: 'solid' | number[]) => ({
    id,
    type: 'line' as const,
    xAxisIndex: 0,
    yAxisIndex: 0,
    data: equity(values),
    showSymbol: false,
    sampling: 'lttb' as const,
    emphasis: { disabled: true },
    lineStyle: { color: colour, width: 1.75, type },
    itemStyle: { color: colour },
  });
  const timeAxis = { type: 'time' as const, min: firstMs, max: lastMs, ...look, splitLine: { show: false } };
  return {
    ...stillOption,
    grid: [
      { left: 64, right: 16, top: 22, height: '50%' },
      { left: 64, right: 16, top: '68%', bottom: 24 },
    ],
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    xAxis: [
      { ...timeAxis, gridIndex: 0, axisLabel: { show: false } },
      { ...timeAxis, gridIndex: 1, axisLabel: { ...look.axisLabel, formatter: '{HH}:{mm}' } },
    ],
    yAxis: [
      {
        type: 'value',
        gridIndex: 0,
        ...look,
        ...equityDomain,
        name: `profit since 00:00${currency === null ? '' : `, ${currency}`}`,
        nameGap: 8,
        nameTextStyle: { ...look.nameTextStyle, align: 'left', padding: [0, 0, 0, -58] },
        axisLabel: { ...look.axisLabel, formatter: (value: number) => axisNumber(value, equityDomain.interval) },
      },
      {
        type: 'value',
        gridIndex: 1,
        ...look,
        ...differenceDomain,
        name: 'live − backtest per interval, bps',
        nameGap: 8,
        nameTextStyle: { ...look.nameTextStyle, align: 'left', padding: [0, 0, 0, -58] },
        axisLabel: { ...look.axisLabel, formatter: (value: number) => axisNumber(value, differenceDomain.interval) },
      },
    ],
    dataZoom: zoomLook(palette, { strip: false, axes: [0, 1] }),
    tooltip: {
      ...tooltipLook(palette),
      trigger: 'axis',
      formatter: (hovered: unknown) => intervalTooltip(series, starts, currency, hovered),
    },
    series: [
      line('backtest', series.backtestEquity, palette.backtest, [5, 3]),
      line('live', series.liveEquity, palette.live, 'solid'),
      {
        id: 'difference',
        type: 'bar',
        xAxisIndex: 1,
        yAxisIndex: 1,
        // Bars stand in the middle of their interval.
        data: series.endsUs.map((endUs, index) => ({
          value: [(starts[index]! + endUs / 1_000) / 2, series.differenceBps[index] ?? Number.NaN],
          itemStyle: { color: (series.differenceBps[index] ?? 0) < 0 ? palette.fail : palette.pass },
        })),
        barCategoryGap: '20%',
        emphasis: { disabled: true },
      },
    ],
  };
}

/** A number on an axis with as many decimals as its ticks need. */
export function axisNumber(value: number, interval: number): string {
  const decimals = Math.max(0, Math.min(8, -Math.floor(Math.log10(interval) + 1e-9) + (isRound(interval) ? 0 : 1)));
  const text = Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
}

function isRound(interval: number): boolean {
  const scaled = interval / 10 ** Math.floor(Math.log10(interval) + 1e-9);
  return Math.abs(scaled - Math.round(scaled)) < 1e-6;
}

function intervalTooltip(
  series: IntervalSeries,
  starts: readonly number[],
  currency: string | null,
  hovered: unknown,
): HTMLElement | string {
  const first = Array.isArray(hovered) ? (hovered[0] as { axisValue?: unknown } | undefined) : undefined; // one entry per series at the pointer
  const atMs = first?.axisValue;
  if (typeof atMs !== 'number') return '';
  let index = series.endsUs.findIndex((endUs) => endUs / 1_000 >= atMs);
  if (index < 0) index = series.endsUs.length - 1;
  const endUs = series.endsUs[index];
  if (endUs === undefined) return '';
  const live = series.liveEquity[index]!;
  const backtest = series.backtestEquity[index]!;
  return tooltipBox(`${formatUtcTime(starts[index]! * 1_000, 'minute')} – ${formatUtcTime(endUs, 'minute')} UTC`, [
    { label: 'Live', value: formatMoney(live, currency, { signed: true }), colour: 'live' },
    { label: 'Backtest', value: formatMoney(backtest, currency, { signed: true }), colour: 'backtest' },
    { label: 'Difference so far', value: formatMoney(live - backtest, currency, { signed: true }) },
    { label: 'In this interval', value: formatFigureWithUnit(series.differenceBps[index]!, 'bps', { signed: true }) },
  ]);
}

export function intervalCells(series: IntervalSeries, index: number): readonly string[] {
  return [
    formatUtcTime(series.endsUs[index]!, 'minute'),
    formatMoney(series.liveEquity[index]!, null, { signed: true }),
    formatMoney(series.backtestEquity[index]!, null, { signed: true }),
    formatFigure(series.differenceBps[index]!, 'bps', { signed: true }),
  ];
}
