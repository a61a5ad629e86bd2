import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiMessages } from '../support/api-records';

/** A valid log of every format that is text, with values of our own: what the fuzzer begins from. */

export interface ExampleLog {
  readonly format: string;
  readonly text: string;
  /** What the user would have to say beside it. */
  readonly zone: string | null;
  readonly symbol: string | null;
}

const said: Readonly<Record<string, { readonly zone?: string; readonly symbol?: string }>> = {
  'candles-csv': { symbol: 'A/B' },
  'gateio-ledger-csv': { zone: 'UTC' },
  'huobi-trades-csv': { zone: 'UTC+8' },
  'okex-trades-csv': { zone: 'UTC' },
  'okx-trading-bill-csv': { zone: 'UTC' },
  'poloniex-trades-csv': { zone: 'UTC' },
  'tradingview-trades-csv-2025': { symbol: 'ETHUSDT', zone: 'Asia/Singapore' },
  'tradingview-trades-csv-old': { symbol: 'BTC/USDT', zone: 'UTC' },
};

/** The examples, by format id, in order of their ids. @param folder test/fuzz/examples */
export function exampleLogs(folder: string): readonly ExampleLog[] {
  const files = readdirSync(folder).map((name) => ({
    format: name.slice(0, name.lastIndexOf('.')),
    text: readFileSync(join(folder, name), 'utf8'),
  }));
  const messages = Object.entries(apiMessages).map(([format, message]) => ({
    format,
    text: JSON.stringify([message, message], null, 1),
  }));
  return [...files, ...messages]
    .map(({ format, text }) => ({
      format,
      text,
      zone: said[format]?.zone ?? null,
      symbol: said[format]?.symbol ?? null,
    }))
    .sort((left, right) => (left.format < right.format ? -1 : 1));
}
