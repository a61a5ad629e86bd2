/**
 * Every export and API record of an exchange among the real logs (see real-logs.test.ts): each is recognised, each of its rows is counted
 * once, and where a file carries totals or running balances they agree with ours or the user is told where they part.
 */
import { describe, expect, it } from 'vitest';
import type { ParsedExecution } from '../../electron/engine/imports/format';
import { compensatedSum } from '../../shared/base/sums';
import { failureOf } from '../support/formats';
import { indexedRows, readLog, realDataIsHere } from '../support/real-logs';

/** What the rows of a file come to; what is left out is none. */
interface Expected {
  /** Where it is not what the index counted. */
  readonly rows?: number;
  /** Rows that made executions. */
  readonly executions?: number;
  /** Where rows made more than one each. */
  readonly fills?: number;
  /** Kinds of the order events, beside executions or alone. */
  readonly events?: string;
  readonly others?: Readonly<Record<string, number>>;
  readonly quarantined?: readonly RegExp[];
}

const files: readonly (readonly [path: string, format: string, expected: Expected])[] = [
  ['exchange_csv/Varial17__429.Capital__hyperliquid_trades.csv', 'hyperliquid-trades-csv', { executions: 14 }],
  [
    'exchange_csv/cryptoTaxes__cryptoTaxes__bitfinex_2014-ledger-BTC.csv',
    'bitfinex-ledger-csv',
    { others: { 'settlement of a margin trade': 2 } },
  ],
  ['exchange_csv/cryptoTaxes__cryptoTaxes__bittrex_fullOrders.csv', 'bittrex-fullorders-csv', { executions: 2 }],
  ['exchange_csv/cryptoTaxes__cryptoTaxes__idex_tradeHistory.csv', 'idex-trades-csv', { executions: 3 }],
  [
    'exchange_csv/cryptoTaxes__cryptoTaxes__kucoin_tradeHistory.csv',
    'kucoin-trades-v1',
    { executions: 2, quarantined: [/^fee is .* which is too much to be in ETH/] },
  ],
  [
    'exchange_csv/cryptoTaxes__cryptoTaxes__yobit.csv',
    'yobit-orders-tsv',
    { executions: 7, events: 'cancelled cancelled cancelled cancelled cancelled cancelled' },
  ],
  [
    'exchange_csv/dickwolff__Export-To-Ghostfolio__bitvavo-export.csv',
    'bitvavo-transactions-csv',
    { executions: 12, others: { withdrawal: 6, deposit: 7, staking: 9 } },
  ],
  [
    'exchange_csv/dickwolff__Export-To-Ghostfolio__cryptocom-export.csv',
    'cryptocom-app-csv',
    {
      executions: 5,
      others: {
        crypto_to_exchange_transfer: 1,
        'swap of a coin by the app': 2,
        'finance.lockup.dpos_unlock.crypto_wallet': 1,
        'finance.lockup.dpos_compound_interest.crypto_wallet': 43,
        referral_card_cashback: 3,
        card_top_up: 1,
        exchange_to_crypto_transfer: 2,
        crypto_deposit: 2,
        'finance.lockup.dpos_lock.crypto_wallet': 1,
        lockup_unlock: 1,
        mco_stake_reward: 3,
      },
    },
  ],
  ['exchange_csv/eprbell__dali-rp2__test_pionex_trades.csv', 'pionex-trades-csv', { executions: 2 }],
  [
    'exchange_csv/ericaltendorf__magicbeans__coinbasepro_account.csv',
    'coinbasepro-account-csv',
    { executions: 3, others: { deposit: 3, withdrawal: 1, 'further leg of a fill': 8 } },
  ],
  [
    'exchange_csv/ericaltendorf__magicbeans__gateio_joined.csv',
    'gateio-ledger-csv',
    { executions: 4, others: { deposit: 3, withdraw: 2, 'further leg of a fill': 8 } },
  ],
  ['exchange_csv/everytrade-io__everytrade-plugins__binance_v001.csv', 'binance-spot-trades-v1', { executions: 2 }],
  [
    'exchange_csv/everytrade-io__everytrade-plugins__binance_v002.csv',
    'binance-order-history-v2',
    { executions: 3, others: { order: 2, 'column names': 2 } },
  ],
  ['exchange_csv/everytrade-io__everytrade-plugins__bitfinex_v001.csv', 'bitfinex-trades-csv', { executions: 2 }],
  [
    'exchange_csv/everytrade-io__everytrade-plugins__bitflyer_v001_M.csv',
    'bitflyer-trades-csv',
    { executions: 2, others: { deposit: 1 } },
  ],
  ['exchange_csv/everytrade-io__everytrade-plugins__bitmex_v001_M.csv', 'bitmex-executions-csv', { executions: 2 }],
  ['exchange_csv/everytrade-io__everytrade-plugins__bitstamp_v001.csv', 'bitstamp-transactions-v1', { executions: 2 }],
  ['exchange_csv/everytrade-io__everytrade-plugins__bittrex_v003_M.csv', 'bittrex-orderhistory-csv', { executions: 2 }],
  // The index counts the line below the preamble, which is the header.
  [
    'exchange_csv/everytrade-io__everytrade-plugins__bybiteu_uta_v001.uid-redacted.csv',
    'bybit-uta-transactionlog-csv',
    { rows: 11, executions: 5, others: { transfer_in: 1, 'further leg of a fill': 5 } },
  ],
  ['exchange_csv/everytrade-io__everytrade-plugins__coinbase_v001_M.csv', 'coinbase-retail-csv', { executions: 3 }],
  ['exchange_csv/everytrade-io__everytrade-plugins__coinbasepro_v001.csv', 'coinbasepro-fills-csv', { executions: 2 }],
  [
    'exchange_csv/everytrade-io__everytrade-plugins__extracted_binance_v3_rows.csv',
    'binance-spot-trades-v3',
    { executions: 16 },
  ],
  [
    'exchange_csv/everytrade-io__everytrade-plugins__extracted_bitstamp_v2_rows.csv',
    'bitstamp-transactions-v2',
    { executions: 3, others: { withdrawal: 1, deposit: 1 } },
  ],
  [
    'exchange_csv/everytrade-io__everytrade-plugins__extracted_huobi_buysell_rows.csv',
    'htx-trades-csv',
    { executions: 2 },
  ],
  [
    'exchange_csv/everytrade-io__everytrade-plugins__extracted_kucoin_v2_rows.csv',
    'kucoin-fills-v3',
    { executions: 2 },
  ],
  [
    'exchange_csv/everytrade-io__everytrade-plugins__extracted_okx_v2_rows.csv',
    'okx-trading-bill-csv',
    { executions: 2, others: { 'further leg of a fill': 2 } },
  ],
  ['exchange_csv/everytrade-io__everytrade-plugins__hitbtc_v001.csv', 'hitbtc-trades-csv', { executions: 2 }],
  ['exchange_csv/everytrade-io__everytrade-plugins__huobi_v001.csv', 'huobi-trades-csv', { executions: 2 }],
  ['exchange_csv/everytrade-io__everytrade-plugins__okex_v001_M.csv', 'okex-trades-csv', { executions: 2 }],
  ['exchange_csv/everytrade-io__everytrade-plugins__poloniex_v001.csv', 'poloniex-trades-csv', { executions: 2 }],
  [
    'exchange_csv/provinzio__CoinTaxman__binance.csv',
    'binance-statement-csv',
    {
      executions: 1,
      others: { 'commission history': 3, 'further leg of a fill': 2 },
      quarantined: Array(5).fill(/^the lines of this second are no trade: ETH was both received and paid/),
    },
  ],
  [
    'exchange_csv/provinzio__CoinTaxman__kraken-ledgers.csv',
    'kraken-ledgers-csv',
    { executions: 4, others: { pending: 1, deposit: 1, 'further leg of a fill': 4 } },
  ],
  ['exchange_csv/provinzio__CoinTaxman__kraken-trades.csv', 'kraken-trades-csv', { executions: 3 }],
  ['exchange_csv/robertkarl__yabc__coinbase-pro_fills.csv', 'coinbasepro-fills-csv', { executions: 3 }],
  ['exchange_csv/robertkarl__yabc__gemini.csv', 'gemini-transactions-csv', { executions: 6 }],
  // As above, with a preamble of three lines.
  ['exchange_csv/rotki__rotki__bittrex_order_history.csv', 'bittrex-orderhistory-2023-csv', { rows: 2, executions: 2 }],
  ['exchange_csv/rotki__rotki__kucoin_order_history.csv', 'kucoin-fills-v2', { executions: 2 }],
  ['exchange_csv/unnamed__github-index__binance_futures_trades_a.csv', 'binance-futures-trades-csv', { executions: 3 }],
  [
    'exchange_csv/unnamed__github-index__bybit_closed_pnl.csv',
    'bybit-closed-pnl-csv',
    { others: { 'closed position': 4 } },
  ],
  ['exchange_csv/unnamed__github-index__bybit_spot_trades_preuta.csv', 'bybit-spot-trades-csv', { executions: 2 }],
  // As above.
  [
    'exchange_csv/unnamed__github-index__bybit_spot_trades_uid.csv',
    'bybit-spot-trades-csv',
    { rows: 2, executions: 2 },
  ],
  // Of API documents the index counts the document, or the list of it; the rows here are records.
  ['api_json/ccxt__ccxt__response_bitmex.json', 'ccxt-unified-orders', { rows: 3, executions: 2, events: 'submitted' }],
  ['api_json/ccxt__ccxt__response_oxfun_fetchMyTrades.excerpt.json', 'ccxt-unified-fetchMyTrades', { executions: 1 }],
  ['api_json/knowm__XChange__bitfinex_example-past-trades-data.json', 'bitfinex-v1-mytrades', { executions: 2 }],
  ['api_json/knowm__XChange__bitget_api_v2_spot_trade_fills.json', 'bitget-v2-spot-fills', { executions: 1 }],
  [
    'api_json/knowm__XChange__bitstamp_example-user-transactions.json',
    'bitstamp-rest-user_transactions',
    {
      executions: 1,
      others: { withdrawal: 1, deposit: 1, 'transaction of type 27': 1 },
      quarantined: [/one must be received and the other given, so the side cannot be told/],
    },
  ],
  ['api_json/knowm__XChange__coinbasepro_example-fills.json', 'coinbasepro-rest-fills', { executions: 1 }],
  ['api_json/knowm__XChange__gate_api_v4_spot_my_trades.json', 'gate-v4-my_trades', { executions: 2 }],
  [
    'api_json/knowm__XChange__gemini_example-get-order-data-trades-included.json',
    'gemini-order-with-trades',
    { executions: 1 },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__binance_futures_order_update_trade.json',
    'binance-ws-futures-ORDER_TRADE_UPDATE',
    { executions: 1 },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__binance_futures_trade_lite.json',
    'binance-ws-futures-TRADE_LITE',
    { executions: 1 },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__binance_spot_account_trades_response.json',
    'binance-rest-myTrades',
    { executions: 1 },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__binance_spot_all_orders_response.json',
    'binance-rest-allOrders',
    { events: 'submitted' },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__binance_spot_execution_report_trade.json',
    'binance-ws-executionReport',
    { executions: 1 },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__binance_spot_new_order_full_response.json',
    'binance-rest-order-FULL',
    { executions: 1, fills: 5 },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__bitmex_http_get_executions.json',
    'bitmex-rest-execution',
    { executions: 2 },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__bybit_http_get_executions.json',
    'bybit-v5-execution-list',
    { rows: 2, executions: 2 },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__bybit_http_get_orders_history_with_duplicate.json',
    'bybit-v5-order-history',
    { rows: 2, events: 'submitted cancelled' },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__bybit_ws_account_order_partially_filled_rejected.json',
    'bybit-v5-order-history',
    { executions: 1, events: 'rejected' },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__coinbase_http_fills.json',
    'coinbase-advanced-fills',
    { rows: 2, executions: 2 },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__coinbase_http_orders_list.json',
    'coinbase-advanced-orders',
    { rows: 2, executions: 1, events: 'submitted' },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__coinbase_ws_user.json',
    'coinbase-advanced-ws-user',
    { events: 'submitted' },
  ],
  ['api_json/nautechsystems__nautilus_trader__dydx_http_get_fills.json', 'dydx-v4-fills', { rows: 3, executions: 3 }],
  [
    'api_json/nautechsystems__nautilus_trader__hyperliquid_http_user_fills_dust_conversion.json',
    'hyperliquid-userFills',
    { executions: 3, others: { 'spot dust conversion': 1, 'net child vaults': 1 } },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__kraken_http_closed_orders.json',
    'kraken-rest-ClosedOrders',
    { rows: 2, executions: 2 },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__kraken_http_futures_fills.json',
    'kraken-futures-fills',
    { rows: 3, executions: 3 },
  ],
  [
    'api_json/nautechsystems__nautilus_trader__kraken_http_trades_history.json',
    'kraken-rest-TradesHistory',
    { rows: 2, executions: 2 },
  ],
  ['api_json/nautechsystems__nautilus_trader__okx_http_transaction_detail.json', 'okx-v5-fills', { executions: 1 }],
  [
    'api_json/nautechsystems__nautilus_trader__okx_ws_orders.json',
    'okx-v5-ws-orders',
    { quarantined: [/in contracts of BTC-USDT-SWAP; how much one contract is \(ctVal\) is not in the log/] },
  ],
];

/** Bitfinex's records do not name their pair. */
const hintsOf = (path: string) => (path.includes('bitfinex_example') ? { symbol: 'BTC/USD' } : {});

/** Money in minus money out, fees aside, in the quote. */
function cashFlow(executions: readonly ParsedExecution[]): number {
  return compensatedSum(executions.map(({ side, price, quantity }) => (side === 'buy' ? -1 : 1) * price * quantity));
}

/** Warnings about sums, without those about zones and dealers. */
function sumWarnings(warnings: readonly string[]): readonly string[] {
  return warnings.filter((text) => /balance|total|amount|times quantity|paid/i.test(text));
}

describe.skipIf(!realDataIsHere)('real exchange logs (skipped where ../shared/data is not beside the checkout)', () => {
  it.each(files)('%s is %s and each row is counted once', async (path, format, expected) => {
    const log = await readLog(path, hintsOf(path));
    const { rows = indexedRows(path), executions = 0, fills = executions, events = '', others = {} } = expected;
    const { quarantined = [] } = expected;
    const otherRows = compensatedSum(Object.values(others));
    expect({
      format: log.format,
      counts: log.counts,
      fills: log.executions.length,
      events: log.orderEvents.map(({ kind }) => kind).join(' '),
      others: log.others,
      quarantined: log.quarantined,
    }).toEqual({
      ...{ format, fills, events, others },
      counts: {
        ...{ rowsRead: rows, executions, otherRows, duplicates: 0, quarantined: quarantined.length },
        orderEvents: rows - executions - otherRows - quarantined.length,
      },
      quarantined: quarantined.map((reason) => expect.stringMatching(reason)),
    });
  });

  it('Bitfinex past trades need their pair', async () => {
    const path = 'api_json/knowm__XChange__bitfinex_example-past-trades-data.json';
    expect(await failureOf(readLog(path))).toMatch(/^invalid-arguments: .*does not name its instrument/);
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

  it('Bittrex of 2023: two orders below a preamble, priced by what they cost without the fee', async () => {
    const log = await readLog('exchange_csv/rotki__rotki__bittrex_order_history.csv');
    expect(log.warnings).toEqual([]);
    expect(log.executions.map(({ symbol }) => symbol)).toEqual(['SWT/BTC', 'EDGELESS/BTC']);
    for (const [index, limit] of [0.000341, 0.00018098].entries()) {
      expect(Math.abs(log.executions[index]!.price / limit - 1)).toBeLessThan(0.0001);
    }
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

  it.each([
    'exchange_csv/cryptoTaxes__cryptoTaxes__bitfinex_2014-ledger-BTC.csv',
    'exchange_csv/everytrade-io__everytrade-plugins__bybiteu_uta_v001.uid-redacted.csv',
    'exchange_csv/provinzio__CoinTaxman__kraken-ledgers.csv',
    'exchange_csv/everytrade-io__everytrade-plugins__coinbase_v001_M.csv',
    'exchange_csv/dickwolff__Export-To-Ghostfolio__bitvavo-export.csv',
    'exchange_csv/everytrade-io__everytrade-plugins__bitflyer_v001_M.csv',
    'exchange_csv/everytrade-io__everytrade-plugins__hitbtc_v001.csv',
    'exchange_csv/everytrade-io__everytrade-plugins__poloniex_v001.csv',
  ])('%s: balances and totals are what the rows come to', async (path) => {
    expect(sumWarnings((await readLog(path)).warnings)).toEqual([]);
  });

  it.each([
    // Edited for its publication: one balance is not carried on, one does not lose the fee.
    [
      'exchange_csv/ericaltendorf__magicbeans__coinbasepro_account.csv',
      [/^The balance of USD after line 12 .* come to 109900/, /^The balance of USDT after line 16 .* come to 99900/],
    ],
    // Four lines taken out of an account of many.
    [
      'exchange_csv/everytrade-io__everytrade-plugins__extracted_okx_v2_rows.csv',
      [/^The balance of USDT after line 5/, /^The balance of BTC after line 4/],
    ],
    // The totals of purchases were each lowered by the same amount.
    ['exchange_csv/cryptoTaxes__cryptoTaxes__yobit.csv', [/not the Total the file states, first on line 5/]],
  ] as const)('%s: says where a balance or total does not agree', async (path, told) => {
    expect(sumWarnings((await readLog(path)).warnings)).toEqual(told.map((text) => expect.stringMatching(text)));
  });

  it('Kraken: the ledger trades for the same money and fees as the list of trades', async () => {
    const ledger = await readLog('exchange_csv/provinzio__CoinTaxman__kraken-ledgers.csv');
    const trades = await readLog('exchange_csv/provinzio__CoinTaxman__kraken-trades.csv');
    // The fourth trade of the ledger is an instant purchase, which the list of trades does not hold.
    const same = ledger.executions.slice(0, 3);
    const facts = (executions: readonly ParsedExecution[]) =>
      executions.map(({ symbol, side, quantity, fee, feeCurrency, price }) =>
        [symbol, side, quantity.toFixed(8), fee?.toFixed(3), feeCurrency, (price * quantity).toFixed(2)].join(' '),
      );
    expect(facts(same)).toEqual(facts(trades.executions));
  });

  it('Bitvavo: what was paid in euro is what the fills and their fees cost', async () => {
    const { executions } = await readLog('exchange_csv/dickwolff__Export-To-Ghostfolio__bitvavo-export.csv');
    const fees = compensatedSum(executions.map(({ fee }) => fee ?? Number.NaN));
    // Received and paid: 37.08 and 137.45 euro, each rounded to cents.
    expect(cashFlow(executions) - fees).toBeCloseTo(37.08 - 137.45, 1);
  });
});
