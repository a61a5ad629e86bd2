import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createParityService, type ParityService } from '../../electron/engine/parity/parity-service';
import type { DeskStore } from '../../electron/engine/ports';
import { createInlineRunner } from '../../electron/engine/worker/inline';
import { tasks } from '../../electron/engine/worker/task-functions';
import { Connection } from '../../electron/store/connection';
import { addUtcDays, DAY_US, type UtcDay, utcDayStartUs } from '../../shared/base/time';
import type { Source } from '../../shared/market/executions';
import type { Report } from '../../shared/parity/document';
import { paritySettingsKey } from '../../shared/parity/settings-key';
import { standingClock } from '../support/engine';
import { beginning, type Fill, partOf, recordOf } from '../support/stored-executions';
import { openedDesk, temporaryFolder } from '../support/temporary-desk';

/** A change costs the days it touches: what comes out is what a recomputation of everything gives, and no other day is worked on. */

/** How many sequences of changes: `TOUCHED_RUNS=200`; a few unless told. */
const runs = Number(process.env['TOUCHED_RUNS'] ?? 10);

const strategy = 'alpha';
const firstDay = '2026-01-05' as UtcDay;
const lastDay = '2026-02-28' as UtcDay;
const dayAt = (index: number) => addUtcDays(firstDay, index);

interface Service {
  readonly store: DeskStore;
  readonly parity: ParityService;
  /** Brings everything up to date as the desk does after a change; the reports made and the days looked at. */
  refresh(): Promise<{ readonly made: number; readonly looked: number }>;
}

async function service(folder?: string): Promise<Service> {
  const store = await openedDesk(folder ?? (await temporaryFolder()));
  const clock = standingClock('2026-03-10T09:00:00Z');
  const parity = createParityService({ store, tasks: createInlineRunner(tasks), clock });
  store.onChange((what) => {
    if (what !== 'reports' && what !== 'canary') parity.noticeChange(what);
  });
  return {
    store,
    parity,
    async refresh() {
      const before = parity.work.looked;
      const made = await parity.refresh(strategy, firstDay, lastDay);
      return { made, looked: parity.work.looked - before };
    },
  };
}

interface Batch {
  readonly source: Source;
  readonly symbol: string;
  /** Days after the first. */
  readonly day: number;
  readonly fills: readonly { readonly minute: number; readonly quantity: number; readonly price: number }[];
}

let fillCount = 0;

/** One import of these fills. */
async function imported(store: DeskStore, { source, symbol, day, fills }: Batch): Promise<void> {
  const session = await store.imports.begin({ ...beginning, source, strategy });
  const startUs = utcDayStartUs(dayAt(day));
  const rows: Fill[] = [...fills]
    .sort((a, b) => a.minute - b.minute)
    .map(({ minute, quantity, price }) => ({
      atUs: startUs + minute * 60_000_000,
      quantity,
      price,
      fee: 0.1,
      tradeId: `t${++fillCount}`,
      orderId: `o${fillCount}`,
      hash: BigInt(fillCount),
    }));
  await session.addParts([partOf(rows, { source, strategy, symbol }, session.importId)]);
  await session.commit(recordOf({ source, strategy, firstUs: rows[0]!.atUs, lastUs: rows.at(-1)!.atUs }));
}

async function reportsOf({ parity }: Service): Promise<readonly Report[]> {
  const found: Report[] = [];
  for (const symbol of [null, 'A/USDT', 'B/USDT'])
    found.push(...(await parity.daily(strategy, symbol, firstDay, lastDay)));
  return found.map((report) => ({ ...report, key: { ...report.key, revision: 0 } }));
}

/** The same data without any report. */
async function recomputed({ store }: Service): Promise<Service> {
  const folder = await temporaryFolder();
  await store.backup(join(folder, 'lockstep.db'));
  const connection = await Connection.open(join(folder, 'lockstep.db'), 'write', 1_000);
  await connection.script(
    'forget all reports',
    `DELETE FROM reports; DELETE FROM touched_days;
     INSERT INTO touched_days SELECT strategy, day, 0, 1 FROM segment_parts GROUP BY strategy, day;`,
  );
  await connection.close();
  return service(folder);
}

const wholeDay = (source: Source, symbol: string, day: number): Batch => ({
  source,
  symbol,
  day,
  fills: Array.from({ length: 12 }, (_, index) => ({
    minute: 30 + index * 110,
    quantity: index % 2 === 0 ? 1 : -1,
    price: 100 + index,
  })),
});

/** Ten days of two symbols on both sides, all reports made. */
async function tenDays(): Promise<Service> {
  const desk = await service();
  for (let day = 0; day < 10; day++) {
    for (const symbol of ['A/USDT', 'B/USDT']) {
      for (const source of ['backtest', 'live'] as const) await imported(desk.store, wholeDay(source, symbol, day));
    }
  }
  expect(await desk.refresh()).toEqual({ made: 30, looked: 10 });
  expect(await desk.refresh()).toEqual({ made: 0, looked: 0 });
  return desk;
}

describe('a new fill', () => {
  const middle = { minute: 700, price: 101 };
  it.each([
    ['of the last day touches that day alone', 9, [{ ...middle, quantity: 1 }], { made: 2, looked: 1 }],
    [
      'that changes the position touches its day and its symbol on every later one',
      5,
      [{ ...middle, quantity: 1 }],
      { made: 10, looked: 5 },
    ],
    [
      'that leaves position and last price as they were touches its day alone',
      5,
      [
        { ...middle, quantity: 1 },
        { ...middle, minute: 701, quantity: -1 },
      ],
      { made: 2, looked: 1 },
    ],
    [
      'that is the last of its day, the position unchanged, touches the next day too',
      5,
      [
        { ...middle, minute: 1_430, quantity: 1 },
        { ...middle, minute: 1_431, quantity: -1 },
      ],
      // The other days are looked at and found current.
      { made: 4, looked: 5 },
    ],
  ])('%s', async (_rule, day, fills, expected) => {
    const desk = await tenDays();
    const untouched = (await reportsOf(desk)).filter(({ key }) => key.symbol === 'B/USDT' || key.from < dayAt(day));
    await imported(desk.store, { source: 'live', symbol: 'A/USDT', day, fills });
    expect(await desk.refresh()).toEqual(expected);
    const after = await reportsOf(desk);
    expect(after).toEqual(await reportsOf(await recomputed(desk)));
    expect(after).toEqual(expect.arrayContaining(untouched.filter(({ key }) => key.symbol !== null)));
  });

  it('works on its own symbol and not on the others of its day', async () => {
    const desk = await tenDays();
    const fill = { minute: 700, quantity: 1, price: 101 };
    // The first change of a day that was long over works all its symbols out, and keeps what they add to the portfolio.
    await imported(desk.store, { source: 'live', symbol: 'A/USDT', day: 9, fills: [fill] });
    await desk.refresh();
    const before = desk.parity.work.judged;
    await imported(desk.store, { source: 'live', symbol: 'A/USDT', day: 9, fills: [{ ...fill, minute: 701 }] });
    expect(await desk.refresh()).toEqual({ made: 2, looked: 1 });
    expect(desk.parity.work.judged - before).toBe(1);
  });

  it('is known of after a restart, and what was current stays so', async () => {
    const folder = await temporaryFolder();
    const first = await service(folder);
    for (const source of ['backtest', 'live'] as const) {
      for (const day of [0, 1, 2]) await imported(first.store, wholeDay(source, 'A/USDT', day));
    }
    await first.refresh();
    await imported(first.store, { source: 'live', symbol: 'A/USDT', day: 2, fills: [{ ...middle, quantity: 1 }] });
    await first.store.close();
    const second = await service(folder);
    expect(await second.refresh()).toEqual({ made: 2, looked: 1 });
  });
});

describe('what else a report rests on', () => {
  it.each<[string, (store: DeskStore) => Promise<void>, { made: number; looked: number }]>([
    [
      'a price touches its day and the following ones',
      async (store) => {
        const session = await store.imports.begin({ ...beginning, strategy });
        await session.addPrices([{ symbol: 'A/USDT', atUs: utcDayStartUs(dayAt(9)) + 60_000_000, price: 77 }]);
        await session.commit(
          recordOf({ counts: { ...recordOf().counts, executions: 0, orderEvents: 0, duplicates: 0 } }),
        );
      },
      { made: 2, looked: 2 },
    ],
    [
      'a setting of the strategy touches every day',
      (store) => store.settings.set(paritySettingsKey(strategy, null), JSON.stringify({ capital: 5_000 })),
      { made: 30, looked: 10 },
    ],
    [
      'a setting of a symbol touches the days of that symbol, and looks at all',
      (store) => store.settings.set(paritySettingsKey(strategy, 'A/USDT'), JSON.stringify({ capital: 5_000 })),
      { made: 20, looked: 10 },
    ],
    [
      'a setting of something else touches nothing',
      (store) => store.settings.set('language', 'en'),
      { made: 0, looked: 0 },
    ],
    [
      'a quarantined row touches its day',
      async (store) => {
        const session = await store.imports.begin({ ...beginning, strategy });
        await session.addQuarantined([{ line: 1, day: dayAt(4), symbol: 'B/USDT', reason: 'price', text: 'x' }]);
        await session.commit(
          recordOf({ counts: { ...recordOf().counts, executions: 0, orderEvents: 0, duplicates: 0, quarantined: 1 } }),
        );
      },
      { made: 2, looked: 1 },
    ],
    [
      'an import that is given up touches nothing',
      async (store) => {
        const session = await store.imports.begin({ ...beginning, strategy });
        await session.addParts([
          partOf([{ atUs: utcDayStartUs(dayAt(3)) + DAY_US / 2 }], { strategy, symbol: 'A/USDT' }, session.importId),
        ]);
        await session.abandon('cancelled', { code: 'cancelled', message: 'x', hint: 'x', detail: {} });
      },
      { made: 0, looked: 0 },
    ],
  ])('%s', async (_rule, change, expected) => {
    const desk = await tenDays();
    await change(desk.store);
    expect(await desk.refresh()).toEqual(expected);
    expect(await reportsOf(desk)).toEqual(await reportsOf(await recomputed(desk)));
  });

  it('an import shows its touch with its commit, not before', async () => {
    const desk = await tenDays();
    const session = await desk.store.imports.begin({ ...beginning, strategy });
    const atUs = utcDayStartUs(dayAt(9)) + DAY_US / 2;
    await session.addParts([partOf([{ atUs, hash: 1n << 60n }], { strategy, symbol: 'A/USDT' }, session.importId)]);
    desk.parity.noticeChange();
    expect(await desk.refresh()).toEqual({ made: 0, looked: 0 });
    await session.commit(recordOf({ strategy, firstUs: atUs, lastUs: atUs }));
    expect(await desk.refresh()).toEqual({ made: 2, looked: 1 });
  });
});

const change: fc.Arbitrary<
  Batch | { readonly setting: number } | { readonly priceOn: number; readonly price: number }
> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      source: fc.constantFrom('live' as const, 'backtest' as const),
      symbol: fc.constantFrom('A/USDT', 'B/USDT'),
      day: fc.integer({ min: 0, max: 6 }),
      fills: fc.array(
        fc.record({
          minute: fc.integer({ min: 0, max: 1_439 }),
          quantity: fc.constantFrom(-2, -1, -0.1, 0.1, 1, 2),
          price: fc.integer({ min: 90, max: 110 }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ setting: fc.integer({ min: 100, max: 900 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ priceOn: fc.integer({ min: 0, max: 6 }), price: fc.integer({ min: 90, max: 110 }) }),
  },
);

it('after any changes, one by one, the reports are those of a recomputation of everything', {
  timeout: 60_000 + runs * 3_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 2, maxLength: 7 }), async (changes) => {
      const desk = await service();
      for (const next of changes) {
        if ('setting' in next) {
          await desk.store.settings.set(
            paritySettingsKey(strategy, 'A/USDT'),
            JSON.stringify({ capital: next.setting }),
          );
        } else if ('priceOn' in next) {
          const session = await desk.store.imports.begin({ ...beginning, strategy });
          const atUs = utcDayStartUs(dayAt(next.priceOn)) + DAY_US / 3;
          await session.addPrices([{ symbol: 'B/USDT', atUs, price: next.price }]);
          await session.commit(
            recordOf({ counts: { ...recordOf().counts, executions: 0, orderEvents: 0, duplicates: 0 } }),
          );
        } else await imported(desk.store, next);
        await desk.refresh();
      }
      const made = await reportsOf(desk);
      expect(await desk.refresh()).toEqual({ made: 0, looked: 0 });
      expect(made).toEqual(await reportsOf(await recomputed(desk)));
    }),
    { numRuns: runs },
  );
});
