/**
 * NautilusTrader's reports saved as CSV: fills, a row each (`generate_fills_report`), and orders, a row each with what was filled on
 * average (`generate_orders_report`, `generate_order_fills_report`). Backtests and live runs write the same.
 */
import { compensatedSum } from '../../../../shared/base/sums';
import type { Format, ParsedExecution, ReadContext } from '../format';
import { parseAmountWithUnit } from '../numbers';
import { listedOrders, type OrderState, orderState } from './api-order';
import { Fields } from './api-record';
import { hasColumns, normaliseHeader } from './header';
import { instrumentOf, moneyOf, nautilusIds, nautilusLiquidity, nautilusTime } from './nautilus';
import { parsePythonLiteral } from './python-literal';
import { execution } from './row';

const fillColumns = ['instrument_id', 'trade_id', 'order_side', 'last_qty', 'last_px', 'commission', 'ts_event'];
const orderColumns = ['instrument_id', 'side', 'quantity', 'filled_qty', 'avg_px', 'status', 'ts_init', 'ts_last'];

/** Reads cells by the names of their columns. */
function fieldsByName(rawHeader: readonly string[]): (cells: readonly string[]) => Fields {
  const header = normaliseHeader(rawHeader);
  const fields = new Fields();
  // pandas writes nothing, or one of these, where there is none.
  const cellOf = (cell: string | undefined): string | null =>
    cell === undefined || /^(?:|nan|none|nat|<na>)$/i.test(cell) ? null : cell;
  return (cells) => fields.of(Object.fromEntries(header.map((name, index) => [name, cellOf(cells[index])])));
}

export const nautilusFillsCsv: Format = {
  id: 'nautilus-fills-csv',
  title: 'NautilusTrader fills report',
  describes:
    'Every row is a fill with its commission, trade and order ids and who made it; the strategy is named. When an order was sent is not in this report. Positions and the venue’s own notes are not read.',
  kind: 'executions',
  exampleHeader:
    'client_order_id,trader_id,strategy_id,instrument_id,venue_order_id,account_id,trade_id,position_id,order_side,order_type,last_qty,last_px,currency,commission,liquidity_side,event_id,ts_event,ts_init,info,reconciliation',
  exampleRows: [
    'O-1,TRADER-001,EMACross-000,ETHUSDT-PERP.BINANCE,71,BINANCE-001,T-9,P-1,BUY,LIMIT,0.500,2000.00,USDT,0.40000000 USDT,MAKER,5c2a,2025-02-03 10:00:00.250000+00:00,2025-02-03 10:00:00.251000+00:00,{},False',
  ],
  impliedSource: null,
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, fillColumns)) return null;
    return { confidence: 0.98, reason: "header of NautilusTrader's fills report" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader) {
      const read = fieldsByName(rawHeader);
      return ({ cells }) => {
        const fields = read(cells);
        const { symbol, venue } = instrumentOf(fields);
        return fields.fill({
          ...nautilusIds(fields),
          ...moneyOf(fields, 'commission'),
          ...{ symbol, venue },
          side: fields.side('order_side'),
          price: fields.positive('last_px'),
          quantity: fields.positive('last_qty'),
          liquidity: nautilusLiquidity(fields),
          executedAtUs: fields.requiredTime('ts_event', nautilusTime),
          tradeId: fields.requiredText('trade_id'),
        });
      };
    },
  },
};

const states: ReadonlyMap<string, OrderState> = new Map<string, OrderState>([
  ...[
    ...[
      'INITIALIZED',
      'EMULATED',
      'RELEASED',
      'SUBMITTED',
      'ACCEPTED',
      'TRIGGERED',
      'PENDING_UPDATE',
      'PENDING_CANCEL',
    ],
    'PARTIALLY_FILLED',
  ].map((word): [string, OrderState] => [word, 'open']),
  ['FILLED', 'filled'],
  ['CANCELED', 'cancelled'],
  ['EXPIRED', 'expired'],
  ['DENIED', 'rejected'],
  ['REJECTED', 'rejected'],
]);

export const nautilusOrdersCsv: Format = {
  id: 'nautilus-orders-csv',
  title: 'NautilusTrader orders report',
  describes:
    'Every order that has ended is one execution at its average price, an event, or both; of open orders only that they were sent. The fills report tells the single fills: import one of the two.',
  kind: 'orders',
  exampleHeader:
    'client_order_id,trader_id,strategy_id,instrument_id,venue_order_id,position_id,account_id,last_trade_id,type,side,quantity,time_in_force,is_reduce_only,is_quote_quantity,filled_qty,liquidity_side,avg_px,slippage,commissions,status,tags,init_id,ts_init,ts_last,price',
  exampleRows: [
    `O-1,TRADER-001,EMACross-000,ETHUSDT-PERP.BINANCE,71,P-1,BINANCE-001,T-9,LIMIT,BUY,0.500,GTC,False,False,0.500,MAKER,2000.0,0.0,['0.40000000 USDT'],FILLED,,5c2a,1738576799750000000,1738576800250000000,2000.00`,
    'O-2,TRADER-001,EMACross-000,ETHUSDT-PERP.BINANCE,72,,BINANCE-001,,LIMIT,SELL,0.500,GTC,False,False,0.000,NO_LIQUIDITY_SIDE,,,,CANCELED,,5c2b,1738576799750000000,1738576900250000000,2100.00',
  ],
  reference: { fees: 'commissions: a list of amounts with their currencies; positive is paid, negative a rebate.' },
  impliedSource: null,
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, orderColumns)) return null;
    return { confidence: 0.98, reason: "header of NautilusTrader's orders report" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const read = fieldsByName(rawHeader);
      const list = listedOrders(context);
      return ({ cells }) => {
        const fields = read(cells);
        const { symbol, venue } = instrumentOf(fields);
        const state = orderState(fields, 'status', states);
        const filledQuantity = fields.positiveOrNone('filled_qty');
        if (state === 'open' && filledQuantity !== null) {
          context.warn('Some orders are open and filled in part; what they filled so far is in the fills report only.');
        }
        const outcome = list(fields, {
          ...nautilusIds(fields),
          ...commissionsOf(fields, context),
          ...{ symbol, venue, state, filledQuantity, side: fields.side('side') },
          submittedAtUs: fields.requiredTime('ts_init', nautilusTime),
          changedAtUs: fields.time('ts_last', nautilusTime),
          intendedQuantity: fields.text('is_quote_quantity') === 'True' ? null : fields.positiveOrNone('quantity'),
          limitPrice: fields.positiveOrNone('price'),
          averagePrice: fields.positiveOrNone('avg_px'),
        });
        if (outcome.kind !== 'executions') return outcome;
        const liquidity = nautilusLiquidity(fields);
        return { ...outcome, executions: outcome.executions.map((fill) => execution({ ...fill, liquidity })) };
      };
    },
  },
};

/** Sum of `['1.50 USDT', …]`; unknown where there are several currencies. */
function commissionsOf(fields: Fields, context: ReadContext): Pick<ParsedExecution, 'fee' | 'feeCurrency'> {
  const unknown = { fee: null, feeCurrency: null };
  const text = fields.text('commissions');
  if (text === null) return unknown;
  const list = parsePythonLiteral(text);
  const amounts = (Array.isArray(list) ? list : []).map((entry) =>
    typeof entry === 'string' ? parseAmountWithUnit(entry, []) : null,
  );
  const [first] = amounts;
  if (first === undefined || first === null || amounts.some((amount) => amount?.unit !== first.unit)) {
    context.warn(
      'Commissions in several currencies, or written as older versions do, are unknown here; the fills report has them.',
    );
    return unknown;
  }
  return { fee: compensatedSum(amounts.map((amount) => amount?.value ?? Number.NaN)), feeCurrency: first.unit };
}
