import { useMemo, useState } from 'react';
import type { Limits, SymbolSummary } from '../../../shared/contract/calls';
import { Sparkline } from '../../charts/Sparkline';
import { StatusBadge } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { Choice } from '../../components/Tabs';
import { formatCount, formatFigure, formatMoney } from '../../format';

type View = 'figures' | 'causes';

const rank = { FAIL: 0, UNKNOWN: 1, WARN: 2, PASS: 3 } as const;

const figureColumn = (
  id: string,
  title: string,
  explanation: string,
  pick: (row: SymbolSummary) => number | null,
  text: (value: number | null) => string,
): Column<SymbolSummary> => ({
  id,
  title,
  explanation,
  width: 'minmax(66px, 1fr)',
  align: 'end',
  sortValue: pick,
  cell: (row) => text(pick(row)),
});

const bps = (value: number | null) => formatFigure(value, 'bps');
const signedBps = (value: number | null) => formatFigure(value, 'bps', { signed: true });
const money = (value: number | null) => formatMoney(value, null, { signed: true });

function columnsOf(view: View, limits: Limits): readonly Column<SymbolSummary>[] {
  const name: readonly Column<SymbolSummary>[] = [
    {
      id: 'status',
      title: 'Status',
      width: '96px',
      sortValue: (row) => rank[row.status],
      cell: (row) => (
        <StatusBadge status={row.status} reason={row.reasons.map((reason) => reason.message).join('\n')} />
      ),
    },
    {
      id: 'symbol',
      title: 'Symbol',
      width: 'minmax(92px, 1.4fr)',
      sortValue: (row) => row.symbol,
      cell: (row) => row.symbol,
    },
  ];
  const gap = figureColumn(
    'gap',
    'Gap',
    'P&L live minus backtest, quote currency; minus: live earned less.',
    (row) => row.gap,
    money,
  );
  if (view === 'causes') {
    return [
      ...name,
      figureColumn(
        'price',
        'Price',
        'Worse or better fills on matched quantity.',
        (row) => row.attribution.price,
        money,
      ),
      figureColumn('quantity', 'Quantity', 'Partial fills and over-fills.', (row) => row.attribution.quantity, money),
      figureColumn('fees', 'Fees', 'Live fees against the fee model.', (row) => row.attribution.fees, money),
      figureColumn(
        'missed',
        'Missed',
        'Backtest trades that never happened live.',
        (row) => row.attribution.missed,
        money,
      ),
      figureColumn('extra', 'Extra', 'Live trades the backtest never made.', (row) => row.attribution.extra, money),
      figureColumn(
        'carry',
        'Carry',
        'Yesterday’s position difference, still held.',
        (row) => row.attribution.carry,
        money,
      ),
      gap,
    ];
  }
  return [
    ...name,
    {
      id: 'recent',
      title: 'Last 30 days',
      explanation: 'Worst tracking of each day; the rule is the limit.',
      width: '104px',
      cell: (row) => (
        <Sparkline
          values={row.recent.map((day) => day.worstTrackingBps)}
          limit={limits.trackingBps.limit}
          lastStatus={row.status}
          width={88}
        />
      ),
    },
    figureColumn('error', 'Error', 'Tracking error, bps of capital a day.', (row) => row.trackingErrorBps, bps),
    figureColumn(
      'difference',
      'Difference',
      'Tracking difference, bps of capital a day; minus: live earned less.',
      (row) => row.trackingDifferenceBps,
      signedBps,
    ),
    figureColumn(
      'fee',
      'Fees',
      'Fee difference, bps of notional; plus: live paid more.',
      (row) => row.feeDifferenceBps,
      signedBps,
    ),
    figureColumn(
      'latency',
      'Latency',
      'Latency difference, ms; plus: live slower.',
      (row) => row.latencyDifferenceMs,
      (value) => formatFigure(value, 'ms', { signed: true }),
    ),
    figureColumn(
      'match',
      'Match %',
      'Notional matched over all, percent.',
      (row) => row.matchRate,
      (value) => formatFigure(value, 'percent'),
    ),
    figureColumn(
      'score',
      'Score',
      'Execution quality, 0 to 100.',
      (row) => row.executionQualityScore,
      (value) => formatFigure(value, 'score'),
    ),
    gap,
  ];
}

/** Symbols of a strategy, worst first: their figures, or what the gap of each is made of. */
export function SymbolsTable(props: {
  readonly symbols: readonly SymbolSummary[];
  readonly limits: Limits;
  readonly currency: string | null;
  readonly onOpen: (row: SymbolSummary) => void;
  readonly height?: string;
}) {
  const { symbols, limits, currency, onOpen, height } = props;
  const [view, setView] = useState<View>('figures');
  const columns = useMemo(() => columnsOf(view, limits), [view, limits]);
  return (
    <>
      <div className="symbols-bar">
        <span className="muted">
          {formatCount(symbols.length)} {symbols.length === 1 ? 'symbol' : 'symbols'}, worst first
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
