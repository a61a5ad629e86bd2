/**
 * Jesse's closed trades, as its JSON and CSV exports list them: round trips at average prices, with the fee of both ends in one. Where a
 * trade lists its orders, they are the fills. Times are milliseconds; backtests and live runs write the same.
 */
import { compensatedSum } from '../../../../shared/base/sums';
import { pairOfSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format, ParsedExecution, ParsedOrderEvent, ReadContext, RowOutcome, Sample } from '../format';
import { epochMs, Fields } from './api-record';
import { tradeSide } from './freqtrade-trade';
import { hasColumns, normaliseHeader } from './header';
import { jsonText, recordOf } from './json';
import { execution, orderEvent, otherRow } from './row';

const needed = [
  'symbol',
  'type',
  'entry_price',
  'exit_price',
  'qty',
  'fee',
  'holding_period',
  'opened_at',
  'closed_at',
];
const describes =
  'Every closed trade becomes its entry and its exit at their average prices, or its orders where they are listed; the fee is split by what each end is worth, as Jesse charges it. Profit and holding period are not read, but the profit is compared.';
const reference = {
  fees: 'fee: of entry and exit together, split by what each is worth; positive is paid; in the quote currency.',
  identity: 'Symbol, strategy and the time the trade was opened, with side, price and quantity.',
} as const;

/** The trades of an export; null = the document is none. */
function tradesOf(document: unknown): readonly unknown[] | null {
  const list = Array.isArray(document) ? document : recordOf(document)?.['trades'];
  return Array.isArray(list) ? list : null;
}

function isExport(sample: Sample): boolean {
  if (sample.kind !== 'json' && sample.kind !== 'jsonLines') return false;
  const first = recordOf(tradesOf(sample.kind === 'json' ? sample.value : sample.values[0])?.[0]);
  return first !== null && needed.every((name) => name in first);
}

export const jesseTradesJson: Format = {
  id: 'jesse-trades-json',
  title: 'Jesse trades (JSON)',
  describes,
  kind: 'executions',
  exampleHeader: null,
  exampleRows: [
    '{"trades":[{"id":"b1f4","strategy_name":"TrendFollow","symbol":"ETH-USDT","exchange":"Binance Perpetual Futures","type":"short","entry_price":2000,"exit_price":1900,"qty":0.5,"fee":0.78,"size":1000,"PNL":49.22,"PNL_percentage":4.9,"holding_period":3600,"opened_at":1738576800000,"closed_at":1738580400000}],"considering_timeframes":["1h"]}',
  ],
  reference,
  impliedSource: null,
  recognise(sample) {
    return isExport(sample) ? { confidence: 0.97, reason: "trades with the keys of Jesse's exports" } : null;
  },
  reader: {
    shape: 'json',
    *rows(document, context) {
      const read = tradeReader(context);
      let line = 0;
      for (const trade of tradesOf(document) ?? []) {
        line += 1;
        const record = recordOf(trade);
        const outcome: RowOutcome =
          record === null
            ? { kind: 'quarantine', reason: 'the trade is no JSON object' }
            : read(new Fields().of(record));
        yield { line, text: () => jsonText(trade), outcome };
      }
      if (line === 0) context.warn('The export holds no trades.');
    },
  },
};

export const jesseTradesCsv: Format = {
  id: 'jesse-trades-csv',
  title: 'Jesse trades (CSV)',
  describes,
  kind: 'executions',
  exampleHeader:
    'id,strategy_name,symbol,exchange,type,entry_price,exit_price,qty,fee,size,PNL,PNL_percentage,holding_period,opened_at,closed_at',
  exampleRows: [
    'b1f4,TrendFollow,ETH-USDT,Binance Perpetual Futures,short,2000,1900,0.5,0.78,1000,49.22,4.9,3600,1738576800000,1738580400000',
  ],
  reference,
  impliedSource: null,
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, [...needed, 'pnl_percentage'])) return null;
    return { confidence: 0.97, reason: "header of Jesse's trades" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader).map((name) => (name === 'pnl' ? 'PNL' : name));
      const read = tradeReader(context);
      const fields = new Fields();
      return ({ cells }) => read(fields.of(Object.fromEntries(header.map((name, index) => [name, cells[index]]))));
    },
  },
};

interface Trade {
  readonly symbol: string;
  readonly venue: string | null;
  readonly strategy: string | null;
  /** A route has one position at a time, so that its opening names the trade, in another run of the same backtest too. */
  readonly key: string;
  /** Share of what was traded; null = unknown. */
  readonly feeRate: number | null;
  readonly quote: string | null;
}

function tradeReader(context: ReadContext): (fields: Fields) => RowOutcome {
  let told = false;
  return (fields) => {
    const symbol = symbolOf(fields.requiredText('symbol'));
    const direction = fields.requiredText('type');
    if (direction !== 'long' && direction !== 'short') fields.refuseValue('type', 'but must be long or short');
    const isShort = direction === 'short';
    const openedAtUs = fields.requiredTime('opened_at', epochMs);
    const closedAtUs = fields.time('closed_at', epochMs);
    const entry = fields.positive('entry_price');
    const exit = closedAtUs === null ? null : fields.positive('exit_price');
    const quantity = Math.abs(fields.number('qty') ?? Number.NaN);
    if (!(quantity > 0)) fields.refuseValue('qty', 'but must be above or below zero');
    const fee = fields.number('fee');
    const profit = fields.number('PNL');
    const trade: Trade = {
      symbol,
      venue: fields.text('exchange')?.toLowerCase() ?? null,
      strategy: fields.text('strategy_name'),
      key: String(openedAtUs / 1_000),
      feeRate: fee === null || exit === null ? null : fee / (quantity * (entry + exit)),
      quote: pairOfSymbol(symbol)?.quote ?? null,
    };
    const orders = fields.list('orders');
    const ofOrders = orders.map((order, index) => orderOf(order, trade, index));
    if (fields.problem !== null) return fields.check.quarantine(symbol, openedAtUs);
    const executions =
      orders.length > 0
        ? ofOrders.flatMap(({ fill }) => fill ?? [])
        : [
            fillOf(trade, tradeSide(isShort, true), entry, quantity, openedAtUs, `${trade.key}-entry`),
            ...(exit === null || closedAtUs === null
              ? []
              : [fillOf(trade, tradeSide(isShort, false), exit, quantity, closedAtUs, `${trade.key}-exit`)]),
          ];
    const orderEvents = ofOrders.flatMap(({ event }) => event ?? []);
    if (!told && profit !== null && closedAtUs !== null && differs(executions, profit)) {
      told = true;
      context.warn(
        `The fills of some trades do not earn what the export states, first that of ${symbol} with PNL ${profit}.`,
      );
    }
    if (executions.length > 0)
      return { kind: 'executions', executions, ...(orderEvents.length > 0 && { orderEvents }) };
    return orderEvents.length > 0 ? { kind: 'orderEvents', orderEvents } : otherRow('trade without fills');
  };
}

/** Whether money in minus money out and fees is another amount than stated, beyond rounding. */
function differs(executions: readonly ParsedExecution[], stated: number): boolean {
  const flows = executions.map(
    ({ side, price, quantity, fee }) => (side === 'buy' ? -1 : 1) * price * quantity - (fee ?? 0),
  );
  const turnover = compensatedSum(executions.map(({ price, quantity }) => price * quantity));
  return Math.abs(compensatedSum(flows) - stated) > 1e-6 * turnover;
}

function fillOf(
  { symbol, venue, strategy, feeRate, quote }: Trade,
  side: ParsedExecution['side'],
  price: number,
  quantity: number,
  executedAtUs: number,
  orderId: string,
): ParsedExecution {
  const fee = feeRate === null ? null : feeRate * price * quantity;
  return execution({
    ...{ symbol, venue, strategy, side, price, quantity, executedAtUs, orderId },
    ...{ fee, feeCurrency: fee === null ? null : quote },
  });
}

/** An order of a trade: its fill, or that it was cancelled or rejected. */
function orderOf(
  order: Fields,
  trade: Trade,
  index: number,
): { readonly fill?: ParsedExecution; readonly event?: ParsedOrderEvent } {
  const status = order.requiredText('status').toUpperCase();
  const createdAtUs = order.time('created_at', epochMs);
  const side = order.side('side');
  const asked = Math.abs(order.number('qty') ?? Number.NaN);
  if (!(asked > 0)) order.refuseValue('qty', 'but must be above or below zero');
  const orderId = order.text('exchange_id') ?? `${trade.key}-${index + 1}`;
  const { symbol, venue, strategy } = trade;
  if (status === 'EXECUTED' || status === 'PARTIALLY FILLED') {
    const filled = Math.abs(order.number('filled_qty') ?? 0);
    // Backtests fill an order at once and in full, and leave filled_qty at zero.
    const quantity = filled > 0 ? filled : asked;
    const executedAtUs = order.requiredTime('executed_at', epochMs);
    const fill = fillOf(trade, side, order.positive('price'), quantity, executedAtUs, orderId);
    return { fill: execution({ ...fill, submittedAtUs: createdAtUs, intendedQuantity: asked }) };
  }
  const kind = status === 'CANCELED' ? 'cancelled' : status === 'REJECTED' ? 'rejected' : null;
  if (kind === null) return {};
  const atUs = order.time('canceled_at', epochMs) ?? createdAtUs;
  if (atUs === null) order.refuse('an order that ended says neither when it was created nor when it ended');
  const price = order.positiveOrNone('price');
  return {
    event: orderEvent({
      symbol,
      venue,
      strategy,
      kind,
      side,
      orderId,
      price,
      atUs: atUs ?? Number.NaN,
      intendedQuantity: asked,
    }),
  };
}
