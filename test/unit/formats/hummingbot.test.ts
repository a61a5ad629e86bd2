import { describe, expect, it } from 'vitest';
import { hummingbotLog as log } from '../../../electron/engine/imports/formats/hummingbot-log';
import { hummingbotSqlite as database } from '../../../electron/engine/imports/formats/hummingbot-sqlite';
import { hummingbotTradesCsv as trades } from '../../../electron/engine/imports/formats/hummingbot-trades-csv';
import { failureOf, fill, readAs, readTables, recognisedAs, us } from '../../support/formats';

const at = us('2025-03-04T10:00:05Z');
const percentFee = "{'fee_type': 'AddedToCost', 'percent': '0.001', 'percent_token': None, 'flat_fees': []}";
const header =
  'exchange_trade_id,config_file_path,strategy,market,symbol,base_asset,quote_asset,timestamp,order_id,trade_type,order_type,price,amount,leverage,trade_fee,position,age';
const row = {
  ...{ id: '71', config: 'conf_mm.yml', strategy: 'market_making', market: 'kucoin', symbol: 'ETH-USDT', base: 'ETH' },
  ...{ quote: 'USDT', timestamp: at / 1_000, order: 'BEHUT1', side: 'BUY', type: 'LIMIT_MAKER', price: '2000' },
  ...{ amount: '0.5', leverage: '1', fee: percentFee, position: 'NIL', age: '00:00:03' },
};
const csv = (change: Partial<Record<keyof typeof row, string | number>> = {}, head = header): string =>
  `${head}\n${Object.values({ ...row, ...change })
    .map((cell) => (String(cell).includes(',') ? `"${cell}"` : cell))
    .join(',')}\n`;
const expected = fill({
  ...{ venue: 'kucoin', strategy: 'market_making', symbol: 'ETH/USDT', side: 'buy', price: 2000, quantity: 0.5 },
  ...{ fee: 1, feeCurrency: 'USDT', liquidity: 'maker', executedAtUs: at, submittedAtUs: at - 3_000_000 },
  ...{ tradeId: '71', orderId: 'BEHUT1', clientOrderId: 'BEHUT1' },
});

describe('Hummingbot trades', () => {
  it('reads a fill, its fee as an estimate and its age in whole seconds', async () => {
    expect(await recognisedAs(csv())).toEqual(['hummingbot-trades-csv']);
    const { executions, warnings } = await readAs(trades, csv());
    expect(executions).toEqual([expected]);
    expect(warnings).toEqual([expect.stringMatching(/whole seconds/), expect.stringMatching(/an estimate/)]);
  });

  it('reads the columns of 2020', async () => {
    const text = `Config File,Strategy,Exchange,Timestamp,Market,Base,Quote,Trade,Type,Price,Amount,Fee,Age,Order ID,Exchange Trade ID
conf_mm.yml,market_making,kucoin,${at / 1_000},ETH-USDT,ETH,USDT,BUY,LIMIT_MAKER,2000.0,0.5,"{'percent': 0.001, 'flat_fees': []}",00:00:03,BEHUT1,71
`;
    expect(await recognisedAs(text)).toEqual(['hummingbot-trades-csv']);
    expect((await readAs(trades, text)).executions).toEqual([expected]);
  });

  it.each([
    ['n/a', { age: 'n/a' }, { submittedAtUs: null }],
    ['an age below zero, told as the end of a day', { age: '23:59:59' }, { submittedAtUs: at }],
    ['tiny prices', { price: '2.5E-8' }, { price: 2.5e-8, fee: 1.25e-11 }],
    ['a paper connector', { market: 'kucoin_paper_trade' }, { venue: 'kucoin', paper: true }],
    ['an order on paper', { order: 'b//1' }, { orderId: 'b//1', clientOrderId: 'b//1', paper: true }],
    ['a market order', { type: 'MARKET' }, { liquidity: 'taker' }],
    ['an order that may take', { type: 'LIMIT' }, { liquidity: null }],
    [
      'a fee taken from what is bought',
      { fee: percentFee.replace('AddedToCost', 'DeductedFromReturns') },
      { fee: 0.0005, feeCurrency: 'ETH' },
    ],
    [
      'a share in a coin without a price',
      { fee: percentFee.replace('None', "'KCS'") },
      { fee: null, feeCurrency: null },
    ],
    [
      'a flat fee in another coin',
      { fee: "{'percent': '0', 'flat_fees': [{'token': 'KCS', 'amount': '0.25'}]}" },
      { fee: 0.25, feeCurrency: 'KCS' },
    ],
    [
      'a flat fee as a list',
      { fee: "{'percent': 0.0, 'flat_fees': [['USDT', 0.75]]}" },
      { fee: 0.75, feeCurrency: 'USDT' },
    ],
    [
      'flat fees in base and quote',
      {
        fee: "{'percent': '0', 'flat_fees': [{'token': 'USDT', 'amount': Decimal('1')}, {'token': 'ETH', 'amount': '0.001'}]}",
      },
      { fee: 3, feeCurrency: 'USDT' },
    ],
    [
      'a share and a third coin',
      { fee: "{'percent': '0.001', 'flat_fees': [{'token': 'KCS', 'amount': '1'}]}" },
      { fee: null, feeCurrency: null },
    ],
    ['no fee', { fee: "{'percent': '0', 'flat_fees': []}" }, { fee: 0, feeCurrency: 'USDT' }],
  ])('%s', async (_, change, told) => {
    expect((await readAs(trades, csv(change))).executions).toEqual([{ ...expected, ...told }]);
  });

  it.each([
    [{ price: '0' }, /price is "0"/],
    [{ amount: '-1' }, /amount is "-1"/],
    [{ side: 'HOLD' }, /trade_type is "HOLD"/],
    [{ timestamp: 'soon' }, /timestamp is "soon"/],
    [{ age: '3s' }, /age is "3s"/],
    [{ fee: "{'percent': '0.001'" }, /trade_fee is .*cannot be read/],
    [{ fee: "{'percent': 'x', 'flat_fees': []}" }, /trade_fee.percent is "x"/],
    [{ fee: "{'percent': '0', 'flat_fees': [{'token': 'KCS'}]}" }, /amount is missing/],
    [{ order: '' }, /order_id is missing/],
  ])('quarantines %j', async (change, reason) => {
    expect((await readAs(trades, csv(change))).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});

const order = {
  ...{
    id: 'BEHUT1',
    strategy: 'market_making',
    market: 'kucoin',
    symbol: 'ETH-USDT',
    creation_timestamp: at / 1_000 - 3_000,
  },
  ...{
    order_type: 'LIMIT_MAKER',
    amount: 750_000,
    price: 2_000_000_000,
    last_status: 'OrderFilled',
    exchange_order_id: 'x1',
  },
};
const tradeFill = {
  ...{ strategy: 'market_making', market: 'kucoin', symbol: 'ETH-USDT', timestamp: at / 1_000, order_id: 'BEHUT1' },
  ...{ trade_type: 'BUY', order_type: 'LIMIT_MAKER', price: 2_000_000_000, amount: 500_000, leverage: 1 },
  ...{ trade_fee: percentFee.replaceAll("'", '"').replace('None', 'null'), exchange_trade_id: '71' },
};
const status = (name: string, ms: number, id = 'BEHUT1') => ({
  id: ms,
  order_id: id,
  timestamp: at / 1_000 + ms,
  status: name,
});
const tables = (change: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {}) => ({
  Metadata: [{ key: 'local_db_version', value: '20230516' }],
  Order: [order],
  OrderStatus: [status('BuyOrderCreated', -3_000), status('OrderFilled', 0), status('OrderCancelled', 1_234)],
  TradeFill: [tradeFill],
  ...change,
});

describe('Hummingbot database', () => {
  it('reads fills in millionths, and what happened to their orders', async () => {
    const { executions, orderEvents, others, warnings } = await readTables(database, tables());
    expect(executions).toEqual([{ ...expected, intendedQuantity: 0.75 }]);
    expect(orderEvents).toEqual([
      expect.objectContaining({
        kind: 'submitted',
        atUs: at - 3_000_000,
        side: 'buy',
        price: 2000,
        intendedQuantity: 0.75,
      }),
      expect.objectContaining({ kind: 'cancelled', atUs: at + 1_234_000, side: 'buy', orderId: 'BEHUT1' }),
    ]);
    expect(others).toEqual({ 'order status OrderFilled': 1 });
    expect(warnings).toEqual([expect.stringMatching(/whole seconds/), expect.stringMatching(/an estimate/)]);
  });

  it('is known by its tables', () => {
    const names = new Map(Object.entries(tables()).map(([name, [first]]) => [name, Object.keys(first ?? {})]));
    expect(database.recognise({ kind: 'sqlite', tables: names })?.confidence).toBeGreaterThan(0.9);
    names.delete('TradeFill');
    expect(database.recognise({ kind: 'sqlite', tables: names })).toBeNull();
  });

  it('reads prices as they are where the database is older than the millionths', async () => {
    const old = tables({
      Metadata: [{ key: 'local_db_version', value: '20210119' }],
      TradeFill: [{ ...tradeFill, price: 2000, amount: 0.5 }],
    });
    expect((await readTables(database, old)).executions[0]).toMatchObject({ price: 2000, quantity: 0.5 });
  });

  it('is refused where a price is lost, and asks for the trades file', async () => {
    const lost = tables({ TradeFill: [tradeFill, { ...tradeFill, exchange_trade_id: '72', price: 0 }] });
    expect(await failureOf(readTables(database, lost))).toMatch(/^format-damaged: 1 of 2 fills have the price zero/);
  });

  it('tells of prices that are rounded', async () => {
    const coarse = tables({ TradeFill: [{ ...tradeFill, price: 733 }] });
    const { executions, warnings } = await readTables(database, coarse);
    expect(executions[0]?.price).toBe(0.000733);
    expect(warnings).toContainEqual(expect.stringMatching(/1 of 1 fills have prices below 0.005/));
  });

  it('an order created after its fill was told has no latency below zero', async () => {
    const late = tables({ Order: [{ ...order, creation_timestamp: at / 1_000 + 1_000 }] });
    const { executions, warnings } = await readTables(database, late);
    expect(executions[0]?.submittedAtUs).toBe(at);
    expect(warnings).toContainEqual(expect.stringMatching(/before the creation of their order/));
  });

  it.each([
    ['a failed order', [status('OrderFailure', 0)], 'rejected'],
    ['an expired order', [status('OrderExpired', 0)], 'expired'],
  ])('%s', async (_, statuses, kind) => {
    const { orderEvents } = await readTables(database, tables({ OrderStatus: statuses }));
    expect(orderEvents).toEqual([expect.objectContaining({ kind, side: null, price: 2000 })]);
  });

  it('quarantines the event of an order that is not there', async () => {
    const { quarantined } = await readTables(
      database,
      tables({ OrderStatus: [status('OrderCancelled', 0, 'BEHUT2')] }),
    );
    expect(quarantined).toEqual([expect.stringMatching(/"BEHUT2", which the table Order does not have/)]);
  });

  it('says so where it is empty', async () => {
    const { warnings } = await readTables(database, tables({ OrderStatus: [], TradeFill: [] }));
    expect(warnings).toEqual(['The database holds no trades.']);
  });
});

const line = (time: string, text: string, level = 'INFO', logger = 'hummingbot.connector.client_order_tracker') =>
  `2025-03-04 ${time} - 77 - ${logger} - ${level} - ${text}`;
const event = (time: string, name: string, fields: object, seconds = at / 1_000_000) =>
  line(
    time,
    JSON.stringify({ timestamp: seconds, order_id: 'BEHUT1', ...fields, event_name: name, event_source: 'kucoin' }),
    'EVENT_LOG',
    'hummingbot.core.event.event_reporter',
  );
const creation = { trading_pair: 'ETH-USDT', type: 'OrderType.LIMIT_MAKER', amount: '0.75', price: '2000' };
const filled = {
  ...{ trading_pair: 'ETH-USDT', trade_type: 'TradeType.BUY', order_type: 'OrderType.LIMIT_MAKER', price: '2000' },
  ...{ amount: '0.5', trade_fee: { percent: '0.001', percent_token: null, flat_fees: [] }, exchange_trade_id: '71' },
};
const created = event('10:00:02,100', 'BuyOrderCreatedEvent', creation, at / 1_000_000 - 3);
const fillEvent = event('10:00:05,250', 'OrderFilledEvent', filled);
const ofLog = {
  ...expected,
  strategy: null,
  executedAtUs: at + 250_000,
  submittedAtUs: at - 2_900_000,
  intendedQuantity: 0.75,
};

describe('Hummingbot log', () => {
  it('reads events with the time of their line, and counts all else by name', async () => {
    const text = [
      line('10:00:02,099', 'Created LIMIT_MAKER BUY order BEHUT1 for 0.75 ETH-USDT.'),
      created,
      fillEvent,
      event('10:00:05,260', 'BuyOrderCompletedEvent', { base_asset: 'ETH' }),
      'Traceback (most recent call last):',
      '  File "exchange.py", line 1, in place',
      event('10:00:06,001', 'OrderCancelledEvent', {}, at / 1_000_000 + 1),
      '',
    ].join('\n');
    expect(await recognisedAs(text)).toEqual(['hummingbot-log']);
    const { executions, orderEvents, others } = await readAs(log, text);
    expect(executions).toEqual([ofLog]);
    expect(orderEvents).toEqual([
      expect.objectContaining({
        kind: 'submitted',
        atUs: at - 2_900_000,
        side: 'buy',
        price: 2000,
        intendedQuantity: 0.75,
      }),
      expect.objectContaining({ kind: 'cancelled', atUs: at + 1_001_000, side: 'buy', symbol: 'ETH/USDT' }),
    ]);
    expect(others).toEqual({ 'line of text': 1, 'event BuyOrderCompletedEvent': 1, 'further line of a message': 2 });
  });

  it('a fill that is told before the creation of its order has no latency below zero', async () => {
    const late = event('10:00:05,264', 'BuyOrderCreatedEvent', creation);
    const { executions, warnings } = await readAs(log, `${fillEvent}\n${late}\n`);
    expect(executions).toEqual([{ ...ofLog, submittedAtUs: ofLog.executedAtUs }]);
    expect(warnings).toContainEqual(expect.stringMatching(/before the creation of their order/));
  });

  it('of a log that grows each line counts at once, and a failure with the line that names its market', async () => {
    const failure = event('10:00:06,000', 'MarketOrderFailureEvent', { order_id: 'BEHUT100' }, at / 1_000_000 + 1);
    const named = line(
      '10:00:06,002',
      "Order BEHUT100 has failed. OrderUpdate(trading_pair='ETH-USDT', client_order_id='BEHUT100')",
    );
    const cancelled = event('10:00:07,000', 'OrderCancelledEvent', {}, at / 1_000_000 + 2);
    const text = `${created}\n${fillEvent}\n${failure}\n${named}\n${cancelled}\n`;
    const grown = await readAs(log, text, { growing: true });
    expect(grown.executions).toEqual([ofLog]);
    expect(grown.others).toEqual({ 'failure told again with its market': 1 });
    const whole = await readAs(log, text);
    const byTime = ({ orderEvents }: typeof whole) => orderEvents.toSorted((one, other) => one.atUs - other.atUs);
    expect(byTime(grown)).toEqual(byTime(whole));
    expect(grown.orderEvents.map(({ kind }) => kind)).toEqual(['submitted', 'rejected', 'cancelled']);
  });

  it('a clock in another zone is told by the events themselves', async () => {
    const local = `${created}\n${fillEvent}\n`
      .replaceAll('2025-03-04 10:', '2025-03-04 15:')
      .replaceAll(/15:00:/g, '15:30:');
    expect((await readAs(log, local)).executions).toEqual([ofLog]);
  });

  it.each([
    [
      'it cancels',
      line(
        '10:00:05,900',
        '(ETH-USDT) Canceling the limit order BEHUT100. [clock=x]',
        'INFO',
        'hummingbot.strategy.mm',
      ),
      'OrderCancelledEvent',
    ],
    [
      'failed',
      line(
        '10:00:06,900',
        "Order BEHUT100 has failed. Order Update: OrderUpdate(trading_pair='ETH-USDT', client_order_id='BEHUT100')",
      ),
      'MarketOrderFailureEvent',
    ],
  ])('the market of an order that began before the log is in the line that says that %s', async (_, text, name) => {
    const { orderEvents, quarantined } = await readAs(
      log,
      `${event('10:00:06,000', name, { order_id: 'BEHUT100' })}\n${text}\n`,
    );
    expect([quarantined, orderEvents]).toEqual([
      [],
      [expect.objectContaining({ symbol: 'ETH/USDT', side: null, orderId: 'BEHUT100' })],
    ]);
  });

  it('where the log does not tell the market, the user does', async () => {
    const text = `${event('10:00:06,000', 'OrderCancelledEvent', {})}\n`;
    expect((await readAs(log, text)).quarantined).toEqual([expect.stringMatching(/market of order BEHUT1.*--symbol/)]);
    expect((await readAs(log, text, { symbol: 'ETH-USDT' })).orderEvents).toHaveLength(1);
  });

  it.each([
    ['cut JSON', fillEvent.slice(0, -20), /no valid JSON/],
    ['a list', line('10:00:05,250', '[1]', 'EVENT_LOG'), /no JSON object/],
    ['no price', event('10:00:05,250', 'OrderFilledEvent', { ...filled, price: 'NaN' }), /price is "NaN"/],
    ['no time', event('10:00:05,250', 'OrderFilledEvent', { ...filled, timestamp: 'x' }), /timestamp is "x"/],
    ['no order', event('10:00:05,250', 'OrderFilledEvent', { ...filled, order_id: null }), /order_id is missing/],
  ])('quarantines an event with %s', async (_, text, reason) => {
    const { quarantined, executions } = await readAs(log, `${created}\n${text}\n`);
    expect([executions, quarantined]).toEqual([[], [expect.stringMatching(reason)]]);
  });
});
