import { useMemo } from 'react';
import type { DayPoint } from '../../../shared/contract/calls';
import { StatusBadge } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { formatCount, formatFigure, formatMoney } from '../../format';

const rank = { FAIL: 0, UNKNOWN: 1, WARN: 2, PASS: 3 } as const;

const column = (
  id: string,
  title: string,
  explanation: string,
  pick: (day: DayPoint) => number | null,
  text: (value: number | null) => string,
): Column<DayPoint> => ({
  id,
  title,
  explanation,
  width: 'minmax(64px, 1fr)',
  align: 'end',
  sortValue: pick,
  cell: (day) => text(pick(day)),
});

const columns: readonly Column<DayPoint>[] = [
  {
    id: 'day',
    title: 'Day',
    width: '104px',
    sortValue: (day) => day.day,
    cell: (day) => <span className="figures">{day.day}</span>,
  },
  {
    id: 'status',
    title: 'Status',
    width: '104px',
    sortValue: (day) => rank[day.status],
    cell: (day) => <StatusBadge status={day.status} />,
  },
  column(
    'error',
    'Error',
    'Tracking error, bps of capital.',
    (day) => day.trackingErrorBps,
    (value) => formatFigure(value, 'bps'),
  ),
  {
    id: 'interval',
    title: '95 % interval',
    explanation: 'Of the tracking error, bps.',
    width: 'minmax(92px, 1.2fr)',
    align: 'end',
    cell: (day) =>
      day.trackingErrorLowerBps === null || day.trackingErrorUpperBps === null
        ? '—'
        : `${formatFigure(day.trackingErrorLowerBps, 'bps')} to ${formatFigure(day.trackingErrorUpperBps, 'bps')}`,
  },
  column(
    'difference',
    'Difference',
    'Tracking difference, bps; minus: live earned less.',
    (day) => day.trackingDifferenceBps,
    (value) => formatFigure(value, 'bps', { signed: true }),
  ),
  column(
    'fees',
    'Fees',
    'Fee difference, bps of notional; plus: live paid more.',
    (day) => day.feeDifferenceBps,
    (value) => formatFigure(value, 'bps', { signed: true }),
  ),
  column(
    'latency',
    'Latency',
    'Latency difference, ms; plus: live slower.',
    (day) => day.latencyDifferenceMs,
    (value) => formatFigure(value, 'ms', { signed: true }),
  ),
  column(
    'match',
    'Match %',
    'Notional matched over all, percent.',
    (day) => day.matchRate,
    (value) => formatFigure(value, 'percent'),
  ),
  column('matched', 'Matched', 'Orders matched.', (day) => day.matched, formatCount),
  column('missed', 'Missed', 'Backtest orders that never happened live.', (day) => day.missed, formatCount),
  column('extra', 'Extra', 'Live orders the backtest never made.', (day) => day.extra, formatCount),
  column(
    'score',
    'Score',
    'Execution quality, 0 to 100.',
    (day) => day.executionQualityScore,
    (value) => formatFigure(value, 'score'),
  ),
  column(
    'gap',
    'Gap',
    'P&L live minus backtest, quote currency.',
    (day) => day.gap,
    (value) => formatMoney(value, null, { signed: true }),
  ),
];

/** Days of a symbol or a portfolio, newest first. */
export function DaysTable(props: {
  readonly days: readonly DayPoint[];
  readonly onOpen: (day: DayPoint) => void;
  readonly height?: string;
}) {
  const newestFirst = useMemo(() => [...props.days].sort((a, b) => (a.day < b.day ? 1 : -1)), [props.days]);
  return (
    <Table
      label="Days, newest first"
      columns={columns}
      rows={newestFirst}
      keyOf={(day) => day.day}
      onOpen={props.onOpen}
      {...(props.height === undefined ? {} : { height: props.height })}
      empty="No day has data."
    />
  );
}
