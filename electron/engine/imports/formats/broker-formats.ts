/** The formats of brokers: shares, options, futures and currencies. */
import type { Format } from '../format';
import { ibkrActivityCsv } from './ibkr-activity-csv';
import { ibkrFlexTradesCsv } from './ibkr-flex-trades-csv';
import { ibkrFlexXml } from './ibkr-flex-xml';
import { mt4StatementHtm } from './mt4-statement-htm';
import { mt4StrategytesterHtm } from './mt4-strategytester-htm';
import { mt5HistoryHtm, mt5HistoryTable, mt5StrategytesterHtm } from './mt5-report-htm';
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
  mt4StrategytesterHtm,
  mt4StatementHtm,
  mt5HistoryHtm,
  mt5HistoryTable,
  mt5StrategytesterHtm,
];
