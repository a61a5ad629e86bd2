import { describe, expect, it } from 'vitest';
import { freqtradeBacktestJson as format } from '../../../electron/engine/imports/formats/freqtrade-backtest-json';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const opened = us('2025-01-02T10:00:00Z');
const closed = us('2025-01-02T12:00:00Z');
const trade = {
  pair: 'ETH/USDT',
  amount: 2,
  open_date: '2025-01-02 10:00:00+00:00',
  close_date: '2025-01-02 12:00:00+00:00',
  open_rate: 3000,
  close_rate: 3030,
  fee_open: 0.001,
  fee_close: 0.002,
  is_open: false,
  is_short: false,
  open_timestamp: opened / 1_000,
  close_timestamp: closed / 1_000,
  orders: null as unknown,
};
const result = (strategies: Record<string, readonly object[]>) =>
  JSON.stringify({
    strategy: Object.fromEntries(
      Object.entries(strategies).map(([name, trades]) => [name, { trades, stake_currency: 'USDT' }]),
    ),
    strategy_comparison: [],
  });

describe('freqtrade backtest result', () => {
  it('makes a trade without orders its entry and its exit, with fees from the rates', async () => {
    const text = result({ Trend: [trade] });
    expect(await recognisedAs(text)).toEqual(['freqtrade-backtest-json']);
    const common = { strategy: 'Trend', symbol: 'ETH/USDT', quantity: 2, feeCurrency: 'USDT' } as const;
    expect((await readAs(format, text)).executions).toEqual([
      fill({ ...common, side: 'buy', price: 3000, fee: 6, executedAtUs: opened, orderId: `${opened / 1_000}-entry` }),
      fill({
        ...common,
        side: 'sell',
        price: 3030,
        fee: 0.002 * 3030 * 2,
        executedAtUs: closed,
        orderId: `${opened / 1_000}-exit`,
      }),
    ]);
  });

  it('sells to open a short and buys to close it', async () => {
    const { executions } = await readAs(format, result({ Trend: [{ ...trade, is_short: true }] }));
    expect(executions.map(({ side }) => side)).toEqual(['sell', 'buy']);
  });

  it('reads every order where they are exported: two entries, one exit', async () => {
    const order = (amount: number, price: number, side: string, at: number | null, entry: boolean) => ({
      amount,
      safe_price: price,
      ft_order_side: side,
      order_filled_timestamp: at === null ? null : at / 1_000,
      ft_is_entry: entry,
    });
    const orders = [
      order(1, 3000, 'buy', opened, true),
      order(1, 2900, 'buy', opened + 3_600e6, true),
      order(2, 3030, 'sell', closed, false),
    ];
    const text = result({
      Trend: [{ ...trade, pair: 'ETH/USDT:USDT', orders: [...orders, order(1, 1, 'buy', null, true)] }],
    });
    const { executions, warnings } = await readAs(format, text);
    expect(executions.map(({ symbol, side, price, quantity, fee }) => [symbol, side, price, quantity, fee])).toEqual([
      ['ETH/USDT', 'buy', 3000, 1, 3],
      ['ETH/USDT', 'buy', 2900, 1, 2.9],
      ['ETH/USDT', 'sell', 3030, 2, 0.002 * 3030 * 2],
    ]);
    expect(warnings).toEqual([expect.stringMatching(/never filled/)]);
  });

  it('takes the strategies from the content, several from one file', async () => {
    const { executions } = await readAs(format, result({ Trend: [trade], Mean: [trade, trade] }));
    expect(executions.map(({ strategy }) => strategy)).toEqual(['Trend', 'Trend', 'Mean', 'Mean', 'Mean', 'Mean']);
  });

  it('leaves an open trade open', async () => {
    const open = { ...trade, is_open: true, close_timestamp: null, close_date: null, close_rate: null };
    expect((await readAs(format, result({ Trend: [open] }))).executions).toHaveLength(1);
  });

  it.each([
    ['fractional milliseconds', { open_timestamp: `${opened / 1_000}.0` }],
    ['dates as text only', { open_timestamp: undefined }],
  ])('reads %s', async (_, change) => {
    expect((await readAs(format, result({ Trend: [{ ...trade, ...change }] }))).executions[0]?.executedAtUs).toBe(
      opened,
    );
  });

  it('keeps an unknown fee rate unknown', async () => {
    const { executions } = await readAs(format, result({ Trend: [{ ...trade, fee_open: null }] }));
    expect(executions.map(({ fee, feeCurrency }) => [fee, feeCurrency])).toEqual([
      [null, null],
      [0.002 * 3030 * 2, 'USDT'],
    ]);
  });

  it.each([
    [{ pair: null }, /pair is missing/],
    [{ open_rate: 0 }, /open_rate is "0"/],
    [{ amount: 'two' }, /amount is "two"/],
    [{ close_timestamp: null, close_date: null }, /close_timestamp is missing/],
    [{ orders: [7] }, /orders\[0\] is no JSON object/],
    [
      { orders: [{ amount: 1, safe_price: 1, ft_order_side: 'up', order_filled_timestamp: 1, ft_is_entry: true }] },
      /orders\[0\].ft_order_side is "up"/,
    ],
  ])('quarantines a trade with %j', async (change, reason) => {
    const outcome = await readAs(format, result({ Trend: [{ ...trade, ...change }, trade] }));
    expect(outcome.quarantined).toEqual([expect.stringMatching(reason)]);
    expect(outcome.executions).toHaveLength(2);
  });

  const net = 60 - 6 - 0.002 * 3030 * 2;
  it.each<[string, readonly object[], object, RegExp | null]>([
    ['agrees', [{ profit_abs: net }], { starting_balance: 100, final_balance: 100 + net }, null],
    ['is rounded to its digits', [{ profit_abs: Number(net.toFixed(4)) }], {}, null],
    [
      'counts before fees',
      [{ profit_abs: 60 }],
      {},
      /1 of 1 closed trades come to 41\.88 after fees, where the result of Trend states 60: it states profit before fees/,
    ],
    ['is another', [{ profit_abs: net }, { profit_abs: net - 1 }], {}, /1 of 2 closed trades .* funding or interest/],
    ['has funding', [{ profit_abs: net - 1, funding_fees: -1 }], {}, /states -1 of it/],
    ['is unknown', [{ profit_abs: null }], {}, null],
    [
      'leads to another balance',
      [{ profit_abs: net }],
      { starting_balance: 100, final_balance: 150 },
      /balance of Trend went from 100 to 150, but its trades state a profit of 41\.88/,
    ],
  ])('a stated profit that %s', async (_, changes, balances, warning) => {
    const trades = changes.map((change) => ({ ...trade, ...change }));
    const text = JSON.stringify({ strategy: { Trend: { trades, ...balances } }, strategy_comparison: [] });
    const { warnings } = await readAs(format, text);
    expect(warnings).toEqual(warning === null ? [] : [expect.stringMatching(warning)]);
  });

  it('says so where there are no trades', async () => {
    expect((await readAs(format, result({ Trend: [] }))).warnings).toEqual(['The backtest result holds no trades.']);
  });
});
