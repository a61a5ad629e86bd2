/** The formats of brokers: shares, options, futures and currencies. */
import type { Format } from '../format';
import { ibkrActivityCsv } from './ibkr-activity-csv';
import { ibkrFlexTradesCsv } from './ibkr-flex-trades-csv';
import { ibkrFlexXml } from './ibkr-flex-xml';
import { schwabTransactionsCsv } from './schwab-transactions-csv';
import { trading212Csv } from './trading212-csv';
import { xtbCashopsCsv } from './xtb-cashops-csv';

export const brokerFormats: readonly Format[] = [
  ibkrFlexXml,
  ibkrFlexTradesCsv,
  ibkrActivityCsv,
  schwabTransactionsCsv,
  trading212Csv,
  xtbCashopsCsv,
];
