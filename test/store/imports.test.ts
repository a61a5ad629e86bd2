import { describe, expect, it } from 'vitest';
import { failure } from '../../shared/base/errors';
import type { OrderEvent } from '../../shared/market/executions';
import { textAt } from '../../shared/market/text-column';
import { beginning, dayOf, partOf, recordOf, us } from '../support/stored-executions';
import {
  countingIds,
  failureOf,
  openedDesk,
  steppingClock,
  storesForTest,
  temporaryFolder,
} from '../support/temporary-desk';

const day = dayOf('2026-01-05');
const key = { source: 'live', strategy: 'alpha', symbol: 'BTC/USDT', day } as const;
const morning = [
  { atUs: us('2026-01-05T09:00:00Z'), price: 100, quantity: 2, tradeId: 't1' },
  { atUs: us('2026-01-05T10:00:00Z'), price: 101, quantity: -1, tradeId: 't2', venue: 'kraken' },
];
const noon = [
  { atUs: us('2026-01-05T09:30:00Z'), price: 102, quantity: 1, tradeId: 't3', venue: 'binance' },
  { atUs: us('2026-01-05T10:00:00Z'), price: 103, quantity: 1, tradeId: 't4', venue: 'kraken' },
];
const rejected: OrderEvent = {
  source: 'live',
  venue: 'kraken',
  account: null,
  strategy: 'alpha',
  version: null,
  symbol: 'BTC/USDT',
  side: 'buy',
  kind: 'rejected',
  atUs: us('2026-01-05T11:00:00Z'),
  orderId: 'o1',
  clientOrderId: null,
  intendedQuantity: 3,
  price: null,
  reason: 'insufficient funds',
  paper: false,
  line: 7,
};
const cancelled = failure('cancelled', 'Cancelled by the user', 'Import again.');

describe('an import', () => {
  it('shows nothing before its commit and everything after it', async () => {
    const desk = await openedDesk(await temporaryFolder());
    const session = await desk.imports.begin(beginning);
    await session.addParts([partOf(morning)]);
    expect(await session.addOrderEvents([rejected, { ...rejected, line: 8 }, { ...rejected, orderId: 'o2' }])).toBe(2);
    await session.addPrices([{ symbol: 'BTC/USDT', atUs: us('2026-01-05T09:00:00Z'), price: 99 }]);
    await session.addQuarantined([{ line: 4, day, symbol: null, reason: 'price "x"', text: 'a,b,x' }]);
    const look = async () => ({
      segments: (await desk.executions.segments({})).length,
      columns: (await desk.executions.readSegment(key))?.count ?? null,
      events: (await desk.executions.orderEvents({ strategy: 'alpha', symbol: 'BTC/USDT', day })).length,
      prices: (await desk.executions.prices('BTC/USDT', 0, us('2027-01-01T00:00:00Z'))).atUs.length,
      quarantined: (await desk.imports.quarantined(null, { offset: 0, limit: 10 })).total,
      quarantinedOfDay: await desk.executions.quarantinedRows({ strategy: 'alpha', symbol: 'BTC/USDT', day }),
      coverage: await desk.executions.coverage('live', 'alpha'),
      strategies: (await desk.executions.strategies()).length,
      position: await desk.executions.positionBefore('live', 'alpha', 'BTC/USDT', dayOf('2026-01-06')),
      state: (await desk.imports.get(session.importId))?.state,
    });
    expect(await look()).toEqual({
      segments: 0,
      columns: null,
      events: 0,
      prices: 0,
      quarantined: 0,
      quarantinedOfDay: 0,
      coverage: null,
      strategies: 0,
      position: 0,
      state: 'running',
    });
    await session.commit(recordOf({ firstUs: 5, lastUs: 9 }));
    expect(await look()).toEqual({
      segments: 1,
      columns: 2,
      events: 2,
      prices: 1,
      quarantined: 1,
      quarantinedOfDay: 1,
      coverage: { firstUs: 5, lastUs: 9 },
      strategies: 1,
      position: 1,
      state: 'done',
    });
  });

  it('leaves nothing but its record when it is abandoned', async () => {
    const desk = await openedDesk(await temporaryFolder());
    const session = await desk.imports.begin(beginning);
    await session.addParts([partOf(morning)]);
    await session.addOrderEvents([rejected]);
    await session.abandon('cancelled', cancelled);
    expect(await desk.executions.segments({})).toEqual([]);
    expect(await desk.imports.get(session.importId)).toMatchObject({ state: 'cancelled', failure: cancelled });
    const again = await desk.imports.begin(beginning);
    expect(await again.existingHashes([key])).toEqual([[]]);
    expect(await again.addOrderEvents([rejected])).toBe(1);
    await again.commit(recordOf());
    expect((await desk.imports.list({ offset: 0, limit: 10 })).rows.map(({ state }) => state)).toEqual([
      'done',
      'cancelled',
    ]);
  });

  it('knows the hashes that are stored and its own, not those of anybody else', async () => {
    const desk = await openedDesk(await temporaryFolder());
    const first = await desk.imports.begin(beginning);
    await first.addParts([partOf(morning)]);
    expect(await first.existingHashes([key])).toEqual([[partOf(morning).hashes]]);
    await first.commit(recordOf());
    const second = await desk.imports.begin(beginning);
    const keys = [{ ...key, source: 'backtest' }, key] as const;
    expect(await second.existingHashes(keys)).toEqual([[], [partOf(morning).hashes]]);
  });

  it('folds the parts of a day into one, in time order, each row leading to its import', async () => {
    const desk = await openedDesk(await temporaryFolder());
    for (const [fills, importId] of [
      [morning, 'import-1'],
      [noon, 'import-2'],
    ] as const) {
      const session = await desk.imports.begin(beginning);
      await session.addParts([partOf(fills, {}, importId)]);
      await session.commit(recordOf());
    }
    const next = await desk.imports.begin(beginning);
    const [hashes = []] = await next.existingHashes([key]);
    expect(hashes.map((column) => column.length)).toEqual([4]);
    expect([...hashes[0]!]).toEqual([...partOf([...morning, ...noon]).hashes]);
    const columns = (await desk.executions.readSegment(key))!;
    expect(
      Array.from({ length: columns.count }, (_, row) => ({
        trade: textAt(columns.tradeId, row),
        venue: columns.dictionaries.venues[columns.venue[row]!],
        import: columns.dictionaries.importIds[columns.importIndex[row]!],
      })),
    ).toEqual([
      { trade: 't1', venue: '', import: 'import-1' },
      { trade: 't3', venue: 'binance', import: 'import-2' },
      { trade: 't2', venue: 'kraken', import: 'import-1' },
      { trade: 't4', venue: 'kraken', import: 'import-2' },
    ]);
    expect(await desk.executions.segments({ strategy: 'alpha' })).toEqual([
      { key, count: 4, firstUs: morning[0]!.atUs, lastUs: noon[1]!.atUs, netQuantity: 3, lastPrice: 103 },
    ]);
  });

  it('is the only one: a second is refused by name, in this process and in another connection', async () => {
    const folder = await temporaryFolder();
    const desk = await openedDesk(folder);
    const other = await openedDesk(folder);
    const session = await desk.imports.begin(beginning);
    for (const store of [desk, other]) {
      expect(await failureOf(store.imports.begin(beginning))).toMatchObject({
        code: 'busy',
        message: expect.stringMatching(/is importing fills\.csv since 2026-03-01T/),
      });
    }
    await session.abandon('failed', cancelled);
    await (await other.imports.begin(beginning)).commit(recordOf());
  });

  it('taken for dead after a silent minute is removed, and its holder told at its next write', async () => {
    const folder = await temporaryFolder();
    const clock = steppingClock();
    const ids = countingIds();
    const desk = await openedDesk(folder, storesForTest(clock, ids));
    const asleep = await desk.imports.begin(beginning);
    await asleep.addParts([partOf(morning)]);
    clock.advance(61_000_000);
    const other = await openedDesk(folder, storesForTest(clock, ids));
    expect(await other.imports.get(asleep.importId)).toMatchObject({
      state: 'failed',
      failure: { code: 'interrupted' },
    });
    expect(await failureOf(asleep.addParts([partOf(noon)]))).toMatchObject({ code: 'conflict' });
    expect(await failureOf(asleep.commit(recordOf()))).toMatchObject({ code: 'conflict' });
    expect(await other.executions.segments({})).toEqual([]);
  });

  it('ends as cancelled when its desk is closed', async () => {
    const folder = await temporaryFolder();
    const desk = await openedDesk(folder);
    const session = await desk.imports.begin(beginning);
    await session.addParts([partOf(morning)]);
    await desk.close();
    const again = await openedDesk(folder, storesForTest(), 'existing');
    expect((await again.imports.list({ offset: 0, limit: 5 })).rows).toMatchObject([{ state: 'cancelled' }]);
    expect(await failureOf(session.addParts([partOf(noon)]))).toMatchObject({ code: 'conflict' });
  });
});

describe('a day of very many executions', () => {
  it('is folded in sums of bounded size; fills of one instant keep the order they were imported in', async () => {
    const desk = await openedDesk(await temporaryFolder());
    const sizes = [30_000, 60_000, 20_000, 20_000, 20_000];
    let serial = 0;
    for (const size of sizes) {
      const session = await desk.imports.begin(beginning);
      const fills = Array.from({ length: size }, () => ({
        atUs: morning[0]!.atUs,
        line: serial,
        hash: BigInt(serial++),
      }));
      await session.addParts([partOf(fills, {}, session.importId)]);
      await session.commit(recordOf());
    }
    const session = await desk.imports.begin(beginning);
    expect((await session.existingHashes([key]))[0]?.map(({ length }) => length)).toEqual([
      30_000, 60_000, 40_000, 20_000,
    ]);
    const { line, count } = (await desk.executions.readSegment(key))!;
    expect(count).toBe(serial);
    expect(line.every((value, row) => value === row)).toBe(true);
  });
});
