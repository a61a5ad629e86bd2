import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createImportService } from '../../electron/engine/imports/import-service';
import { systemClock, systemIds } from '../../electron/engine/system';
import { createInlineRunner } from '../../electron/engine/worker/inline';
import { tasks } from '../../electron/engine/worker/task-functions';
import { openForeignDatabase } from '../../electron/store';
import { textAt } from '../../shared/market/text-column';
import { type FollowDesk, followDesk, storedExecutions, until } from '../support/follow-desk';
import { csvOf, csvRow, jobFor } from '../support/import-desk';
import { unwrapped } from '../support/temporary-desk';

/** Trades that a followed log tells, and another log too: whichever is first, each is there once. */

const everything = { offset: 0, limit: 1_000 };
const timeOf = (second: number) => new Date(Date.UTC(2026, 0, 5, 10) + second * 1_000).toISOString();
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const csvRowsOf = (seconds: readonly number[]) =>
  seconds.map((second) => ({ tradeId: `t${second}`, executedAt: timeOf(second), fee: '', feeCurrency: '' }));
/** The same trades as the bot writes them: with fees, and when it decided. */
const linesOf = (seconds: readonly number[]) =>
  seconds
    .map((second) => {
      const executedAt = timeOf(second);
      const fill = { symbol: 'BTC/USDT', side: 'buy', price: 100, quantity: 1, fee: 0.1, feeCurrency: 'USDT' };
      return `${JSON.stringify({ ...fill, executedAt, tradeId: `t${second}`, decidedAt: timeOf(second - 1) })}\n`;
    })
    .join('');

async function importing(desk: FollowDesk, name: string, content: string) {
  const path = join(desk.folder, name);
  await writeFile(path, content);
  const service = createImportService({
    prices: (symbol, fromUs, toUs) => desk.store.executions.prices(symbol, fromUs, toUs),
    ...{ store: desk.store.imports, runner: createInlineRunner(tasks), openForeignDatabase },
    ...{ clock: systemClock, ids: systemIds },
  });
  return unwrapped(await service.wait(service.start(jobFor(path, name))));
}

async function readUp(desk: FollowDesk) {
  await desk.caughtUp();
  return recordsOf(desk);
}

/** Import records by file name; every count in them is that of the rows that are there. */
async function recordsOf(desk: FollowDesk) {
  const { rows } = await desk.store.imports.list(everything);
  for (const { counts } of rows) {
    const { rowsRead, executions, orderEvents, otherRows, duplicates, quarantined } = counts;
    expect(rowsRead).toBe(executions + orderEvents + otherRows + duplicates + quarantined);
  }
  const counted = rows.reduce((sum, { counts }) => sum + counts.executions, 0);
  expect(await storedExecutions(desk.store)).toHaveLength(counted);
  const totals = await desk.store.executions.strategies();
  expect(totals.reduce((sum, { liveExecutions }) => sum + liveExecutions, 0)).toBe(counted);
  return Object.fromEntries(
    rows.map(({ fileName, counts, merged }) => [
      fileName,
      { read: counts.rowsRead, executions: counts.executions, duplicates: counts.duplicates, merged },
    ]),
  );
}

async function idsOf(desk: FollowDesk): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { key } of await desk.store.executions.segments({})) {
    const columns = (await desk.store.executions.readSegment(key))!;
    for (let row = 0; row < columns.count; row++) {
      found.push(textAt(columns.tradeId, row));
      // The bot's log knows it, whichever row is kept.
      expect(columns.fee[row]).toBe(0.1);
    }
  }
  return found.sort();
}

const namesOf = (seconds: readonly number[]) => seconds.map((second) => `t${second}`).sort();

/** Nothing is done again: not after a restart, and not by reading what is known. */
async function expectStays(desk: FollowDesk) {
  const before = await recordsOf(desk);
  const stored = await storedExecutions(desk.store);
  const revisions = async () => (await desk.store.executions.segments({})).map(({ revision }) => revision);
  const written = await revisions();
  const pairs = (await desk.store.imports.merged(null, everything)).total;
  await desk.stop();
  await desk.start();
  expect(await readUp(desk)).toEqual(before);
  expect(await storedExecutions(desk.store)).toEqual(stored);
  expect(await revisions()).toEqual(written);
  expect((await desk.store.imports.merged(null, everything)).total).toBe(pairs);
}

describe('a followed log and an imported one', () => {
  test('imported first, then followed batch by batch', async () => {
    const desk = await followDesk();
    await importing(desk, 'fills.csv', csvOf(csvRowsOf(range(0, 9))));
    const log = join(desk.logs, 'bot.jsonl');
    await writeFile(log, linesOf(range(0, 3)));
    await desk.watch(log);
    await desk.start();
    await desk.caughtUp();
    for (let second = 3; second < 9; second += 2) {
      await appendFile(log, linesOf(range(second, second + 2)));
      await desk.caughtUp();
    }
    const records = await recordsOf(desk);
    expect(records['bot.jsonl']!.read).toBe(9);
    expect(records['bot.jsonl']!.executions + records['fills.csv']!.executions).toBe(9);
    expect(records['bot.jsonl']!.merged + records['fills.csv']!.merged).toBe(9);
    expect((await desk.store.imports.merged(null, everything)).total).toBe(9);
    expect(await idsOf(desk)).toEqual(namesOf(range(0, 9)));
    await expectStays(desk);
  });

  test('followed first, then imported, then followed on', async () => {
    const desk = await followDesk();
    const log = join(desk.logs, 'bot.jsonl');
    await writeFile(log, linesOf(range(0, 5)));
    await desk.watch(log);
    await desk.start();
    await desk.caughtUp();
    await importing(desk, 'fills.csv', csvOf(csvRowsOf(range(0, 8))));
    const between = await recordsOf(desk);
    expect(between['bot.jsonl']!.merged + between['fills.csv']!.merged).toBe(5);
    // What the import made of the followed file's counts stands, and one that runs on is merged by the follower.
    await appendFile(log, linesOf(range(5, 10)));
    const records = await readUp(desk);
    expect(records['bot.jsonl']!.read).toBe(10);
    expect(records['bot.jsonl']!.merged + records['fills.csv']!.merged).toBe(8);
    expect(await idsOf(desk)).toEqual(namesOf(range(0, 10)));
    await importing(desk, 'again.csv', csvOf(csvRowsOf(range(0, 8))));
    expect((await recordsOf(desk))['again.csv']).toEqual({ read: 8, executions: 0, duplicates: 8, merged: 0 });
    await expectStays(desk);
  });

  test('two followed logs, written in turns', async () => {
    const desk = await followDesk();
    const [bot, venue] = [join(desk.logs, 'bot.jsonl'), join(desk.logs, 'venue.csv')];
    await writeFile(bot, linesOf([0]));
    await writeFile(venue, csvOf(csvRowsOf([0])));
    await desk.watch(desk.logs);
    await desk.start();
    await desk.caughtUp();
    for (let second = 1; second < 12; second += 2) {
      // Without a merge between the two, and with one.
      await appendFile(bot, linesOf([second, second + 1]));
      if (second % 4 === 1) await desk.caughtUp();
      const rows = csvRowsOf([second, second + 1]).map((row) => `${csvRow(row)}\n`);
      await appendFile(venue, rows.join(''));
      await desk.caughtUp();
    }
    const records = await recordsOf(desk);
    expect(records['bot.jsonl']!.executions + records['venue.csv']!.executions).toBe(13);
    expect(records['bot.jsonl']!.merged + records['venue.csv']!.merged).toBe(13);
    expect(await idsOf(desk)).toEqual(namesOf(range(0, 13)));
    await expectStays(desk);
    await appendFile(bot, linesOf([13]));
    await appendFile(venue, `${csvRow(csvRowsOf([13])[0]!)}\n`);
    await readUp(desk);
    expect(await idsOf(desk)).toEqual(namesOf(range(0, 14)));
  });

  test('a document that is written anew, and an imported log', async () => {
    const desk = await followDesk();
    await importing(desk, 'fills.csv', csvOf(csvRowsOf(range(0, 4))));
    const log = join(desk.logs, 'bot.json');
    const documentOf = (seconds: readonly number[]) =>
      JSON.stringify(
        seconds.map((second) => ({
          ...{ id: `t${second}`, timestamp: Date.parse(timeOf(second)), datetime: timeOf(second), symbol: 'BTC/USDT' },
          ...{ side: 'buy', takerOrMaker: 'maker', price: 100, amount: 1, cost: 100, order: null },
          fee: { cost: 0.1, currency: 'USDT' },
        })),
      );
    await writeFile(log, documentOf([0, 1]));
    await desk.watch(log);
    await desk.start();
    for (const until of [2, 4, 6]) {
      await writeFile(log, documentOf(range(0, until)));
      const records = await readUp(desk);
      expect(records['bot.json']!.read).toBe(until);
      expect(records['bot.json']!.merged + records['fills.csv']!.merged).toBe(Math.min(until, 4));
      expect(await storedExecutions(desk.store)).toHaveLength(Math.max(until, 4));
    }
    expect(await idsOf(desk)).toEqual(namesOf(range(0, 6)));
    await expectStays(desk);
  });

  test('what a process left unmerged is merged by the next', async () => {
    const desk = await followDesk();
    await importing(desk, 'fills.csv', csvOf(csvRowsOf(range(0, 4))));
    const log = join(desk.logs, 'bot.jsonl');
    await writeFile(log, linesOf(range(0, 4)));
    await desk.watch(log);
    // Ends between the batch and the merge.
    const resume = desk.store.imports.resume.bind(desk.store.imports);
    const held = Object.assign(desk.store.imports, { resume: () => Promise.reject(new Error('ended here')) });
    await desk.start();
    await until(() => desk.told.some((line) => line.includes('ended here')));
    expect(await storedExecutions(desk.store)).toHaveLength(8);
    await desk.stop();
    Object.assign(held, { resume });
    await desk.start();
    await readUp(desk);
    expect(await idsOf(desk)).toEqual(namesOf(range(0, 4)));
    await expectStays(desk);
  });

  test('an import in the making is waited for', async () => {
    const desk = await followDesk();
    await importing(desk, 'fills.csv', csvOf(csvRowsOf(range(0, 4))));
    const log = join(desk.logs, 'bot.jsonl');
    await writeFile(log, '');
    await desk.watch(log);
    await desk.start();
    await desk.caughtUp();
    const [first] = (await desk.store.imports.list(everything)).rows;
    const session = await desk.store.imports.begin({ ...first!, fileName: 'other.csv' });
    await appendFile(log, linesOf(range(0, 4)));
    const caughtUp = desk.caughtUp();
    await session.abandon('cancelled', { code: 'cancelled', message: 'enough', hint: '', detail: {} });
    await caughtUp;
    expect(await idsOf(desk)).toEqual(namesOf(range(0, 4)));
  });
});

test('a followed document that tells more of its trades later has each of them once', async () => {
  const desk = await followDesk();
  const log = join(desk.logs, 'bot.json');
  const documentOf = (ids: readonly (string | null)[], takerOrMaker: string | null) =>
    JSON.stringify(
      ids.map((id, second) => ({
        ...{ id, timestamp: Date.parse(timeOf(second)), datetime: timeOf(second), symbol: 'BTC/USDT', order: null },
        ...{ side: 'buy', takerOrMaker, price: 100, amount: 1, cost: 100, fee: { cost: 0.1, currency: 'USDT' } },
      })),
    );
  await desk.watch(desk.logs);
  await desk.start();
  for (const takerOrMaker of [null, 'maker']) {
    await writeFile(log, documentOf(['t0', null, 't2'], takerOrMaker));
    await readUp(desk);
    expect(await storedExecutions(desk.store)).toHaveLength(3);
  }
  expect(await idsOf(desk)).toEqual(['', 't0', 't2']);
  await expectStays(desk);
});

test('an import waits while what was followed is merged', async () => {
  const desk = await followDesk();
  const { importId } = await importing(desk, 'fills.csv', csvOf(csvRowsOf([0])));
  const merging = await desk.store.imports.resume(importId!);
  let ended = false;
  const second = importing(desk, 'more.csv', csvOf(csvRowsOf([1]))).then(() => {
    expect(ended).toBe(true);
  });
  await until(async () => (await desk.store.imports.list(everything)).total === 1);
  ended = true;
  await merging.abandon('cancelled', { code: 'cancelled', message: 'enough', hint: '', detail: {} });
  await second;
  expect(await storedExecutions(desk.store)).toHaveLength(2);
});
