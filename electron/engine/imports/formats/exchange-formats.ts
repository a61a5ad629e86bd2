/** Further exports of exchanges and their apps: statements, ledgers, lists of orders and of executions. */
import type { Format } from '../format';
import { binanceStatementCsv, binanceStatementHeaderlessCsv } from './binance-statement-csv';
import { bitfinexLedgerCsv } from './bitfinex-ledger-csv';
import { bitflyerTradesCsv } from './bitflyer-trades-csv';
import { bitmexExecutionsCsv } from './bitmex-executions-csv';
import { bitvavoTransactionsCsv } from './bitvavo-transactions-csv';
import { bybitClosedPnlCsv } from './bybit-closed-pnl-csv';
import { coinbaseRetailCsv } from './coinbase-retail-csv';
import { cryptocomAppCsv } from './cryptocom-app-csv';
import { everytradeCsv } from './everytrade-csv';
import { hyperliquidArchiveCsv } from './hyperliquid-trades-csv';
import { idexTradesCsv } from './idex-trades-csv';
import { kucoinOrdersV3 } from './kucoin-fills-csv';
import { pionexTradesCsv } from './pionex-trades-csv';
import { yobitOrdersTsv } from './yobit-orders-tsv';

export const exchangeFormats: readonly Format[] = [
  binanceStatementCsv,
  binanceStatementHeaderlessCsv,
  bitfinexLedgerCsv,
  bitflyerTradesCsv,
  bitmexExecutionsCsv,
  bitvavoTransactionsCsv,
  bybitClosedPnlCsv,
  coinbaseRetailCsv,
  cryptocomAppCsv,
  everytradeCsv,
  idexTradesCsv,
  pionexTradesCsv,
  yobitOrdersTsv,
  hyperliquidArchiveCsv,
  kucoinOrdersV3,
];
