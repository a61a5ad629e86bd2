import { DAY_MS } from '../../shared/base/time';
import type { Limits } from '../../shared/contract/calls';
import type { DayPoint } from '../../shared/parity/day-point';
import type { ParityStatus } from '../../shared/parity/document';
import { formatFigure, formatFigureWithUnit } from '../format';
import type { DayCalendar } from './day-calendar';
import { axisLook, stillOption, tooltipLook, zoomLook } from './look';
import type { Palette, PaletteColour } from './palette';
import { withOpacity } from './palette';
import type { ChartOption, LineSeriesOption, ScatterSeriesOption } from './parts';
import { type Domain, domainOf } from './scale';
import { tooltipBox } from './tooltip';

/** Option and domains of the daily tracking chart. */
const statusLook: Readonly<
  Record<ParityStatus, { readonly colour: PaletteColour; readonly symbol: string; readonly size: number }>
> = {
  PASS: { colour: 'pass', symbol: 'circle', size: 7 },
  WARN: { colour: 'warn', symbol: 'triangle', size: 9 },
  FAIL: { colour: 'fail', symbol: 'rect', size: 8 },
  UNKNOWN: { colour: 'unknown', symbol: 'emptyCircle', size: 7 },
};

export type TrackingLimits = Limits['trackingBps'];

/** Zero and the critical limit are always in view; below zero it reaches as far as the signed difference does. */
export function trackingDomain(calendar: DayCalendar, limits: TrackingLimits): Domain {
  const values = calendar.points.flatMap((point) =>
    point === null ? [] : [point.trackingErrorBps, point.trackingErrorUpperBps, point.trackingDifferenceBps],
  );
  return domainOf(values, [0, limits.critical * 1.08], 6);
}

/** Room a line's label takes, pixels. */
const LABEL_ROOM_PX = 13;

/**
 * The limits as lines to draw, mirrored below zero only where the difference comes near them. Where the lines lie closer than their
 * labels are high, the middle one speaks for the three.
 */
export function limitLines(domain: Domain, limits: TrackingLimits, plotHeightPx: number) {
  const nearest = Math.min(limits.limit - limits.warn, limits.critical - limits.limit);
  const roomy = (nearest / (domain.max - domain.min)) * plotHeightPx >= LABEL_ROOM_PX;
  const figure = (value: number) => formatFigure(value, 'count');
  const together = `${figure(limits.warn)} · ${figure(limits.limit)} · ${figure(limits.critical)}`;
  const lines = [
    {
      label: roomy ? `warn ${figure(limits.warn)}` : '',
      value: limits.warn,
      colour: 'warn' as const,
      type: 'dotted' as const,
    },
    {
      label: roomy ? `limit ${figure(limits.limit)}` : together,
      value: limits.limit,
      colour: 'fail' as const,
      type: 'dashed' as const,
    },
    {
      label: roomy ? `critical ${figure(limits.critical)}` : '',
      value: limits.critical,
      colour: 'fail' as const,
      type: 'solid' as const,
    },
  ];
  const mirrored =
    domain.min < -limits.warn
      ? lines.map((line) => ({ ...line, value: -line.value, label: roomy ? line.label.replace(/\d/, '−$&') : '' }))
      : [];
  return [...lines, ...mirrored.filter((line) => line.value >= domain.min)];
}

/**
 * Where the mark of a day stands: on the larger of error and difference, the one the verdict rests on. A day that cannot be judged
 * still is a day: without a figure its mark stands on the zero line.
 */
export function markedFigure(point: Pick<DayPoint, 'trackingErrorBps' | 'trackingDifferenceBps'>): number {
  const error = point.trackingErrorBps ?? 0;
  const difference = point.trackingDifferenceBps ?? 0;
  return Math.abs(difference) > error ? difference : error;
}

type Place = [dayMs: number, value: number];

function seriesOf(calendar: DayCalendar, pick: (index: number) => number | null | undefined): Place[] {
  return calendar.points.map((_, index) => [calendar.startMs + index * DAY_MS, pick(index) ?? Number.NaN]);
}

export function trackingOption(
  calendar: DayCalendar,
  limits: TrackingLimits,
  palette: Palette,
  view: { readonly zoom: boolean; readonly opens: boolean; readonly height: number },
): ChartOption {
  const domain = trackingDomain(calendar, limits);
  const top = 22;
  const bottom = view.zoom ? 50 : 24;
  const rules = limitLines(domain, limits, view.height - top - bottom);
  const { points } = calendar;
  const line = (id: string, data: Place[], more: LineSeriesOption): LineSeriesOption => ({
    id,
    type: 'line',
    data,
    showSymbol: false,
    sampling: 'lttb',
    connectNulls: false,
    silent: true,
    emphasis: { disabled: true },
    ...more,
  });
  const hasBand = points.some((point) => point?.trackingErrorLowerBps != null);
  const band: LineSeriesOption[] = hasBand
    ? [
        line(
          'lower',
          seriesOf(calendar, (index) => points[index]?.trackingErrorLowerBps),
          {
            stack: 'interval',
            stackStrategy: 'all',
            lineStyle: { opacity: 0 },
            sampling: 'none',
          },
        ),
        line(
          'interval',
          seriesOf(calendar, (index) => {
            const point = points[index];
            return point?.trackingErrorUpperBps == null || point.trackingErrorLowerBps == null
              ? null
              : point.trackingErrorUpperBps - point.trackingErrorLowerBps;
          }),
          {
            stack: 'interval',
            stackStrategy: 'all',
            lineStyle: { opacity: 0 },
            areaStyle: { color: withOpacity(palette.text, 0.12) },
            sampling: 'none',
          },
        ),
      ]
    : [];
  const marks: ScatterSeriesOption[] = (Object.keys(statusLook) as ParityStatus[]).map((status) => {
    const look = statusLook[status];
    const data: Place[] = [];
    for (let index = 0; index < points.length; index++) {
      const point = points[index];
      if (point?.status === status) data.push([calendar.startMs + index * DAY_MS, markedFigure(point)]);
    }
    return {
      id: status,
      type: 'scatter',
      data,
      symbol: look.symbol,
      symbolSize: points.length > 400 ? look.size * 0.6 : look.size,
      itemStyle: { color: palette[look.colour], borderColor: palette[look.colour], opacity: 1 },
      large: data.length > 4_000,
      silent: true,
      z: 5,
    };
  });
  return {
    ...stillOption,
    grid: { left: 52, right: 74, top, bottom },
    xAxis: {
      type: 'time',
      ...axisLook(palette),
      splitLine: { show: false },
      axisPointer: { snap: false },
      minInterval: DAY_MS,
    },
    yAxis: {
      type: 'value',
      ...axisLook(palette),
      ...domain,
      name: 'bps of capital a day',
      nameLocation: 'end',
      nameGap: 8,
      nameTextStyle: { ...axisLook(palette).nameTextStyle, align: 'left', padding: [0, 0, 0, -46] },
      axisLabel: { ...axisLook(palette).axisLabel, formatter: (value: number) => formatFigure(value, 'count') },
    },
    ...(view.zoom ? { dataZoom: zoomLook(palette, { strip: true }) } : {}),
    tooltip: {
      ...tooltipLook(palette),
      trigger: 'axis',
      formatter: (hovered: unknown) => dayTooltip(calendar, hovered, view.opens),
    },
    series: [
      ...band,
      line(
        'trackingDifference',
        seriesOf(calendar, (index) => points[index]?.trackingDifferenceBps),
        {
          lineStyle: { color: palette.textMuted, width: 1.25, type: [4, 3] },
          itemStyle: { color: palette.textMuted },
        },
      ),
      line(
        'trackingError',
        seriesOf(calendar, (index) => points[index]?.trackingErrorBps),
        {
          lineStyle: { color: palette.text, width: 1.75 },
          itemStyle: { color: palette.text },
          markLine: {
            symbol: 'none',
            silent: true,
            animation: false,
            data: rules.map((rule) => ({
              yAxis: rule.value,
              lineStyle: { color: palette[rule.colour], type: rule.type, width: 1, opacity: 0.85 },
              label: {
                position: 'end',
                show: rule.label !== '',
                formatter: rule.label,
                color: palette[rule.colour],
                fontSize: 11,
                fontFamily: palette.fontFamily,
                textBorderWidth: 0,
              },
            })),
          },
        },
      ),
      ...marks,
    ],
  };
}

function dayTooltip(calendar: DayCalendar, hovered: unknown, opens: boolean): HTMLElement | string {
  const first = Array.isArray(hovered) ? (hovered[0] as { axisValue?: unknown } | undefined) : undefined; // one entry per series at the pointer
  const atMs = first?.axisValue;
  if (typeof atMs !== 'number') return '';
  const index = Math.round((atMs - calendar.startMs) / DAY_MS);
  const point = calendar.points[index];
  const day = calendar.days[index];
  if (day === undefined) return '';
  if (!point) return tooltipBox(day, [{ label: 'No data', value: '' }]);
  const { trackingErrorLowerBps: lower, trackingErrorUpperBps: upper } = point;
  return tooltipBox(
    `${day} · ${point.status}`,
    [
      { label: 'Tracking error', value: formatFigureWithUnit(point.trackingErrorBps, 'bpsPerDay'), colour: 'text' },
      ...(lower === null || upper === null
        ? []
        : [{ label: '95 % interval', value: `${formatFigure(lower, 'bps')} to ${formatFigure(upper, 'bps')}` }]),
      {
        label: 'Tracking difference',
        value: formatFigureWithUnit(point.trackingDifferenceBps, 'bpsPerDay', { signed: true }),
      },
      { label: 'Score', value: formatFigure(point.executionQualityScore, 'score') },
      {
        label: 'Matched · missed · extra',
        value: [point.matched, point.missed, point.extra].map((count) => formatFigure(count, 'count')).join(' · '),
      },
    ],
    opens ? 'Click to open the day' : undefined,
  );
}
