/**
 * Hummingbot's database: fills, and what happened to each order. Since 2022 prices and amounts are whole millionths, so that a price
 * below one millionth is kept as zero and is lost: such a database is refused, for the trades file beside it has the prices.
 */
import { FailureError, failure } from '../../../../shared/base/errors';
import type { OrderEventKind, Side } from '../../../../shared/market/executions';
import { symbolOf } from '../../../../shared/market/symbols';
import type { Format, ReadContext, RowOutcome } from '../format';
import { epochReader } from '../times';
import { allRows, type ForeignRow, rowText } from './foreign-rows';
import { feeOfTrade, isPaperOrder, liquidityOfOrder, sideOfTrade, venueOf } from './hummingbot-fill';
import { execution, orderEvent, otherRow, quoted, RowCheck } from './row';

const fillColumns = [
  'exchange_trade_id',
  'order_id',
  'timestamp',
  'trade_type',
  'price',
  'amount',
  'trade_fee',
  'symbol',
  'market',
];
/** `local_db_version` of the table Metadata from which on prices and amounts are whole millionths. */
const millionthsSince = 20220130;

const events: ReadonlyMap<string, OrderEventKind> = new Map<string, OrderEventKind>([
  ['BuyOrderCreated', 'submitted'],
  ['SellOrderCreated', 'submitted'],
  ['OrderCancelled', 'cancelled'],
  ['OrderFailure', 'rejected'],
  ['OrderExpired', 'expired'],
]);

export const hummingbotSqlite: Format = {
  id: 'hummingbot-sqlite',
  title: 'Hummingbot database',
  describes:
    'Rows of TradeFill are fills, those of OrderStatus that create, cancel, fail or expire an order its events; a fee told as a share is an estimate from the settings of the bot. Refused where a price is zero: prices below a millionth are lost there, and the trades file has them.',
  kind: 'executions',
  exampleHeader: null,
  exampleRows: [
    '{"Metadata":[{"key":"local_db_version","value":"20230516"}],"Order":[{"id":"BEHUT1","strategy":"market_making","market":"kucoin","symbol":"ETH-USDT","creation_timestamp":1741082402000,"order_type":"LIMIT_MAKER","amount":750000,"price":2000000000,"exchange_order_id":"x1"}],"OrderStatus":[{"id":1,"order_id":"BEHUT1","timestamp":1741082402000,"status":"BuyOrderCreated"},{"id":2,"order_id":"BEHUT1","timestamp":1741082405000,"status":"OrderFilled"},{"id":3,"order_id":"BEHUT1","timestamp":1741082406234,"status":"OrderCancelled"}],"TradeFill":[{"strategy":"market_making","market":"kucoin","symbol":"ETH-USDT","timestamp":1741082405000,"order_id":"BEHUT1","trade_type":"BUY","order_type":"LIMIT_MAKER","price":2000000000,"amount":500000,"leverage":1,"trade_fee":{"fee_type":"AddedToCost","percent":"0.001","percent_token":null,"flat_fees":[]},"exchange_trade_id":"71"}]}',
  ],
  reference: {
    fees: 'trade_fee: a share of the amount, which is a setting and an estimate, or flat fees; positive is paid.',
  },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'sqlite') return null;
    const fills = sample.tables.get('TradeFill');
    if (fills === undefined || !sample.tables.has('Order')) return null;
    if (!fillColumns.every((name) => fills.includes(name))) return null;
    return { confidence: 0.99, reason: "tables TradeFill and Order of Hummingbot's database" };
  },
  reader: {
    shape: 'sqlite',
    async *rows(database, context) {
      const tables = await database.tables();
      const read = async (table: string) => (tables.has(table) ? allRows(database, table) : []);
      const fills = await read('TradeFill');
      const version = (await read('Metadata')).find(({ key }) => key === 'local_db_version')?.['value'];
      const perUnit = perUnitOf(version);
      requirePrices(fills, perUnit, context);
      const statuses = await read('OrderStatus');
      const reader = new DatabaseReader(await read('Order'), statuses, perUnit, context);
      if (fills.length + statuses.length === 0 && database.warnings.length === 0)
        context.warn('The database holds no trades.');
      let line = 0;
      for (const [rows, outcomeOf] of [
        [fills, (row: ForeignRow) => reader.fill(row)],
        [statuses, (row: ForeignRow) => reader.status(row)],
      ] as const) {
        for (const row of rows) {
          line += 1;
          yield { line, text: () => rowText(row), outcome: outcomeOf(row) };
        }
      }
    },
  },
};

function requirePrices(fills: readonly ForeignRow[], perUnit: number, context: ReadContext): void {
  const lost = fills.filter(({ price }) => Number(price) === 0).length;
  if (lost > 0) {
    throw new FailureError(
      failure(
        'format-damaged',
        `${lost} of ${fills.length} fills have the price zero: this database keeps prices in whole millionths, and smaller ones are lost.`,
        'Import the trades file of the same bot, data/trades_….csv, which has the prices.',
        { fills: fills.length, withoutPrice: lost },
      ),
    );
  }
  const coarse = perUnit > 1 ? fills.filter(({ price }) => Number(price) < 5_000).length : 0;
  if (coarse > 0) {
    context.warn(
      `${coarse} of ${fills.length} fills have prices below 0.005, which this database rounds by more than one basis point; the trades file of the bot has them in full.`,
    );
  }
}

/**
 * What one unit of a price is counted in: later schemas store millionths. Throws `format-damaged` where the database does not tell
 * its schema: guessing would put every price off by a million.
 */
function perUnitOf(version: unknown): number {
  const date = typeof version === 'string' || typeof version === 'number' ? String(version) : '';
  if (/^20\d{6}$/.test(date)) return Number(date) >= millionthsSince ? 1_000_000 : 1;
  throw new FailureError(
    failure(
      'format-damaged',
      `The database does not say which schema it has: its local_db_version is ${quoted(version)}, so the unit of its prices is unknown.`,
      'Import the trades file (CSV) that Hummingbot writes beside it; nothing was stored.',
    ),
  );
}

class DatabaseReader {
  private readonly check = new RowCheck();
  private readonly milliseconds = epochReader('ms');
  private readonly orders: ReadonlyMap<unknown, ForeignRow>;
  /** The table Order does not tell the side; the name of the status that created the order does. */
  private readonly sides = new Map<unknown, Side>();

  constructor(
    orders: readonly ForeignRow[],
    statuses: readonly ForeignRow[],
    private readonly perUnit: number,
    private readonly context: ReadContext,
  ) {
    this.orders = new Map(orders.map((order) => [order['id'], order]));
    for (const { order_id: orderId, status } of statuses) {
      if (status === 'BuyOrderCreated') this.sides.set(orderId, 'buy');
      if (status === 'SellOrderCreated') this.sides.set(orderId, 'sell');
    }
  }

  fill(row: ForeignRow): RowOutcome {
    const { check } = this;
    check.reset();
    const orderId = check.requiredText('order_id', row['order_id']);
    const order = this.orders.get(orderId);
    const { venue, paper } = venueOf(check.text('market', row['market']));
    const executedAtUs = check.requiredTime('timestamp', row['timestamp'], this.milliseconds);
    const createdAtUs = check.time('creation_timestamp', order?.['creation_timestamp'], this.milliseconds);
    if (createdAtUs !== null && createdAtUs % 1_000_000 === 0) {
      this.context.warn(
        'The database keeps when orders were created in whole seconds: latency is uncertain by up to one second.',
      );
    }
    if (createdAtUs !== null && createdAtUs > executedAtUs) {
      this.context.warn('Some fills were told before the creation of their order; their latency is read as zero.');
    }
    const traded = {
      symbol: symbolOf(check.requiredText('symbol', row['symbol'])),
      side: sideOfTrade(check, 'trade_type', row['trade_type']),
      price: check.positive('price', row['price']) / this.perUnit,
      quantity: check.positive('amount', row['amount']) / this.perUnit,
    };
    const fill = execution({
      ...traded,
      ...feeOfTrade(check, this.context, row['trade_fee'], traded),
      venue,
      strategy: check.text('strategy', row['strategy']),
      liquidity: liquidityOfOrder(check.text('order_type', row['order_type'])),
      executedAtUs,
      submittedAtUs: createdAtUs === null ? null : Math.min(createdAtUs, executedAtUs),
      tradeId: check.text('exchange_trade_id', row['exchange_trade_id']),
      orderId,
      clientOrderId: orderId,
      intendedQuantity: this.amountOf(order),
      paper: paper || isPaperOrder(orderId),
    });
    if (check.problem !== null) return check.quarantine(traded.symbol, executedAtUs);
    return { kind: 'executions', executions: [fill] };
  }

  status(row: ForeignRow): RowOutcome {
    const { check } = this;
    check.reset();
    const status = check.requiredText('status', row['status']);
    const kind = events.get(status);
    if (kind === undefined && check.problem === null) return otherRow(`order status ${status}`);
    const orderId = check.requiredText('order_id', row['order_id']);
    const atUs = check.requiredTime('timestamp', row['timestamp'], this.milliseconds);
    const order = this.orders.get(orderId);
    if (order === undefined) check.refuse(`order_id is "${orderId}", which the table Order does not have`);
    const { venue, paper } = venueOf(check.text('market', order?.['market']));
    const symbol = symbolOf(check.requiredText('symbol', order?.['symbol']));
    const price = check.number('price', order?.['price']);
    const intendedQuantity = this.amountOf(order);
    if (check.problem !== null || kind === undefined) return check.quarantine(symbol, atUs);
    return {
      kind: 'orderEvents',
      orderEvents: [
        orderEvent({
          kind,
          atUs,
          symbol,
          venue,
          strategy: check.text('strategy', order?.['strategy']),
          side: this.sides.get(orderId) ?? null,
          orderId,
          clientOrderId: orderId,
          intendedQuantity,
          // Zero where the order had none, or one below a millionth.
          price: price !== null && price > 0 ? price / this.perUnit : null,
          paper: paper || isPaperOrder(orderId),
        }),
      ],
    };
  }

  private amountOf(order: ForeignRow | undefined): number | null {
    const amount = this.check.number('amount', order?.['amount']);
    return amount !== null && amount > 0 ? amount / this.perUnit : null;
  }
}
