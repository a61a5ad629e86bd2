import { useCallback } from 'react';
import { Chart, type LegendItem } from './Chart';
import { courseCells, type EquityCourse, equityDrawdownOption, type MoneyLimit } from './equity-drawdown';
import type { Palette } from './palette';

const legend: readonly LegendItem[] = [
  { label: 'Equity', colour: 'live', shape: 'line' },
  { label: 'Drawdown', colour: 'text', shape: 'line' },
  { label: 'Daily loss', colour: 'textMuted', shape: 'dashed' },
];

/** How the capital of a stage fared, and how near its losses came to what acts on them. */
export function EquityDrawdown(props: {
  readonly course: EquityCourse;
  readonly allocatedCapital: number;
  readonly limits: readonly MoneyLimit[];
  readonly currency: string;
  readonly subject: string;
  readonly height: number;
}) {
  const { course, allocatedCapital, limits, currency, subject, height } = props;
  const option = useCallback(
    (palette: Palette) => equityDrawdownOption(course, allocatedCapital, limits, currency, palette),
    [course, allocatedCapital, limits, currency],
  );
  const worst = course.drawdownPercent.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  return (
    <Chart
      title="Equity and drawdown"
      note="Losses hang down; dotted = the guard warns, dashed = it is rolled back. Times are UTC."
      label={`Equity over ${course.atUs.length} evaluations; deepest drawdown ${worst.toFixed(2)} %.`}
      legend={legend}
      height={height}
      option={option}
      subject={subject}
      table={{
        columns: [
          { title: 'Evaluated, UTC', numeric: false },
          { title: `Equity, ${currency}`, numeric: true },
          { title: 'Drawdown', numeric: true },
          { title: 'Daily loss', numeric: true },
        ],
        count: course.atUs.length,
        cells: (index) => courseCells(course, index),
      }}
    />
  );
}
