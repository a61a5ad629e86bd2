import { isUtcDay, utcDayStartUs } from '../../shared/base/time';
import type { Calibration } from '../../shared/parity/calibration-document';
import { formatFigure, formatFigureWithUnit } from '../format';
import { axisNumber } from './equity-difference';
import { axisLook, stillOption, tooltipLook } from './look';
import type { Palette } from './palette';
import type { ChartOption } from './parts';
import { domainOf } from './scale';
import { tooltipBox } from './tooltip';

/** Tracking error of each day with the backtest as it is and with the settings; the days that judge stand on a ground of their own. */

type Series = Calibration['series'];

export function calibrationOption(series: Series, palette: Palette): ChartOption {
  const look = axisLook(palette);
  const domain = domainOf(
    series.flatMap(({ errorBefore, errorAfter }) => [errorBefore, errorAfter]),
    [0],
    4,
  );
  const line = (id: string, of: (day: Series[number]) => number | null, colour: string, type: 'solid' | number[]) => ({
    id,
    type: 'line' as const,
    data: series.map((day): [number, number] => [startOf(day.day), of(day) ?? Number.NaN]),
    symbol: 'circle',
    symbolSize: series.length > 90 ? 0 : 5,
    emphasis: { disabled: true },
    lineStyle: { color: colour, width: 1.75, type },
    itemStyle: { color: colour },
  });
  const firstJudged = series.find(({ part }) => part === 'heldOut');
  const boundary =
    firstJudged === undefined
      ? {}
      : {
          markLine: {
            silent: true,
            symbol: 'none',
            lineStyle: { color: palette.textMuted, type: 'dotted' as const },
            label: {
              formatter: 'judged from here',
              color: palette.textMuted,
              fontSize: 11,
              fontFamily: palette.fontFamily,
              position: 'end' as const,
            },
            data: [{ xAxis: startOf(firstJudged.day) }],
          },
        };
  return {
    ...stillOption,
    grid: { left: 52, right: 16, top: 22, bottom: 24 },
    xAxis: { type: 'time', ...look, splitLine: { show: false } },
    yAxis: {
      type: 'value',
      ...look,
      ...domain,
      name: 'tracking error, bps/day',
      nameGap: 8,
      nameTextStyle: { ...look.nameTextStyle, align: 'left', padding: [0, 0, 0, -46] },
      axisLabel: { ...look.axisLabel, formatter: (value: number) => axisNumber(value, domain.interval) },
    },
    tooltip: {
      ...tooltipLook(palette),
      trigger: 'axis',
      formatter: (hovered: unknown) => dayTip(series, hovered),
    },
    series: [
      line('before', ({ errorBefore }) => errorBefore, palette.backtest, [5, 3]),
      { ...line('after', ({ errorAfter }) => errorAfter, palette.live, 'solid'), ...boundary },
    ],
  };
}

function startOf(day: string): number {
  return isUtcDay(day) ? utcDayStartUs(day) / 1_000 : Number.NaN;
}

function dayTip(series: Series, hovered: unknown): HTMLElement | string {
  const first = Array.isArray(hovered) ? (hovered[0] as { dataIndex?: unknown } | undefined) : undefined; // one entry per series at the pointer
  const day = typeof first?.dataIndex === 'number' ? series[first.dataIndex] : undefined;
  if (day === undefined) return '';
  const bps = (value: number | null) => formatFigureWithUnit(value, 'bps', { signed: true });
  return tooltipBox(`${day.day}, ${partWords[day.part]}`, [
    { label: 'Tracking error before', value: formatFigureWithUnit(day.errorBefore, 'bps'), colour: 'backtest' },
    { label: 'With the settings', value: formatFigureWithUnit(day.errorAfter, 'bps'), colour: 'live' },
    { label: 'Difference before', value: bps(day.differenceBefore) },
    { label: 'With the settings', value: bps(day.differenceAfter) },
  ]);
}

const partWords = { fit: 'fitted on', heldOut: 'judged on' } as const;

export function calibrationCells(series: Series, index: number): readonly string[] {
  const day = series[index]!;
  return [
    day.day,
    partWords[day.part],
    formatFigure(day.errorBefore, 'bps'),
    formatFigure(day.errorAfter, 'bps'),
    formatFigure(day.differenceBefore, 'bps', { signed: true }),
    formatFigure(day.differenceAfter, 'bps', { signed: true }),
  ];
}
