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

/** Records, not bytes, are rows here; the index counts the top-level entries of a document. */
const apiLogs: readonly (readonly [string, string, Partial<Record<string, unknown>>])[] = [
  [
    'nautechsystems__nautilus_trader__binance_spot_account_trades_response.json',
    'binance-rest-myTrades',
    { rows: 1, executions: 1 },
  ],
  [
    'nautechsystems__nautilus_trader__binance_spot_all_orders_response.json',
    'binance-rest-allOrders',
    { rows: 1, events: 'submitted' },
  ],
  [
    'nautechsystems__nautilus_trader__binance_spot_new_order_full_response.json',
    'binance-rest-order-FULL',
    { rows: 1, executions: 5 },
  ],
  [
    'nautechsystems__nautilus_trader__binance_spot_execution_report_trade.json',
    'binance-ws-executionReport',
    { rows: 1, executions: 1 },
  ],
  [
    'nautechsystems__nautilus_trader__binance_futures_order_update_trade.json',
    'binance-ws-futures-ORDER_TRADE_UPDATE',
    { rows: 1, executions: 1 },
  ],
  [
    'nautechsystems__nautilus_trader__binance_futures_trade_lite.json',
    'binance-ws-futures-TRADE_LITE',
    { rows: 1, executions: 1 },
  ],
  [
    'nautechsystems__nautilus_trader__bybit_http_get_executions.json',
    'bybit-v5-execution-list',
    { rows: 2, executions: 2 },
  ],
  [
    'nautechsystems__nautilus_trader__bybit_http_get_orders_history_with_duplicate.json',
    'bybit-v5-order-history',
    { rows: 2, events: 'submitted cancelled' },
  ],
  [
    'nautechsystems__nautilus_trader__bybit_ws_account_order_partially_filled_rejected.json',
    'bybit-v5-order-history',
    { rows: 1, executions: 1, events: 'rejected' },
  ],
  ['nautechsystems__nautilus_trader__okx_http_transaction_detail.json', 'okx-v5-fills', { rows: 1, executions: 1 }],
  ['nautechsystems__nautilus_trader__okx_ws_orders.json', 'okx-v5-ws-orders', { rows: 1, quarantined: 1 }],
  [
    'nautechsystems__nautilus_trader__kraken_http_trades_history.json',
    'kraken-rest-TradesHistory',
    { rows: 2, executions: 2 },
  ],
  [
    'nautechsystems__nautilus_trader__kraken_http_closed_orders.json',
    'kraken-rest-ClosedOrders',
    { rows: 2, executions: 2 },
  ],
  [
    'nautechsystems__nautilus_trader__kraken_http_futures_fills.json',
    'kraken-futures-fills',
    { rows: 3, executions: 3 },
  ],
  ['nautechsystems__nautilus_trader__coinbase_http_fills.json', 'coinbase-advanced-fills', { rows: 2, executions: 2 }],
  [
    'nautechsystems__nautilus_trader__coinbase_http_orders_list.json',
    'coinbase-advanced-orders',
    { rows: 2, executions: 1, events: 'submitted' },
  ],
  [
    'nautechsystems__nautilus_trader__coinbase_ws_user.json',
    'coinbase-advanced-ws-user',
    { rows: 1, events: 'submitted' },
  ],
  ['knowm__XChange__coinbasepro_example-fills.json', 'coinbasepro-rest-fills', { rows: 1, executions: 1 }],
  [
    'nautechsystems__nautilus_trader__bitmex_http_get_executions.json',
    'bitmex-rest-execution',
    { rows: 2, executions: 2 },
  ],
  [
    'nautechsystems__nautilus_trader__hyperliquid_http_user_fills_dust_conversion.json',
    'hyperliquid-userFills',
    { rows: 5, executions: 3, others: { 'spot dust conversion': 1, 'net child vaults': 1 } },
  ],
  ['nautechsystems__nautilus_trader__dydx_http_get_fills.json', 'dydx-v4-fills', { rows: 3, executions: 3 }],
  ['knowm__XChange__bitget_api_v2_spot_trade_fills.json', 'bitget-v2-spot-fills', { rows: 1, executions: 1 }],
  ['knowm__XChange__gate_api_v4_spot_my_trades.json', 'gate-v4-my_trades', { rows: 2, executions: 2 }],
  [
    'knowm__XChange__bitstamp_example-user-transactions.json',
    'bitstamp-rest-user_transactions',
    { rows: 5, executions: 1, others: { withdrawal: 1, deposit: 1, 'transaction of type 27': 1 }, quarantined: 1 },
  ],
  [
    'knowm__XChange__gemini_example-get-order-data-trades-included.json',
    'gemini-order-with-trades',
    { rows: 1, executions: 1 },
  ],
  ['ccxt__ccxt__response_oxfun_fetchMyTrades.excerpt.json', 'ccxt-unified-fetchMyTrades', { rows: 1, executions: 1 }],
  ['ccxt__ccxt__response_bitmex.json', 'ccxt-unified-orders', { rows: 3, executions: 2, events: 'submitted' }],
];

const perpetual = { symbol: 'ETH/USDT' };

describe.skipIf(!realDataIsHere)('real logs (skipped where ../shared/data is not beside the checkout)', () => {
  it.each([
    ['exchange_csv/everytrade-io__everytrade-plugins__binance_v001.csv', 'binance-spot-trades-v1', {}, 2],
    ['exchange_csv/everytrade-io__everytrade-plugins__binance_v002.csv', 'binance-order-history-v2', {}, 3],
    ['exchange_csv/everytrade-io__everytrade-plugins__extracted_binance_v3_rows.csv', 'binance-spot-trades-v3', {}, 16],
    ['exchange_csv/provinzio__CoinTaxman__kraken-trades.csv', 'kraken-trades-csv', {}, 3],
    ['exchange_csv/provinzio__CoinTaxman__kraken-ledgers.csv', 'kraken-ledgers-csv', {}, 4],
    ['exchange_csv/unnamed__github-index__binance_futures_trades_a.csv', 'binance-futures-trades-csv', {}, 3],
    ['exchange_csv/ericaltendorf__magicbeans__coinbasepro_account.csv', 'coinbasepro-account-csv', {}, 3],
    ['exchange_csv/everytrade-io__everytrade-plugins__bitfinex_v001.csv', 'bitfinex-trades-csv', {}, 2],
    ['exchange_csv/everytrade-io__everytrade-plugins__bitstamp_v001.csv', 'bitstamp-transactions-v1', {}, 2],
    [
      'exchange_csv/everytrade-io__everytrade-plugins__extracted_bitstamp_v2_rows.csv',
      'bitstamp-transactions-v2',
      {},
      3,
    ],
    ['exchange_csv/everytrade-io__everytrade-plugins__hitbtc_v001.csv', 'hitbtc-trades-csv', {}, 2],
    ['exchange_csv/everytrade-io__everytrade-plugins__huobi_v001.csv', 'huobi-trades-csv', {}, 2],
    ['exchange_csv/everytrade-io__everytrade-plugins__extracted_huobi_buysell_rows.csv', 'htx-trades-csv', {}, 2],
    ['exchange_csv/everytrade-io__everytrade-plugins__okex_v001_M.csv', 'okex-trades-csv', {}, 2],
    ['exchange_csv/rotki__rotki__kucoin_order_history.csv', 'kucoin-fills-v2', {}, 2],
    ['exchange_csv/everytrade-io__everytrade-plugins__extracted_kucoin_v2_rows.csv', 'kucoin-fills-v3', {}, 2],
    ['exchange_csv/everytrade-io__everytrade-plugins__extracted_okx_v2_rows.csv', 'okx-trading-bill-csv', {}, 2],
    ['exchange_csv/everytrade-io__everytrade-plugins__poloniex_v001.csv', 'poloniex-trades-csv', {}, 2],
    ['exchange_csv/unnamed__github-index__bybit_spot_trades_preuta.csv', 'bybit-spot-trades-csv', {}, 2],
    ['exchange_csv/ericaltendorf__magicbeans__gateio_joined.csv', 'gateio-ledger-csv', {}, 4],
    ['exchange_csv/robertkarl__yabc__gemini.csv', 'gemini-transactions-csv', {}, 6],
    ['exchange_csv/Varial17__429.Capital__hyperliquid_trades.csv', 'hyperliquid-trades-csv', {}, 14],
    ['exchange_csv/cryptoTaxes__cryptoTaxes__bittrex_fullOrders.csv', 'bittrex-fullorders-csv', {}, 2],
    ['exchange_csv/everytrade-io__everytrade-plugins__bittrex_v003_M.csv', 'bittrex-orderhistory-csv', {}, 2],
    ['exchange_csv/everytrade-io__everytrade-plugins__coinbasepro_v001.csv', 'coinbasepro-fills-csv', {}, 2],
    ['exchange_csv/robertkarl__yabc__coinbase-pro_fills.csv', 'coinbasepro-fills-csv', {}, 3],
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

  it.each(apiLogs)('api_json/%s is %s', async (name, format, counts) => {
    const log = await readLog(`api_json/${name}`);
    expect({
      format: log.format,
      rows: log.outcomes.length,
      executions: log.executions.length,
      events: log.orderEvents.map(({ kind }) => kind).join(' '),
      others: log.others,
      quarantined: log.quarantined.length,
    }).toEqual({ format, executions: 0, events: '', others: {}, quarantined: 0, ...counts });
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
    // In pence: what the router's last hop states in pounds, 13.83565.
    expect(log.executions[1]?.fee).toBeCloseTo(1383.565, 3);
    expect(log.warnings).toContainEqual(expect.stringMatching(/probably local/));
  });

  it('freqtrade backtest: every trade is its entry and its exit, and the fills earn what the result states', async () => {
    const path = 'bots/freqtrade__freqtrade__backtest-result.json';
    const log = await readLog(path);
    expect([log.format, log.outcomes.length, log.executions.length, log.warnings]).toEqual([
      ...['freqtrade-backtest-json', 179, 358],
      [],
    ]);
    expect(new Set(log.executions.map((execution) => execution.strategy))).toEqual(new Set(['StrategyTestV3']));
    // This result states profit before fees.
    expect(cashFlow(log.executions)).toBeCloseTo(statedProfit(path), 12);
  });

  it('freqtrade futures backtest: what the fills earn beyond the stated profit is funding, which the result does not show', async () => {
    const path = 'bots/halitince7__algo_trade__backtest_results-2024-12-04_14-46-29.json';
    const log = await readLog(path);
    expect([log.outcomes.length, log.executions.length]).toEqual([6, 12]);
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

  it('Coinbase Advanced: two fills with fees in the quote', async () => {
    const log = await readLog('api_json/nautechsystems__nautilus_trader__coinbase_http_fills.json');
    expect(
      log.executions.map(({ symbol, fee, feeCurrency, liquidity }) => [symbol, fee, feeCurrency, liquidity]),
    ).toEqual([
      ['BTC/USD', 1.14, 'USD', 'maker'],
      ['ETH/USD', 0.5, 'USD', 'taker'],
    ]);
  });

  it('Binance: a coin that begins with a digit, and fills below their order', async () => {
    const v3 = await readLog('exchange_csv/everytrade-io__everytrade-plugins__extracted_binance_v3_rows.csv');
    expect(v3.executions.find(({ symbol }) => symbol === '1INCH/USDT')).toMatchObject({ price: 1.969, quantity: 5.1 });
    const v2 = await readLog('exchange_csv/everytrade-io__everytrade-plugins__binance_v002.csv');
    expect(v2.others).toEqual({ order: 2, 'column names': 2 });
    expect(v2.executions.map(({ price, intendedQuantity }) => [price, intendedQuantity])).toEqual([
      [6236.39, 0.0416],
      [5904.68, 0.1409],
      [5904.61, 0.1409],
    ]);
    expect(v2.warnings).toEqual([]);
  });

  it('Coinbase Pro: the total of every row is what was paid or received', async () => {
    for (const name of [
      'everytrade-io__everytrade-plugins__coinbasepro_v001',
      'robertkarl__yabc__coinbase-pro_fills',
    ]) {
      expect((await readLog(`exchange_csv/${name}.csv`)).warnings).toEqual([]);
    }
  });

  it.each([
    ['exchange_csv/unnamed__github-index__bybit_spot_trades_uid.csv', 'bybit-spot-trades-csv', 2],
    [
      'exchange_csv/everytrade-io__everytrade-plugins__bybiteu_uta_v001.uid-redacted.csv',
      'bybit-uta-transactionlog-csv',
      5,
    ],
  ])(
    '%s is %s below a line that is no header, which the index counts as the header',
    async (path, format, executions) => {
      const log = await readLog(path);
      expect([log.format, log.outcomes.length + 1, log.executions.length]).toEqual([
        format,
        indexedRows(path),
        executions,
      ]);
      expect([log.quarantined, log.warnings]).toEqual([[], []]);
    },
  );

  it('Bittrex of 2023: two orders below a preamble, priced by what they cost without the fee', async () => {
    const log = await readLog('exchange_csv/rotki__rotki__bittrex_order_history.csv');
    expect([log.format, log.outcomes.length, log.quarantined, log.warnings]).toEqual([
      ...['bittrex-orderhistory-2023-csv', 2, [], []],
    ]);
    expect(log.executions.map(({ symbol }) => symbol)).toEqual(['SWT/BTC', 'EDGELESS/BTC']);
    for (const [index, limit] of [0.000341, 0.00018098].entries()) {
      expect(Math.abs(log.executions[index]!.price / limit - 1)).toBeLessThan(0.0001);
    }
  });

  it('KuCoin of 2018: a fee of an edited row that is larger than what was received goes to quarantine', async () => {
    const log = await readLog('exchange_csv/cryptoTaxes__cryptoTaxes__kucoin_tradeHistory.csv');
    expect([log.format, log.outcomes.length, log.executions.length]).toEqual(['kucoin-trades-v1', 3, 2]);
    expect(log.quarantined).toEqual([expect.stringMatching(/too much to be in ETH/)]);
  });

  it('Bybit: what the log of the unified account says of each coin is what its fills moved', async () => {
    const { executions } = await readLog(
      'exchange_csv/everytrade-io__everytrade-plugins__bybiteu_uta_v001.uid-redacted.csv',
    );
    const bought = compensatedSum(executions.map(({ side, quantity }) => (side === 'buy' ? quantity : -quantity)));
    const feesIn = (coin: string) =>
      compensatedSum(executions.map(({ fee, feeCurrency }) => (feeCurrency === coin ? (fee ?? Number.NaN) : 0)));
    // Wallet balances at the end of the file: 0.0000896 BTC and 12.1481288025 EUR, after 17 EUR came in.
    expect(bought - feesIn('BTC')).toBeCloseTo(0.0000896, 12);
    expect(17 + cashFlow(executions) - feesIn('EUR')).toBeCloseTo(12.1481288025, 9);
  });

  it('OKX: the trading bill sells what its balances lost', async () => {
    const { executions } = await readLog('exchange_csv/everytrade-io__everytrade-plugins__extracted_okx_v2_rows.csv');
    expect(executions.map(({ side, quantity, fee, feeCurrency }) => [side, quantity, fee, feeCurrency])).toEqual([
      ['sell', 0.02378815, 0.5747217, 'USDT'],
      ['sell', 0.04902691, 1.48257376, 'USDT'],
    ]);
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
