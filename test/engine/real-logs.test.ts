/**
 * Every reader over real logs that nobody of this project wrote. They lie outside the checkout (../shared/data, see its INDEX.tsv)
 * and are not part of it; without them these tests are skipped.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ParsedExecution } from '../../electron/engine/imports/format';
import { compensatedSum } from '../../shared/base/sums';
import { failureOf, us } from '../support/formats';
import { realData as folder, indexedRows, type RealLog, readLog, realDataIsHere } from '../support/real-logs';

/** Money in minus money out, fees aside, in the quote. */
function cashFlow(executions: readonly ParsedExecution[]): number {
  return compensatedSum(executions.map(({ side, price, quantity }) => (side === 'buy' ? -1 : 1) * price * quantity));
}

const perpetual = { symbol: 'ETH/USDT' };

describe.skipIf(!realDataIsHere)('real logs (skipped where ../shared/data is not beside the checkout)', () => {
  it.each([
    [
      'bots/djienne__Cartea-Jaimungal_MARKET_MAKING_FREQTRADE__tradesv3_a2f6f71_walmerged.sqlite',
      'freqtrade-tradesv3-sqlite',
      {},
      6,
    ],
    ['bots/ronmegini__Trading-Bot__tradesv3_walmerged.sqlite', 'freqtrade-tradesv3-sqlite', {}, 9],
    ['bots/unnamed__github-index__tradingview_legacy_list_of_trades.csv', 'tradingview-trades-csv-old', perpetual, 6],
    ['pairs/rushil-agarwal__Stratix-Trading-Engine__A_live_trades.csv', 'fills-with-status', {}, 15],
    ['pairs/rushil-agarwal__Stratix-Trading-Engine__A_backtest_trades.csv', 'fills-with-status', {}, 17],
    ['pairs/rushil-agarwal__Stratix-Trading-Engine__A_eth_1m.csv', 'candles-csv', {}, 0],
    ['pairs/lovishjindal87__multitimeframe-algo-trader__D_live_trades.csv', 'fills-with-metadata', {}, 20],
    ['pairs/lovishjindal87__multitimeframe-algo-trader__D_backtest_trades.csv', 'round-trips-with-profit', {}, 64],
    ['pairs/ColdRiver__trading-engine__E_live_trades.csv', 'round-trips-with-size', { symbol: 'BTC/USDT' }, 14],
    [
      'pairs/pineforge-4pass__pineforge-corpus__G_order-percent-equity-cash-commission-01_tv_trades.csv',
      'tradingview-trades-csv-2025',
      perpetual,
      732,
    ],
    [
      'pairs/pineforge-4pass__pineforge-corpus__G_order-percent-equity-cash-commission-01_engine_trades.csv',
      'pineforge-engine-trades-csv',
      perpetual,
      732,
    ],
    [
      'pairs/pineforge-4pass__pineforge-corpus__H_bracket-exit-tp-sl-fixed-01_tv_trades.csv',
      'tradingview-trades-csv-2025',
      perpetual,
      732,
    ],
    [
      'pairs/pineforge-4pass__pineforge-corpus__H_bracket-exit-tp-sl-fixed-01_engine_trades.csv',
      'pineforge-engine-trades-csv',
      perpetual,
      732,
    ],
    ['market_data/pineforge-4pass__pineforge-corpus__ohlcv_ETH-USDT-USDT_15m.csv', 'candles-csv', perpetual, 0],
  ])('%s is %s: every row has an outcome, none is quarantined', async (path, format, hints, executions) => {
    const log = await readLog(path, hints);
    expect({
      format: log.format,
      rows: log.outcomes.length,
      executions: log.executions.length,
      quarantined: log.quarantined,
    }).toEqual({ format, rows: indexedRows(path), executions, quarantined: [] });
  });

  it('FIX log of a router: each of five executions counts once, and so does each cancelled order', async () => {
    const log = await readLog('fix/mysteryDave__sackfixlogplayer__example.fix.log');
    expect(log.format).toBe('fix44-engine-log');
    expect(log.executions.map(({ symbol, quantity, tradeId }) => [symbol, quantity, tradeId])).toEqual([
      ['B00LR01', 54000, '111904391'],
      ['0491563', 3297, '24856'],
      ['0491563', 8838, '27256'],
      ['B0L0W35', 537743, '895969120'],
      ['B058J56', 42000, '895969140'],
    ]);
    expect(log.orderEvents.map(({ kind }) => kind)).toEqual(Array(5).fill('cancelled'));
    expect(log.quarantined).toEqual([]);
    // In pounds, as the router's last hop states it.
    expect(log.executions[1]?.fee).toBeCloseTo(13.83565, 5);
    expect(log.warnings).toContainEqual(expect.stringMatching(/probably local/));
  });

  it('freqtrade backtest: every trade is its entry and its exit, and the fills earn what the result states', async () => {
    const path = 'bots/freqtrade__freqtrade__backtest-result.json';
    const log = await readLog(path);
    expect([log.format, log.outcomes.length, log.executions.length, log.warnings]).toEqual([
      ...['freqtrade-backtest-json', 179, 358],
      [expect.stringMatching(/179 of 179 closed trades .* states profit before fees/)],
    ]);
    expect(new Set(log.executions.map((execution) => execution.strategy))).toEqual(new Set(['StrategyTestV3']));
    // This result states profit before fees.
    expect(cashFlow(log.executions)).toBeCloseTo(statedProfit(path), 12);
  });

  it('freqtrade futures backtest: what the fills earn beyond the stated profit is funding, which the result does not show', async () => {
    const path = 'bots/halitince7__algo_trade__backtest_results-2024-12-04_14-46-29.json';
    const log = await readLog(path);
    expect([log.outcomes.length, log.executions.length]).toEqual([6, 12]);
    expect(log.warnings).toEqual([expect.stringMatching(/2 of 6 closed trades .* funding/)]);
    const net = cashFlow(log.executions) - compensatedSum(log.executions.map(({ fee }) => fee ?? Number.NaN));
    const turnover = compensatedSum(log.executions.map(({ price, quantity }) => price * quantity));
    const funding = net - statedProfit(path);
    expect(funding).toBeGreaterThan(0);
    expect(funding / turnover).toBeLessThan(0.0005);
  });

  it('freqtrade databases: the orders earn the realised profit of their trades', async () => {
    const hyperliquid = await readLog(
      'bots/djienne__Cartea-Jaimungal_MARKET_MAKING_FREQTRADE__tradesv3_a2f6f71_walmerged.sqlite',
    );
    const net = (log: RealLog) =>
      cashFlow(log.executions) - compensatedSum(log.executions.map(({ fee }) => fee ?? Number.NaN));
    // realized_profit of the three trades: 2.567439 - 2.03435022 - 8.79976508.
    expect(net(hyperliquid)).toBeCloseTo(-8.2666763, 7);
    expect(hyperliquid.orderEvents).toHaveLength(26);
    expect(hyperliquid.executions.every(({ paper, submittedAtUs }) => paper && submittedAtUs !== null)).toBe(true);
    const sample = await readLog('bots/ronmegini__Trading-Bot__tradesv3_walmerged.sqlite');
    // Four trades are closed; the fifth, in LTC, is open. Stop-loss orders name "stoploss" as their side.
    const closed = sample.executions.filter(({ symbol }) => symbol !== 'LTC/USDT');
    expect(net({ ...sample, executions: closed })).toBeCloseTo(-1.05205789 - 2.2576808 - 4.745169 - 4.2127072, 7);
    expect(sample.orderEvents.map(({ side, kind }) => `${side} ${kind}`)).toEqual([
      ...['sell cancelled', 'sell cancelled', 'sell cancelled', 'sell submitted', 'sell cancelled'],
    ]);
    expect(sample.warnings).toEqual([expect.stringMatching(/whole seconds/)]);
    expect(sample.others).toEqual({ 'trade summary': 5 });
  });

  it('freqtrade database without its write-ahead log: nothing is read, and it says so', async () => {
    const log = await readLog('bots/djienne__Cartea-Jaimungal_MARKET_MAKING_FREQTRADE__tradesv3_a2f6f71_nowal.sqlite');
    expect(log.outcomes).toEqual([]);
    expect(log.warnings).toEqual([expect.stringMatching(/-wal is not beside it/)]);
  });

  it('pair A: read in their own zone, live fills lie inside their candles', async () => {
    const zone = { zone: 'Asia/Kolkata' };
    const live = await readLog('pairs/rushil-agarwal__Stratix-Trading-Engine__A_live_trades.csv', zone);
    const candles = await readLog('pairs/rushil-agarwal__Stratix-Trading-Engine__A_eth_1m.csv', zone);
    expect(live.executions[0]?.executedAtUs).toBe(us('2025-12-29T11:00:30.283Z') + 281);
    const closes = new Map(candles.prices.map(({ atUs, price }) => [atUs, price]));
    for (const { executedAtUs, price } of live.executions) {
      const close = closes.get(Math.floor(executedAtUs / 60_000_000) * 60_000_000 + 60_000_000);
      expect(Math.abs(price / (close ?? Number.NaN) - 1)).toBeLessThan(0.002);
    }
  });

  it('pair D: every size worked out of the profit is 0.2, and the profit of shorts has the wrong sign', async () => {
    const log = await readLog('pairs/lovishjindal87__multitimeframe-algo-trader__D_backtest_trades.csv');
    expect(new Set(log.executions.map(({ quantity }) => quantity))).toEqual(new Set([0.2]));
    expect(log.warnings).toContainEqual(expect.stringMatching(/sign of the opposite direction, first on line 2/));
  });

  it('pair E needs its symbol', async () => {
    const path = 'pairs/ColdRiver__trading-engine__E_live_trades.csv';
    expect(await failureOf(readLog(path))).toMatch(/^invalid-arguments: .*: The file does not name its instrument/);
  });

  it('pairs G and H: the chart is eight hours ahead; in that zone both engines trade at the same minutes', async () => {
    for (const name of ['G_order-percent-equity-cash-commission-01', 'H_bracket-exit-tp-sl-fixed-01']) {
      const path = `pairs/pineforge-4pass__pineforge-corpus__${name}`;
      const chart = await readLog(`${path}_tv_trades.csv`, { ...perpetual, zone: 'Asia/Shanghai' });
      const engine = await readLog(`${path}_engine_trades.csv`, perpetual);
      const keys = (log: RealLog) =>
        log.executions.map(({ executedAtUs, side, price }) => `${executedAtUs} ${side} ${price}`).sort();
      expect(keys(chart)).toEqual(keys(engine));
    }
  });

  it('pair H: what the fills earn is the net profit of the list, up to the cents it is rounded to', async () => {
    const path = 'pairs/pineforge-4pass__pineforge-corpus__H_bracket-exit-tp-sl-fixed-01_tv_trades.csv';
    const { executions } = await readLog(path, perpetual);
    expect(Math.abs(cashFlow(executions) - 84.17)).toBeLessThan(0.005 * 366);
  });

  it('candles: a close counts where the next candle starts', async () => {
    const { prices } = await readLog(
      'market_data/pineforge-4pass__pineforge-corpus__ohlcv_ETH-USDT-USDT_15m.csv',
      perpetual,
    );
    expect(prices[0]).toEqual({ symbol: 'ETH/USDT', atUs: 1745183700000_000, price: 1585.63 });
  });
});

function statedProfit(path: string): number {
  const document: { strategy: Record<string, { profit_total_abs: number }> } = JSON.parse(
    readFileSync(join(folder, path), 'utf8'),
  );
  return compensatedSum(Object.values(document.strategy).map((result) => result.profit_total_abs));
}
