import { describe, expect, it } from 'vitest';
import * as records from '../../../electron/engine/imports/formats/api-examples';
import { formatById } from '../../../electron/engine/imports/formats/index';
import { readAs } from '../../support/formats';

const atUs = 1_700_000_000_123_000;
const read = (id: string, ...list: readonly unknown[]) => readAs(formatById(id)!, JSON.stringify(list));

describe('every fact of a fill', () => {
  it.each<[string, unknown, object]>([
    [
      'kraken-rest-TradesHistory',
      { trades: { T1: records.krakenTrade } },
      {
        venue: 'kraken',
        symbol: 'ETH/EUR',
        side: 'sell',
        price: 1800,
        quantity: 0.5,
        fee: 1.44,
        feeCurrency: 'EUR',
        liquidity: 'maker',
        executedAtUs: 1_700_000_000_123_400,
        tradeId: 'T1',
        orderId: 'O1',
      },
    ],
    [
      'kraken-futures-fills',
      records.krakenFuturesFill,
      {
        symbol: 'PI_XBTUSD',
        side: 'sell',
        quantity: 0.5,
        fee: 0.00025,
        feeCurrency: 'BTC',
        liquidity: 'taker',
        executedAtUs: atUs,
        tradeId: 'f',
        clientOrderId: 'mine',
      },
    ],
    [
      'coinbasepro-rest-fills',
      records.exchangeFill,
      {
        venue: 'coinbase',
        symbol: 'ETH/EUR',
        side: 'sell',
        price: 1800,
        quantity: 0.5,
        fee: 0.9,
        feeCurrency: 'EUR',
        liquidity: 'maker',
        executedAtUs: atUs + 456,
        tradeId: '12',
      },
    ],
    [
      'bitmex-rest-execution',
      records.bitmexExecution,
      {
        symbol: 'XBTUSD',
        side: 'buy',
        price: 30_000,
        quantity: 0.01,
        fee: -2.5e-7,
        feeCurrency: 'BTC',
        liquidity: 'taker',
        executedAtUs: atUs,
        tradeId: 'x',
        clientOrderId: 'mine',
        intendedQuantity: null,
        account: '7',
      },
    ],
    [
      'hyperliquid-userFills',
      records.hyperliquidFill,
      {
        symbol: 'SOL/USDC',
        side: 'sell',
        price: 60.5,
        quantity: 3,
        fee: 0.08,
        feeCurrency: 'USDC',
        liquidity: 'taker',
        executedAtUs: atUs,
        tradeId: '1234567',
        orderId: '88',
        clientOrderId: '0xabc',
      },
    ],
    [
      'dydx-v4-fills',
      records.dydxFill,
      {
        symbol: 'SOL/USD',
        side: 'sell',
        price: 60.5,
        quantity: 3,
        fee: -0.02,
        feeCurrency: 'USDC',
        liquidity: 'maker',
        executedAtUs: atUs,
        tradeId: 'f',
        orderId: 'o',
      },
    ],
    [
      'bitget-v2-spot-fills',
      records.bitgetFill,
      {
        symbol: 'SOL/USDT',
        side: 'sell',
        price: 60.5,
        quantity: 3,
        fee: 0.18,
        feeCurrency: 'USDT',
        liquidity: 'maker',
        executedAtUs: atUs,
        tradeId: '2',
        orderId: '1',
      },
    ],
    [
      'gate-v4-my_trades',
      records.gateTrade,
      {
        symbol: 'SOL/USDT',
        side: 'buy',
        price: 60.5,
        quantity: 3,
        fee: 0.02,
        feeCurrency: 'GT',
        liquidity: 'maker',
        executedAtUs: atUs + 456,
        tradeId: '3',
        clientOrderId: 't-mine',
      },
    ],
    [
      'bitstamp-rest-user_transactions',
      records.bitstampTransaction,
      {
        symbol: 'ETH/EUR',
        side: 'sell',
        price: 1800,
        quantity: 0.5,
        fee: 1.8,
        feeCurrency: 'EUR',
        executedAtUs: atUs + 456,
        tradeId: '5',
        orderId: '1234567890',
      },
    ],
    [
      'gemini-order-with-trades',
      records.geminiOrder,
      {
        symbol: 'ETH/USD',
        side: 'buy',
        price: 1799,
        quantity: 0.5,
        fee: 3.1,
        feeCurrency: 'USD',
        liquidity: 'taker',
        executedAtUs: atUs + 40_000,
        submittedAtUs: atUs,
        tradeId: '7',
        intendedQuantity: 2,
      },
    ],
    [
      'ccxt-unified-fetchMyTrades',
      records.ccxtTrade,
      {
        venue: null,
        symbol: 'SOL/USDT',
        side: 'sell',
        price: 60.5,
        quantity: 3,
        fee: 0.18,
        feeCurrency: 'USDT',
        liquidity: 'maker',
        executedAtUs: atUs,
        tradeId: 't',
        orderId: 'o',
      },
    ],
    [
      'alpaca-activities',
      records.alpacaActivity,
      {
        symbol: 'AAPL',
        side: 'sell',
        price: 190.5,
        quantity: 3,
        fee: null,
        executedAtUs: atUs,
        orderId: 'o',
        intendedQuantity: 10,
      },
    ],
    [
      'kraken-rest-ClosedOrders',
      { closed: { O1: records.krakenOrder } },
      {
        symbol: 'ETH/EUR',
        side: 'buy',
        price: 1798,
        quantity: 0.5,
        fee: 1.4,
        feeCurrency: 'EUR',
        submittedAtUs: 1_700_000_000_123_400,
        executedAtUs: 1_700_000_060_500_000,
        intendedQuantity: 2,
        orderId: 'O1',
      },
    ],
    [
      'coinbase-advanced-orders',
      records.coinbaseOrder,
      {
        symbol: 'ETH/USD',
        side: 'sell',
        price: 2001,
        quantity: 0.5,
        fee: 2.5,
        feeCurrency: 'USD',
        submittedAtUs: atUs,
        intendedQuantity: 2,
        clientOrderId: 'mine',
      },
    ],
    [
      'ccxt-unified-orders',
      records.ccxtOrder,
      {
        symbol: 'SOL/USDT',
        side: 'buy',
        price: 60.5,
        quantity: 3,
        fee: null,
        submittedAtUs: atUs,
        executedAtUs: atUs + 70_000,
        intendedQuantity: 4,
        clientOrderId: 'mine',
      },
    ],
  ])('%s', async (id, record, expected) => {
    const { executions, quarantined } = await read(id, record);
    expect([executions, quarantined]).toMatchObject([[expected], []]);
  });

  it('the user channel counts an order when it ends, at the time of the message', async () => {
    const message = (status: string, timestamp: string) => ({
      channel: 'user',
      timestamp,
      events: [{ orders: [{ ...records.coinbaseUserOrder, status }] }],
    });
    const text = [
      message('OPEN', '2023-11-14T22:14:00Z'),
      message('FILLED', '2023-11-14T22:15:00Z'),
      { channel: 'heartbeats' },
    ]
      .map((one) => JSON.stringify(one))
      .join('\n');
    const result = await readAs(formatById('coinbase-advanced-ws-user')!, text);
    expect(result.executions).toMatchObject([
      { price: 2000, quantity: 2, fee: 4, submittedAtUs: atUs, executedAtUs: 1_700_000_100_000_000 },
    ]);
    expect(result.orderEvents).toMatchObject([{ kind: 'submitted', atUs }]);
    expect(result.others).toEqual({ 'message heartbeats': 1 });
  });
});

describe('variants', () => {
  it.each<[string, string, object, object]>([
    [
      'Kraken multi-collateral futures count the coin',
      'kraken-futures-fills',
      { ...records.krakenFuturesFill, symbol: 'PF_XBTUSD', size: 0.25 },
      { symbol: 'BTC/USD', quantity: 0.25 },
    ],
    [
      'Kraken futures feed',
      'kraken-futures-fills',
      {
        instrument: 'PI_XBTUSD',
        time: 1_700_000_000_123,
        price: 30_000,
        buy: true,
        qty: 3000,
        order_id: 'o',
        fill_id: 'g',
        fill_type: 'maker',
        fee_paid: -0.1,
        fee_currency: 'BTC',
      },
      { side: 'buy', quantity: 0.1, fee: -0.1, liquidity: 'maker', executedAtUs: atUs },
    ],
    [
      'BitMEX linear contracts',
      'bitmex-rest-execution',
      { ...records.bitmexExecution, symbol: 'XBTUSDT', settlCurrency: 'USDt', execComm: 2_500_000 },
      { symbol: 'BTC/USDT', fee: 2.5, feeCurrency: 'USDT', intendedQuantity: 0.02 },
    ],
    [
      'Hyperliquid spot by number',
      'hyperliquid-userFills',
      { ...records.hyperliquidFill, coin: '@7', dir: 'Sell' },
      { symbol: '@7' },
    ],
    [
      'Bitget fee as text',
      'bitget-v2-spot-fills',
      { ...records.bitgetFill, feeDetail: JSON.stringify([records.bitgetFill.feeDetail]) },
      { fee: 0.18, feeCurrency: 'USDT' },
    ],
    [
      'Gate fee in the coin',
      'gate-v4-my_trades',
      { ...records.gateTrade, fee: '0.003', gt_fee: '0', text: 'apiv4' },
      { fee: 0.003, feeCurrency: 'SOL', clientOrderId: null },
    ],
    [
      'ccxt linear contracts by their cost',
      'ccxt-unified-fetchMyTrades',
      { ...records.ccxtTrade, symbol: 'SOL/USDT:USDT', amount: 30 },
      { symbol: 'SOL/USDT', quantity: 3 },
    ],
    [
      'ccxt inverse contracts by their cost',
      'ccxt-unified-fetchMyTrades',
      { ...records.ccxtTrade, symbol: 'SOL/USD:SOL', amount: 18, cost: 2.97 },
      { symbol: 'SOL/USD:SOL', quantity: 2.97 },
    ],
    [
      'ccxt fees listed',
      'ccxt-unified-fetchMyTrades',
      {
        ...records.ccxtTrade,
        fee: null,
        fees: [
          { cost: 0.5, currency: 'USDT' },
          { cost: 0.25, currency: 'USDT' },
        ],
      },
      { fee: 0.75, feeCurrency: 'USDT' },
    ],
    [
      'ccxt orders of contracts',
      'ccxt-unified-orders',
      { ...records.ccxtOrder, symbol: 'SOL/USDT:USDT', amount: 40, filled: 30 },
      { quantity: 3, intendedQuantity: 4 },
    ],
    [
      'Alpaca coins',
      'alpaca-activities',
      { ...records.alpacaActivity, symbol: 'BTCUSD', side: 'buy' },
      { symbol: 'BTC/USD' },
    ],
  ])('%s', async (_, id, record, expected) => {
    const { executions, quarantined } = await read(id, record);
    expect([executions, quarantined]).toMatchObject([[expected], []]);
  });
});

describe('orders that did not fill all', () => {
  it.each<[string, unknown, object]>([
    [
      'kraken-rest-ClosedOrders',
      { closed: { O1: krakenEmpty('canceled') } },
      { kind: 'cancelled', reason: 'User requested', price: 1799 },
    ],
    ['kraken-rest-ClosedOrders', { open: { O1: krakenEmpty('open') } }, { kind: 'submitted', price: 1799 }],
    [
      'coinbase-advanced-orders',
      { ...records.coinbaseOrder, status: 'FAILED', filled_size: '0', reject_message: 'no funds' },
      { kind: 'rejected', reason: 'no funds' },
    ],
    [
      'bitmex-rest-execution',
      { ...records.bitmexExecution, execType: 'Rejected', ordRejReason: 'no margin' },
      { kind: 'rejected', reason: 'no margin' },
    ],
    [
      'bitmex-rest-execution',
      { ...records.bitmexExecution, execType: 'Canceled' },
      { kind: 'cancelled', orderId: 'o' },
    ],
    [
      'gemini-order-with-trades',
      { ...records.geminiOrder, trades: [], executed_amount: '0' },
      { kind: 'cancelled', reason: 'Requested' },
    ],
    [
      'ccxt-unified-orders',
      { ...records.ccxtOrder, status: 'rejected', filled: 0, average: null },
      { kind: 'rejected', intendedQuantity: 4 },
    ],
  ])('%s: %j', async (id, record, expected) => {
    const result = await read(id, record);
    expect([result.executions, result.orderEvents, result.quarantined]).toMatchObject([[], [expected], []]);
  });
});

function krakenEmpty(status: string) {
  return { ...records.krakenOrder, status, vol_exec: '0', price: '0' };
}

describe('no trade, and set aside', () => {
  it.each<[string, object, string]>([
    ['bitmex-rest-execution', { ...records.bitmexExecution, execType: 'Funding' }, 'execution Funding'],
    ['hyperliquid-userFills', { ...records.hyperliquidFill, dir: 'Spot Dust Conversion' }, 'spot dust conversion'],
    ['bitstamp-rest-user_transactions', { ...records.bitstampTransaction, type: 0 }, 'deposit'],
    ['bitstamp-rest-user_transactions', { ...records.bitstampTransaction, type: '27' }, 'transaction of type 27'],
    ['alpaca-activities', { activity_type: 'FEE', id: 'f' }, 'activity FEE'],
  ])('%s: %j', async (id, record, name) => {
    expect((await read(id, record)).others).toEqual({ [name]: 1 });
  });

  it.each<[string, object, RegExp]>([
    [
      'kraken-futures-fills',
      { ...records.krakenFuturesFill, symbol: 'PV_XRPXBT' },
      /how much one contract of PV_XRPXBT is/,
    ],
    ['bitmex-rest-execution', { ...records.bitmexExecution, homeNotional: null }, /amount in base units is unknown/],
    ['bitstamp-rest-user_transactions', { ...records.bitstampTransaction, eth: '0.5' }, /the side cannot be told/],
    ['gate-v4-my_trades', { ...records.gateTrade, fee: '1' }, /more than one fee/],
    ['bitget-v2-spot-fills', { ...records.bitgetFill, feeDetail: '{' }, /feeDetail is "\{", which is no JSON/],
    ['gemini-order-with-trades', { ...records.geminiOrder, executed_amount: '2' }, /trades add up to 0.5/],
    [
      'ccxt-unified-fetchMyTrades',
      { ...records.ccxtTrade, symbol: 'SOL/USDT:USDT', cost: null },
      /in contracts, and without a cost/,
    ],
    ['ccxt-unified-orders', { ...records.ccxtOrder, average: null, cost: null }, /not at what price/],
    ['coinbase-advanced-orders', { ...records.coinbaseOrder, product_type: 'FUTURE' }, /how much one contract/],
    ['dydx-v4-fills', { ...records.dydxFill, size: '-1' }, /size is "-1"/],
  ])('%s: %j', async (id, record, reason) => {
    expect((await read(id, record)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
