import { useCallback } from 'react';
import type { IntervalSeries } from '../../shared/parity/document';
import { formatFigureWithUnit, formatUtcTime } from '../format';
import { Chart, type LegendItem } from './Chart';
import { equityDifferenceOption, intervalCells, largestInterval } from './equity-difference';
import type { Palette } from './palette';

const legend: readonly LegendItem[] = [
  { label: 'Live', colour: 'live', shape: 'line' },
  { label: 'Backtest', colour: 'backtest', shape: 'dashed' },
];

/** How the two sides came apart within the day. */
export function EquityDifference(props: {
  readonly series: IntervalSeries;
  readonly currency: string | null;
  readonly subject: string;
  readonly height: number;
}) {
  const { series, currency, subject, height } = props;
  const option = useCallback(
    (palette: Palette) => equityDifferenceOption(series, currency, palette),
    [series, currency],
  );
  const largest = largestInterval(series);
  const worst =
    largest === null
      ? ''
      : ` Largest move: ${formatFigureWithUnit(series.differenceBps[largest]!, 'bps', { signed: true })} in the interval ending ${formatUtcTime(series.endsUs[largest]!, 'minute')} UTC.`;
  return (
    <Chart
      title="Within the day"
      note="Bars: + = live earned more than the backtest in that interval. Times are UTC."
      label={`Profit of live and backtest over ${series.endsUs.length} intervals.${worst}`}
      legend={legend}
      height={height}
      option={option}
      subject={subject}
      table={{
        columns: [
          { title: 'Interval ending, UTC', numeric: false },
          { title: `Live${currency === null ? '' : `, ${currency}`}`, numeric: true },
          { title: `Backtest${currency === null ? '' : `, ${currency}`}`, numeric: true },
          { title: 'Difference, bps', numeric: true },
        ],
        count: series.endsUs.length,
        cells: (index) => intervalCells(series, index),
      }}
    />
  );
}
