/** Every format Lockstep reads; recognition asks all of them, so the order here decides nothing. */
import fillsWithMetadata from '../../../../resources/maps/fills-with-metadata.json';
import fillsWithStatus from '../../../../resources/maps/fills-with-status.json';
import pineforgeEngineTrades from '../../../../resources/maps/pineforge-engine-trades-csv.json';
import roundTripsWithProfit from '../../../../resources/maps/round-trips-with-profit.json';
import roundTripsWithSize from '../../../../resources/maps/round-trips-with-size.json';
import { type CsvMap, csvMapSchema } from '../../../../shared/contract/csv-map';
import type { Format } from '../format';
import { formatOfMap } from '../map';
import { apiFormats } from './api-formats';
import { binanceFuturesTradesCsv } from './binance-futures-trades-csv';
import { binanceOrderHistoryV2 } from './binance-order-history-v2';
import { binanceSpotTradesV1 } from './binance-spot-trades-v1';
import { binanceSpotTradesV3 } from './binance-spot-trades-v3';
import { bitfinexTradesCsv } from './bitfinex-trades-csv';
import { bitstampTransactionsV1, bitstampTransactionsV2 } from './bitstamp-transactions';
import { bittrexFullordersCsv, bittrexOrderhistory2023Csv, bittrexOrderhistoryCsv } from './bittrex-orders-csv';
import { brokerFormats } from './broker-formats';
import { bybitSpotTradesCsv } from './bybit-spot-trades-csv';
import { bybitUtaTransactionlogCsv } from './bybit-uta-transactionlog-csv';
import { coinbaseAdvancedFills } from './coinbase-advanced-fills';
import { coinbaseproAccountCsv } from './coinbasepro-account-csv';
import { coinbaseproFillsCsv } from './coinbasepro-fills-csv';
import { exchangeFormats } from './exchange-formats';
import { fixLog } from './fix-log';
import { freqtradeBacktestJson } from './freqtrade-backtest-json';
import { freqtradeBacktestMeta, freqtradeConfig, freqtradeLastResult } from './freqtrade-notes';
import { freqtradeTradesv3Sqlite } from './freqtrade-tradesv3-sqlite';
import { gateioLedgerCsv } from './gateio-ledger-csv';
import { geminiTransactionsCsv } from './gemini-transactions-csv';
import { hitbtcTradesCsv } from './hitbtc-trades-csv';
import { htxTradesCsv } from './htx-trades-csv';
import { hummingbotLog } from './hummingbot-log';
import { hummingbotSqlite } from './hummingbot-sqlite';
import { hummingbotTradesCsv } from './hummingbot-trades-csv';
import { huobiTradesCsv } from './huobi-trades-csv';
import { hyperliquidTradesCsv } from './hyperliquid-trades-csv';
import { jesseTradesCsv, jesseTradesJson } from './jesse-trades';
import { krakenLedgersCsv } from './kraken-ledgers-csv';
import { krakenTradesCsv } from './kraken-trades-csv';
import { kucoinFillsV2, kucoinFillsV3, kucoinTrades2019, kucoinTradesUi2018, kucoinTradesV1 } from './kucoin-fills-csv';
import { leanLog } from './lean-log';
import { leanOrderEventsJson } from './lean-order-events-json';
import { leanBacktestJson, leanLiveJson } from './lean-results-json';
import { lockstepCsv } from './lockstep-csv';
import { lockstepJsonl } from './lockstep-jsonl';
import { marketDataFormats } from './market-data';
import { nautilusEventsJson } from './nautilus-events-json';
import { nautilusFillsCsv, nautilusOrdersCsv } from './nautilus-reports-csv';
import { okexTradesCsv } from './okex-trades-csv';
import { okxTradingBillCsv } from './okx-trading-bill-csv';
import { poloniexTradesCsv } from './poloniex-trades-csv';
import { signalOrderBacktestLog, signalOrderLog } from './signal-order-log';
import { tcapyOrdersCsv, tcapyTradesCsv } from './tcapy-csv';
import { tradingviewTradesCsv2025, tradingviewTradesCsvOld } from './tradingview-trades-csv';

/** The maps that come with Lockstep; each is a format of its own, recognised by its header. */
export const readyMaps: readonly CsvMap[] = [
  fillsWithMetadata,
  fillsWithStatus,
  pineforgeEngineTrades,
  roundTripsWithProfit,
  roundTripsWithSize,
].map((map) => csvMapSchema.parse(map));

export const formats: readonly Format[] = [
  lockstepCsv,
  lockstepJsonl,
  binanceSpotTradesV1,
  binanceOrderHistoryV2,
  binanceSpotTradesV3,
  binanceFuturesTradesCsv,
  coinbaseproFillsCsv,
  coinbaseproAccountCsv,
  coinbaseAdvancedFills,
  krakenTradesCsv,
  krakenLedgersCsv,
  bitfinexTradesCsv,
  bitstampTransactionsV1,
  bitstampTransactionsV2,
  hitbtcTradesCsv,
  huobiTradesCsv,
  htxTradesCsv,
  okexTradesCsv,
  okxTradingBillCsv,
  kucoinTradesUi2018,
  kucoinTradesV1,
  kucoinTrades2019,
  kucoinFillsV2,
  kucoinFillsV3,
  poloniexTradesCsv,
  bybitSpotTradesCsv,
  bybitUtaTransactionlogCsv,
  gateioLedgerCsv,
  geminiTransactionsCsv,
  hyperliquidTradesCsv,
  bittrexFullordersCsv,
  bittrexOrderhistoryCsv,
  bittrexOrderhistory2023Csv,
  freqtradeBacktestJson,
  freqtradeTradesv3Sqlite,
  freqtradeBacktestMeta,
  freqtradeLastResult,
  freqtradeConfig,
  hummingbotTradesCsv,
  hummingbotSqlite,
  hummingbotLog,
  leanBacktestJson,
  leanLiveJson,
  leanOrderEventsJson,
  leanLog,
  jesseTradesJson,
  jesseTradesCsv,
  nautilusFillsCsv,
  nautilusOrdersCsv,
  nautilusEventsJson,
  tcapyOrdersCsv,
  tcapyTradesCsv,
  signalOrderLog,
  signalOrderBacktestLog,
  tradingviewTradesCsv2025,
  tradingviewTradesCsvOld,
  ...exchangeFormats,
  ...marketDataFormats,
  ...apiFormats,
  ...brokerFormats,
  fixLog,
  ...readyMaps.map((map) => formatOfMap(map)),
];

export function formatById(id: string): Format | null {
  return formats.find((format) => format.id === id) ?? null;
}
