import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retryRows } from '../../electron/engine/imports/retry-quarantine';
import { createInlineRunner } from '../../electron/engine/worker/inline';
import { tasks } from '../../electron/engine/worker/task-functions';
import { utcDayOf } from '../../shared/base/time';
import { type ImportDesk, importDesk } from '../support/import-desk';
import { steppingClock, unwrapped } from '../support/temporary-desk';

/** Trades that a log takes back or corrects later: what counts, what is kept, and that the order of the imports decides nothing. */

const everything = { offset: 0, limit: 1_000 };

const report: Readonly<Record<number, string>> = {
  ...{ 35: '8', 49: 'BROKER', 56: 'DESK', 37: 'o1', 11: 'c1', 150: 'F', 55: 'ETH/USD', 54: '1', 38: '10' },
  ...{ 32: '4', 31: '2500', 15: 'USD', 60: '20250203-04:05:06' },
};
function message(id: string, change: Readonly<Record<number, string | undefined>> = {}): string {
  const fields = Object.entries({ ...report, 17: id, ...change }).filter(([, value]) => value !== undefined);
  fields.sort(([a], [b]) => Number(b === '35') - Number(a === '35'));
  return `8=FIX.4.4|9=100|${fields.map(([tag, value]) => `${tag}=${value}`).join('|')}|10=000|\n`;
}

const first = message('e1');
const second = message('e2', { 31: '2510', 32: '1', 60: '20250203-04:06:00' });
const third = message('e3', { 54: '2', 31: '2520', 32: '2', 60: '20250203-05:00:00' });
const trades = first + second + third;
const bust = message('b1', { 150: 'H', 19: 'e1', 60: '20250204-09:00:00' });
const correction = message('k1', { 150: 'G', 19: 'e2', 31: '2511', 32: '1.5', 60: '20250203-10:00:00' });
const correctionAgain = message('k2', { 150: 'G', 19: 'k1', 31: '2512', 32: '1.25', 60: '20250203-11:00:00' });

async function fillsOf({ store }: Pick<ImportDesk, 'store'>): Promise<readonly string[]> {
  const fills: string[] = [];
  for (const { key } of await store.executions.segments({})) {
    const columns = await store.executions.readSegment(key);
    for (let row = 0; columns !== null && row < columns.count; row++) {
      fills.push(`${columns.side[row]! > 0 ? 'buy' : 'sell'} ${columns.quantity[row]} at ${columns.price[row]}`);
    }
  }
  return fills.sort();
}

const heartbeat = '8=FIX.4.4|9=5|35=0|10=000|\n';

async function imported(desk: ImportDesk, name: string, content: string) {
  const result = unwrapped(await desk.import(await desk.file(name, content)));
  const { rowsRead, executions, orderEvents, otherRows, duplicates, quarantined } = result.counts;
  expect(rowsRead).toBe(executions + orderEvents + otherRows + duplicates + quarantined);
  return result;
}

const changed = async (desk: ImportDesk) =>
  (await desk.store.imports.merged(null, everything)).rows.map(({ rule, kept, merged }) => [
    ...[rule, kept.line, kept.price, kept.quantity],
    ...[merged.tradeId, merged.price, merged.quantity],
  ]);

describe('trades that are taken back or corrected', () => {
  test('in one file the trade does not count, and stays on record with what took it back', async () => {
    const desk = await importDesk();
    const { counts, otherRowNames, merged } = await imported(desk, 'a.log', trades + bust + correction);
    expect(await fillsOf(desk)).toEqual(['buy 1.5 at 2511', 'sell 2 at 2520']);
    expect(counts).toMatchObject({ rowsRead: 5, executions: 1, otherRows: 2, duplicates: 2, quarantined: 0 });
    expect(merged).toBe(2);
    expect(otherRowNames).toEqual({ 'trade bust': 1, 'trade correction': 1 });
    expect(await changed(desk)).toEqual(
      expect.arrayContaining([
        ['trade bust', 4, 2500, 4, 'e1', 2500, 4],
        ['trade correction', 5, 2511, 1.5, 'e2', 2510, 1],
      ]),
    );
    expect(
      await desk.store.executions.positionBefore('live', 'alpha', 'ETH/USD', utcDayOf(Date.UTC(2025, 1, 5) * 1_000)),
    ).toBe(-0.5);
  });

  test('the day’s only trade leaves nothing behind', async () => {
    const desk = await importDesk();
    await imported(desk, 'a.log', first + bust);
    expect(await fillsOf(desk)).toEqual([]);
    expect(await desk.store.executions.strategies()).toEqual([]);
    await imported(desk, 'a.log', first + bust);
    await imported(desk, 'b.log', first);
    expect(await fillsOf(desk)).toEqual([]);
  });

  test('a bust that comes with a later file takes back what is stored', async () => {
    const desk = await importDesk();
    const before = await imported(desk, 'a.log', trades);
    expect(before.counts.executions).toBe(3);
    const { counts } = await imported(desk, 'b.log', bust);
    expect(counts).toMatchObject({ rowsRead: 1, otherRows: 1, quarantined: 0 });
    expect(await fillsOf(desk)).toEqual(['buy 1 at 2510', 'sell 2 at 2520']);
    const record = await desk.store.imports.list(everything);
    expect(
      record.rows.map(({ counts: { executions, duplicates }, merged }) => [executions, duplicates, merged]),
    ).toEqual([
      [0, 0, 0],
      [2, 1, 1],
    ]);
  });

  test('a correction of a correction is the last word, and a bust takes back what became of the trade', async () => {
    const desk = await importDesk();
    await imported(desk, 'a.log', trades + correction);
    await imported(desk, 'b.log', correctionAgain);
    expect(await fillsOf(desk)).toEqual(['buy 1.25 at 2512', 'buy 4 at 2500', 'sell 2 at 2520']);
    await imported(desk, 'c.log', message('b2', { 150: 'H', 19: 'e2', 60: '20250204-09:00:00' }));
    expect(await fillsOf(desk)).toEqual(['buy 4 at 2500', 'sell 2 at 2520']);
  });

  test('a trade that another log tells is taken back there too', async () => {
    const own = 'symbol,side,price,quantity,executedAt,tradeId\nETH/USD,buy,2500,4,2025-02-03T04:05:06Z,e1\n';
    for (const order of [
      ['own.csv', 'fix.log'],
      ['fix.log', 'own.csv'],
    ]) {
      const desk = await importDesk();
      for (const name of order) await imported(desk, name, name === 'own.csv' ? own : trades + bust);
      expect(await fillsOf(desk)).toEqual(['buy 1 at 2510', 'sell 2 at 2520']);
    }
  });

  test('a bust whose trade is not stored waits in quarantine and is applied when it is retried', async () => {
    const desk = await importDesk();
    const { counts } = await imported(desk, 'b.log', heartbeat + bust);
    expect(counts).toMatchObject({ rowsRead: 2, quarantined: 1 });
    await imported(desk, 'a.log', trades);
    const [row] = (await desk.store.imports.quarantined(null, everything)).rows;
    expect(row?.reason).toBe(
      'the row takes back the trade e1, which is not stored; import the log that has it, then retry this row',
    );
    const parts = { store: desk.store.imports, runner: createInlineRunner(tasks), clock: steppingClock() };
    expect(await retryRows([row!], parts)).toMatchObject([{ state: 'fixed', executions: 0 }]);
    expect(await fillsOf(desk)).toEqual(['buy 1 at 2510', 'sell 2 at 2520']);
  });

  test('an id that several different trades have takes back none of them', async () => {
    const desk = await importDesk();
    const twice = message('e1', { 37: 'o2', 31: '2600' });
    await imported(desk, 'a.log', first + twice + message('b1', { 150: 'H', 19: 'e1', 37: undefined }));
    expect(await fillsOf(desk)).toEqual(['buy 4 at 2500', 'buy 4 at 2600']);
    const [row] = (await desk.store.imports.quarantined(null, everything)).rows;
    expect(row?.reason).toMatch(/takes back the trade e1, but several different trades have that id/);
  });

  test('whatever files the rows come in, in whatever order and however often, once the trades are there the same counts', async () => {
    const rows = [second, third, bust, correction, correctionAgain];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.shuffledSubarray(rows, { minLength: 1 }), { minLength: 1, maxLength: 3 }),
        async (files) => {
          const desk = await importDesk();
          await imported(desk, 'first.log', trades);
          for (const [at, file] of files.entries()) await imported(desk, `${at}.log`, heartbeat + file.join(''));
          // Each change at last with all before it.
          await imported(desk, 'last.log', rows.join(''));
          expect(await fillsOf(desk)).toEqual(['buy 1.25 at 2512', 'sell 2 at 2520']);
          await desk.store.close();
        },
      ),
      { numRuns: 12 },
    );
  });
});
