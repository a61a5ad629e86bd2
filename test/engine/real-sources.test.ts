/** Market data and workbooks that nobody of this project wrote; see test/support/real-logs.ts for where they lie. */
import { describe, expect, it } from 'vitest';
import { failureOf, us } from '../support/formats';
import { indexedRows, readLog, realDataIsHere } from '../support/real-logs';

interface RealFile {
  readonly name: string;
  readonly symbol?: string;
  readonly format: string;
  readonly rows: number;
  readonly others?: Readonly<Record<string, number>>;
}

const files: readonly RealFile[] = [
  { name: 'freqtrade__freqtrade__XRP_ETH-1m.feather', symbol: 'XRP/ETH', format: 'ohlcv-feather', rows: 2_469 },
  {
    ...{ name: 'freqtrade__freqtrade__XRP_USDT_USDT-5m-futures.feather', symbol: 'XRP/USDT' },
    ...{ format: 'ohlcv-feather', rows: 1_999 },
  },
  {
    ...{ name: 'halitince7__algo_trade__BTC_USDT_USDT-1h-futures.feather', symbol: 'BTC/USDT' },
    ...{ format: 'ohlcv-feather', rows: 8_870 },
  },
  {
    ...{ name: 'freqtrade__freqtrade__XRP_USDT_USDT-8h-funding_rate.feather', format: 'funding-feather' },
    ...{ rows: 91, others: { 'funding rate': 91 } },
  },
  {
    ...{ name: 'freqtrade__freqtrade__XRP_ETH-trades.json.gz', symbol: 'XRP/ETH' },
    ...{ format: 'freqtrade-public-trades-json', rows: 12_477 },
  },
  // 148 lines; the index took the first for a header.
  { name: 'freqtrade__freqtrade__BCHEUR.csv', symbol: 'BCH/EUR', format: 'kraken-public-trades-csv', rows: 148 },
  {
    ...{ name: 'freqtrade__freqtrade__public_trades_list.csv', symbol: 'ETH/USDT' },
    ...{ format: 'freqtrade-public-trades-csv', rows: 1_000 },
  },
  { name: 'QuantConnect__Lean__coinbase_btcusd_20180404_trade.zip', format: 'lean-minute-zip', rows: 1_007 },
  { name: 'QuantConnect__Lean__coinbase_ethusd_20180404_trade.zip', format: 'lean-minute-zip', rows: 1_009 },
  { name: 'QuantConnect__Lean__coinbase_btcusd_20180404_quote.zip', format: 'lean-minute-zip', rows: 1_437 },
  { name: 'QuantConnect__Lean__bybit_btcusdt_20221213_trade.zip', format: 'lean-minute-zip', rows: 1_440 },
  { name: 'QuantConnect__Lean__bybit_perp_btcusdt_20221213_trade.zip', format: 'lean-minute-zip', rows: 721 },
  { name: 'QuantConnect__Lean__binance_btcbusd_20221213_trade.zip', format: 'lean-minute-zip', rows: 1_440 },
  {
    ...{ name: 'nautechsystems__nautilus_trader__btcusdt-trades.parquet', symbol: 'BTC/USDT' },
    ...{ format: 'binance-trades-parquet', rows: 2_001 },
  },
  {
    ...{ name: 'nkaz001__hftbacktest__spot_btcusdt_20240808.gz', format: 'binance-ws-feed-gz', rows: 41_249 },
    others: { 'order book change': 3_451, 'order book snapshot': 1 },
  },
  {
    ...{ name: 'pineforge-4pass__pineforge-corpus__ohlcv_ETH-USDT-USDT_15m.csv', symbol: 'ETH/USDT' },
    ...{ format: 'candles-csv', rows: 36_361 },
  },
];

/** Counts that the index leaves open or, not knowing that there is no header, has one too low. */
const uncounted = /\.feather$|\.parquet$|json\.gz$|BCHEUR\.csv$/;

describe.skipIf(!realDataIsHere)('real market data', () => {
  it.each(files)('$name', async ({ name, symbol, format, rows, others = {} }) => {
    const path = `market_data/${name}`;
    const log = await readLog(path, symbol === undefined ? {} : { symbol });
    expect(log.format).toBe(format);
    expect(log.quarantined).toEqual([]);
    expect(log.counts.rowsRead).toBe(rows);
    expect(log.others).toEqual(others);
    const otherRows = Object.values(others).reduce((sum, count) => sum + count, 0);
    expect(log.prices).toHaveLength(rows - otherRows);
    if (!uncounted.test(name)) expect(rows).toBe(indexedRows(path));
  });

  it('is asked for its symbol where the content has none', async () => {
    for (const { name, symbol } of files) {
      if (symbol === undefined) continue;
      expect(await failureOf(readLog(`market_data/${name}`))).toMatch(/does not name its instrument/);
    }
  });

  it('gives closes at the end of their bar, of quotes the middle', async () => {
    const trade = await readLog('market_data/QuantConnect__Lean__coinbase_btcusd_20180404_trade.zip');
    expect(trade.prices[0]).toEqual({ symbol: 'BTC/USD', atUs: us('2018-04-04T00:01:00Z'), price: 7_422 });
    expect(trade.warnings).toEqual([
      expect.stringMatching(/^The symbol BTC\/USD and the day 2018-04-04 are taken from the name/),
    ]);
    const quote = await readLog('market_data/QuantConnect__Lean__coinbase_btcusd_20180404_quote.zip');
    expect(quote.prices[1]).toEqual({ symbol: 'BTC/USD', atUs: us('2018-04-04T00:02:00Z'), price: 7_415.005 });
    const candles = await readLog('market_data/freqtrade__freqtrade__XRP_ETH-1m.feather', { symbol: 'XRP/ETH' });
    expect(candles.prices[0]).toEqual({ symbol: 'XRP/ETH', atUs: us('2019-10-11T00:01:00Z'), price: 0.00141418 });
  });

  it('tells that a recorder’s clock is not the exchange’s', async () => {
    const feed = await readLog('market_data/nkaz001__hftbacktest__spot_btcusdt_20240808.gz');
    expect(feed.warnings).toEqual([
      expect.stringMatching(/^The recorder's clock was 1,2\d\d ms behind the exchange's/),
    ]);
  });
});

describe.skipIf(!realDataIsHere)('a real workbook', () => {
  const path = 'exchange_csv/robertkarl__yabc__binance-yabc-sample.xlsx';

  it('asks for the order of its dates, which are text', async () => {
    expect(await failureOf(readLog(path))).toMatch(/^format-ambiguous: .*day first or month first: "1\/1\/2017 11:22"/);
  });

  it('has the fills the index counts', async () => {
    const log = await readLog(path, { dateOrder: 'mdy' });
    expect(log).toMatchObject({ format: 'binance-spot-trades-v1', quarantined: [], others: {} });
    expect(log.executions).toHaveLength(indexedRows(path));
    expect(log.executions.map(({ symbol, side, price }) => `${symbol} ${side} ${price}`)).toEqual([
      'BTC/ETH sell 0.008',
      'BTC/ETH buy 0.008',
      'BTC/USD buy 0.0001',
      'BTC/USD sell 0.0001',
    ]);
  });
});
