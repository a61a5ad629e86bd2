import type { UtcDay } from '../../../shared/base/time';
import type { CallResult } from '../../../shared/contract/calls';
import type { OrderRow, PairRow } from '../../../shared/parity/document';
import { useQuery } from '../../api/use-query';
import { ScrollSection } from '../../components/ScrollSection';
import { Answer } from '../../components/States';
import { Time } from '../../components/Time';
import {
  formatCountOf,
  formatDuration,
  formatExact,
  formatFigure,
  formatFigureWithUnit,
  formatMoney,
  UNKNOWN_TEXT,
} from '../../format';
import { addresses } from '../addresses';

type Fill = CallResult<'parity.fills'>['fills'][number];

/** One order: live beside backtest, its share of the gap, and every fill with the line of the log it came from. */
export function OrderDetails(props: {
  readonly row: PairRow;
  readonly currency: string | null;
  readonly strategy: string;
  readonly symbol: string;
  readonly day: UtcDay;
}) {
  const { row, currency, strategy, symbol, day } = props;
  const orderIds = [row.live?.id, row.backtest?.id].filter((id) => id !== undefined);
  const fills = useQuery('parity.fills', orderIds.length === 0 ? null : { strategy, symbol, day, orderIds });
  return (
    <>
      <dl className="order-money">
        <Money title="Gap" value={row.gap} currency={currency} strong />
        {row.kind === 'matched' && (
          <>
            <Money title="Price" value={row.price} currency={currency} />
            {row.delay !== null && <Money title="– delay" value={row.delay} currency={currency} />}
            {row.execution !== null && <Money title="– execution" value={row.execution} currency={currency} />}
            <Money title="Quantity" value={row.quantity} currency={currency} />
            <Money title="Fees" value={row.fees} currency={currency} />
            <div>
              <dt className="label">Slippage</dt>
              <dd className="figures">{formatFigureWithUnit(row.slippageBps, 'bps', { signed: true })}</dd>
            </div>
            <div>
              <dt className="label">Latency</dt>
              <dd className="figures">{formatFigureWithUnit(row.latencyMs, 'ms')}</dd>
            </div>
          </>
        )}
      </dl>
      {row.kind === 'matched' && (
        <p className="muted">
          Matched by {row.matchedBy === 'key' ? 'a shared order key' : 'time'}
          {row.timeGapMs !== null &&
            `, ${formatDuration(Math.abs(row.timeGapMs))} ${row.timeGapMs < 0 ? 'earlier' : 'later'} than the backtest`}
          {row.confidence !== null && `, confidence ${formatFigure(row.confidence, 'percent')} %`}
          {row.ambiguous && '; another order would have fitted nearly as well'}.
        </p>
      )}
      {orderIds.length > 0 && (
        <Answer query={fills} skeletonLines={3}>
          {(answer) => <Fills fills={answer.fills} />}
        </Answer>
      )}
      <table className="order-table order-sides">
        <thead>
          <tr>
            <td />
            <th scope="col" className="live">
              Live
            </th>
            <th scope="col" className="backtest">
              Backtest
            </th>
          </tr>
        </thead>
        <tbody>
          {facts.map((fact) => (
            <tr key={fact.title}>
              <th scope="row">{fact.title}</th>
              <td className="figures">{row.live ? fact.of(row.live, currency) : UNKNOWN_TEXT}</td>
              <td className="figures">{row.backtest ? fact.of(row.backtest, currency) : UNKNOWN_TEXT}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Money(props: {
  readonly title: string;
  readonly value: number;
  readonly currency: string | null;
  readonly strong?: boolean;
}) {
  return (
    <div>
      <dt className="label">{props.title}</dt>
      <dd className="figures" data-strong={props.strong || undefined}>
        {formatMoney(props.value, props.currency, { signed: true })}
      </dd>
    </div>
  );
}

const facts: readonly {
  readonly title: string;
  readonly of: (order: OrderRow, currency: string | null) => React.ReactNode;
}[] = [
  { title: 'Status', of: (order) => order.status },
  { title: 'Order id', of: (order) => order.orderId ?? UNKNOWN_TEXT },
  { title: 'Client order id', of: (order) => order.clientOrderId ?? UNKNOWN_TEXT },
  { title: 'Decided', of: (order) => <Time atUs={order.decidedAtUs} precision="millisecond" timeOnly /> },
  { title: 'Submitted', of: (order) => <Time atUs={order.submittedAtUs} precision="millisecond" timeOnly /> },
  { title: 'First fill', of: (order) => <Time atUs={order.firstFillUs} precision="millisecond" timeOnly /> },
  { title: 'Last fill', of: (order) => <Time atUs={order.lastFillUs} precision="millisecond" timeOnly /> },
  { title: 'Arrival price', of: (order) => formatExact(order.arrivalPrice) },
  { title: 'Average price', of: (order) => formatExact(order.averagePrice) },
  { title: 'Intended', of: (order) => formatExact(order.intendedQuantity) },
  { title: 'Filled', of: (order) => formatExact(order.filledQuantity) },
  { title: 'Notional', of: (order, currency) => formatMoney(order.notional, currency) },
  { title: 'Fee', of: (order, currency) => formatMoney(order.feeQuote, currency) },
  { title: 'Liquidity', of: (order) => order.liquidity ?? UNKNOWN_TEXT },
];

function Fills({ fills }: { readonly fills: readonly Fill[] }) {
  if (fills.length === 0) return <p className="muted">The order has no fills.</p>;
  return (
    <ScrollSection className="order-fills" label="Fills">
      <table className="order-table">
        <caption>{formatCountOf(fills.length, 'fill')}</caption>
        <thead>
          <tr>
            <th scope="col">Side</th>
            <th scope="col">Time, UTC</th>
            <th scope="col" className="numeric">
              Price
            </th>
            <th scope="col" className="numeric">
              Quantity
            </th>
            <th scope="col" className="numeric">
              Fee
            </th>
            <th scope="col">Liquidity</th>
            <th scope="col">Trade</th>
            <th scope="col">Source line</th>
          </tr>
        </thead>
        <tbody>
          {fills.map((fill) => (
            <tr key={`${fill.orderRowId} ${fill.importId} ${fill.line} ${fill.tradeId}`}>
              <td className={fill.source}>{fill.source}</td>
              <td>
                <Time atUs={fill.executedAtUs} precision="microsecond" timeOnly />
              </td>
              <td className="numeric figures">{formatExact(fill.price)}</td>
              <td className="numeric figures">{formatExact(fill.quantity)}</td>
              <td className="numeric figures">{formatMoney(fill.fee, fill.feeCurrency)}</td>
              <td>{fill.liquidity ?? UNKNOWN_TEXT}</td>
              <td className="figures">{fill.tradeId ?? UNKNOWN_TEXT}</td>
              <td>
                <a href={addresses.import(fill.importId)} className="figures">
                  {fill.fileName}:{fill.line}
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollSection>
  );
}
