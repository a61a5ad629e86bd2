/**
 * tcapy's two tables: parent orders with the price on their arrival, and what happened to them. A placement, its changes and its trades
 * are read together, so that a trade knows when its order arrived and at what mid. Tickers may be inverted (JPYUSD) and notionals may be
 * of either currency; quantities are base units of the ticker as written.
 */
import type { Side } from '../../../../shared/market/executions';
import { symbolOf } from '../../../../shared/market/symbols';
import type { Format, ParsedOrderEvent, RowOutcome } from '../format';
import { isoReader, type TimeReader, utcZone } from '../times';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { LegGroups } from './legs';
import { execution, orderEvent, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const orderColumns = [
  'date',
  'arrival_price',
  'benchmark_date_start',
  'id',
  'notional',
  'notional_currency',
  'side',
  'ticker',
];
const tradeColumns = [
  'date',
  'ancestor_pointer_id',
  'event_type',
  'executed_notional',
  'executed_price',
  'market_mid',
  'notional_currency',
  'side',
  'ticker',
];

/** What both tables tell of an order. */
interface OrderFacts {
  readonly symbol: string;
  readonly side: Side;
  readonly orderId: string;
  readonly account: string | null;
  readonly limitPrice: number | null;
  readonly atUs: number;
}

class Row {
  private cells: readonly string[] = [];

  constructor(
    private readonly header: readonly string[],
    readonly check: RowCheck,
    private readonly iso: TimeReader,
  ) {}

  of(cells: readonly string[]): this {
    this.cells = cells;
    this.check.reset();
    return this;
  }

  cell(name: string): string | undefined {
    return this.cells[columnIndex(this.header, name)];
  }

  order(idColumn: string): OrderFacts {
    const { check } = this;
    const limitPrice = check.number('price_limit', this.cell('price_limit'));
    return {
      symbol: this.symbol(),
      side: this.side(),
      orderId: check.requiredText(idColumn, this.cell(idColumn)),
      account: check.text('account_id', this.cell('account_id')),
      limitPrice: limitPrice !== null && limitPrice > 0 ? limitPrice : null,
      atUs: check.requiredTime('date', this.cell('date'), this.iso),
    };
  }

  /** Base units of a notional in either currency of the ticker, at the price; null where it is zero or of another currency. */
  baseUnits(name: string, price: number | null): number | null {
    const { check } = this;
    const notional = check.number(name, this.cell(name));
    if (notional === null || notional === 0) return null;
    const currency = check.requiredText('notional_currency', this.cell('notional_currency')).toUpperCase();
    const [base, quote] = this.symbol().split('/');
    if (currency === base) return Math.abs(notional);
    if (currency === quote) return price === null || !(price > 0) ? null : Math.abs(notional) / price;
    check.refuse(`notional_currency is ${quoted(currency)}, which is no currency of ${this.symbol()}`);
    return null;
  }

  /** Tickers of currencies are two codes of three letters. */
  private symbol(): string {
    const ticker = this.check.requiredText('ticker', this.cell('ticker'));
    return /^[A-Z]{6}$/.test(ticker) ? `${ticker.slice(0, 3)}/${ticker.slice(3)}` : symbolOf(ticker);
  }

  private side(): Side {
    const side = this.check.number('side', this.cell('side'));
    if (side !== 1 && side !== -1) this.check.refuse(`side is ${quoted(this.cell('side'))}, but must be 1 or -1`);
    return side === -1 ? 'sell' : 'buy';
  }
}

/** The same for the order's row and for its placement, so that it counts once where both tables are imported. */
function placed(
  { symbol, side, orderId, account, limitPrice, atUs }: OrderFacts,
  intendedQuantity: number | null,
): ParsedOrderEvent {
  return orderEvent({ kind: 'submitted', symbol, side, orderId, account, atUs, price: limitPrice, intendedQuantity });
}

export const tcapyOrdersCsv: Format = {
  id: 'tcapy-orders-csv',
  title: 'tcapy orders',
  describes:
    'Every line is an order at its arrival, in base units of its ticker; its trades are in the other table. Benchmark dates, algorithms and traders are not read.',
  kind: 'orders',
  exampleHeader:
    'date,account_id,algo_id,algo_settings,arrival_price,benchmark_date_end,benchmark_date_start,broker_id,broker_sub_id,id,notional,notional_currency,portfolio_id,portfolio_manager_id,price_limit,side,ticker,trader_id',
  exampleRows: [
    '2025-02-03 10:00:00.250000+00:00,account1,algo1,default,1.25,2025-02-03 11:00:00+00:00,2025-02-03 10:00:00.250000+00:00,broker1,sub1,order_1,1000000,EUR,portfolio1,pm1,1.251,-1,EURUSD,trader1',
  ],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, orderColumns)) return null;
    return { confidence: 0.98, reason: "header of tcapy's parent orders" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const row = new Row(normaliseHeader(rawHeader), new RowCheck(), isoReader(zoneChoice(context, utcZone)));
      return ({ cells }) => {
        const { check } = row.of(cells);
        const order = row.order('id');
        const quantity = row.baseUnits('notional', check.number('arrival_price', row.cell('arrival_price')));
        if (check.problem !== null) return check.quarantine(order.symbol, order.atUs);
        return { kind: 'orderEvents', orderEvents: [placed(order, quantity)] };
      };
    },
  },
};

interface TradeRow {
  readonly type: string;
  readonly order: OrderFacts;
  readonly mid: number | null;
  /** Base units the order asks for; null where the row does not say. */
  readonly asked: number | null;
  /** Of a trade. */
  readonly price: number;
  readonly quantity: number;
  readonly tradeId: string | null;
  readonly venue: string | null;
}

export const tcapyTradesCsv: Format = {
  id: 'tcapy-trades-csv',
  title: 'tcapy trades',
  describes:
    'Trades are fills in base units of their ticker, with the time and the mid of their placement; placements and cancels are events of the order, replacements are counted. Bid and ask are not read, and there are no fees.',
  kind: 'executions',
  exampleHeader:
    'date,account_id,algo_id,algo_settings,ancestor_pointer_id,broker_id,broker_sub_id,event_type,executed_notional,executed_price,id,market_ask,market_bid,market_mid,notional_currency,order_notional,portfolio_id,portfolio_manager_id,price_limit,side,ticker,trader_id,venue',
  exampleRows: [
    '2025-02-03 10:00:00.250000+00:00,account1,algo1,default,order_1,broker1,sub1,placement,0,0.0,execution_1,1.2502,1.2498,1.25,EUR,1000000,portfolio1,pm1,1.251,-1,EURUSD,trader1,venue1',
    '2025-02-03 10:00:02.750000+00:00,account1,algo1,default,order_1,broker1,sub1,trade,600000,1.2499,execution_2,1.2501,1.2497,1.2499,EUR,1000000,portfolio1,pm1,1.251,-1,EURUSD,trader1,venue2',
    '2025-02-03 10:00:03.500000+00:00,account1,algo1,default,order_1,broker1,sub1,cancel,0,0.0,execution_3,1.2501,1.2497,1.2499,EUR,0,portfolio1,pm1,1.251,-1,EURUSD,trader1,venue2',
  ],
  reference: {
    rows: 'A trade is a fill, a placement or cancel an event; the rows of one order are read together.',
    otherRows: ['order replaced'],
  },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, tradeColumns)) return null;
    return { confidence: 0.98, reason: "header of tcapy's trades, which name their parent orders" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const row = new Row(normaliseHeader(rawHeader), new RowCheck(), isoReader(zoneChoice(context, utcZone)));
      const orders = new LegGroups<TradeRow>((rows) => outcomesOf(rows));
      return ({ cells }) => {
        const { check } = row.of(cells);
        const order = row.order('ancestor_pointer_id');
        const type = check.requiredText('event_type', row.cell('event_type'));
        const mid = check.number('market_mid', row.cell('market_mid'));
        const isTrade = type === 'trade';
        const price = isTrade ? check.positive('executed_price', row.cell('executed_price')) : Number.NaN;
        const traded = isTrade ? row.baseUnits('executed_notional', price) : null;
        if (isTrade && traded === null)
          check.refuse(`executed_notional is ${quoted(row.cell('executed_notional'))}, but must be above zero`);
        if (!['placement', 'trade', 'cancel', 'cancel/replace'].includes(type))
          check.refuse(`event_type is ${quoted(type)}, which is unknown`);
        const asked = type === 'placement' ? row.baseUnits('order_notional', mid) : null;
        const tradeId = check.text('id', row.cell('id'));
        const venue = check.text('venue', row.cell('venue'));
        if (check.problem !== null) return check.quarantine(order.symbol, order.atUs);
        const told = { type, order, mid: mid !== null && mid > 0 ? mid : null, asked, tradeId, venue };
        return orders.hold(order.orderId, { ...told, price, quantity: traded ?? Number.NaN });
      };
    },
  },
};

/** The outcomes of all rows of one order. */
function outcomesOf(rows: readonly TradeRow[]): readonly RowOutcome[] {
  const placement = rows.find(({ type }) => type === 'placement');
  return rows.map(({ type, order, asked, price, quantity, tradeId, venue }): RowOutcome => {
    if (type === 'cancel/replace') return otherRow('order replaced');
    if (type === 'placement') return { kind: 'orderEvents', orderEvents: [placed(order, asked)] };
    const intendedQuantity = placement?.asked ?? null;
    if (type === 'cancel') {
      return { kind: 'orderEvents', orderEvents: [{ ...placed(order, intendedQuantity), kind: 'cancelled' }] };
    }
    const { symbol, side, orderId, account, atUs } = order;
    const fill = execution({
      ...{ symbol, side, orderId, account, price, quantity, tradeId, venue, intendedQuantity },
      executedAtUs: atUs,
      submittedAtUs: placement?.order.atUs ?? null,
      arrivalPrice: placement?.mid ?? null,
    });
    return { kind: 'executions', executions: [fill] };
  });
}
