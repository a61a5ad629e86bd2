/** The examples of exchange formats as tables, to be changed and read again. */
import type { Format } from '../../electron/engine/imports/format';
import { formats } from '../../electron/engine/imports/formats/index';
import { RecordScanner } from '../../electron/engine/imports/record-scanner';
import { type ReadResult, readAs } from './formats';

/** Header and rows of a format's example as cells, padded to one width. */
export interface Table {
  readonly delimiter: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function tableOf({ exampleHeader, exampleRows = [] }: Format): Table {
  const header = exampleHeader ?? '';
  const delimiter = [',', ';', '\t'].sort((one, other) => header.split(other).length - header.split(one).length)[0]!;
  const records: (readonly string[])[] = [];
  const scanner = new RecordScanner({ delimiter }, ({ cells }) => records.push(cells));
  scanner.push(Buffer.from([header, ...exampleRows, ''].join('\n')));
  scanner.end();
  const [columns = [], ...rows] = records;
  // Some exports end each row with an empty cell; lines that say there is no data are no rows.
  const fitting = rows
    .map((cells) => cells.slice(0, columns.length))
    .filter((cells) => cells.length === columns.length);
  return { delimiter, header: columns, rows: fitting };
}

export const textOf = ({ delimiter, header, rows }: Table): string =>
  [header, ...rows]
    .map((cells) =>
      cells.map((cell) => (/[",;\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(delimiter),
    )
    .join('\n');

const exchanges =
  /^(?:binance|bitfinex|bitflyer|bitmex|bitstamp|bittrex|bitvavo|bybit|coinbase|cryptocom|everytrade|gateio|gemini|hitbtc|htx|huobi|hyperliquid|idex|kraken|kucoin|okex|okx|pionex|poloniex|yobit)/;
/** Delimited exports of exchanges. */
export const exchangeExports = formats.filter(
  ({ id, reader, exampleHeader }) => reader.shape === 'delimited' && exampleHeader !== null && exchanges.test(id),
);

/** Reads the text as that format. The instrument is named for files that do not. */
export const readExample = (format: Format, text: string): Promise<ReadResult> =>
  readAs(format, text, { symbol: 'BTC/USDT' });
