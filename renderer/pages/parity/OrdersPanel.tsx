import { X } from 'lucide-react';
import { useEffect, useMemo, useRef } from 'react';
import type { UtcDay } from '../../../shared/base/time';
import type { OrderRow, PairRow, Report } from '../../../shared/parity/document';
import { causeWords, type WaterfallCause } from '../../../shared/parity/waterfall';
import { usePagedRows, useQuery } from '../../api/use-query';
import { Button } from '../../components/Button';
import { Choice } from '../../components/Choice';
import { Panel } from '../../components/Page';
import { ErrorState, Skeleton, StaleBanner } from '../../components/States';
import { Badge } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { amountsLike, formatCount, formatExact, formatFigure, formatUtcTime } from '../../format';
import { OrderDetails } from './OrderDetails';
import { type OrderSelection, orderSorts } from './route';

const rowId = (row: PairRow): string => row.live?.id ?? row.backtest?.id ?? '';

const kindWords: Readonly<Record<PairRow['kind'], string>> = {
  matched: 'Matched',
  missed: 'Missed',
  extra: 'Extra',
  unfilled: 'Unfilled',
};

/** A mean of fills has more digits than any price list: eight significant ones tell orders apart. */
const formatPrice = (value: number | null) => formatExact(value === null ? null : Number(value.toPrecision(8)));

const side = (
  source: 'live' | 'backtest',
  id: 'price' | 'filled',
  title: string,
  explanation: string,
  text: (order: OrderRow) => string,
): Column<PairRow> => ({
  id: `${source}-${id}`,
  title,
  explanation,
  width: id === 'price' ? 'minmax(92px, 1.1fr)' : 'minmax(84px, 1fr)',
  align: 'end',
  cell: (row) => {
    const order = row[source];
    return order === null ? '' : <span className={source}>{text(order)}</span>;
  },
});

/** @param perOrder size of a usual order's share of the gap, which sets the decimals */
function columnsOf(currency: string | null, perOrder: number): readonly Column<PairRow>[] {
  const money = amountsLike(perOrder, currency, { signed: true });
  const quote = currency ?? 'quote currency';
  return [
    {
      id: 'time',
      title: 'Time, UTC',
      explanation: 'First fill, of live where there is one.',
      width: '108px',
      sortable: true,
      cell: (row) => {
        const order = row.live ?? row.backtest;
        return (
          <span className="figures">
            {formatUtcTime(order?.firstFillUs ?? order?.submittedAtUs ?? order?.decidedAtUs, 'millisecond')}
          </span>
        );
      },
    },
    {
      id: 'kind',
      title: 'Kind',
      explanation:
        'Matched by a shared key or by time; missed: backtest only; extra: live only; unfilled: neither side traded it.',
      width: '132px',
      cell: (row) => (
        <>
          {kindWords[row.kind]}
          {row.matchedBy !== null && <span className="muted"> by {row.matchedBy}</span>}
          {row.ambiguous && <span title="Another order would have fitted nearly as well"> ?</span>}
        </>
      ),
    },
    {
      id: 'side',
      title: 'Side',
      width: '48px',
      cell: (row) => (row.live ?? row.backtest)?.side,
    },
    side('live', 'price', 'Live price', 'Mean price of the live fills.', (order) => formatPrice(order.averagePrice)),
    side('backtest', 'price', 'Backtest', 'Mean price of the backtest fills.', (order) =>
      formatPrice(order.averagePrice),
    ),
    side('live', 'filled', 'Live qty', 'Quantity filled live, base units.', (order) =>
      formatExact(order.filledQuantity),
    ),
    side('backtest', 'filled', 'Backtest', 'Quantity filled in the backtest, base units.', (order) =>
      formatExact(order.filledQuantity),
    ),
    {
      id: 'slippage',
      title: 'Slippage bps',
      explanation: 'Live price against the backtest’s; plus: live worse.',
      width: 'minmax(104px, 1fr)',
      align: 'end',
      sortable: true,
      cell: (row) => formatFigure(row.slippageBps, 'bps', { signed: true }),
    },
    {
      id: 'latency',
      title: 'Latency ms',
      explanation: 'Live latency minus the backtest’s.',
      width: 'minmax(88px, 1fr)',
      align: 'end',
      sortable: true,
      cell: (row) => formatFigure(row.latencyMs, 'ms'),
    },
    {
      id: 'price',
      title: 'Price',
      explanation: `Part of the gap from price, ${quote}.`,
      width: 'minmax(72px, 1fr)',
      align: 'end',
      sortable: true,
      cell: (row) => (row.kind === 'matched' ? money(row.price) : ''),
    },
    {
      id: 'quantity',
      title: 'Quantity',
      explanation: `Part of the gap from partial fills and over-fills, ${quote}.`,
      width: 'minmax(76px, 1fr)',
      align: 'end',
      sortable: true,
      cell: (row) => (row.kind === 'matched' ? money(row.quantity) : ''),
    },
    {
      id: 'fees',
      title: 'Fees',
      explanation: `Part of the gap from fees, ${quote}.`,
      width: 'minmax(64px, 1fr)',
      align: 'end',
      sortable: true,
      cell: (row) => (row.kind === 'matched' ? money(row.fees) : ''),
    },
    {
      id: 'gap',
      title: `Gap, ${quote}`,
      explanation: 'What the order adds to the gap; minus: live earned less.',
      width: 'minmax(104px, 1fr)',
      align: 'end',
      sortable: true,
      cell: (row) => <strong>{money(row.gap)}</strong>,
    },
  ];
}

/** The day's orders side by side, each down to its fills and their lines in the log. */
export function OrdersPanel(props: {
  readonly report: Report;
  readonly strategy: string;
  readonly symbol: string;
  readonly day: UtcDay;
  readonly selection: OrderSelection;
  readonly cause: WaterfallCause | null;
  readonly openOrder: string | null;
  readonly onSelect: (selection: OrderSelection) => void;
  readonly onOpenOrder: (id: string | null) => void;
}) {
  const { report, strategy, symbol, day, selection, cause, openOrder, onSelect, onOpenOrder } = props;
  const key = { strategy, symbol, day };
  const orders = usePagedRows('parity.orders', { ...key, ...selection }, (answer) => answer.rows);
  const opened = useQuery('parity.order', openOrder === null ? null : { ...key, ...selection, orderId: openOrder });
  const columns = useMemo(
    () =>
      columnsOf(
        report.currency,
        Math.abs(report.attribution.gap) / Math.max(1, report.orders.live + report.orders.backtest),
      ),
    [report],
  );
  const { matches } = report;
  const frame = useRef<HTMLDivElement>(null);
  const arrivedWithOrder = useRef(openOrder !== null);

  // An address that names an order leads to it; one opened by hand is brought into view with its list, the next ones move nothing.
  const hasOrder = opened.value !== null || opened.error !== null;
  useEffect(() => {
    if (!hasOrder) return;
    frame.current?.scrollIntoView({ block: arrivedWithOrder.current ? 'start' : 'nearest' });
    arrivedWithOrder.current = false;
  }, [hasOrder]);

  const row = opened.value?.row ?? null;
  return (
    <div ref={frame} id="orders" tabIndex={-1} className="section">
      <Panel
        title={cause === null ? 'Orders' : `Orders behind ${causeWords[cause].title.toLowerCase()}, largest first`}
        aside={
          <Choice
            label="Orders shown"
            options={[
              { value: 'all', title: 'All' },
              { value: 'matched', title: 'Matched', count: formatCount(matches.matched) },
              { value: 'missed', title: 'Missed', count: formatCount(matches.missed) },
              { value: 'extra', title: 'Extra', count: formatCount(matches.extra) },
              { value: 'unfilled', title: 'Unfilled' },
            ]}
            chosen={selection.kind}
            onChoose={(kind) => onSelect({ ...selection, kind })}
          />
        }
        flush
      >
        {orders.error !== null && orders.first === null ? (
          <ErrorState error={orders.error} onRetry={orders.refresh} />
        ) : orders.loading ? (
          <Skeleton lines={10} label="Loading orders" />
        ) : (
          <>
            {orders.error !== null && (
              <StaleBanner asOfUs={orders.first?.asOfUs ?? null} error={orders.error} onRetry={orders.refresh} />
            )}
            <Table
              label="Orders, live beside backtest"
              columns={columns}
              rows={orders.source}
              keyOf={rowId}
              openKey={row === null ? openOrder : rowId(row)}
              revealIndex={opened.value?.index ?? null}
              sort={{ column: selection.sort, descending: selection.descending }}
              onSort={(sort) => {
                const chosen = orderSorts.find((one) => one === sort.column);
                if (chosen) onSelect({ ...selection, sort: chosen, descending: sort.descending });
              }}
              onOpen={(one) => onOpenOrder(openOrder === rowId(one) ? null : rowId(one))}
              height={openOrder === null ? 'min(60vh, 480px)' : 'min(40vh, 300px)'}
              empty={emptyWords[selection.kind]}
            />
            {openOrder !== null && (
              <section className="order-details" aria-label={`Order ${openOrder}`}>
                <header>
                  <h3>
                    {row === null ? openOrder : `${kindWords[row.kind]} ${(row.live ?? row.backtest)?.side ?? ''}`}{' '}
                    {row !== null && <Badge tone="plain">{rowId(row)}</Badge>}
                  </h3>
                  <Button look="quiet" icon={X} onClick={() => onOpenOrder(null)}>
                    Close
                  </Button>
                </header>
                {opened.error !== null && row === null && <ErrorState error={opened.error} onRetry={opened.refresh} />}
                {opened.loading && <Skeleton lines={6} />}
                {row !== null && <OrderDetails row={row} currency={report.currency} {...key} />}
              </section>
            )}
          </>
        )}
      </Panel>
    </div>
  );
}

const emptyWords: Readonly<Record<OrderSelection['kind'], string>> = {
  all: 'No order of either side on this day.',
  matched: 'No live order was matched to a backtest order.',
  missed: 'Nothing missed: every backtest order happened live.',
  extra: 'Nothing extra: every live order is in the backtest.',
  unfilled: 'Every order was filled, at least in part.',
};
