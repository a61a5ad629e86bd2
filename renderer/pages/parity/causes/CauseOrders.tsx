import { X } from 'lucide-react';
import { useMemo } from 'react';
import { isUtcDay } from '../../../../shared/base/time';
import type { CauseOrder } from '../../../../shared/contract/causes';
import { titleOf } from '../../../../shared/parity/cause-words';
import type { ExplainedCause } from '../../../../shared/parity/explanation';
import { usePagedRows } from '../../../api/use-query';
import { Button } from '../../../components/Button';
import { ErrorState, Skeleton, StaleBanner } from '../../../components/States';
import { type Column, Table } from '../../../components/Table';
import { amountsLike, formatExact, formatFigure, formatMoney, formatUtcTime } from '../../../format';
import { OrderDetails } from '../OrderDetails';
import type { CausesKey } from './cause-steps';

/** Ids of orders repeat from day to day. */
const rowIdOver =
  (oneDay: boolean) =>
  ({ day, symbol, orderId }: CauseOrder): string =>
    oneDay ? `${symbol} ${orderId}` : `${day} ${symbol} ${orderId}`;

const formatPrice = (value: number | null | undefined) =>
  value == null ? '' : formatExact(Number(value.toPrecision(8)));

function columnsOf(
  symbol: string | null,
  oneDay: boolean,
  currency: string | null,
  largest: number,
): readonly Column<CauseOrder>[] {
  const money = amountsLike(largest, currency, { signed: true });
  return [
    {
      id: 'time',
      title: 'Time, UTC',
      explanation: 'First fill, of live where there is one.',
      width: oneDay ? '84px' : '110px',
      cell: ({ row, day }) => (
        <span className="figures" title={day}>
          {oneDay ? '' : `${day.slice(5)} `}
          {formatUtcTime((row.live ?? row.backtest)?.firstFillUs, oneDay ? 'second' : 'minute')}
        </span>
      ),
    },
    ...(symbol === null
      ? [{ id: 'symbol', title: 'Symbol', width: '92px', cell: (order: CauseOrder) => order.symbol }]
      : []),
    { id: 'side', title: 'Side', width: '46px', cell: ({ row }) => (row.live ?? row.backtest)?.side },
    {
      id: 'live',
      title: 'Live price',
      width: 'minmax(94px, 1fr)',
      align: 'end',
      cell: ({ row }) => <span className="live">{formatPrice(row.live?.averagePrice)}</span>,
    },
    {
      id: 'backtest',
      title: 'Backtest',
      width: 'minmax(94px, 1fr)',
      align: 'end',
      cell: ({ row }) => <span className="backtest">{formatPrice(row.backtest?.averagePrice)}</span>,
    },
    {
      id: 'slippage',
      title: 'bps',
      explanation: 'Slippage: live price against the backtest’s; plus: live worse.',
      width: '56px',
      align: 'end',
      cell: ({ row }) => (row.kind === 'matched' ? formatFigure(row.slippageBps, 'bps', { signed: true }) : ''),
    },
    {
      id: 'money',
      title: currency ?? 'Money',
      explanation: 'This cause’s part of the order; minus: live earned less.',
      width: 'minmax(72px, 1fr)',
      align: 'end',
      cell: (order) => <strong>{money(order.money)}</strong>,
    },
  ];
}

/** The orders a cause has a part of, the dearest first, each down to both sides, its fills and their lines. */
export function CauseOrders(
  props: CausesKey & {
    readonly cause: ExplainedCause;
    readonly currency: string | null;
    readonly order: string | null;
    readonly onOrder: (order: string | null) => void;
  },
) {
  const { strategy, symbol, from, to, cause, currency, order, onOrder } = props;
  const oneDay = from === to;
  const rowId = rowIdOver(oneDay);
  const orders = usePagedRows(
    'parity.causeOrders',
    { strategy, symbol, from, to, cause: cause.cause, reason: cause.reason },
    (answer) => answer.rows,
  );
  const largest = Math.abs(orders.first?.rows[0]?.money ?? 0);
  const columns = useMemo(() => columnsOf(symbol, oneDay, currency, largest), [symbol, oneDay, currency, largest]);
  if (orders.error !== null && orders.first === null)
    return <ErrorState error={orders.error} onRetry={orders.refresh} />;
  if (orders.loading) return <Skeleton lines={6} label="Loading orders" />;
  const opened = orders.first?.rows.find((row) => rowId(row) === order) ?? null;
  return (
    <>
      {orders.error !== null && (
        <StaleBanner asOfUs={orders.first?.asOfUs ?? null} error={orders.error} onRetry={orders.refresh} />
      )}
      <Table
        label={`Orders of ${cause.title}, largest first`}
        columns={columns}
        rows={orders.source}
        keyOf={rowId}
        openKey={opened === null ? null : rowId(opened)}
        onOpen={(row) => onOrder(order === rowId(row) ? null : rowId(row))}
        height={`min(30vh, calc(1px + var(--row-height) * ${(orders.first?.total ?? 0) + 1}))`}
      />
      {opened !== null && (
        <section className="order-details why-order" aria-label={`Order ${rowId(opened)}`}>
          <header>
            <h4>{`${opened.row.kind} ${(opened.row.live ?? opened.row.backtest)?.side ?? ''} ${opened.symbol}`}</h4>
            <Button look="quiet" icon={X} onClick={() => onOrder(null)}>
              Close
            </Button>
          </header>
          <dl className="order-money">
            {opened.parts.map(({ reason, money }) => (
              <div key={reason}>
                <dt className="label">{titleOf(reason)}</dt>
                <dd className="figures">{formatMoney(money, currency, { signed: true })}</dd>
              </div>
            ))}
          </dl>
          {opened.message !== null && <p>The log says: {opened.message}</p>}
          {isUtcDay(opened.day) && (
            <OrderDetails
              row={opened.row}
              currency={currency}
              strategy={strategy}
              symbol={opened.symbol}
              day={opened.day}
            />
          )}
        </section>
      )}
    </>
  );
}
