/** Ledgers through the whole import: a fill told in several lines is stored once, and every line of the file is counted once. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentOf, importDesk } from '../support/import-desk';
import { unwrapped } from '../support/temporary-desk';

const header = '"txid","refid","time","type","subtype","aclass","asset","amount","fee","balance"';
const fills = Array.from({ length: 8 }, (_, index) => ({
  refid: `T${index}`,
  time: `2025-03-0${1 + (index % 3)} 04:05:0${index}`,
  coins: (index + 1) / 8,
  money: 100 * (index + 3),
}));
const lines = fills.flatMap(({ refid, time, coins, money }) => [
  `"A${refid}","${refid}","${time}","trade","","currency","XETH",${coins},0,1`,
  `"B${refid}","${refid}","${time}","trade","","currency","ZEUR",-${money},0.5,1`,
]);
const ledger = (rows: readonly string[]): string => [header, ...rows, ''].join('\n');

describe('ledgers', () => {
  test('each trade is stored once, each line is counted once, and the same file again adds nothing', async () => {
    const desk = await importDesk();
    const deposit = '"D","D1","2025-03-01 00:00:00","deposit","","currency","ZEUR",5000,0,1';
    const job = await desk.file('ledger.csv', ledger([deposit, ...lines, lines[0]!.replaceAll('T0', 'T9')]));
    const first = unwrapped(await desk.import(job));
    expect(first.counts).toEqual({
      ...{ rowsRead: 18, executions: 8, orderEvents: 0, otherRows: 9, duplicates: 0, quarantined: 1 },
    });
    expect(first.otherRowNames).toEqual({ deposit: 1, 'further leg of a fill': 8 });
    const before = await contentOf(desk.store);
    // The eight trades, and the line that waits in quarantine already.
    expect(unwrapped(await desk.import(job)).counts).toEqual({
      ...{ rowsRead: 18, executions: 0, orderEvents: 0, otherRows: 9, duplicates: 9, quarantined: 0 },
    });
    expect(await contentOf(desk.store)).toMatchObject({ fills: Object(before).fills });
  });

  test('the order of the lines decides nothing', async () => {
    const whole = await importDesk();
    unwrapped(await whole.import(await whole.file('ledger.csv', ledger(lines))));
    const expected = Object(await contentOf(whole.store)).fills;
    expect(expected).toHaveLength(fills.length);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(lines, { minLength: lines.length }), async (shuffled) => {
        const desk = await importDesk();
        unwrapped(await desk.import(await desk.file('ledger.csv', ledger(shuffled))));
        expect(Object(await contentOf(desk.store)).fills).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  test('a quarantined line keeps its number and its text', async () => {
    const desk = await importDesk();
    const outcome = unwrapped(
      await desk.import(await desk.file('ledger.csv', ledger([lines[3]!, lines[0]!, lines[2]!]))),
    );
    expect(outcome.quarantined).toMatchObject([{ line: 3, text: lines[0] }]);
  });

  test('statements whose fills are added up by the second: parts that overlap come to the same as the whole', async () => {
    const seconds = Array.from({ length: 6 }, (_, index) => {
      const time = `2025-03-0${1 + (index % 3)} 04:05:0${index}`;
      return [
        `${time},Spot,Transaction Buy,ETH,${index + 1},""`,
        `${time},Spot,Transaction Spend,USDT,-${100 * (index + 1)},""`,
        `${time},Spot,Transaction Buy,ETH,0.5,""`,
        `${time},Spot,Transaction Spend,USDT,-55,""`,
        `${time},Spot,Transaction Fee,BNB,-0.01,""`,
      ];
    });
    const statement = (parts: readonly (readonly string[])[]): string =>
      ['UTC_Time,Account,Operation,Coin,Change,Remark', ...parts.flat(), ''].join('\n');
    const whole = await importDesk();
    unwrapped(await whole.import(await whole.file('statement.csv', statement(seconds))));
    const expected = Object(await contentOf(whole.store)).fills;
    expect(expected).toHaveLength(seconds.length);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 5 }), async (end, start) => {
        const desk = await importDesk();
        const parts = [seconds.slice(0, end), seconds.slice(Math.min(start, end))];
        for (const [index, part] of parts.reverse().entries()) {
          unwrapped(await desk.import(await desk.file(`part-${index}.csv`, statement(part))));
        }
        expect(Object(await contentOf(desk.store)).fills).toEqual(expected);
      }),
      { numRuns: 5 },
    );
  });
});
