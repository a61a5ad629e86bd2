import { describe, expect, it } from 'vitest';
import { jesseTradesCsv, jesseTradesJson } from '../../../electron/engine/imports/formats/jesse-trades';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const openedAt = us('2025-02-03T10:00:00Z');
const closedAt = us('2025-02-03T11:00:00Z');
const trade = {
  ...{ id: 'b1f4', strategy_name: 'TrendFollow', symbol: 'ETH-USDT', exchange: 'Binance Spot', type: 'short' },
  ...{ entry_price: 2000, exit_price: 1900, qty: 0.5, fee: 0.78, size: 1000, PNL: 49.22, PNL_percentage: 4.9 },
  ...{ holding_period: 3600, opened_at: openedAt / 1_000, closed_at: closedAt / 1_000 },
};
const json = (...trades: readonly unknown[]) => JSON.stringify({ trades, considering_timeframes: ['1h'] });
const csv = (...trades: readonly object[]) =>
  `${Object.keys(trades[0]!)
    .map((name) => `"${name}"`)
    .join(',')}\n${trades
    .map((one) =>
      Object.values(one)
        .map((cell) => `"${cell ?? ''}"`)
        .join(','),
    )
    .join('\n')}\n`;
const common = {
  venue: 'binance spot',
  strategy: 'TrendFollow',
  symbol: 'ETH/USDT',
  quantity: 0.5,
  feeCurrency: 'USDT',
};
const entry = fill({
  ...common,
  side: 'sell',
  price: 2000,
  fee: 0.4,
  executedAtUs: openedAt,
  orderId: `${openedAt / 1_000}-entry`,
});
const exit = fill({
  ...common,
  side: 'buy',
  price: 1900,
  fee: 0.38,
  executedAtUs: closedAt,
  orderId: `${openedAt / 1_000}-exit`,
});

describe('Jesse trades', () => {
  it('reads a trade as its entry and exit, with the fee split by what they are worth', async () => {
    expect(await recognisedAs(json(trade))).toEqual(['jesse-trades-json']);
    expect(await recognisedAs(csv(trade))).toEqual(['jesse-trades-csv']);
    for (const result of [await readAs(jesseTradesJson, json(trade)), await readAs(jesseTradesCsv, csv(trade))]) {
      expect(result.executions).toEqual([
        { ...entry, fee: expect.closeTo(0.4, 12) },
        { ...exit, fee: expect.closeTo(0.38, 12) },
      ]);
      expect(result.warnings).toEqual([]);
    }
  });

  it('is known as a list of trades, and over many lines', async () => {
    expect(await recognisedAs(JSON.stringify([trade]))).toEqual(['jesse-trades-json']);
    expect(await recognisedAs(JSON.stringify({ trades: [trade] }, null, 2))).toEqual(['jesse-trades-json']);
  });

  it('names a trade by its opening, for ids differ from run to run of a backtest', async () => {
    const again = await readAs(jesseTradesJson, json({ ...trade, id: 'c2' }));
    expect(again.executions).toEqual((await readAs(jesseTradesJson, json(trade))).executions);
  });

  it('leaves an open trade open, its fee unknown', async () => {
    const open = json({ ...trade, exit_price: null, closed_at: null, fee: null, PNL: null });
    expect((await readAs(jesseTradesJson, open)).executions).toEqual([{ ...entry, fee: null, feeCurrency: null }]);
  });

  it('reads the orders of a trade where they are listed', async () => {
    const order = {
      id: 'o',
      side: 'sell',
      type: 'MARKET',
      qty: -0.5,
      filled_qty: 0,
      price: 2000,
      status: 'EXECUTED',
      created_at: openedAt / 1_000,
      canceled_at: null,
      executed_at: openedAt / 1_000,
    };
    const orders = [
      order,
      { ...order, side: 'buy', qty: 0.5, price: 1950, status: 'CANCELED', canceled_at: closedAt / 1_000 },
      { ...order, side: 'buy', qty: 0.5, price: 1900, created_at: closedAt / 1_000, executed_at: closedAt / 1_000 },
      { ...order, status: 'ACTIVE' },
    ];
    const { executions, orderEvents, warnings } = await readAs(jesseTradesJson, json({ ...trade, orders }));
    expect(
      executions.map(({ side, price, submittedAtUs, executedAtUs, orderId }) => [
        side,
        price,
        submittedAtUs,
        executedAtUs,
        orderId,
      ]),
    ).toEqual([
      ['sell', 2000, openedAt, openedAt, `${openedAt / 1_000}-1`],
      ['buy', 1900, closedAt, closedAt, `${openedAt / 1_000}-3`],
    ]);
    expect(orderEvents).toEqual([
      expect.objectContaining({ kind: 'cancelled', price: 1950, atUs: closedAt, side: 'buy' }),
    ]);
    expect(warnings).toEqual([]);
  });

  it('says where the fills do not earn the stated profit', async () => {
    const { warnings } = await readAs(jesseTradesJson, json({ ...trade, PNL: 50 }));
    expect(warnings).toEqual([
      expect.stringMatching(/do not earn what the export states, first that of ETH\/USDT with PNL 50/),
    ]);
  });

  it('says so where there are no trades', async () => {
    expect((await readAs(jesseTradesJson, '{"trades":[]}')).warnings).toEqual(['The export holds no trades.']);
  });

  it.each([
    [{ type: 'sideways' }, /type is "sideways"/],
    [{ entry_price: 0 }, /entry_price is "0"/],
    [{ exit_price: null }, /exit_price is missing/],
    [{ qty: 0 }, /qty is "0"/],
    [{ opened_at: 'then' }, /opened_at is "then"/],
    [{ orders: [{ status: 'EXECUTED', side: 'buy', qty: 1, price: 1 }] }, /orders\[0\].executed_at is missing/],
    [{ orders: [{ status: 'CANCELED', side: 'buy', qty: 1 }] }, /says neither when/],
  ])('quarantines a trade with %j', async (change, reason) => {
    expect((await readAs(jesseTradesJson, json({ ...trade, ...change }, trade))).quarantined).toEqual([
      expect.stringMatching(reason),
    ]);
  });

  it('quarantines what is no trade', async () => {
    expect((await readAs(jesseTradesJson, json(trade, 7))).quarantined).toEqual(['the trade is no JSON object']);
  });
});
