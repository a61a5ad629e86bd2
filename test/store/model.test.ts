import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DeskStore } from '../../electron/engine/ports';
import { failure } from '../../shared/base/errors';
import { addUtcDays } from '../../shared/base/time';
import { textAt } from '../../shared/market/text-column';
import { beginning, dayOf, type Fill, partOf, recordOf, us } from '../support/stored-executions';
import { countingIds, openedDesk, steppingClock, storesForTest, temporaryFolder } from '../support/temporary-desk';

/**
 * Any sequence of imports that are committed, abandoned, cut off (their holder vanishes) or ended by closing the desk leaves what a
 * plain list of the committed fills says: nothing more, nothing less, in time order.
 */
const symbols = ['A/USDT', 'B/USDT'] as const;
const firstDay = dayOf('2026-01-01');

const fillArbitrary = fc.record({
  second: fc.nat(5),
  price: fc.integer({ min: 1, max: 5 }),
  quantity: fc.constantFrom(-2, -1, 1, 2),
});
const batchArbitrary = fc.record({
  symbol: fc.constantFrom(...symbols),
  day: fc.nat(2),
  source: fc.constantFrom('live' as const, 'backtest' as const),
  fills: fc.array(fillArbitrary, { minLength: 1, maxLength: 4 }),
});
const importArbitrary = fc.record({
  batches: fc.array(batchArbitrary, { maxLength: 4 }),
  end: fc.constantFrom('commit' as const, 'abandon' as const, 'vanish' as const, 'close' as const),
});

it('the store holds what the committed imports brought', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(importArbitrary, { maxLength: 6 }), async (imports) => {
      const folder = await temporaryFolder();
      const clock = steppingClock();
      const ids = countingIds();
      const stores = storesForTest(clock, ids);
      let desk = await openedDesk(folder, stores);
      const model: { key: string; fill: Fill; trade: string }[] = [];
      const states: string[] = [];
      let serial = 0;
      for (const { batches, end } of imports) {
        const session = await desk.imports.begin(beginning);
        const brought: typeof model = [];
        for (const { symbol, day, source, fills } of batches) {
          const startUs = us(`${addUtcDays(firstDay, day)}T00:00:00Z`);
          const rows = fills
            .map(({ second, price, quantity }) => ({ atUs: startUs + second * 1_000_000, price, quantity }))
            .sort((a, b) => a.atUs - b.atUs)
            .map((fill) => ({ ...fill, tradeId: `t${serial}`, hash: BigInt(serial++) }));
          await session.addParts([partOf(rows, { symbol, source }, session.importId)]);
          for (const fill of rows) {
            brought.push({ key: `${symbol} ${addUtcDays(firstDay, day)} ${source}`, fill, trade: fill.tradeId });
          }
        }
        switch (end) {
          case 'commit':
            await session.commit(recordOf());
            model.push(...brought);
            states.push('done');
            break;
          case 'abandon':
            await session.abandon('failed', failure('format-damaged', 'cut', 'again'));
            states.push('failed');
            break;
          case 'vanish':
            // Nobody renews the lease any more: a minute later the next to open the desk removes the import.
            clock.advance(61_000_000);
            await (await openedDesk(folder, stores, 'existing')).close();
            states.push('failed');
            break;
          case 'close':
            await desk.close();
            desk = await openedDesk(folder, stores, 'existing');
            states.push('cancelled');
            break;
        }
      }
      await desk.close();
      desk = await openedDesk(folder, stores, 'existing');
      expect(await stored(desk)).toEqual(expected(model));
      const { rows } = await desk.imports.list({ offset: 0, limit: 100 });
      expect(rows.map(({ state }) => state)).toEqual(states.reverse());
      await desk.close();
    }),
    { numRuns: 40 },
  );
}, 120_000);

async function stored(desk: DeskStore): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (const { key, count, netQuantity, firstUs, lastUs } of await desk.executions.segments({})) {
    const columns = (await desk.executions.readSegment(key))!;
    found.push({
      key: `${key.symbol} ${key.day} ${key.source}`,
      count,
      netQuantity,
      firstUs,
      lastUs,
      trades: Array.from({ length: columns.count }, (_, row) => textAt(columns.tradeId, row)),
      positionAfter: await desk.executions.positionBefore(key.source, key.strategy, key.symbol, addUtcDays(key.day, 1)),
    });
  }
  return found;
}

function expected(model: readonly { key: string; fill: Fill; trade: string }[]): readonly unknown[] {
  const keys = [...new Set(model.map(({ key }) => key))].sort();
  return keys.map((key) => {
    const [symbol, , source] = key.split(' ');
    // Sorting is stable: fills of one instant stay in the order they were imported.
    const rows = model.filter((row) => row.key === key).sort((a, b) => a.fill.atUs - b.fill.atUs);
    const net = (fills: typeof model) => fills.reduce((sum, { fill }) => sum + fill.quantity!, 0);
    return {
      key,
      count: rows.length,
      netQuantity: net(rows),
      firstUs: rows[0]!.fill.atUs,
      lastUs: rows.at(-1)!.fill.atUs,
      trades: rows.map(({ trade }) => trade),
      positionAfter: net(
        model.filter((row) => row.key.startsWith(`${symbol} `) && row.key.endsWith(source!) && row.key <= key),
      ),
    };
  });
}
