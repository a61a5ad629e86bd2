/**
 * Binance spot order history: a line per order, below it an indented header and the order's fills, indented by an empty cell.
 * Exports without the indented lines tell an order's average price only; such an order becomes one fill.
 */
import type { OrderEventKind, Side } from '../../../../shared/market/executions';
import { parsePair, symbolOf } from '../../../../shared/market/symbols';
import type { DelimitedRow, Format, ParsedOrderEvent, ReadContext, RowOutcome } from '../format';
import { decimalMarkOf } from '../numbers';
import { utcZone } from '../times';
import { columnTimeReader } from './columns';
import { absentColumn, columnIndex, hasColumns, normaliseHeader, normaliseHeaderCell } from './header';
import { execution, orderEvent, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const endings: ReadonlyMap<string, OrderEventKind> = new Map([
  ['canceled', 'cancelled'],
  ['cancelled', 'cancelled'],
  ['expired', 'expired'],
  ['rejected', 'rejected'],
  ['new', 'submitted'],
]);

/** The order whose fills follow. */
interface OpenOrder {
  readonly line: number;
  readonly symbol: string;
  readonly side: Side;
  readonly intendedQuantity: number | null;
  readonly orderId: string | null;
  readonly clientOrderId: string | null;
  readonly filled: number;
  fills: number;
}

export const binanceOrderHistoryV2: Format = {
  id: 'binance-order-history-v2',
  title: 'Binance spot order history',
  describes:
    'Fills are read from the lines below each order; cancelled, expired and rejected orders become order events.',
  kind: 'executions',
  exampleHeader: 'Date(UTC);Pair;Type;Order Price;Order Amount;AvgTrading Price;Filled;Total;status',
  exampleRows: [
    '2021-05-04 10:00:02;ETHUSDT;SELL;0.0;2.0;3300.6;2.0;6601.20;Filled',
    ';Date(UTC);Trading Price;Filled;Total;Fee;;;',
    ';2021-05-04 10:00:02;3301;1.2;3961.2;0.005BNB;;;',
    ';2021-05-04 10:00:03;3300;0.8;2640;0.003BNB;;;',
    '2021-05-04 12:00:02;ETHUSDT;BUY;3000;2.0;0;0;0;Canceled',
  ],
  reference: {
    fees: 'Fee of the fills below an order: positive is paid; the currency stands beside the amount.',
    times: 'Date(UTC) of the fills below an order, or of the order where it has none, is UTC.',
  },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited') return null;
    if (!hasColumns(sample.header, ['pair', 'type', 'order price', 'order amount', 'avgtrading price', 'filled']))
      return null;
    return { confidence: 0.99, reason: "header of Binance's order history with Order Price and AvgTrading Price" };
  },
  reader: {
    shape: 'delimited',
    ragged: true,
    open(rawHeader, context, sample) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const date = columnIndex(header, 'date(utc)', 'date', 'time');
      const [pair, type, orderPrice, orderAmount] = [at('pair'), at('type'), at('order price'), at('order amount')];
      const [average, filled, status] = [at('avgtrading price'), at('filled'), at('status')];
      const [orderId, clientOrderId] = [columnIndex(header, 'orderid', 'order id'), at('clientorderid')];
      const zone = zoneChoice(context, header[date] === 'date(utc)' ? utcZone : null);
      const orderTime = columnTimeReader(
        'Date(UTC)',
        date,
        { rows: sample.rows.filter((cells) => cells[0] !== '') },
        zone,
      );
      const check = new RowCheck(decimalMarkOf(sample));
      const nested = sample.rows.some((cells) => cells[0]?.trim() === '');
      let order: OpenOrder | null = null;

      const orderRow = ({ cells, line }: DelimitedRow): RowOutcome => {
        warnOfMissingFills(order, context);
        order = null;
        check.reset();
        const atUs = check.requiredTime('Date', cells[date], orderTime);
        const symbol = symbolOf(check.requiredText('Pair', cells[pair]));
        const side = check.side('Type', cells[type]);
        const limit = check.number('Order Price', cells[orderPrice]);
        const intendedQuantity = check.number('Order Amount', cells[orderAmount]) || null;
        const filledQuantity = check.number('Filled', cells[filled]) ?? 0;
        const word = check.text('status', cells[status])?.toLowerCase() ?? '';
        const ids = {
          orderId: check.text('orderId', cells[orderId]),
          clientOrderId: check.text('clientOrderId', cells[clientOrderId]),
        };
        const price = !nested && filledQuantity > 0 ? check.positive('AvgTrading Price', cells[average]) : Number.NaN;
        const ending = endings.get(word);
        if (ending === undefined && word !== 'filled' && !word.startsWith('partial')) {
          check.refuse(`status is ${quoted(cells[status])}, which is unknown`);
        }
        if (check.problem !== null) return check.quarantine(symbol, atUs);
        const common = { venue: 'binance', symbol, side, intendedQuantity, ...ids };
        const events: ParsedOrderEvent[] =
          ending === undefined
            ? []
            : [orderEvent({ ...common, kind: ending, atUs, price: limit !== null && limit > 0 ? limit : null })];
        if (nested) {
          order = { line, symbol, side, intendedQuantity, ...ids, filled: filledQuantity, fills: 0 };
          return events.length > 0 ? { kind: 'orderEvents', orderEvents: events } : otherRow('order');
        }
        if (filledQuantity <= 0) {
          return events.length > 0 ? { kind: 'orderEvents', orderEvents: events } : otherRow('order');
        }
        const fill = execution({ ...common, price, quantity: filledQuantity, executedAtUs: atUs });
        return { kind: 'executions', executions: [fill], ...(events.length > 0 && { orderEvents: events }) };
      };

      // A fill line has its own columns: empty, Date(UTC), Trading Price, Filled, Total, Fee.
      const fillTime = columnTimeReader(
        'Date(UTC)',
        1,
        { rows: sample.rows.filter((cells) => cells[0] === '' && normaliseHeaderCell(cells[1] ?? '') !== 'date(utc)') },
        zone,
      );
      const fillRow = ({ cells }: DelimitedRow): RowOutcome => {
        if (/^(?:date|time)/.test(normaliseHeaderCell(cells[1] ?? ''))) return otherRow('column names');
        check.reset();
        if (order === null) check.refuse('the fill has no readable order above it');
        const executedAtUs = check.requiredTime('Date', cells[1], fillTime);
        const price = check.positive('Trading Price', cells[2]);
        const quantity = check.positive('Filled', cells[3]);
        const symbol = order?.symbol ?? '';
        const known = parsePair(symbol);
        const fee = check.amountWithUnit('Fee', cells[5], known === null ? [] : [known.base, known.quote]);
        if (check.problem !== null || order === null) return check.quarantine(symbol, executedAtUs);
        order.fills += quantity;
        return {
          kind: 'executions',
          executions: [
            execution({
              venue: 'binance',
              symbol,
              side: order.side,
              price,
              quantity,
              fee: fee?.value ?? null,
              feeCurrency: fee?.unit ?? null,
              executedAtUs,
              orderId: order.orderId,
              clientOrderId: order.clientOrderId,
              intendedQuantity: order.intendedQuantity,
            }),
          ],
        };
      };

      context.atEnd(() => warnOfMissingFills(order, context));
      return (row) => (row.cells[0]?.trim() === '' && date !== absentColumn ? fillRow(row) : orderRow(row));
    },
  },
};

/** An order that says it was filled must be followed by its fills; what is not in the file cannot be imported. */
function warnOfMissingFills(order: OpenOrder | null, context: ReadContext): void {
  if (order === null || Math.abs(order.fills - order.filled) <= 1e-9 * order.filled) return;
  context.warn(
    `The order on line ${order.line} says ${order.filled} was filled, but its fills add up to ${order.fills}; the rest is not in the file.`,
  );
}
