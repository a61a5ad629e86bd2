/** A cell of an exchange's export that holds nonsense: its row is set aside, or is read as if the cell did not matter. Never another number. */
import { describe, expect, it } from 'vitest';
import type { ParsedExecution } from '../../../electron/engine/imports/format';
import { exchangeExports, readExample, tableOf, textOf } from '../../support/example-tables';
import { failureOf } from '../../support/formats';

/** Neither numbers nor times nor words of a venue; some only look like it. */
const nonsense = ['x7x', '1e400', '0x10', '1.2.3', '１２', '--5', '1,2,3.4', '12:61', '2024-02-30 25:00:00'];

const amounts = ({ price, quantity, fee, intendedQuantity, arrivalPrice }: ParsedExecution) =>
  [price, quantity, fee, intendedQuantity, arrivalPrice].filter((value) => value !== null);
const times = ({ executedAtUs, submittedAtUs, decidedAtUs }: ParsedExecution) =>
  [executedAtUs, submittedAtUs, decidedAtUs].filter((value) => value !== null);

describe('nonsense in a cell', () => {
  it.each(exchangeExports.map((format) => [format.id, format] as const))(
    'of %s makes no other number',
    async (_, format) => {
      const table = tableOf(format);
      const before = await readExample(format, textOf(table));
      const known = new Set(before.executions.flatMap((execution) => [...amounts(execution), ...times(execution)]));
      const wrong: string[] = [];
      for (let row = 0; row < table.rows.length; row++) {
        for (let column = 0; column < table.header.length; column++) {
          // A coin or a side under another name is another trade, and rightly has other numbers.
          if (!/\d/.test(table.rows[row]?.[column] ?? '')) continue;
          for (const text of nonsense) {
            const rows = table.rows.map((cells, at) => (at === row ? cells.with(column, text) : cells));
            const place = `${table.header[column]} of row ${row + 1} as ${JSON.stringify(text)}`;
            const refused = await failureOf(
              (async () => {
                const after = await readExample(format, textOf({ ...table, rows }));
                if (after.outcomes.length !== before.outcomes.length)
                  wrong.push(`${place}: ${after.outcomes.length} rows`);
                const others = after.executions
                  .flatMap((execution) => [...amounts(execution), ...times(execution)])
                  .filter((value) => !known.has(value));
                if (others.length > 0) wrong.push(`${place}: ${others.join(' ')}`);
              })(),
            );
            // Refused as a whole: the dates of the column contradict each other.
            if (refused !== 'it was read' && !refused.startsWith('format-')) wrong.push(`${place}: ${refused}`);
          }
        }
      }
      expect(wrong).toEqual([]);
    },
  );
});
