import { useCallback } from 'react';
import type { Calibration } from '../../shared/parity/calibration-document';
import { formatFigure } from '../format';
import { Chart, type LegendItem } from './Chart';
import { calibrationCells, calibrationOption } from './calibration-series';
import type { Palette } from './palette';

const legend: readonly LegendItem[] = [
  { label: 'Backtest as it is', colour: 'backtest', shape: 'dashed' },
  { label: 'With the settings', colour: 'live', shape: 'line' },
];

/** How the days track before and after, those fitted on and those that judge. */
export function CalibrationSeries(props: {
  readonly calibration: Calibration;
  readonly subject: string;
  readonly height: number;
}) {
  const { calibration, subject, height } = props;
  const { series, judged } = calibration;
  const option = useCallback((palette: Palette) => calibrationOption(series, palette), [series]);
  const later = judged?.heldOut.trackingErrorBps;
  return (
    <Chart
      title="Day by day"
      note="Each day worked out again with the settings. Days are UTC."
      label={`Tracking error of ${series.length} days, before and with the settings. On the later days the mean goes from ${formatFigure(later?.before ?? null, 'bps')} to ${formatFigure(later?.after ?? null, 'bps')} bps a day.`}
      legend={legend}
      height={height}
      option={option}
      subject={subject}
      table={{
        columns: [
          { title: 'Day', numeric: false },
          { title: 'Part', numeric: false },
          { title: 'Error before, bps', numeric: true },
          { title: 'Error with settings', numeric: true },
          { title: 'Difference before, bps', numeric: true },
          { title: 'Difference with settings', numeric: true },
        ],
        count: series.length,
        cells: (index) => calibrationCells(series, index),
      }}
    />
  );
}
