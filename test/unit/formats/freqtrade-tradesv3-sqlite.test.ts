import { describe, expect, it } from 'vitest';
import { freqtradeTradesv3Sqlite as format } from '../../../electron/engine/imports/formats/freqtrade-tradesv3-sqlite';
import { fill, readTables, us } from '../../support/formats';

const trade = {
  id: 1,
  exchange: 'kraken',
  pair: 'ETH/USDT',
  stake_currency: 'USDT',
  is_open: 0,
  is_short: 0,
  amount: 2,
  open_rate: 3000,
  close_rate: 3030,
  open_rate_requested: 2999,
  fee_open: 0.001,
  fee_open_cost: 5.5,
  fee_open_currency: 'USDT',
  fee_close: 0.002,
  fee_close_cost: null,
  fee_close_currency: null,
  open_date: '2025-01-02 10:00:00.500000',
  close_date: '2025-01-02 12:00:00.250000',
  strategy: 'Trend',
};
const entry = {
  id: 1,
  ft_trade_id: 1,
  ft_order_side: 'buy',
  ft_pair: 'ETH/USDT',
  order_id: 'A1',
  status: 'closed',
  side: 'buy',
  price: 3000,
  average: 2999.5,
  amount: 2,
  filled: 2,
  order_date: '2025-01-02 10:00:00.100000',
  order_filled_date: '2025-01-02 10:00:00.450000',
  order_update_date: '2025-01-02 10:00:00.460000',
  ft_cancel_reason: null,
};
const exit = {
  ...entry,
  ...{ id: 2, ft_order_side: 'sell', side: 'sell', order_id: 'A2', average: 3030, price: 3029 },
  ...{ order_date: '2025-01-02 12:00:00.000001', order_filled_date: '2025-01-02 12:00:00.200000' },
};

describe('freqtrade live database', () => {
  it('reads filled orders, with when they were sent and what they cost; the trade is their summary', async () => {
    const result = await readTables(format, { trades: [trade], orders: [entry, exit] });
    const common = {
      venue: 'kraken',
      strategy: 'Trend',
      symbol: 'ETH/USDT',
      quantity: 2,
      intendedQuantity: 2,
      feeCurrency: 'USDT',
    };
    expect(result.executions).toEqual([
      fill({
        ...{ ...common, side: 'buy', price: 2999.5, fee: 5.5, orderId: 'A1' },
        ...{ submittedAtUs: us('2025-01-02T10:00:00.100Z'), executedAtUs: us('2025-01-02T10:00:00.450Z') },
      }),
      fill({
        ...{ ...common, side: 'sell', price: 3030, fee: 0.002 * 3030 * 2, orderId: 'A2' },
        ...{ submittedAtUs: us('2025-01-02T12:00:00.000Z') + 1, executedAtUs: us('2025-01-02T12:00:00.200Z') },
      }),
    ]);
    expect(result.others).toEqual({ 'trade summary': 1 });
    expect(result.warnings).toEqual([expect.stringMatching(/fee is the rate of its trade/)]);
  });

  it('splits a recorded fee by nobody: two entries are charged by rate', async () => {
    const second = { ...entry, id: 3, order_id: 'A3', filled: 1, amount: 1 };
    const { executions } = await readTables(format, { trades: [trade], orders: [entry, second, exit] });
    expect(executions.map(({ fee }) => fee)).toEqual([0.001 * 2999.5 * 2, 0.001 * 2999.5, 0.002 * 3030 * 2]);
  });

  it('takes a fee in the base coin from the order', async () => {
    const { executions } = await readTables(format, { trades: [trade], orders: [{ ...entry, ft_fee_base: 0.002 }] });
    expect(executions[0]).toMatchObject({ fee: 0.002, feeCurrency: 'ETH' });
  });

  it.each([
    [
      'cancelled',
      { status: 'canceled', filled: 0, ft_cancel_reason: 'timeout' },
      { kind: 'cancelled', reason: 'timeout' },
    ],
    ['expired', { status: 'expired', filled: 0 }, { kind: 'expired', reason: null }],
    ['rejected', { status: 'rejected', filled: null }, { kind: 'rejected' }],
    ['resting', { status: 'open', filled: 0 }, { kind: 'submitted', atUs: us('2025-01-02T10:00:00.100Z') }],
    [
      'a stop taken back',
      { status: 'canceled', filled: 0, side: 'stoploss', ft_order_side: 'stoploss' },
      { kind: 'cancelled', side: 'sell', reason: 'resting stop-loss order' },
    ],
  ])('an order that is %s is an event, although it has an average price', async (_, change, expected) => {
    const result = await readTables(format, { trades: [trade], orders: [{ ...entry, ...change }] });
    expect(result.executions).toEqual([]);
    expect(result.orderEvents).toEqual([expect.objectContaining({ orderId: 'A1', price: 3000, ...expected })]);
  });

  it('keeps both halves of an order cancelled after a part', async () => {
    const part = { ...entry, status: 'canceled', filled: 0.5, order_filled_date: null };
    const result = await readTables(format, { trades: [trade], orders: [part] });
    expect(result.executions).toEqual([
      expect.objectContaining({ quantity: 0.5, intendedQuantity: 2, executedAtUs: us('2025-01-02T10:00:00.460Z') }),
    ]);
    expect(result.orderEvents).toEqual([expect.objectContaining({ kind: 'cancelled' })]);
  });

  it('labels dry runs as paper', async () => {
    const { executions } = await readTables(format, {
      trades: [trade],
      orders: [{ ...entry, order_id: 'dry_run_buy_1' }],
    });
    expect(executions[0]?.paper).toBe(true);
  });

  it('reads trades whose orders an old version did not keep', async () => {
    const short = { ...trade, is_short: 1 };
    const { executions } = await readTables(format, { trades: [short], orders: [] });
    expect(executions.map(({ side, price, fee }) => [side, price, fee])).toEqual([
      ['sell', 3000, 6],
      ['buy', 3030, 0.002 * 3030 * 2],
    ]);
  });

  it.each([
    [{ realized_profit: 61 - 5.5 - 0.002 * 3030 * 2 }, null],
    [{ realized_profit: 50 }, /1 of 1 closed trades come to .* where the database states 50/],
    [{ realized_profit: 0, close_profit_abs: 50 }, /where the database states 50/],
    [{ is_open: 1, realized_profit: 50 }, null],
    [
      { realized_profit: 61 - 5.5 - 0.002 * 3030 * 2 + 2, funding_fees: 2 },
      /Funding is no trade and is not read; the database states 2 of it/,
    ],
  ])('compares what the orders of a closed trade earn with %j', async (change, warning) => {
    const { warnings } = await readTables(format, { trades: [{ ...trade, ...change }], orders: [entry, exit] });
    const told = warnings.filter((text) => !text.includes('is the rate of its trade'));
    expect(told).toEqual(warning === null ? [] : [expect.stringMatching(warning)]);
  });

  it('says that whole seconds make latency uncertain', async () => {
    const orders = [entry, exit].map((order) => ({ ...order, order_date: '2025-01-02 10:00:00.000000' }));
    expect((await readTables(format, { trades: [trade], orders })).warnings).toContainEqual(
      expect.stringMatching(/whole seconds/),
    );
  });

  it.each([
    [{ side: 'up' }, /side is "up"/],
    [{ average: null, price: null }, /average is missing/],
    [{ order_filled_date: null, order_update_date: null }, /filled is "2", but order_filled_date is missing/],
    [{ order_date: 'yesterday' }, /order_date is "yesterday"/],
    [{ ft_pair: null, symbol: null }, /ft_pair is missing/],
  ])('quarantines an order with %j', async (change, reason) => {
    const result = await readTables(format, { trades: [trade], orders: [{ ...entry, ...change }, exit] });
    expect(result.quarantined).toEqual([expect.stringMatching(reason)]);
    expect(result.executions).toHaveLength(1);
  });

  it('says so where the database is empty, unless the reason is known already', async () => {
    expect((await readTables(format, { trades: [], orders: [] })).warnings).toEqual(['The database holds no trades.']);
    expect((await readTables(format, { trades: [], orders: [] }, ['the log is missing'])).warnings).toEqual([]);
  });
});
