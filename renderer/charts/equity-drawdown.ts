import { formatMoney, formatUtc } from '../format';
import { axisNumber } from './equity-difference';
import { axisLook, stillOption, tooltipLook, zoomLook } from './look';
import type { Palette, PaletteColour } from './palette';
import type { ChartOption } from './parts';
import { domainOf } from './scale';
import { tooltipBox } from './tooltip';

/** Equity of a stage above, its drawdown and daily loss below with the limits that act on them, on one time axis. */

export interface EquityCourse {
  readonly atUs: readonly number[];
  readonly equity: readonly (number | null)[];
  readonly drawdownPercent: readonly (number | null)[];
  readonly dailyLossPercent: readonly (number | null)[];
}

export interface MoneyLimit {
  readonly label: string;
  readonly percent: number;
  readonly colour: PaletteColour;
}

export function equityDrawdownOption(
  course: EquityCourse,
  allocatedCapital: number,
  limits: readonly MoneyLimit[],
  currency: string,
  palette: Palette,
): ChartOption {
  const points = (values: readonly (number | null)[]) =>
    course.atUs.map((atUs, index) => [atUs / 1_000, values[index] ?? Number.NaN]);
  const equityDomain = domainOf(course.equity, [allocatedCapital], 4);
  const lossDomain = domainOf(
    [...course.drawdownPercent, ...course.dailyLossPercent],
    [0, ...limits.map(({ percent }) => percent * 1.08)],
    4,
  );
  const look = axisLook(palette);
  const firstMs = (course.atUs[0] ?? 0) / 1_000;
  const lastMs = (course.atUs.at(-1) ?? 0) / 1_000;
  const timeAxis = { type: 'time' as const, min: firstMs, max: lastMs, ...look, splitLine: { show: false } };
  const line = (
    id: string,
    axis: number,
    values: readonly (number | null)[],
    colour: string,
    type: 'solid' | number[],
  ) => ({
    id,
    type: 'line' as const,
    xAxisIndex: axis,
    yAxisIndex: axis,
    data: points(values),
    showSymbol: false,
    emphasis: { disabled: true },
    lineStyle: { color: colour, width: 1.75, type },
    itemStyle: { color: colour },
  });
  const rule = (value: number, label: string, colour: string, type: 'dashed' | 'dotted' | 'solid') => ({
    yAxis: value,
    lineStyle: { color: colour, type, width: 1, opacity: 0.85 },
    label: {
      position: 'insideStartTop' as const,
      formatter: label,
      color: colour,
      fontSize: 11,
      fontFamily: palette.fontFamily,
      textBorderWidth: 0,
    },
  });
  const name = (text: string) => ({
    name: text,
    nameGap: 8,
    nameTextStyle: { ...look.nameTextStyle, align: 'left' as const, padding: [0, 0, 0, -64] },
  });
  return {
    ...stillOption,
    grid: [
      { left: 72, right: 16, top: 22, height: '42%' },
      { left: 72, right: 16, top: '61%', bottom: 24 },
    ],
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    xAxis: [
      { ...timeAxis, gridIndex: 0, axisLabel: { show: false } },
      { ...timeAxis, gridIndex: 1 },
    ],
    yAxis: [
      {
        type: 'value',
        gridIndex: 0,
        ...look,
        ...equityDomain,
        ...name(`equity, ${currency}`),
        axisLabel: { ...look.axisLabel, formatter: (value: number) => axisNumber(value, equityDomain.interval) },
      },
      {
        type: 'value',
        gridIndex: 1,
        inverse: true,
        nameLocation: 'start',
        ...look,
        ...lossDomain,
        ...name('% of the stage’s capital, downwards'),
        axisLabel: { ...look.axisLabel, formatter: (value: number) => axisNumber(value, lossDomain.interval) },
      },
    ],
    dataZoom: zoomLook(palette, { strip: false, axes: [0, 1] }),
    tooltip: {
      ...tooltipLook(palette),
      trigger: 'axis',
      formatter: (hovered: unknown) => courseTooltip(course, currency, hovered),
    },
    series: [
      {
        ...line('equity', 0, course.equity, palette.live, 'solid'),
        markLine: {
          symbol: 'none',
          silent: true,
          animation: false,
          data: [rule(allocatedCapital, 'allocated', palette.textMuted, 'dotted')],
        },
      },
      {
        ...line('drawdown', 1, course.drawdownPercent, palette.text, 'solid'),
        markLine: {
          symbol: 'none',
          silent: true,
          animation: false,
          data: limits.map(({ label, percent, colour }) =>
            rule(percent, label, palette[colour], colour === 'warn' ? 'dotted' : 'dashed'),
          ),
        },
      },
      line('dailyLoss', 1, course.dailyLossPercent, palette.textMuted, [4, 3]),
    ],
  };
}

const percentText = (value: number | null | undefined) =>
  value === null || value === undefined || !Number.isFinite(value) ? '—' : `${value.toFixed(2)} %`;

function courseTooltip(course: EquityCourse, currency: string, hovered: unknown): HTMLElement | string {
  const first = Array.isArray(hovered) ? (hovered[0] as { axisValue?: unknown } | undefined) : undefined; // one entry per series at the pointer
  const atMs = first?.axisValue;
  if (typeof atMs !== 'number') return '';
  let index = course.atUs.findIndex((atUs) => atUs / 1_000 >= atMs);
  if (index < 0) index = course.atUs.length - 1;
  const atUs = course.atUs[index];
  if (atUs === undefined) return '';
  return tooltipBox(`${formatUtc(atUs, 'minute')} UTC`, [
    { label: 'Equity', value: formatMoney(course.equity[index], currency), colour: 'live' },
    { label: 'Drawdown', value: percentText(course.drawdownPercent[index]), colour: 'text' },
    { label: 'Daily loss', value: percentText(course.dailyLossPercent[index]), colour: 'textMuted' },
  ]);
}

export function courseCells(course: EquityCourse, index: number): readonly string[] {
  return [
    formatUtc(course.atUs[index], 'minute'),
    formatMoney(course.equity[index], null),
    percentText(course.drawdownPercent[index]),
    percentText(course.dailyLossPercent[index]),
  ];
}
