import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImportJob } from '../../electron/engine/imports/import-service';
import { Connection, statement } from '../../electron/store/connection';
import { importOutputSchema, mergedOutputSchema } from '../../shared/contract/output';
import { lockstep } from '../support/command-line';
import { followDesk } from '../support/follow-desk';
import { contentOf, csvOf, type ImportDesk, importDesk, jobFor } from '../support/import-desk';
import { temporaryFolder, unwrapped } from '../support/temporary-desk';

/** The same trades as several logs tell them: whatever comes first, each is there once, with the best of what all of them know. */

const everything = { offset: 0, limit: 1_000 };
const at = (ms: number) => new Date(Date.UTC(2026, 0, 5, 10) + ms);
const naive = (ms: number) => at(ms).toISOString().replace('T', ' ').replace('Z', '');

interface Fill {
  readonly tradeId: string;
  readonly orderId: string;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly quantity: number;
  readonly ms: number;
}

const fills: readonly Fill[] = [
  { tradeId: 'T1', orderId: 'O1', side: 'buy', price: 2000, quantity: 0.5, ms: 250 },
  { tradeId: 'T2', orderId: 'O1', side: 'buy', price: 2001, quantity: 0.25, ms: 900 },
  { tradeId: 'T3', orderId: 'O2', side: 'sell', price: 2010, quantity: 0.75, ms: 60_000 },
];

const feeOf = ({ price, quantity }: Fill) => Math.round(price * quantity * 1e4) / 1e7;

/** Kraken's export: fee, no liquidity. */
function krakenCsv(told: readonly Fill[]): string {
  const header =
    '"txid","ordertxid","pair","time","type","ordertype","price","cost","fee","vol","margin","misc","ledgers"';
  const rows = told.map(
    (fill) =>
      `"${fill.tradeId}","${fill.orderId}","XETHZEUR","${naive(fill.ms)}","${fill.side}","limit",${fill.price},${fill.price * fill.quantity},${feeOf(fill)},${fill.quantity},0,"",""`,
  );
  return [header, ...rows, ''].join('\n');
}

/** A bot's trades: liquidity, no fee, times in whole milliseconds. */
function ccxtJson(told: readonly Fill[]): string {
  return JSON.stringify(
    told.map(({ tradeId, orderId, side, price, quantity, ms }) => ({
      ...{
        id: tradeId,
        order: orderId,
        timestamp: at(ms).getTime(),
        datetime: at(ms).toISOString(),
        symbol: 'ETH/EUR',
      },
      ...{ side, takerOrMaker: 'maker', price, amount: quantity, cost: price * quantity, fee: null },
    })),
  );
}

/** Own log with what only the desk knows, in whole seconds. */
function lockstepCsv(told: readonly Fill[]): string {
  const header = 'symbol,side,price,quantity,executedAt,tradeId,orderId,clientOrderId,submittedAt';
  const rows = told.map(({ tradeId, orderId, side, price, quantity, ms }) =>
    [
      ...['ETH/EUR', side, price, quantity, at(ms - (ms % 1_000)).toISOString(), tradeId, orderId, `c-${orderId}`],
      at(-500).toISOString(),
    ].join(','),
  );
  return [header, ...rows, ''].join('\n');
}

interface Order {
  readonly orderId: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: number;
  readonly average: number;
  readonly lastMs: number;
}

function ordersOf(told: readonly Fill[]): readonly Order[] {
  const orders = new Map<string, Order>();
  for (const { orderId, side, quantity, price, ms } of told) {
    const before = orders.get(orderId) ?? { orderId, side, quantity: 0, average: 0, lastMs: 0 };
    const sum = before.quantity + quantity;
    const average = (before.average * before.quantity + price * quantity) / sum;
    orders.set(orderId, { ...before, quantity: sum, average, lastMs: Math.max(before.lastMs, ms) });
  }
  return [...orders.values()];
}

/** freqtrade's database: one row an order, with when it was sent. */
async function freqtradeSqlite(desk: ImportDesk, told: readonly Fill[]): Promise<ImportJob> {
  const path = join(desk.folder, 'tradesv3.sqlite');
  const connection = await Connection.open(path, 'create', 100);
  await connection.script(
    'bot tables',
    `CREATE TABLE trades (id INTEGER PRIMARY KEY, exchange TEXT, pair TEXT, stake_currency TEXT, is_open INTEGER, is_short INTEGER,
       amount REAL, open_rate REAL, close_rate REAL, open_rate_requested REAL, fee_open REAL, fee_open_cost REAL, fee_open_currency TEXT,
       fee_close REAL, fee_close_cost REAL, fee_close_currency TEXT, open_date TEXT, close_date TEXT, strategy TEXT);
     CREATE TABLE orders (id INTEGER PRIMARY KEY, ft_trade_id INTEGER, ft_order_side TEXT, ft_pair TEXT, order_id TEXT, status TEXT,
       side TEXT, price REAL, average REAL, amount REAL, filled REAL, order_date TEXT, order_filled_date TEXT, order_update_date TEXT,
       ft_cancel_reason TEXT);
     INSERT INTO trades VALUES (1, 'kraken', 'ETH/EUR', 'EUR', 1, 0, 1, 2000, NULL, 2000, 0.001, NULL, NULL, 0.001, NULL, NULL,
       '${naive(0)}', NULL, 'alpha');`,
  );
  for (const { orderId, side, quantity, average, lastMs } of ordersOf(told)) {
    const values = [
      side,
      orderId,
      side,
      average,
      average,
      quantity + 1,
      quantity,
      naive(-300),
      naive(lastMs),
      naive(lastMs),
    ];
    await connection.run(
      statement(
        'add order',
        `INSERT INTO orders (ft_trade_id, ft_order_side, ft_pair, order_id, status, side, price, average, amount, filled, order_date,
           order_filled_date, order_update_date) VALUES (1, ?, 'ETH/EUR', ?, 'closed', ?, ?, ?, ?, ?, ?, ?, ?)`,
      ),
      values.map((value) => (typeof value === 'number' ? { real: value } : value)),
    );
  }
  await connection.close();
  return jobFor(path, 'tradesv3.sqlite');
}

async function jobsOf(desk: ImportDesk, told: readonly Fill[]): Promise<readonly ImportJob[]> {
  return [
    await desk.file('kraken.csv', krakenCsv(told)),
    await desk.file('ccxt.json', ccxtJson(told)),
    await desk.file('own.csv', lockstepCsv(told)),
    await freqtradeSqlite(desk, told),
  ];
}

const fillsOf = async (desk: ImportDesk): Promise<readonly string[]> => Object(await contentOf(desk.store)).fills;

/** Rows of every import add up, and all executions counted are there. */
async function expectSound(desk: ImportDesk): Promise<void> {
  const { rows } = await desk.store.imports.list(everything);
  for (const { counts } of rows) {
    const { rowsRead, executions, orderEvents, otherRows, duplicates, quarantined } = counts;
    expect(rowsRead).toBe(executions + orderEvents + otherRows + duplicates + quarantined);
    expect(executions).toBeGreaterThanOrEqual(0);
  }
  const counted = rows.reduce((sum, { counts }) => sum + counts.executions, 0);
  expect(await fillsOf(desk)).toHaveLength(counted);
  const segments = await desk.store.executions.segments({});
  expect(segments.reduce((sum, { count }) => sum + count, 0)).toBe(counted);
  const totals = (await desk.store.executions.strategies()).reduce(
    (sum, { liveExecutions }) => sum + liveExecutions,
    0,
  );
  expect(totals).toBe(counted);
}

describe('the same trades in several logs', () => {
  test('are one, with what each log alone knows, and the report says which row was kept', async () => {
    const desk = await importDesk();
    for (const job of await jobsOf(desk, fills)) unwrapped(await desk.import(job));
    await expectSound(desk);
    const columns = (await desk.store.executions.readSegment({
      ...{ source: 'live', strategy: 'alpha', symbol: 'ETH/EUR' },
      day: (await desk.store.executions.segments({}))[0]!.key.day,
    }))!;
    expect([...columns.executedAtUs]).toEqual(fills.map(({ ms }) => at(ms).getTime() * 1_000));
    expect([...columns.fee]).toEqual(fills.map(feeOf));
    expect([...columns.liquidity]).toEqual([1, 1, 1]);
    expect([...columns.submittedAtUs]).toEqual(fills.map(() => at(-500).getTime() * 1_000));
    expect([...columns.intendedQuantity]).toEqual([1.75, 1.75, 1.75]);

    const { rows, total } = await desk.store.imports.merged(null, everything);
    expect(total).toBe(8);
    expect(rows).toHaveLength(8);
    const imports = (await desk.store.imports.list(everything)).rows;
    expect(imports.map(({ format, merged }) => [format, merged]).sort()).toEqual([
      ['ccxt-unified-fetchMyTrades', 3],
      ['freqtrade-tradesv3-sqlite', 2],
      ['kraken-trades-csv', 0],
      ['lockstep-csv', 3],
    ]);
    const bot = imports.find(({ format }) => format === 'freqtrade-tradesv3-sqlite')!;
    expect(bot.counts).toMatchObject({ executions: 0, duplicates: 2 });
    const ofBot = await desk.store.imports.merged(bot.id, everything);
    expect(ofBot.total).toBe(2);
    expect(ofBot.rows.map(({ kept, merged, rule }) => [kept.orderId, merged.orderId, rule])).toEqual([
      ['O1', 'O1', 'order id'],
      ['O2', 'O2', 'order id'],
    ]);
  });

  test('in any order of imports, any number of times, come to the same store', async () => {
    const reference = await importDesk();
    for (const job of await jobsOf(reference, fills)) unwrapped(await reference.import(job));
    const expected = await fillsOf(reference);
    expect(expected).toHaveLength(3);
    const orders = fc.shuffledSubarray([0, 1, 2, 3, 0, 1, 2, 3], { minLength: 8 });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const desk = await importDesk();
        const jobs = await jobsOf(desk, fills);
        for (const index of order) unwrapped(await desk.import(jobs[index]!));
        expect(await fillsOf(desk)).toEqual(expected);
        await expectSound(desk);
      }),
      { numRuns: 6 },
    );
  });

  test('told in part by each log come to the whole', async () => {
    const desk = await importDesk();
    unwrapped(await desk.import(await desk.file('a.csv', krakenCsv(fills.slice(0, 2)))));
    unwrapped(await desk.import(await desk.file('b.json', ccxtJson(fills.slice(1)))));
    expect(await fillsOf(desk)).toHaveLength(3);
    await expectSound(desk);
  });
});

describe('lockstep merged', () => {
  test('lists which row was kept of which file, and import says how many were merged', async () => {
    const folder = await temporaryFolder();
    const desk = join(folder, 'desk');
    const [csv, json] = [join(folder, 'a.csv'), join(folder, 'b.json')];
    await writeFile(csv, krakenCsv(fills));
    await writeFile(json, ccxtJson(fills));
    const import_ = async (path: string) =>
      importOutputSchema.parse(
        JSON.parse((await lockstep(desk, ['import', path, '--source', 'live', '--strategy', 'alpha', '--json'])).out),
      ).files[0]!;
    expect(await import_(csv)).toMatchObject({ executions: 3, merged: 0 });
    const second = await import_(json);
    expect(second).toMatchObject({ executions: 0, fills: 0, duplicates: 3, merged: 3 });
    const { rows } = mergedOutputSchema.parse(JSON.parse((await lockstep(desk, ['merged', '--json'])).out));
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({
      kept: { fileName: 'a.csv', format: 'kraken-trades-csv' },
      merged: { fileName: 'b.json', format: 'ccxt-unified-fetchMyTrades', importId: second.importId },
      rule: 'trade id',
    });
    expect((await lockstep(desk, ['merged', '--import', 'none'])).out).toContain('No trade');
    expect((await lockstep(desk, ['merged'])).out).toContain('kept    a.csv line 2 (kraken-trades-csv)');
  });
});

describe('what is not the same trade', () => {
  test.each<[string, Partial<Fill>]>([
    ['another price', { price: 2000.5 }],
    ['another quantity', { quantity: 0.51 }],
    ['another side', { side: 'sell' }],
    ['another time', { ms: 2_250 }],
    ['another trade and order', { tradeId: 'X', orderId: 'X' }],
  ])('%s', async (_what, change) => {
    const desk = await importDesk();
    const [one] = fills;
    unwrapped(await desk.import(await desk.file('a.csv', krakenCsv([one!]))));
    unwrapped(await desk.import(await desk.file('b.json', ccxtJson([{ ...one!, orderId: 'Y', ...change }]))));
    expect(await fillsOf(desk)).toHaveLength(2);
    await expectSound(desk);
  });

  test('rows without ids are kept, and the import says that they look alike', async () => {
    const desk = await importDesk();
    const row = { symbol: 'ETH/EUR', price: 2000, quantity: 0.5, executedAt: at(250).toISOString() };
    unwrapped(await desk.import(await desk.file('a.csv', krakenCsv([fills[0]!]))));
    const outcome = unwrapped(await desk.import(await desk.file('b.csv', csvOf([row]))));
    expect(outcome.warnings).toEqual([expect.stringContaining('1 trade seems to be told by another log')]);
    expect(await fillsOf(desk)).toHaveLength(2);
  });
});

describe('a log that tells more of its own trades later', () => {
  test('improves what is stored, whichever comes first', async () => {
    const poor = { tradeId: 't1', fee: '' };
    const rich = { tradeId: 't1', fee: 0.2, orderId: 'o1' };
    for (const order of [
      [poor, rich],
      [rich, poor],
    ]) {
      const desk = await importDesk();
      for (const row of order) unwrapped(await desk.import(await desk.file('a.csv', csvOf([row]))));
      unwrapped(await desk.import(await desk.file('b.csv', csvOf(order))));
      expect(await fillsOf(desk)).toEqual([expect.stringContaining(' 0.2 USDT  t1 o1 ')]);
      await expectSound(desk);
    }
  });

  test('also within one file', async () => {
    const desk = await importDesk();
    const rows = [
      { tradeId: 't1', fee: '' },
      { tradeId: 't1', fee: 0.2 },
    ];
    const outcome = unwrapped(await desk.import(await desk.file('a.csv', csvOf(rows))));
    expect(outcome).toMatchObject({ counts: { executions: 1, duplicates: 1 }, fills: 1, merged: 1 });
    expect(await fillsOf(desk)).toEqual([expect.stringContaining(' 0.2 USDT  t1 ')]);
  });
});

describe('a file that was cut inside its last row', () => {
  const header = 'symbol,side,price,quantity,executedAt,tradeId,fee';
  const rowsOf = (ids: readonly string[]) =>
    ids.map(
      (id, index) =>
        `BTC/USDT,${index % 2 === 0 ? 'buy' : 'sell'},10${index}.25,1.5,2026-01-05T10:00:0${index}.125Z,${id},0.12345`,
    );

  test.each([
    ['with trade ids', ['t1', 't2', 't3']],
    ['without ids', ['', '', '']],
  ])('and is imported whole later comes to the store of the whole, wherever it was cut (%s)', async (_which, ids) => {
    const rows = rowsOf(ids);
    for (const whole of [`${[header, ...rows].join('\n')}\n`, [header, ...rows].join('\n')]) {
      const reference = await importDesk();
      unwrapped(await reference.import(await reference.file('whole.csv', whole)));
      const expected = await fillsOf(reference);
      expect(expected).toHaveLength(3);
      const last = whole.lastIndexOf(rows[2]!);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: last + 1, max: whole.length }), fc.boolean(), async (at, again) => {
          const desk = await importDesk();
          const cut = await desk.file('cut.csv', whole.slice(0, at));
          unwrapped(await desk.import(cut));
          unwrapped(await desk.import(await desk.file('whole.csv', whole)));
          if (again) unwrapped(await desk.import(cut));
          expect(await fillsOf(desk)).toEqual(expected);
          await expectSound(desk);
        }),
        { numRuns: 5, examples: [[whole.lastIndexOf('0.123') + 4, true]] },
      );
    }
  });
});

describe('rows without trade ids that say more in one log than in another', () => {
  const poorHeader = 'symbol,side,price,quantity,executedAt,orderId';
  const richHeader = `${poorHeader},decidedAt,submittedAt,arrivalPrice,intendedQuantity,liquidity`;
  const told = [
    { orderId: 'o1', side: 'buy', price: 2000, quantity: 0.5, second: 1 },
    // Two equal fills of one order.
    { orderId: 'o2', side: 'sell', price: 2010, quantity: 0.25, second: 2 },
    { orderId: 'o2', side: 'sell', price: 2010, quantity: 0.25, second: 2 },
    { orderId: '', side: 'buy', price: 1990, quantity: 0.125, second: 3 },
  ];
  const fill = ({ orderId, side, price, quantity, second }: (typeof told)[number]) =>
    ['ETH/EUR', side, price, quantity, at(second * 1_000).toISOString(), orderId].join(',');
  const more = ({ second }: (typeof told)[number]) =>
    [at(second * 1_000 - 400).toISOString(), at(second * 1_000 - 300).toISOString(), 2001, 3, 'maker'].join(',');
  const poor = (rows = told) => [poorHeader, ...rows.map(fill), ''].join('\n');
  const rich = (rows = told) => [richHeader, ...rows.map((row) => `${fill(row)},${more(row)}`), ''].join('\n');
  const log = (rows = told) => [richHeader, ...rows.map((row) => `${fill(row)},${more(row)}`), ''].join('\r\n');

  test('are one each, with all that is said, in any order of imports and any number of times', async () => {
    const reference = await importDesk();
    unwrapped(await reference.import(await reference.file('rich.csv', rich())));
    const expected = await fillsOf(reference);
    expect(expected).toHaveLength(4);
    const files = [poor(), rich(), log(), poor(told.slice(0, 2)), rich(told.slice(1)), rich(told.slice(0, 2))];
    const orders = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 0, 1], { minLength: 4 });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const desk = await importDesk();
        for (const index of order) unwrapped(await desk.import(await desk.file(`${index}.csv`, files[index]!)));
        for (const index of [0, 4, 5]) unwrapped(await desk.import(await desk.file(`${index}.csv`, files[index]!)));
        expect(await fillsOf(desk)).toEqual(expected);
        await expectSound(desk);
      }),
      { numRuns: 12, examples: [[[0, 1]], [[1, 0]], [[0, 3, 4]], [[5, 0, 4]]] },
    );
  });

  test('also where one log was followed and the same or another is imported', async () => {
    for (const [followed, imported] of [
      [rich(), rich()],
      [poor(), rich()],
      [rich(), poor()],
    ]) {
      const following = await followDesk();
      await writeFile(join(following.logs, 'a.csv'), followed!);
      await following.watch(following.logs);
      await following.start();
      await following.caughtUp();
      await following.stop();
      const desk = await importDesk(undefined, join(following.folder, 'desk'));
      expect(await fillsOf(desk)).toHaveLength(4);
      unwrapped(await desk.import(await desk.file('b.csv', imported!)));
      const fills = await fillsOf(desk);
      expect(fills).toHaveLength(4);
      expect(fills.filter((told) => told.includes(' 3 '))).toHaveLength(4);
    }
  });

  test('equal rows of one file stay as many as they are, also where only one of them is known before', async () => {
    const one = told.slice(1, 2);
    const three = [...one, ...one, ...one];
    for (const files of [
      [rich(one), poor(three)],
      [poor(one), rich(three)],
      [poor(three), rich(one)],
      [rich(one), rich(three), poor(three)],
      [poor(one), rich(one), `${rich(one)}${fill(one[0]!)},,,,,\n`],
    ]) {
      const desk = await importDesk();
      for (const [index, content] of files.entries()) {
        unwrapped(await desk.import(await desk.file(`${index}.csv`, content)));
      }
      expect(await fillsOf(desk)).toHaveLength(files.length === 3 && files[2]!.startsWith(rich(one)) ? 2 : 3);
      await expectSound(desk);
    }
  });
});
