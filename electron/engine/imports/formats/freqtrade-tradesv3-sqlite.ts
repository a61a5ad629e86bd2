/**
 * freqtrade's live database. Orders are the fills; a row of `trades` is a summary of them and becomes fills of its own only where
 * its orders are not recorded (databases of old versions). Times are naive UTC. The order's date is when it was sent; the rates
 * `…_requested` are the bot's limit, neither the decision's price nor the market on arrival, so no arrival price is claimed.
 */
import type { OrderEventKind } from '../../../../shared/market/executions';
import { pairOfSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format, ParsedExecution, ReadContext, RowOutcome } from '../format';
import { isoReader, utcZone } from '../times';
import { allRows, type ForeignRow as Row, rowText } from './foreign-rows';
import { TradeProfits } from './freqtrade-profit';
import { legsOfTrade, tradeSide } from './freqtrade-trade';
import { execution, orderEvent, otherRow, quoted, RowCheck } from './row';

const tradeColumns = ['pair', 'is_open', 'fee_open', 'fee_close', 'open_rate', 'amount', 'open_date'];
const orderColumns = ['ft_trade_id', 'order_id', 'status', 'side', 'filled', 'order_date'];

const endings: ReadonlyMap<string, OrderEventKind> = new Map([
  ['canceled', 'cancelled'],
  ['cancelled', 'cancelled'],
  ['expired', 'expired'],
  ['rejected', 'rejected'],
]);

export const freqtradeTradesv3Sqlite: Format = {
  id: 'freqtrade-tradesv3-sqlite',
  title: 'freqtrade live database',
  describes:
    'Filled orders are fills, unfilled ones order events; rows of trades are summaries, read only where orders are missing.',
  kind: 'executions',
  exampleHeader: null,
  exampleRows: [
    '{"trades":[{"id":1,"exchange":"binance","pair":"ETH/USDT","is_open":0,"fee_open":0.001,"fee_open_cost":6,"fee_open_currency":"USDT","fee_close":0.001,"fee_close_cost":6.06,"fee_close_currency":"USDT","open_rate":3000,"close_rate":3030,"amount":2,"open_date":"2025-01-02 10:00:00.500000","close_date":"2025-01-02 12:00:00.500000","strategy":"Trend","is_short":0}],"orders":[{"id":1,"ft_trade_id":1,"ft_order_side":"buy","ft_pair":"ETH/USDT","order_id":"o-1","status":"closed","symbol":"ETH/USDT","order_type":"limit","side":"buy","price":3000,"average":3000,"amount":2,"filled":2,"remaining":0,"cost":6000,"order_date":"2025-01-02 09:59:58.000000","order_filled_date":"2025-01-02 10:00:00.500000"}]}',
  ],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'sqlite') return null;
    const trades = sample.tables.get('trades');
    if (trades === undefined || !tradeColumns.every((name) => trades.includes(name))) return null;
    const orders = sample.tables.get('orders');
    return orders !== undefined && orderColumns.every((name) => orders.includes(name))
      ? { confidence: 0.99, reason: "tables trades and orders of freqtrade's database" }
      : { confidence: 0.8, reason: 'table trades of an old freqtrade database, without orders' };
  },
  reader: {
    shape: 'sqlite',
    async *rows(database, context) {
      const tables = await database.tables();
      const trades = await allRows(database, 'trades');
      const orders = tables.has('orders') ? await allRows(database, 'orders') : [];
      if (trades.length + orders.length === 0 && database.warnings.length === 0) {
        context.warn('The database holds no trades.');
      }
      const sent = orders.flatMap(({ order_date: date }) => (typeof date === 'string' ? date : []));
      if (sent.length > 1 && sent.every((date) => /:\d\d(?:\.0+)?$/.test(date))) {
        context.warn(
          'The database keeps the times orders were sent in whole seconds: latency is uncertain by up to one second.',
        );
      }
      const reader = new DatabaseReader(trades, orders, context);
      let line = 0;
      for (const trade of trades) {
        line += 1;
        yield { line, text: () => rowText(trade), outcome: reader.trade(trade) };
      }
      for (const order of orders) {
        line += 1;
        yield { line, text: () => rowText(order), outcome: reader.order(order) };
      }
      reader.compare();
    },
  },
};

/** What the orders of a trade need to know of it. */
interface TradeFacts {
  readonly row: Row;
  readonly isShort: boolean;
  /** Filled orders that enter and that exit: a fee that is recorded for the whole side belongs to one order only if it is alone. */
  filledEntries: number;
  filledExits: number;
  readonly fills: ParsedExecution[];
}

class DatabaseReader {
  private readonly check = new RowCheck();
  private readonly time = isoReader({ zone: utcZone });
  private readonly trades = new Map<unknown, TradeFacts>();
  private readonly tradesWithOrders = new Set<unknown>();

  constructor(
    trades: readonly Row[],
    orders: readonly Row[],
    private readonly context: ReadContext,
  ) {
    for (const row of trades) {
      this.trades.set(row['id'], {
        row,
        isShort: isTrue(row['is_short']),
        filledEntries: 0,
        filledExits: 0,
        fills: [],
      });
    }
    for (const order of orders) {
      this.tradesWithOrders.add(order['ft_trade_id']);
      const trade = this.trades.get(order['ft_trade_id']);
      if (trade === undefined || !(Number(order['filled']) > 0)) continue;
      if (isEntry(order, trade)) trade.filledEntries += 1;
      else trade.filledExits += 1;
    }
  }

  trade(row: Row): RowOutcome {
    if (this.tradesWithOrders.has(row['id'])) return otherRow('trade summary');
    const { check } = this;
    check.reset();
    const symbol = symbolOf(check.requiredText('pair', row['pair']));
    const openedAtUs = check.requiredTime('open_date', row['open_date'], this.time);
    const closedAtUs = isTrue(row['is_open']) ? null : check.requiredTime('close_date', row['close_date'], this.time);
    const executions = legsOfTrade(
      {
        symbol,
        strategy: check.text('strategy', row['strategy']),
        venue: check.text('exchange', row['exchange']),
        quantity: check.positive('amount', row['amount']),
        paper: isDryRun(row['open_order_id']) || isDryRun(row['stoploss_order_id']),
        isShort: isTrue(row['is_short']),
        key: `trade-${check.requiredText('id', row['id'])}`,
      },
      {
        price: check.positive('open_rate', row['open_rate']),
        atUs: openedAtUs,
        feeRate: check.number('fee_open', row['fee_open']),
      },
      closedAtUs === null
        ? null
        : {
            price: check.positive('close_rate', row['close_rate']),
            atUs: closedAtUs,
            feeRate: check.number('fee_close', row['fee_close']),
          },
    );
    return check.problem === null ? { kind: 'executions', executions } : check.quarantine(symbol, openedAtUs);
  }

  order(row: Row): RowOutcome {
    const { check } = this;
    check.reset();
    const trade = this.trades.get(row['ft_trade_id']) ?? null;
    const symbol = symbolOf(check.requiredText('ft_pair', row['ft_pair'] ?? row['symbol']));
    const submittedAtUs = check.time('order_date', row['order_date'], this.time);
    const filledAtUs = check.time('order_filled_date', row['order_filled_date'], this.time);
    const updatedAtUs = check.time('order_update_date', row['order_update_date'], this.time);
    const status = check.text('status', row['status'])?.toLowerCase() ?? 'unknown';
    const filled = check.number('filled', row['filled']) ?? 0;
    const limit = check.number('price', row['price']);
    const orderId = check.text('order_id', row['order_id']);
    const common = {
      venue: trade === null ? null : check.text('exchange', trade.row['exchange']),
      strategy: trade === null ? null : check.text('strategy', trade.row['strategy']),
      symbol,
      // A stop-loss order names itself in place of its side; it always exits.
      side:
        row['side'] === 'stoploss' && trade !== null
          ? tradeSide(trade.isShort, false)
          : check.side('side', row['side']),
      orderId,
      intendedQuantity: check.optionalPositive('amount', row['amount']),
      paper: isDryRun(orderId),
    };
    const ending = endings.get(status);
    const kind = ending ?? (status === 'open' && filled === 0 ? 'submitted' : null);
    const endedAtUs = kind === 'submitted' ? submittedAtUs : (updatedAtUs ?? submittedAtUs);
    if (kind !== null && endedAtUs === null) check.refuse('order_date is missing');
    const orderEvents =
      kind === null
        ? []
        : [
            orderEvent({
              ...common,
              kind,
              atUs: endedAtUs ?? Number.NaN,
              price: limit !== null && limit > 0 ? limit : null,
              // A stop that rests on the book and is taken back when the position closes is no failed trade; the reason tells.
              reason:
                check.text('ft_cancel_reason', row['ft_cancel_reason']) ??
                (row['ft_order_side'] === 'stoploss' ? 'resting stop-loss order' : null),
            }),
          ];
    // `average` is set on cancelled orders too: only what was filled was traded.
    if (filled <= 0) {
      if (check.problem !== null) return check.quarantine(symbol, submittedAtUs);
      return orderEvents.length > 0
        ? { kind: 'orderEvents', orderEvents }
        : otherRow(`order ${status}, nothing filled`);
    }
    const executedAtUs = filledAtUs ?? updatedAtUs;
    if (executedAtUs === null) check.refuse(`filled is ${quoted(row['filled'])}, but order_filled_date is missing`);
    const price = check.positive('average', row['average'] ?? row['price']);
    const fill = execution({
      ...common,
      ...this.feeOfOrder(row, trade, price, filled),
      price,
      quantity: filled,
      executedAtUs: executedAtUs ?? Number.NaN,
      submittedAtUs,
    });
    if (check.problem !== null) return check.quarantine(symbol, executedAtUs ?? submittedAtUs);
    trade?.fills.push(fill);
    return { kind: 'executions', executions: [fill], orderEvents };
  }

  /** Says where the orders of closed trades do not earn what the database states. */
  compare(): void {
    const profits = new TradeProfits();
    for (const { row, fills } of this.trades.values()) {
      if (isTrue(row['is_open']) || fills.length === 0) continue;
      profits.add(fills, row['realized_profit'] || row['close_profit_abs'], row['funding_fees']);
    }
    profits.compare('the database', this.context);
  }

  /**
   * The recorded cost where the order is the only one of its side of the trade, else the trade's rate on this order's notional.
   * A fee taken in the base coin is recorded on the order itself.
   */
  private feeOfOrder(
    row: Row,
    trade: TradeFacts | null,
    price: number,
    quantity: number,
  ): Pick<ParsedExecution, 'fee' | 'feeCurrency'> {
    const { check } = this;
    const pair = pairOfSymbol(symbolOf(String(row['ft_pair'] ?? row['symbol'] ?? '')));
    const inBase = check.number('ft_fee_base', row['ft_fee_base']);
    if (inBase !== null && inBase > 0 && pair !== null) return { fee: inBase, feeCurrency: pair.base };
    if (trade === null) return { fee: null, feeCurrency: null };
    const entry = isEntry(row, trade);
    const end = entry ? 'open' : 'close';
    const cost = check.number(`fee_${end}_cost`, trade.row[`fee_${end}_cost`]);
    const currency = check.text(`fee_${end}_currency`, trade.row[`fee_${end}_currency`]);
    if (cost !== null && currency !== null && (entry ? trade.filledEntries : trade.filledExits) === 1) {
      return { fee: cost, feeCurrency: currency };
    }
    const rate = check.number(`fee_${end}`, trade.row[`fee_${end}`]);
    const quote = check.text('stake_currency', trade.row['stake_currency']) ?? pair?.quote ?? null;
    if (rate === null || quote === null) return { fee: null, feeCurrency: null };
    this.context.warn(
      'Where the database records no fee for an order of its own, the fee is the rate of its trade on what was filled.',
    );
    return { fee: rate * price * quantity, feeCurrency: quote };
  }
}

/** Whether the order is on the side that opens its trade. */
function isEntry(order: Row, trade: TradeFacts): boolean {
  return order['side'] === tradeSide(trade.isShort, true);
}

function isTrue(value: unknown): boolean {
  return value === 1 || value === true;
}

function isDryRun(orderId: unknown): boolean {
  return typeof orderId === 'string' && orderId.startsWith('dry_run');
}
