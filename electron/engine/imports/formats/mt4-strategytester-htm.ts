/**
 * MetaTrader 4's Strategy Tester: what happened to each order, joined by its number. An order is a position: it is opened by a buy or
 * a sell, and closed the other way by `close`, its stop (`s/l`), its target (`t/p`) or the end of the test (`close at stop`).
 */
import type { Side } from '../../../../shared/market/executions';
import type { Format, MarkupPiece, ReadContext, RowOutcome } from '../format';
import { isoReader } from '../times';
import { lotSizes, metatraderSymbol, metatraderTime, rowTexts } from './metatrader';
import { execution, orderEvent, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const closes = new Set(['close', 's/l', 't/p', 'close at stop', 'close by']);
const pending = /^(buy|sell) (?:limit|stop)$/;
const title = /^Strategy Tester: (.+)$/;

interface Position {
  readonly side: Side;
  readonly price: number;
}

export const mt4StrategytesterHtm: Format = {
  id: 'mt4-strategytester-htm',
  title: 'MetaTrader 4 Strategy Tester report',
  describes:
    'Openings and closings of orders are fills, joined by the order number; pending orders and their deletion are order events; changes of stop and target are counted. Sizes are lots times the units of a lot. Times are the broker server’s, to the minute; no fees, no ids of fills.',
  kind: 'executions',
  exampleHeader: null,
  exampleRows: [
    '<html><head><title>Strategy Tester: Example</title></head><body><div>Strategy Tester Report</div><table>',
    '<tr><td colspan=2>Symbol</td><td colspan=4>EURUSD (Euro vs US Dollar)</td></tr></table><table>',
    '<tr><td>#</td><td>Time</td><td>Type</td><td>Order</td><td>Size</td><td>Price</td><td>S / L</td><td>T / P</td><td>Profit</td><td>Balance</td></tr>',
    '<tr><td>1</td><td>2024.01.15 02:25</td><td>buy</td><td>1</td><td>0.10</td><td>1.10000</td><td>0.00000</td><td>0.00000</td><td colspan=2></td></tr>',
    '<tr><td>2</td><td>2024.01.15 02:39</td><td>modify</td><td>1</td><td>0.10</td><td>1.10000</td><td>1.09000</td><td>1.11000</td><td colspan=2></td></tr>',
    '<tr><td>3</td><td>2024.01.15 02:43</td><td>t/p</td><td>1</td><td>0.10</td><td>1.11000</td><td>1.09000</td><td>1.11000</td><td>100.00</td><td>10100.00</td></tr>',
    '</table></body></html>',
  ],
  reference: {
    otherRows: ['order changed'],
    rows: 'A row is the opening or the closing of an order, or a change of it.',
  },
  impliedSource: 'backtest',
  recognise(sample) {
    if (sample.kind !== 'lines') return null;
    const name = titleOf(sample.lines);
    const strategy = name === null ? undefined : title.exec(name)?.[1];
    if (strategy === undefined) return null;
    return { confidence: 0.97, reason: `title of MetaTrader 4's tester: ${name}`, strategies: [strategy] };
  },
  reader: { shape: 'markup', dialect: 'html', open: (context) => testerReader(context) },
};

/** The title of a page, from its first lines. */
export function titleOf(lines: readonly string[]): string | null {
  const text = lines.slice(0, 50).join('\n').slice(0, 16_384);
  if (!/^\ufeff?\s*<(?:!doctype html|html|head|title)\b/i.test(text)) return null;
  // White space is taken off afterwards: looked for around the words, a long run of it would be tried from every place to every other.
  return /<title>([^<]*)<\/title>/i.exec(text)?.[1]?.replace(/\s+/g, ' ').trim() ?? null;
}

function testerReader(context: ReadContext): (piece: MarkupPiece) => RowOutcome | null {
  const time = isoReader(zoneChoice(context, null));
  const units = lotSizes(context);
  const check = new RowCheck();
  const positions = new Map<string, Position>();
  let strategy: string | null = null;
  let symbol: string | null = context.symbol === null ? null : metatraderSymbol(context.symbol);
  let profit = 0;
  let closed = 0;
  const stated: { profit: number | null; trades: number | null } = { profit: null, trades: null };

  context.atEnd(() => {
    if (stated.trades !== null && stated.trades !== closed)
      context.warn(`The report states ${stated.trades} trades, but ${closed} closings are in it.`);
    // Swaps make the profit of single rows; both sums have them. A cent a row is lost to rounding.
    if (stated.profit !== null && Math.abs(stated.profit - profit) > 0.01 * Math.max(1, closed))
      context.warn(`The report states a net profit of ${stated.profit}, but its rows add up to ${profit.toFixed(2)}.`);
  });

  const heading = (cells: readonly string[]): void => {
    const values = cells.filter((cell) => cell !== '');
    const after = (name: string): string | undefined => {
      const at = values.indexOf(name);
      return at === -1 ? undefined : values[at + 1];
    };
    const named = values[0] === 'Symbol' ? values[1]?.split(' ')[0] : undefined;
    if (named !== undefined && context.symbol === null) symbol = metatraderSymbol(named);
    stated.profit = check.number('Total net profit', after('Total net profit')) ?? stated.profit;
    stated.trades = check.number('Total trades', after('Total trades')) ?? stated.trades;
  };

  return (piece) => {
    if (piece.kind === 'title') strategy = title.exec(piece.text)?.[1] ?? null;
    const cells = rowTexts(piece);
    if (cells === null) return null;
    if (!/^\d+$/.test(cells[0] ?? '') || !metatraderTime.test(cells[1] ?? '')) {
      // A row of the report's own table begins with its number; one that does and has no time is damaged.
      if (/^\d+$/.test(cells[0] ?? '') && cells.length >= 9) {
        return { kind: 'quarantine', reason: `Time is ${quoted(cells[1])}, but must be like 2024.01.31 13:45` };
      }
      heading(cells);
      return null;
    }
    check.reset();
    const [, when, type = '', order = '', lots, priceText] = cells;
    const atUs = check.requiredTime('Time', when, time);
    const word = type.toLowerCase();
    if (symbol === null) check.refuse('the report does not name its symbol above its table; name it with --symbol');
    if (word === 'modify') return check.problem === null ? otherRow('order changed') : check.quarantine(symbol, atUs);
    const price = check.positive('Price', priceText);
    const size = check.positive('Size', lots);
    if (!/^\d+$/.test(order)) check.refuse(`Order is ${quoted(order)}, which is no number of an order`);
    if (check.problem !== null || symbol === null) return check.quarantine(symbol, atUs);
    const quantity = size * units(symbol);
    const common = { symbol, strategy, orderId: order };

    const waiting = pending.exec(word)?.[1];
    if (waiting !== undefined || word === 'delete') {
      const kind = word === 'delete' ? 'cancelled' : 'submitted';
      const side: Side | null = waiting === 'buy' || waiting === 'sell' ? waiting : null;
      const event = orderEvent({ ...common, kind, side, atUs, price, intendedQuantity: quantity });
      return { kind: 'orderEvents', orderEvents: [event] };
    }
    if (word === 'buy' || word === 'sell') {
      positions.set(order, { side: word, price });
      const fill = execution({ ...common, side: word, price, quantity, executedAtUs: atUs });
      return { kind: 'executions', executions: [fill] };
    }
    const position = positions.get(order);
    if (!closes.has(word)) check.refuse(`Type is ${quoted(type)}, which is unknown`);
    else if (position === undefined) check.refuse(`order ${order} is closed, but was not opened above`);
    const made = check.number('Profit', cells[8]);
    if (check.problem !== null || position === undefined) return check.quarantine(symbol, atUs);
    profit += made ?? 0;
    closed++;
    const side: Side = position.side === 'buy' ? 'sell' : 'buy';
    // The closing is an order of its own side.
    const fill = execution({ ...common, orderId: `${order} close`, side, price, quantity, executedAtUs: atUs });
    return { kind: 'executions', executions: [fill] };
  };
}
