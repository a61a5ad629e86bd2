import { useMemo, useState } from 'react';
import type { Limits, SymbolSummary } from '../../../shared/contract/calls';
import { causeWords } from '../../../shared/parity/waterfall';
import { Sparkline } from '../../charts/Sparkline';
import { Choice } from '../../components/Choice';
import { StatusBadge } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { amountsLike, formatCountOf } from '../../format';
import { commonColumns, figureColumn, gapColumn, largestGap, statusRank, unitsOfColumns } from './figure-columns';

type View = 'figures' | 'causes';

const causes = ['price', 'quantity', 'fees', 'missed', 'extra', 'carry'] as const;

const nameColumns: readonly Column<SymbolSummary>[] = [
  {
    id: 'status',
    title: 'Status',
    width: '124px',
    sortValue: (row) => statusRank[row.status],
    cell: (row) => <StatusBadge status={row.status} reason={row.reasons.map((reason) => reason.message).join('\n')} />,
  },
  {
    id: 'symbol',
    title: 'Symbol',
    width: 'minmax(96px, 1.4fr)',
    sortValue: (row) => row.symbol,
    cell: (row) => row.symbol,
  },
];

function causeColumns(symbols: readonly SymbolSummary[]): readonly Column<SymbolSummary>[] {
  const text = amountsLike(largestGap(symbols), null, { signed: true });
  return [
    ...nameColumns,
    ...causes.map((id) =>
      figureColumn<SymbolSummary>({
        id,
        title: causeWords[id].title,
        explanation: `Part of the gap: ${causeWords[id].meaning}.`,
        pick: (row) => row.attribution[id],
        text,
        least: 76,
      }),
    ),
    gapColumn(symbols),
  ];
}

function figureColumns(
  symbols: readonly SymbolSummary[],
  limits: Limits,
  compact: boolean,
): readonly Column<SymbolSummary>[] {
  const { error, difference, fees, latency, match, score } = commonColumns;
  return [
    ...nameColumns,
    {
      id: 'recent',
      title: '30 days',
      explanation: 'Worst tracking of each of the last 30 days; the rule is the limit.',
      width: '92px',
      cell: (row) => (
        <Sparkline
          values={row.recent.map((day) => day.worstTrackingBps)}
          limit={limits.trackingBps.limit}
          lastStatus={row.status}
          width={76}
        />
      ),
    },
    error,
    difference,
    fees,
    latency,
    ...(compact ? [] : [match]),
    score,
    gapColumn(symbols),
  ];
}

/** Symbols of a strategy, worst first: their figures, or what the gap of each is made of. */
export function SymbolsTable(props: {
  readonly symbols: readonly SymbolSummary[];
  readonly limits: Limits;
  readonly currency: string | null;
  readonly onOpen: (row: SymbolSummary) => void;
  readonly height?: string;
  /** Leaves out what the day's page tells, where the table shares its row with another panel. */
  readonly compact?: boolean;
}) {
  const { symbols, limits, currency, onOpen, height, compact = false } = props;
  const [view, setView] = useState<View>('figures');
  const columns = useMemo(
    () => (view === 'causes' ? causeColumns(symbols) : figureColumns(symbols, limits, compact)),
    [view, symbols, limits, compact],
  );
  return (
    <>
      <div className="symbols-bar">
        <span className="muted">
          {formatCountOf(symbols.length, 'symbol')}, worst first
          {view === 'figures' && `; ${unitsOfColumns(currency)}`}
          {view === 'causes' && `; amounts${currency === null ? '' : ` in ${currency}`}, + = live better`}
        </span>
        <Choice
          label="What the columns show"
          options={[
            { value: 'figures', title: 'Figures' },
            { value: 'causes', title: 'Causes of the gap' },
          ]}
          chosen={view}
          onChoose={setView}
        />
      </div>
      <Table
        label="Symbols, worst first"
        columns={columns}
        rows={symbols}
        keyOf={(row) => row.symbol}
        onOpen={onOpen}
        {...(height === undefined ? {} : { height })}
        empty="No symbol has data on this day."
      />
    </>
  );
}
