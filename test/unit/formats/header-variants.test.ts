/**
 * Venues change their exports: a column more, another order of columns, a column less. The first two change nothing of what is read; of
 * the third the user is told which column is missing.
 */
import { describe, expect, it } from 'vitest';
import type { Format } from '../../../electron/engine/imports/format';
import { formats } from '../../../electron/engine/imports/formats/index';
import { chooseReading, textSamples } from '../../../electron/engine/imports/recognise';
import { RecordScanner } from '../../../electron/engine/imports/record-scanner';
import { describeFormat } from '../../../electron/engine/imports/reference';
import { failureOf, readAs, recognisedAs } from '../../support/formats';

/** Header and rows of a format's example as cells, padded to one width. */
interface Table {
  readonly delimiter: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function tableOf({ exampleHeader, exampleRows = [] }: Format): Table {
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

const textOf = ({ delimiter, header, rows }: Table): string =>
  [header, ...rows]
    .map((cells) =>
      cells.map((cell) => (/[",;\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(delimiter),
    )
    .join('\n');

const changed = (table: Table, change: (cells: readonly string[], row: number) => readonly string[]): Table => ({
  ...table,
  header: change(table.header, 0),
  rows: table.rows.map((cells, index) => change(cells, index + 1)),
});

/** Formats of exchanges that are read by the names of their columns. */
const others =
  /^(?:lockstep|tradingview|pineforge|candles|ibkr|xtb|schwab|trading212|hummingbot|tcapy|lean|fills-|round-trips)/;
const byPlace = new Set([
  // Four columns have one name.
  'kucoin-trades-ui-2018',
  // What lies below an order is told by its indentation.
  'binance-order-history-v2',
]);
const known = formats.filter(
  ({ id, reader, exampleHeader }) =>
    reader.shape === 'delimited' && exampleHeader !== null && !others.test(id) && !byPlace.has(id),
);
/** Files that do not name their instrument. */
const symbol = { symbol: 'BTC/USDT' };
const read = async (format: Format, text: string) => readAs(format, text, symbol);

describe('a header that changed', () => {
  it.each([
    [
      'a column more at the end',
      (cells: readonly string[], row: number) => [...cells, row === 0 ? 'New Column' : `n${row}`],
    ],
    [
      'a column more at the beginning',
      (cells: readonly string[], row: number) => [row === 0 ? 'New Column' : `n${row}`, ...cells],
    ],
    ['its columns the other way round', (cells: readonly string[]) => [...cells].reverse()],
  ])('%s changes nothing of what is read', async (_, change) => {
    const differences: string[] = [];
    for (const format of known) {
      const { id } = format;
      const table = tableOf(format);
      const text = textOf(changed(table, change));
      const seen = await recognisedAs(`${text}\n`);
      const [before, after] = [await read(format, textOf(table)), await read(format, text)];
      const isSame = JSON.stringify(before.outcomes) === JSON.stringify(after.outcomes);
      if (seen[0] !== id || !isSame)
        differences.push(`${id}: seen as ${seen.join(', ')}; ${after.quarantined.join('; ')}`);
    }
    expect(differences).toEqual([]);
  });

  it('without a column that must be there, says which', async () => {
    const silent: string[] = [];
    for (const format of known) {
      const table = tableOf(format);
      const before = await read(format, textOf(table));
      for (const { name, use } of (await describeFormat(format)).columns) {
        if (use !== 'required') continue;
        const at = table.header.findIndex((cell) => cell.replace('\ufeff', '').trim() === name);
        const text = textOf(changed(table, (cells) => cells.filter((_, index) => index !== at)));
        const told = await toldOf(format, text, before.executions.length);
        if (told !== null && !told.toLowerCase().includes(name.toLowerCase())) {
          silent.push(`${format.id} without ${name}: ${told}`);
        }
      }
    }
    expect(silent).toEqual([]);
  });
});

/** What the user is told of the text; null = nothing is missing, all executions are read. */
async function toldOf(format: Format, text: string, executions: number): Promise<string | null> {
  const head = Buffer.from(text);
  let told: string | null = null;
  const failure = await failureOf(
    (async () => {
      const { reading } = chooseReading(textSamples(head, true), formats, null, head, 'file');
      const result = await read(reading.format, text);
      if (reading.format !== format || result.executions.length !== executions) {
        told = `${reading.format.id}: ${result.quarantined.join('; ')}`;
      }
    })(),
  );
  return failure === 'it was read' ? told : failure;
}
