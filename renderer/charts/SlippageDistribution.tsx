import { useCallback, useMemo } from 'react';
import { formatCount, formatCountOf, formatFigure, formatFigureWithUnit } from '../format';
import { Chart } from './Chart';
import { histogramOf } from './histogram';
import type { Palette } from './palette';
import { binOf, slippageOption } from './slippage-distribution';

/** How far live prices stood from the backtest's, order by order. */
export function SlippageDistribution(props: {
  readonly slippageBps: readonly (number | null)[];
  /** Notional-weighted mean of the report. */
  readonly meanBps: number | null;
  readonly subject: string;
  readonly height: number;
}) {
  const { slippageBps, meanBps, subject, height } = props;
  const histogram = useMemo(() => histogramOf(slippageBps), [slippageBps]);
  const option = useCallback((palette: Palette) => slippageOption(histogram, palette), [histogram]);
  const outside = histogram.below + histogram.above;
  const note = [
    `${formatCountOf(histogram.known, 'matched order')}, weighted mean ${formatFigureWithUnit(meanBps, 'bps', { signed: true })}`,
    ...(outside > 0
      ? [`${formatCount(histogram.below)} below and ${formatCount(histogram.above)} above the range shown`]
      : []),
    ...(histogram.unknown > 0 ? [`${formatCount(histogram.unknown)} without a price`] : []),
  ].join(' · ');
  return (
    <Chart
      title="Slippage by order"
      note={note}
      label={`Distribution of slippage over ${formatCountOf(histogram.known, 'matched order')}: 5th percentile ${formatFigure(histogram.p5, 'bps', { signed: true })}, median ${formatFigure(histogram.p50, 'bps', { signed: true })}, 95th percentile ${formatFigureWithUnit(histogram.p95, 'bps', { signed: true })}; plus means live worse.`}
      height={height}
      option={option}
      subject={subject}
      table={{
        columns: [
          { title: 'From, bps', numeric: true },
          { title: 'To, bps', numeric: true },
          { title: 'Orders', numeric: true },
          { title: 'Share', numeric: true },
        ],
        count: histogram.counts.length,
        cells: (index) => {
          const bin = binOf(histogram, index);
          return [bin.from, bin.to, bin.count, bin.share];
        },
      }}
    />
  );
}
