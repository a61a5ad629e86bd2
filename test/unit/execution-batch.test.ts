import { describe, expect, it } from 'vitest';
import { ExecutionBatch } from '../../electron/engine/imports/execution-batch';
import type { ParsedExecution } from '../../electron/engine/imports/format';
import type { SegmentPart } from '../../electron/engine/ports';
import { DAY_US } from '../../shared/base/time';

/** When rows are handed over: a day in one part where the file allows it, and never more held than the bound says. */

const startUs = Date.UTC(2026, 0, 5) * 1_000;

const plain: ParsedExecution = {
  ...{ venue: null, account: null, strategy: null, version: null, symbol: '', side: 'buy', price: 1, quantity: 1 },
  ...{ fee: null, feeCurrency: null, liquidity: null, executedAtUs: startUs, decidedAtUs: null, submittedAtUs: null },
  ...{ arrivalPrice: null, intendedQuantity: null, tradeId: null, orderId: null, clientOrderId: null, paper: false },
};

/** Everything the rows become, and the most rows that were held at once. */
function partsOf(rows: number, at: (row: number) => { readonly symbol: string; readonly atUs: number }) {
  const batch = new ExecutionBatch('live', 'import');
  const parts: SegmentPart[] = [];
  let mostHeld = 0;
  const handOver = (all: boolean) => {
    const keys = batch.choose(all);
    const taken = batch.take(
      keys.map(() => []),
      new Map(),
      all,
    );
    for (const group of taken.groups) parts.push(...group.parts);
  };
  for (let row = 0; row < rows; row++) {
    const { symbol, atUs } = at(row);
    batch.add({ ...plain, symbol, executedAtUs: atUs, tradeId: `T${row}` }, 'alpha', row + 2, 0);
    mostHeld = Math.max(mostHeld, batch.count);
    if (row % 1_000 === 0 && batch.due) handOver(false);
  }
  handOver(true);
  const perSegment = new Map<string, number>();
  for (const { summary } of parts) {
    const name = `${summary.key.symbol} ${summary.key.day}`;
    perSegment.set(name, (perSegment.get(name) ?? 0) + 1);
  }
  return { parts, perSegment, mostHeld, stored: parts.reduce((sum, { summary }) => sum + summary.count, 0) };
}

describe('rows on their way into segments', () => {
  it('of a file in time order make one part a day', () => {
    const rows = 60_000;
    const made = partsOf(rows, (row) => ({
      symbol: `C${row % 20}/USDT`,
      atUs: startUs + Math.floor((row * 3 * DAY_US) / rows),
    }));
    expect(made.stored).toBe(rows);
    expect(made.perSegment.size).toBe(60);
    expect(Math.max(...made.perSegment.values())).toBe(1);
    expect(made.mostHeld).toBeLessThan(rows);
  });

  it('of a file that begins with the newest make one part a day, in time order', () => {
    const rows = 60_000;
    const made = partsOf(rows, (row) => ({
      symbol: 'BTC/USDT',
      atUs: startUs + Math.floor(((rows - 1 - row) * 3 * DAY_US) / rows),
    }));
    expect(made.stored).toBe(rows);
    expect([...made.perSegment.values()]).toEqual([1, 1, 1]);
    for (const { columns } of made.parts) {
      expect(columns.executedAtUs).toEqual(columns.executedAtUs.toSorted());
      expect(columns.line).toEqual(columns.line.toSorted().reverse());
    }
  });

  it('of one long day are handed over before they are too many', () => {
    const rows = 140_000;
    const made = partsOf(rows, (row) => ({ symbol: 'BTC/USDT', atUs: startUs + row * 100_000 }));
    expect(made.stored).toBe(rows);
    expect(made.perSegment.size).toBe(1);
    expect(made.mostHeld).toBeLessThan(133_000);
  });
});
