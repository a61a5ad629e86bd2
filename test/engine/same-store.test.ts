import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CsvFill, contentOf, csvHeader, csvRow, type ImportDesk, importDesk } from '../support/import-desk';
import { unwrapped } from '../support/temporary-desk';

/**
 * Whatever way a log comes to the desk, cut, in another order, in overlapping parts, in any order and again, the desk has the same
 * trades. What cannot be decided: rows without a trade id that say all the same. In one file they are that many trades, in two files
 * the same ones; so where a file is split between two such rows, both parts having one of them, they come to one trade.
 */

/** Runs in the suite; more by hand. */
const numRuns = 15;
const everything = { offset: 0, limit: 1_000 };

const fillsOf = async (desk: ImportDesk): Promise<readonly string[]> => Object(await contentOf(desk.store)).fills;

async function expectConserved(desk: ImportDesk): Promise<void> {
  const { rows } = await desk.store.imports.list(everything);
  for (const { counts } of rows) {
    const { rowsRead, executions, orderEvents, otherRows, duplicates, quarantined } = counts;
    expect(rowsRead).toBe(executions + orderEvents + otherRows + duplicates + quarantined);
  }
}

const fileOf = (rows: readonly string[]) => `${[csvHeader, ...rows].join('\n')}\n`;

/** Rows that all differ in time, over two days; without ids also in what tells them apart. */
const logs = (named: boolean) =>
  fc
    .array(
      fc.record({
        minute: fc.integer({ min: 0, max: 2_000 }),
        price: fc.constantFrom(100, 100.25, 1_002.5),
        quantity: fc.constantFrom(1, 0.125),
        fee: fc.constantFrom('', 0.1, 0.12345),
        side: fc.constantFrom('buy' as const, 'sell' as const),
        symbol: fc.constantFrom('BTC/USDT', 'ETH/EUR'),
        order: fc.integer({ min: 0, max: 2 }),
      }),
      { minLength: 2, maxLength: 12 },
    )
    .map((made) =>
      made.map(({ minute, order, ...fill }, index): CsvFill => {
        const executedAt = new Date(Date.UTC(2026, 0, 5) + minute * 60_000 + index * 1_000).toISOString();
        const orderId = order === 0 ? '' : `o${order}`;
        return { ...fill, executedAt, tradeId: named ? `t${index}` : '', orderId };
      }),
    );

const ways = fc.record({
  /** Where the parts overlap, as fractions of the rows. */
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  to: fc.double({ min: 0, max: 1, noNaN: true }),
  /** Where the file is cut, as a fraction of its bytes. */
  cut: fc.double({ min: 0, max: 1, noNaN: true }),
  turns: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
  order: fc.shuffledSubarray([0, 1, 2, 0, 1, 2], { minLength: 6 }),
});

describe('one log, cut at any byte, with its lines in any order, in two overlapping parts, imported in any order and again', () => {
  test.each([
    ['with trade ids', true],
    ['without trade ids, its rows all different', false],
  ])('gives the store of the whole (%s)', async (_which, named) => {
    await fc.assert(
      fc.asyncProperty(logs(named), ways, async (fills, { from, to, cut, turns, order }) => {
        const rows = fills.map(csvRow);
        const whole = await importDesk();
        unwrapped(await whole.import(await whole.file('whole.csv', fileOf(rows))));
        const expected = await fillsOf(whole);
        expect(expected).toHaveLength(rows.length);

        const [begin = 0, end = 0] = [from, to].map((at) => Math.round(at * rows.length)).sort((a, b) => a - b);
        const turned = (part: readonly string[]) =>
          part
            .map((row, at) => ({ row, turn: turns[at]! }))
            .sort((a, b) => a.turn - b.turn)
            .map(({ row }) => row);
        const cutFile = fileOf(rows);
        const files = [
          // Cut behind its header: a file without any row is refused.
          cutFile.slice(0, csvHeader.length + 2 + Math.floor(cut * (cutFile.length - csvHeader.length - 2))),
          fileOf(turned(rows.slice(0, Math.max(1, end)))),
          fileOf(turned(rows.slice(Math.min(begin, rows.length - 1)))),
        ];
        const desk = await importDesk();
        for (const at of order) {
          const told = await desk.import(await desk.file(`${at}.csv`, files[at]!));
          // Of a file that was cut in its first row nothing can be read.
          if (!told.ok) expect([at, told.error.code]).toEqual([0, 'format-damaged']);
        }
        // The row that was cut is told whole by the file as it is.
        unwrapped(await desk.import(await desk.file('whole.csv', fileOf(rows))));
        expect(await fillsOf(desk)).toEqual(expected);
        await expectConserved(desk);
      }),
      { numRuns },
    );
  });

  test('cannot tell equal rows without ids apart: both parts having one of two, they are one trade', async () => {
    const row = csvRow({});
    const whole = await importDesk();
    unwrapped(await whole.import(await whole.file('whole.csv', fileOf([row, row]))));
    expect(await fillsOf(whole)).toHaveLength(2);
    const desk = await importDesk();
    for (const name of ['a.csv', 'b.csv']) unwrapped(await desk.import(await desk.file(name, fileOf([row]))));
    expect(await fillsOf(desk)).toHaveLength(1);
  });
});
