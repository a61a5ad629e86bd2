import { useMemo } from 'react';
import type { DayPoint } from '../../../shared/parity/day-point';
import { StatusBadge } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { formatFigure, UNKNOWN_TEXT } from '../../format';
import { commonColumns, gapColumn, statusRank } from './figure-columns';

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
    width: '124px',
    sortValue: (day) => statusRank[day.status],
    cell: (day) => <StatusBadge status={day.status} />,
  },
  commonColumns.error,
  {
    id: 'interval',
    title: '95 % interval',
    explanation: 'Of the tracking error, bps.',
    width: 'minmax(120px, 1.2fr)',
    align: 'end',
    cell: (day) =>
      day.trackingErrorLowerBps === null || day.trackingErrorUpperBps === null
        ? UNKNOWN_TEXT
        : `${formatFigure(day.trackingErrorLowerBps, 'bps')} to ${formatFigure(day.trackingErrorUpperBps, 'bps')}`,
  },
  commonColumns.difference,
  commonColumns.fees,
  commonColumns.latency,
  commonColumns.match,
  commonColumns.matched,
  commonColumns.missed,
  commonColumns.extra,
  commonColumns.score,
];

/** Days of a symbol or a portfolio, newest first. */
export function DaysTable(props: {
  readonly days: readonly DayPoint[];
  readonly onOpen: (day: DayPoint) => void;
  readonly height?: string;
}) {
  const newestFirst = useMemo(() => [...props.days].sort((a, b) => (a.day < b.day ? 1 : -1)), [props.days]);
  const shown = useMemo(() => [...columns, gapColumn(props.days)], [props.days]);
  return (
    <Table
      label="Days, newest first"
      columns={shown}
      rows={newestFirst}
      keyOf={(day) => day.day}
      onOpen={props.onOpen}
      {...(props.height === undefined ? {} : { height: props.height })}
      empty="No day has data."
    />
  );
}
