/** What the market did: prices for marking positions, whoever traded them. */
import type { Format } from '../format';
import { binanceWsFeed } from './binance-ws-feed';
import { candlesCsv, ohlcvFeather, ohlcvParquet } from './candles-csv';
import { fundingFeather } from './funding-rates';
import { leanMinuteZip } from './lean-minute-bars';
import {
  binanceTradesParquet,
  freqtradePublicTradesCsv,
  freqtradePublicTradesJson,
  krakenPublicTradesCsv,
} from './public-trades';

export const marketDataFormats: readonly Format[] = [
  candlesCsv,
  ohlcvFeather,
  ohlcvParquet,
  fundingFeather,
  freqtradePublicTradesCsv,
  freqtradePublicTradesJson,
  krakenPublicTradesCsv,
  binanceTradesParquet,
  leanMinuteZip,
  binanceWsFeed,
];
