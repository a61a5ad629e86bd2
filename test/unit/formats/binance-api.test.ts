import { describe, expect, it } from 'vitest';
import {
  binanceOrder,
  binanceOrderFull,
  binanceTrade,
  executionReport,
  orderTradeUpdate,
  tradeLite,
} from '../../../electron/engine/imports/formats/api-examples';
import { binanceRestOrderFull } from '../../../electron/engine/imports/formats/binance-rest-order-full';
import { binanceRestAllOrders } from '../../../electron/engine/imports/formats/binance-rest-orders';
import { binanceRestMyTrades } from '../../../electron/engine/imports/formats/binance-rest-trades';
import { binanceWsExecutionReport } from '../../../electron/engine/imports/formats/binance-ws-execution-report';
import {
  binanceWsFuturesOrders,
  binanceWsFuturesTradeLite,
} from '../../../electron/engine/imports/formats/binance-ws-futures';
import { fill, readAs } from '../../support/formats';

const atUs = 1_700_000_000_123_000;
const lines = (...messages: readonly unknown[]) => messages.map((message) => JSON.stringify(message)).join('\n');

describe('own trades', () => {
  it('reads a fill, and an id of nineteen digits to the last', async () => {
    const text = JSON.stringify([binanceTrade]).replace('9007199254740000', '1234567890123456789');
    expect((await readAs(binanceRestMyTrades, text)).executions).toEqual([
      fill({
        ...{ venue: 'binance', symbol: 'ETH/BTC', side: 'buy', price: 0.05, quantity: 2, fee: 0.002 },
        ...{
          feeCurrency: 'ETH',
          liquidity: 'taker',
          executedAtUs: atUs,
          tradeId: '71',
          orderId: '1234567890123456789',
        },
      }),
    ]);
  });

  it('reads futures by their side, and coin-margined ones by their base', async () => {
    const { isBuyer: _, isMaker: __, ...shared } = binanceTrade;
    const future = { ...shared, symbol: 'BTCUSDT', side: 'SELL', maker: true, realizedPnl: '1' };
    const coin = { ...future, symbol: 'BTCUSD_PERP', qty: '5', baseQty: '0.0125' };
    const { executions } = await readAs(binanceRestMyTrades, JSON.stringify([future, coin]));
    expect(executions.map(({ symbol, side, quantity, liquidity }) => [symbol, side, quantity, liquidity])).toEqual([
      ['BTC/USDT', 'sell', 2, 'maker'],
      ['BTCUSD_PERP', 'sell', 0.0125, 'maker'],
    ]);
  });

  it.each([
    [{ isBuyer: null }, /isBuyer is missing/],
    [{ qty: '0' }, /qty is "0"/],
    [{ time: 'soon' }, /time is "soon"/],
    [{ symbol: 'BTCUSD_PERP' }, /contracts of a fixed amount of USD/],
  ])('quarantines %j', async (change, reason) => {
    const result = await readAs(binanceRestMyTrades, JSON.stringify([binanceTrade, { ...binanceTrade, ...change }]));
    expect(result.executions).toHaveLength(1);
    expect(result.quarantined).toEqual([expect.stringMatching(reason)]);
  });
});

describe('listed orders', () => {
  it('an ended order is its average fill and its end', async () => {
    const result = await readAs(binanceRestAllOrders, JSON.stringify([binanceOrder, binanceOrder]));
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'binance', symbol: 'ETH/USDT', side: 'sell', price: 2000, quantity: 2, intendedQuantity: 3 },
        ...{ executedAtUs: atUs + 9_000, submittedAtUs: atUs, orderId: '5', clientOrderId: 'mine' },
      }),
    ]);
    expect(result.orderEvents).toMatchObject([{ kind: 'expired', atUs: atUs + 9_000, intendedQuantity: 3 }]);
    expect(result.others).toEqual({ 'order listed again': 1 });
    expect(result.warnings).toEqual([expect.stringMatching(/never both/)]);
  });

  it.each([
    ['NEW', { executedQty: '0' }, 'submitted', 0],
    ['PARTIALLY_FILLED', {}, 'submitted', 0],
    ['CANCELED', { executedQty: '0' }, 'cancelled', 9_000],
    ['REJECTED', { executedQty: '0' }, 'rejected', 9_000],
  ])('%s is an order event and no fill', async (status, change, kind, later) => {
    const result = await readAs(binanceRestAllOrders, JSON.stringify([{ ...binanceOrder, ...change, status }]));
    expect(result.executions).toEqual([]);
    expect(result.orderEvents).toMatchObject([{ kind, atUs: atUs + later }]);
  });

  it.each([
    [{ status: 'FILLED', executedQty: '0' }, /says it was filled, but not how much/],
    [{ cummulativeQuoteQty: '0' }, /not at what price/],
    [{ cummulativeQuoteQty: '-1' }, /cummulativeQuoteQty is "-1", but must not be below zero/],
    [{ status: 'LOST' }, /status is "LOST"/],
  ])('quarantines %j', async (change, reason) => {
    const result = await readAs(binanceRestAllOrders, JSON.stringify([{ ...binanceOrder, ...change }]));
    expect(result.quarantined).toEqual([expect.stringMatching(reason)]);
  });
});

describe('answers to new orders', () => {
  it('every fill is an execution of the order', async () => {
    const result = await readAs(binanceRestOrderFull, JSON.stringify(binanceOrderFull));
    expect(
      result.executions.map(({ price, quantity, fee, tradeId, orderId }) => [price, quantity, fee, tradeId, orderId]),
    ).toEqual([
      [30000, 1, 0.001, '1', '8'],
      [30150, 2, 0.002, '2', '8'],
    ]);
    expect([result.outcomes.length, result.warnings]).toEqual([1, []]);
  });

  it('warns when the amount is not that of the fills', async () => {
    const text = JSON.stringify({ ...binanceOrderFull, cummulativeQuoteQty: '3' });
    expect((await readAs(binanceRestOrderFull, text)).warnings).toEqual([expect.stringMatching(/cummulativeQuoteQty/)]);
  });

  it('quarantines an answer that lacks fills', async () => {
    const text = JSON.stringify({ ...binanceOrderFull, executedQty: '4' });
    expect((await readAs(binanceRestOrderFull, text)).quarantined).toEqual([
      'executedQty is 4, but the fills add up to 3',
    ]);
  });

  it.each([
    ['NEW', 'submitted'],
    ['EXPIRED', 'expired'],
  ])('%s without fills is an order event', async (status, kind) => {
    const text = JSON.stringify({ ...binanceOrderFull, status, executedQty: '0', fills: [] });
    expect((await readAs(binanceRestOrderFull, text)).orderEvents).toMatchObject([{ kind, orderId: '8' }]);
  });
});

describe('spot user stream', () => {
  it('reads a trade with the time its order was created', async () => {
    const result = await readAs(binanceWsExecutionReport, lines(executionReport, { e: 'balanceUpdate' }));
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'binance', symbol: 'BTC/USDT', side: 'sell', price: 30001, quantity: 0.5, fee: 0.75 },
        ...{ feeCurrency: 'USDT', liquidity: 'taker', executedAtUs: atUs + 1_000, submittedAtUs: atUs },
        ...{ tradeId: '900', orderId: '44', clientOrderId: 'mine', intendedQuantity: 2 },
      }),
    ]);
    expect(result.others).toEqual({ 'event balanceUpdate': 1 });
  });

  it.each([
    ['NEW', 'submitted', null],
    ['CANCELED', 'cancelled', null],
    ['REJECTED', 'rejected', 'INSUFFICIENT_BALANCES'],
    ['EXPIRED', 'expired', null],
  ])('%s is an order event', async (x, kind, reason) => {
    const report = { ...executionReport, x, t: -1, l: '0', L: '0', N: null, n: '0', r: reason ?? 'NONE' };
    const result = await readAs(binanceWsExecutionReport, lines(report));
    expect(result.orderEvents).toMatchObject([
      { kind, reason, clientOrderId: 'mine', price: 30000, intendedQuantity: 2 },
    ]);
  });

  it('quarantines what it does not know', async () => {
    const result = await readAs(
      binanceWsExecutionReport,
      lines({ ...executionReport, x: 'LOST' }, { ...executionReport, L: '-1' }),
    );
    expect(result.quarantined).toEqual([expect.stringMatching(/x is "LOST"/), expect.stringMatching(/L is "-1"/)]);
  });
});

describe('futures user stream', () => {
  it('counts a trade once, by its full report', async () => {
    const result = await readAs(binanceWsFuturesOrders, lines(tradeLite, orderTradeUpdate));
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'binance', symbol: 'BTC/USDT', side: 'buy', price: 29999, quantity: 2, fee: -0.5 },
        ...{ feeCurrency: 'USDT', liquidity: 'maker', executedAtUs: atUs, tradeId: '901', orderId: '45' },
        ...{ clientOrderId: 'mine', intendedQuantity: 2 },
      }),
    ]);
    expect(result.others).toEqual({ 'TRADE_LITE beside its full report': 1 });
  });

  it.each([
    ['NEW', 'submitted'],
    ['CANCELED', 'cancelled'],
    ['EXPIRED', 'expired'],
  ])('%s is an order event', async (x, kind) => {
    const result = await readAs(
      binanceWsFuturesOrders,
      lines({ ...orderTradeUpdate, o: { ...orderTradeUpdate.o, x } }),
    );
    expect(result.orderEvents).toMatchObject([{ kind, atUs, price: 30000 }]);
  });

  it('a liquidation is a fill, contracts of USD are set aside', async () => {
    const update = (change: object) => ({ ...orderTradeUpdate, o: { ...orderTradeUpdate.o, ...change } });
    const result = await readAs(
      binanceWsFuturesOrders,
      lines(update({ x: 'CALCULATED' }), update({ s: 'BTCUSD_PERP' })),
    );
    expect(result.executions).toHaveLength(1);
    expect(result.quarantined).toEqual([expect.stringMatching(/contracts of a fixed amount of USD/)]);
  });

  it('the light stream tells no fees', async () => {
    const result = await readAs(binanceWsFuturesTradeLite, lines(tradeLite));
    expect(result.executions).toMatchObject([{ fee: null, feeCurrency: null, tradeId: '901', liquidity: 'maker' }]);
    expect(result.warnings).toEqual([expect.stringMatching(/unknown, not zero/)]);
  });
});
