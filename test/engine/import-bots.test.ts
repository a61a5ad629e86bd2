/** Records of trading bots through a whole import: archives of backtests, and the database of a bot that goes on trading. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Connection } from '../../electron/store/connection';
import { importDesk, jobFor } from '../support/import-desk';
import { failureOf, unwrapped } from '../support/temporary-desk';
import { zipOf } from '../support/zip';

const opened = Date.UTC(2025, 1, 3, 10);
const trade = (hour: number) => ({
  ...{ pair: 'ETH/USDT', amount: 2, open_rate: 3000, close_rate: 3030, fee_open: 0.001, fee_close: 0.001 },
  ...{ open_timestamp: opened + hour * 3_600_000, close_timestamp: opened + (hour + 1) * 3_600_000, is_open: false },
  ...{ is_short: false, profit_abs: 60 - 12.06, sell_reason: 'roi', buy_tag: null, orders: null },
});
const result = (strategies: Readonly<Record<string, readonly object[]>>) =>
  JSON.stringify({
    strategy: Object.fromEntries(
      Object.entries(strategies).map(([name, trades]) => [
        name,
        { trades, starting_balance: 1000, final_balance: 1000 + trades.length * 47.94, stake_currency: 'USDT' },
      ]),
    ),
    strategy_comparison: [],
  });
const config = JSON.stringify({ stake_currency: 'USDT', dry_run: true, exchange: { name: 'kraken', key: 'SECRET' } });
const marketChange = tableFromArrays({ date: [opened, opened + 300_000], mean: [1, 1.01], rel_mean: [0, 0.01] });

describe("freqtrade's archive of a backtest", () => {
  it('is read by its result, every strategy by its name; all else in it is named', async () => {
    const desk = await importDesk();
    const archive = zipOf([
      { name: 'backtest-result-1.json', content: result({ Trend: [trade(0), trade(2)], Mean: [trade(1)] }) },
      { name: 'backtest-result-1_config.json', content: config },
      { name: 'backtest-result-1_Trend.py', content: 'class Trend(IStrategy):\n    timeframe = "1h"\n' },
      {
        name: 'backtest-result-1_signals.pkl',
        content: Buffer.from([128, 4, 149, 0, 1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16]),
      },
      {
        name: 'backtest-result-1_market_change.feather',
        content: tableToIPC(marketChange, { format: 'file' }) ?? new Uint8Array(0),
      },
      {
        name: 'backtest-result-1.meta.json',
        content: JSON.stringify({ Trend: { run_id: 'a', backtest_start_time: 1 } }),
      },
    ]);
    const outcome = unwrapped(await desk.import(await desk.file('result.zip', archive, { source: 'backtest' })));
    expect(outcome).toMatchObject({
      format: 'freqtrade-backtest-json',
      counts: { rowsRead: 3, executions: 3 },
    });
    const strategies = (await desk.store.executions.strategies()).map(({ strategy, backtestExecutions }) => [
      strategy,
      backtestExecutions,
    ]);
    expect(strategies).toEqual([
      ['Mean', 2],
      ['Trend', 4],
    ]);
    expect(outcome.warnings.filter((warning) => warning.startsWith('Not read: '))).toHaveLength(5);
    expect(outcome.warnings.join('\n')).not.toMatch(/SECRET|come to/);
  });

  it('without a result says what it holds', async () => {
    const desk = await importDesk();
    const archive = zipOf([{ name: 'config.json', content: config }]);
    const read = desk.import(await desk.file('config.zip', archive, { source: 'backtest' }));
    expect(await failureOf(read)).toMatchObject({
      code: 'no-data',
      message: expect.stringMatching(/config\.json is freqtrade's configuration/),
    });
  });
});

const schema = `PRAGMA journal_mode = WAL;
  CREATE TABLE Metadata (key TEXT PRIMARY KEY, value TEXT); INSERT INTO Metadata VALUES ('local_db_version', '20230516');
  CREATE TABLE "Order" (id TEXT PRIMARY KEY, strategy TEXT, market TEXT, symbol TEXT, creation_timestamp BIGINT, order_type TEXT, amount BIGINT, price BIGINT);
  CREATE TABLE OrderStatus (id INTEGER PRIMARY KEY, order_id TEXT, timestamp BIGINT, status TEXT);
  CREATE TABLE TradeFill (strategy TEXT, market TEXT, symbol TEXT, timestamp BIGINT, order_id TEXT, trade_type TEXT, order_type TEXT, price BIGINT, amount BIGINT, trade_fee JSON, exchange_trade_id TEXT, PRIMARY KEY (market, order_id, exchange_trade_id));`;
const orderOf = (number: number) => `
  INSERT INTO "Order" VALUES ('B${number}', 'mm', 'kucoin', 'ETH-USDT', ${opened + number * 1_000}, 'LIMIT_MAKER', 500000, 2000000000);
  INSERT INTO OrderStatus (order_id, timestamp, status) VALUES ('B${number}', ${opened + number * 1_000}, 'BuyOrderCreated');
  INSERT INTO TradeFill VALUES ('mm', 'kucoin', 'ETH-USDT', ${opened + number * 1_000 + 500}, 'B${number}', 'BUY', 'LIMIT_MAKER', 2000000000, 500000, '{"percent": "0.001", "flat_fees": []}', 't${number}');`;

describe("Hummingbot's database", () => {
  it('of a bot that goes on trading is read as of each moment, once each, and nothing is written beside it', async () => {
    const desk = await importDesk();
    const path = join(desk.folder, 'conf_mm.sqlite');
    const bot = await Connection.open(path, 'create', 100);
    onTestFinished(() => bot.close());
    await bot.script('make the database', schema + orderOf(1) + orderOf(2));
    const beside = await readdir(desk.folder);
    const counts = async () => unwrapped(await desk.import(jobFor(path, 'conf_mm.sqlite'))).counts;
    const none = { otherRows: 0, quarantined: 0 };
    expect(await counts()).toEqual({ ...none, rowsRead: 4, executions: 2, orderEvents: 2, duplicates: 0 });
    expect(await readdir(desk.folder)).toEqual(beside);
    // The bot is in the middle of a transaction: what it has not committed is not there yet.
    await bot.script('trade on', `BEGIN; ${orderOf(3)}`);
    expect(await counts()).toEqual({ ...none, rowsRead: 4, executions: 0, orderEvents: 0, duplicates: 4 });
    await bot.script('commit', 'COMMIT');
    expect(await counts()).toEqual({ ...none, rowsRead: 6, executions: 1, orderEvents: 1, duplicates: 4 });
    expect(await readdir(desk.folder)).toEqual(beside);
  });
});
