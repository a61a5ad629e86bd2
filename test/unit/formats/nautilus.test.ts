import { describe, expect, it } from 'vitest';
import { nautilusFilled } from '../../../electron/engine/imports/formats/api-examples';
import { nautilusInstrument } from '../../../electron/engine/imports/formats/nautilus';
import { nautilusEventsJson } from '../../../electron/engine/imports/formats/nautilus-events-json';
import { nautilusFillsCsv, nautilusOrdersCsv } from '../../../electron/engine/imports/formats/nautilus-reports-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const filledAt = us('2025-02-03T10:00:00.250Z');
const csv = (...rows: readonly object[]): string =>
  `${Object.keys(rows[0]!).join(',')}\n${rows
    .map((row) =>
      Object.values(row)
        .map((cell) => (String(cell).includes(',') ? `"${cell}"` : cell))
        .join(','),
    )
    .join('\n')}\n`;
const fillRow = {
  ...{ client_order_id: 'O-1', trader_id: 'T-001', strategy_id: 'EMACross-000', instrument_id: 'ETHUSDT-PERP.BINANCE' },
  ...{ venue_order_id: '71', account_id: 'BINANCE-001', trade_id: '9', position_id: 'P-1', order_side: 'BUY' },
  ...{ order_type: 'LIMIT', last_qty: '0.500', last_px: '2000.00', currency: 'USDT', commission: '0.40000000 USDT' },
  ...{
    liquidity_side: 'MAKER',
    event_id: 'e',
    ts_event: '2025-02-03 10:00:00.250000+00:00',
    ts_init: '2025-02-03 10:00:00.260000+00:00',
  },
  ...{ info: '{}', reconciliation: 'False' },
};
const expected = fill({
  ...{
    venue: 'binance',
    account: 'BINANCE-001',
    strategy: 'EMACross-000',
    symbol: 'ETH/USDT',
    side: 'buy',
    price: 2000,
  },
  ...{ quantity: 0.5, fee: 0.4, feeCurrency: 'USDT', liquidity: 'maker', executedAtUs: filledAt, tradeId: '9' },
  ...{ orderId: '71', clientOrderId: 'O-1' },
});

describe('NautilusTrader instruments', () => {
  it.each([
    ['ETHUSDT-PERP.BINANCE', 'ETH/USDT', 'binance', false],
    ['BTC/USDT.KRAKEN', 'BTC/USDT', 'kraken', false],
    ['BTC-USDT-SWAP.OKX', 'BTC/USDT', 'okx', false],
    ['BTCUSDT-LINEAR.BYBIT', 'BTC/USDT', 'bybit', false],
    ['AUD/USD.SIM', 'AUD/USD', 'sim', false],
    ['AAPL.XNAS', 'AAPL', 'xnas', false],
    ['FETH.XNAS', 'FETH', 'xnas', false],
    ['BTCUSD-SPOT.BYBIT', 'BTC/USD', 'bybit', false],
    ['BTCUSD-INVERSE.BYBIT', 'BTCUSD-INVERSE', 'bybit', true],
    ['BTCUSD-PERP.BINANCE', 'BTCUSD-PERP', 'binance', true],
    ['XBTUSD.BITMEX', 'XBTUSD', 'bitmex', true],
    ['BTC-PERPETUAL.DERIBIT', 'BTC-PERPETUAL', 'deribit', true],
    ['ETH_USDC-PERPETUAL.DERIBIT', 'ETH/USDC', 'deribit', false],
  ])('%s', (id, symbol, venue, isInverse) => {
    expect(nautilusInstrument(id)).toEqual({ symbol, venue, isInverse });
  });
});

describe('NautilusTrader fills report', () => {
  it('reads a fill', async () => {
    expect(await recognisedAs(csv(fillRow))).toEqual(['nautilus-fills-csv']);
    expect((await readAs(nautilusFillsCsv, csv(fillRow))).executions).toEqual([expected]);
  });

  it.each([
    ['a rebate', { commission: '-0.10 USDT' }, { fee: -0.1 }],
    ['no side of the book', { liquidity_side: 'NO_LIQUIDITY_SIDE' }, { liquidity: null }],
    ['nanoseconds', { ts_event: '1738576800250000123' }, {}],
    ['no commission', { commission: '' }, { fee: null, feeCurrency: null }],
    ['no account, as pandas writes it', { account_id: 'nan' }, { account: null }],
  ])('%s', async (_, change, told) => {
    expect((await readAs(nautilusFillsCsv, csv({ ...fillRow, ...change }))).executions).toEqual([
      { ...expected, ...told },
    ]);
  });

  it.each([
    [{ last_px: '0' }, /last_px is "0"/],
    [{ last_qty: 'nan' }, /last_qty is missing/],
    [{ order_side: 'NO_ORDER_SIDE' }, /order_side is "NO_ORDER_SIDE"/],
    [{ commission: 'some' }, /commission is "some"/],
    [{ ts_event: 'NaT' }, /ts_event is missing/],
    [{ instrument_id: 'XBTUSD.BITMEX' }, /settled in its coin/],
    [{ trade_id: '' }, /trade_id is missing/],
  ])('quarantines %j', async (change, reason) => {
    expect((await readAs(nautilusFillsCsv, csv({ ...fillRow, ...change }))).quarantined).toEqual([
      expect.stringMatching(reason),
    ]);
  });
});

const orderRow = {
  ...{ client_order_id: 'O-1', trader_id: 'T-001', strategy_id: 'EMACross-000', instrument_id: 'ETHUSDT-PERP.BINANCE' },
  ...{
    venue_order_id: '71',
    position_id: '',
    account_id: 'BINANCE-001',
    last_trade_id: '9',
    type: 'LIMIT',
    side: 'BUY',
  },
  ...{ quantity: '0.750', is_quote_quantity: 'False', filled_qty: '0.500', liquidity_side: 'MAKER', avg_px: '2000.0' },
  ...{ commissions: "['0.30 USDT', '0.10 USDT']", status: 'FILLED', ts_init: '1738576799750000000' },
  ...{ ts_last: '1738576800250000000', price: '2001.00' },
};
const ofOrder = { ...expected, tradeId: null, submittedAtUs: filledAt - 500_000, intendedQuantity: 0.75 };

describe('NautilusTrader orders report', () => {
  it('reads an order that has ended as one execution', async () => {
    expect(await recognisedAs(csv(orderRow))).toEqual(['nautilus-orders-csv']);
    const { executions, warnings } = await readAs(nautilusOrdersCsv, csv(orderRow));
    expect(executions).toEqual([ofOrder]);
    expect(warnings).toEqual([expect.stringMatching(/without their fills/)]);
  });

  it.each([
    ['CANCELED', '0.500', 1, 'cancelled'],
    ['CANCELED', '0.000', 0, 'cancelled'],
    ['EXPIRED', '0', 0, 'expired'],
    ['DENIED', '0', 0, 'rejected'],
    ['REJECTED', '', 0, 'rejected'],
    ['ACCEPTED', '0', 0, 'submitted'],
  ])('%s with %s filled is %i execution and %s', async (status, filled, count, kind) => {
    const { executions, orderEvents } = await readAs(
      nautilusOrdersCsv,
      csv({ ...orderRow, status, filled_qty: filled }),
    );
    expect(executions).toHaveLength(count);
    expect(orderEvents).toEqual([
      expect.objectContaining({ kind, price: 2001, intendedQuantity: 0.75, clientOrderId: 'O-1' }),
    ]);
  });

  it('an order that is still filled is no execution yet, and it says so', async () => {
    const { executions, orderEvents, warnings } = await readAs(
      nautilusOrdersCsv,
      csv({ ...orderRow, status: 'PARTIALLY_FILLED' }),
    );
    expect([executions, orderEvents.map(({ kind }) => kind)]).toEqual([[], ['submitted']]);
    expect(warnings).toContainEqual(expect.stringMatching(/open and filled in part/));
  });

  it.each([
    ['several currencies', { commissions: "['0.3 USDT', '1 BNB']" }, { fee: null, feeCurrency: null }],
    ['an older form', { commissions: "{'USDT': Money('0.3', USDT)}" }, { fee: null, feeCurrency: null }],
    ['a size in the quote', { is_quote_quantity: 'True' }, { intendedQuantity: null }],
  ])('%s', async (_, change, told) => {
    expect((await readAs(nautilusOrdersCsv, csv({ ...orderRow, ...change }))).executions).toEqual([
      { ...ofOrder, ...told },
    ]);
  });

  it.each([
    [{ status: 'DREAMT' }, /status is "DREAMT"/],
    [{ avg_px: '' }, /not at what price/],
    [{ ts_init: '' }, /ts_init is missing/],
  ])('quarantines %j', async (change, reason) => {
    expect((await readAs(nautilusOrdersCsv, csv({ ...orderRow, ...change }))).quarantined).toEqual([
      expect.stringMatching(reason),
    ]);
  });
});

describe('NautilusTrader events', () => {
  const at = us('2023-11-14T22:13:20.123Z');
  const nano = (offsetMs: number) => `${at + offsetMs * 1_000}000`;
  const { trader_id, strategy_id, instrument_id, client_order_id, account_id } = nautilusFilled;
  const event = (type: string, offsetMs: number, more: object = {}) => ({
    ...{ type, trader_id, strategy_id, instrument_id, client_order_id, account_id, event_id: type },
    ...{ ts_event: nano(offsetMs), ts_init: nano(offsetMs), ...more },
  });
  const initialised = event('OrderInitialized', -500, {
    order_side: 'BUY',
    quantity: '0.750',
    quote_quantity: false,
    ts_event: undefined,
  });
  const lines = (...events: readonly object[]) => `${events.map((one) => JSON.stringify(one)).join('\n')}\n`;

  it('a fill knows when its order was decided and sent', async () => {
    const log = lines(initialised, event('OrderSubmitted', -200), event('OrderAccepted', -100), nautilusFilled);
    expect(await recognisedAs(log)).toEqual(['nautilus-events-json']);
    const { executions, orderEvents, others } = await readAs(nautilusEventsJson, log);
    expect(executions).toEqual([
      {
        ...expected,
        tradeId: 'T-9',
        executedAtUs: at,
        decidedAtUs: at - 500_000,
        submittedAtUs: at - 200_000,
        intendedQuantity: 0.75,
      },
    ]);
    expect(orderEvents).toEqual([
      expect.objectContaining({ kind: 'submitted', side: 'buy', intendedQuantity: 0.75, atUs: at - 200_000 }),
    ]);
    expect(others).toEqual({ 'event OrderInitialized': 1, 'event OrderAccepted': 1 });
  });

  it.each([
    ['OrderDenied', 'rejected'],
    ['OrderRejected', 'rejected'],
    ['OrderCanceled', 'cancelled'],
    ['OrderExpired', 'expired'],
  ])('%s', async (type, kind) => {
    const { orderEvents } = await readAs(nautilusEventsJson, lines(event(type, 0, { reason: 'too far' })));
    expect(orderEvents).toEqual([
      expect.objectContaining({ kind, side: null, reason: 'too far', clientOrderId: 'O-1' }),
    ]);
  });

  it.each([
    [{ last_px: 'x' }, /last_px is "x"/],
    [{ client_order_id: null }, /client_order_id is missing/],
    [{ ts_event: null, ts_init: null }, /ts_init is missing/],
  ])('quarantines a fill with %j', async (change, reason) => {
    expect((await readAs(nautilusEventsJson, lines({ ...nautilusFilled, ...change }))).quarantined).toEqual([
      expect.stringMatching(reason),
    ]);
  });
});
