import { useCallback, useMemo } from 'react';
import { formatCount, formatCountOf, formatFigure } from '../format';
import { Chart } from './Chart';
import { latencyOption, type Points, pointCloudOf } from './latency-scatter';
import type { Palette } from './palette';
import { trendOf } from './trend';

/** Whether late orders are the dear ones: deviation against latency, with the straight line through them. */
export function LatencyScatter(props: {
  readonly points: Points;
  readonly limits: { readonly warn: number; readonly limit: number };
  readonly subject: string;
  readonly height: number;
  readonly onPickOrder: (id: string) => void;
}) {
  const { points, limits, subject, height, onPickOrder } = props;
  const cloud = useMemo(() => pointCloudOf(points), [points]);
  const trend = useMemo(() => trendOf(points.latencyMs, points.slippageBps), [points]);
  const option = useCallback(
    (palette: Palette) => latencyOption(cloud, points, trend, limits, palette),
    [cloud, points, trend, limits],
  );
  const relation = trend
    ? `r = ${formatFigure(trend.correlation, 'ratio', { signed: true })}, ${formatFigure(trend.slope * 100, 'bps', { signed: true })} bps per 100 ms`
    : 'too few orders for a trend';
  const note = [
    relation,
    formatCountOf(cloud.places.length, 'order'),
    ...(cloud.outside > 0 ? [`${formatCount(cloud.outside)} outside the range shown`] : []),
    ...(cloud.unknown > 0 ? [`${formatCount(cloud.unknown)} without latency or price`] : []),
  ].join(' · ');
  return (
    <Chart
      title="Slippage against latency"
      note={note}
      label={`Slippage against latency of ${formatCountOf(cloud.places.length, 'matched order')}: ${relation}.`}
      height={height}
      option={option}
      subject={subject}
      onPickMark={(seriesId, dataIndex) => {
        const place = cloud.places[dataIndex];
        const id = place === undefined ? undefined : points.ids[place];
        if (seriesId === 'orders' && id !== undefined) onPickOrder(id);
      }}
      table={{
        columns: [
          { title: 'Order', numeric: false },
          { title: 'Latency, ms', numeric: true },
          { title: 'Slippage, bps', numeric: true },
        ],
        count: cloud.places.length,
        cells: (index) => {
          const place = cloud.places[index]!;
          return [
            points.ids[place]!,
            formatFigure(points.latencyMs[place], 'ms'),
            formatFigure(points.slippageBps[place], 'bps', { signed: true }),
          ];
        },
      }}
    />
  );
}
