import { formatFigureWithUnit } from '../format';
import { axisNumber } from './equity-difference';
import { quantileOf } from './histogram';
import { axisLook, stillOption, tooltipLook, zoomLook } from './look';
import type { Palette } from './palette';
import { withOpacity } from './palette';
import type { ChartOption } from './parts';
import { type Domain, domainOf } from './scale';
import { tooltipBox } from './tooltip';
import type { Trend } from './trend';

/** Slippage against latency, one point per matched order. */
export interface Points {
  readonly ids: readonly string[];
  readonly latencyMs: readonly (number | null)[];
  readonly slippageBps: readonly (number | null)[];
}

export interface PointCloud {
  /** x latency ms, y slippage bps, flat; only pairs with both known. */
  readonly flat: Float64Array;
  /** Place of each shown point in the arrays of {@link Points}. */
  readonly places: Int32Array;
  readonly unknown: number;
  /** The middle 99.8 % of each direction: one stray order must not squeeze the rest into a line. */
  readonly latencyDomain: Domain;
  readonly slippageDomain: Domain;
  /** Points outside the domains, reached by zooming out or in the table. */
  readonly outside: number;
}

export function pointCloudOf(points: Points): PointCloud {
  const count = points.ids.length;
  const flat = new Float64Array(count * 2);
  const places = new Int32Array(count);
  let shown = 0;
  for (let index = 0; index < count; index++) {
    const x = points.latencyMs[index];
    const y = points.slippageBps[index];
    if (x == null || y == null || !Number.isFinite(x) || !Number.isFinite(y)) continue;
    flat[2 * shown] = x;
    flat[2 * shown + 1] = y;
    places[shown] = index;
    shown += 1;
  }
  const latencies = new Float64Array(shown);
  const deviations = new Float64Array(shown);
  for (let index = 0; index < shown; index++) {
    latencies[index] = flat[2 * index]!;
    deviations[index] = flat[2 * index + 1]!;
  }
  latencies.sort();
  deviations.sort();
  const middle = (sorted: Float64Array) =>
    sorted.length === 0 ? [] : [quantileOf(sorted, 0.001), quantileOf(sorted, 0.999)];
  const latencyDomain = domainOf(middle(latencies), latencies.length > 0 && latencies[0]! >= 0 ? [0] : []);
  const slippageDomain = domainOf(middle(deviations), [0]);
  let outside = 0;
  for (let index = 0; index < shown; index++) {
    const x = flat[2 * index]!;
    const y = flat[2 * index + 1]!;
    if (x < latencyDomain.min || x > latencyDomain.max || y < slippageDomain.min || y > slippageDomain.max)
      outside += 1;
  }
  return {
    flat: flat.subarray(0, 2 * shown),
    places: places.subarray(0, shown),
    unknown: count - shown,
    latencyDomain,
    slippageDomain,
    outside,
  };
}

export function latencyOption(
  cloud: PointCloud,
  points: Points,
  trend: Trend | null,
  limits: { readonly warn: number; readonly limit: number },
  palette: Palette,
): ChartOption {
  const look = axisLook(palette);
  const { latencyDomain, slippageDomain } = cloud;
  const trendEnds = trend
    ? [latencyDomain.min, latencyDomain.max].map((x) => [x, trend.intercept + trend.slope * x])
    : null;
  return {
    ...stillOption,
    grid: { left: 52, right: 20, top: 26, bottom: 42 },
    xAxis: {
      type: 'value',
      ...look,
      ...latencyDomain,
      splitLine: { show: false },
      name: 'latency, ms',
      nameLocation: 'middle',
      nameGap: 26,
      axisLabel: { ...look.axisLabel, formatter: (value: number) => axisNumber(value, latencyDomain.interval) },
    },
    yAxis: {
      type: 'value',
      ...look,
      ...slippageDomain,
      name: 'bps, + = live worse',
      nameGap: 10,
      nameTextStyle: { ...look.nameTextStyle, align: 'left', padding: [0, 0, 0, -46] },
      axisLabel: { ...look.axisLabel, formatter: (value: number) => axisNumber(value, slippageDomain.interval) },
    },
    dataZoom: zoomLook(palette, { strip: false }),
    tooltip: {
      ...tooltipLook(palette),
      trigger: 'item',
      formatter: (hovered: unknown) => {
        const { dataIndex, seriesId } = hovered as { dataIndex?: unknown; seriesId?: unknown }; // ECharts' own event shape
        if (seriesId !== 'orders' || typeof dataIndex !== 'number') return '';
        const place = cloud.places[dataIndex];
        if (place === undefined) return '';
        return tooltipBox(
          points.ids[place]!,
          [
            { label: 'Latency', value: formatFigureWithUnit(points.latencyMs[place], 'ms') },
            { label: 'Slippage', value: formatFigureWithUnit(points.slippageBps[place], 'bps', { signed: true }) },
          ],
          'Click to show the order',
        );
      },
    },
    series: [
      {
        id: 'orders',
        type: 'scatter',
        data: cloud.flat,
        dimensions: ['latency', 'slippage'],
        symbolSize: cloud.places.length > 5_000 ? 3 : 5,
        large: cloud.places.length > 2_000,
        largeThreshold: 2_000,
        progressive: 0,
        clip: true,
        itemStyle: { color: withOpacity(palette.live, cloud.places.length > 2_000 ? 0.45 : 0.75) },
        emphasis: { disabled: true },
        markLine: {
          symbol: 'none',
          silent: true,
          animation: false,
          data: [
            { yAxis: 0, lineStyle: { color: palette.textMuted, type: 'solid', width: 1 }, label: { show: false } },
            ...[limits.warn, limits.limit]
              .filter((value) => value < latencyDomain.max && value > latencyDomain.min)
              .map((value) => ({
                xAxis: value,
                lineStyle: { color: palette.textMuted, type: 'dotted' as const, width: 1 },
                label: {
                  formatter: `${value} ms`,
                  color: palette.textMuted,
                  fontSize: 11,
                  fontFamily: palette.fontFamily,
                  textBorderWidth: 0,
                },
              })),
          ],
        },
      },
      ...(trendEnds
        ? [
            {
              id: 'trend',
              type: 'line' as const,
              data: trendEnds,
              showSymbol: false,
              silent: true,
              lineStyle: { color: palette.text, width: 1.5, type: [6, 4] },
              emphasis: { disabled: true },
            },
          ]
        : []),
    ],
  };
}
