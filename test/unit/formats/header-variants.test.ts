/**
 * Venues change their exports: a column more, another order of columns, a column less. The first two change nothing of what is read; of
 * the third the user is told which column is missing.
 */
import { describe, expect, it } from 'vitest';
import type { Format } from '../../../electron/engine/imports/format';
import { formats } from '../../../electron/engine/imports/formats/index';
import { chooseReading, textSamples } from '../../../electron/engine/imports/recognise';
import { describeFormat } from '../../../electron/engine/imports/reference';
import { exchangeExports, readExample, type Table, tableOf, textOf } from '../../support/example-tables';
import { failureOf, recognisedAs } from '../../support/formats';

const changed = (table: Table, change: (cells: readonly string[], row: number) => readonly string[]): Table => ({
  ...table,
  header: change(table.header, 0),
  rows: table.rows.map((cells, index) => change(cells, index + 1)),
});

/** Formats that are not read by the names of their columns. */
const byPlace = new Set([
  // Four columns have one name.
  'kucoin-trades-ui-2018',
  // What lies below an order is told by its indentation.
  'binance-order-history-v2',
]);
const known = exchangeExports.filter(({ id }) => !byPlace.has(id));

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
      const [before, after] = [await readExample(format, textOf(table)), await readExample(format, text)];
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
      const before = await readExample(format, textOf(table));
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
      const result = await readExample(reading.format, text);
      if (reading.format !== format || result.executions.length !== executions) {
        told = `${reading.format.id}: ${result.quarantined.join('; ')}`;
      }
    })(),
  );
  return failure === 'it was read' ? told : failure;
}
