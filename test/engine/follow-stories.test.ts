import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { appendFile, copyFile, mkdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../electron/engine/system';
import { bundledScript } from '../support/engine-worker';
import { followDesk, storedExecutions, until } from '../support/follow-desk';
import { csvHeader, csvOf, csvRow } from '../support/import-desk';

/** What happens to watched files, told as it happens to them, on real files. */

const ids = async (desk: Awaited<ReturnType<typeof followDesk>>) =>
  (await storedExecutions(desk.store)).map((line) => line.split(' ').at(-1));

describe('a followed file', () => {
  it('is read row by row however it is written, and never half a row', async () => {
    const desk = await followDesk();
    const log = join(desk.logs, 'fills.csv');
    const text = csvOf([{ tradeId: 't1' }, { tradeId: 't2', symbol: 'ÄTHER/USDT' }]);
    const bytes = Buffer.from(text);
    await writeFile(log, '');
    await desk.watch(log);
    await desk.start();
    const afterFirst = bytes.indexOf('t1,\n') + 4;
    for (let at = 0; at < bytes.length; at++) {
      await appendFile(log, bytes.subarray(at, at + 1));
      // Every byte of the second row, and the first row's at some distance: each look costs time.
      if (at < afterFirst && at % 9 !== 0 && at !== afterFirst - 1) continue;
      await desk.caughtUp();
      expect(await ids(desk)).toHaveLength(at >= bytes.length - 1 ? 2 : at >= afterFirst - 1 ? 1 : 0);
    }
    const [file] = await desk.files();
    expect(file).toMatchObject({ positionBytes: bytes.length, executions: 2, quarantined: 0, state: 'following' });
  });

  it.each([
    ['a log of a folder', false, true],
    ['a single log', true, true],
    ['a log whose next file comes later', false, false],
  ])('is read to its end when it moves aside between two steps of the follower: %s', async (_name, single, atOnce) => {
    // The follower asks the clock between its steps: at each of these moments in turn the log moves aside.
    let moveAside: () => void = () => undefined;
    let asksLeft = Number.POSITIVE_INFINITY;
    const monotonicMs = () => {
      asksLeft -= 1;
      if (asksLeft === 0) moveAside();
      return systemClock.monotonicMs();
    };
    const desk = await followDesk({ ...systemClock, monotonicMs });
    const log = join(desk.logs, 'bot.log');
    await writeFile(log, csvOf([{ tradeId: 't0' }]));
    await desk.watch(single ? log : desk.logs);
    await desk.start();
    await desk.caughtUp();
    const named = ['t0'];
    const append = async (tradeId: string) => {
      named.push(tradeId);
      await appendFile(log, `${csvRow({ tradeId })}\n`);
    };
    for (let moment = 1; moment <= 5; moment++) {
      await append(`a${moment}`);
      await desk.caughtUp();
      // A file that is held open is read wherever it moves to; after a start none is.
      await desk.start();
      await desk.caughtUp();
      moveAside = () => {
        renameSync(log, `${log}-${String(moment).padStart(3, '0')}`);
        if (atOnce) writeFileSync(log, '');
      };
      await append(`b${moment}`);
      asksLeft = moment;
      await desk.caughtUp();
      expect(asksLeft).toBeLessThanOrEqual(0);
      asksLeft = Number.POSITIVE_INFINITY;
      expect((await ids(desk)).sort(), `moved aside at moment ${moment}`).toEqual([...named].sort());
    }
    expect(desk.told).toEqual([]);
  });

  it('goes on where it was after a restart, and counts each row once', async () => {
    const desk = await followDesk();
    const log = join(desk.logs, 'fills.csv');
    await writeFile(log, `${csvHeader}\n${csvRow({})}\n${csvRow({})}\n`);
    await desk.watch(desk.logs);
    await desk.start();
    await desk.caughtUp();
    await desk.stop();
    await appendFile(log, `${csvRow({})}\nnonsense\n`);
    await desk.start();
    await desk.caughtUp();
    // Three equal rows are three trades.
    expect(await ids(desk)).toHaveLength(3);
    const { rows, total } = await desk.store.imports.list({ offset: 0, limit: 10 });
    expect(total).toBe(1);
    expect(rows[0]!.counts).toEqual({
      rowsRead: 4,
      executions: 3,
      orderEvents: 0,
      otherRows: 0,
      duplicates: 0,
      quarantined: 1,
    });
  });

  it('that is emptied and begun anew is read from its beginning, what is known already once', async () => {
    const desk = await followDesk();
    const log = join(desk.logs, 'fills.csv');
    await writeFile(log, csvOf([{ tradeId: 't1' }, { tradeId: 't2' }, { tradeId: 't3' }]));
    await desk.watch(log);
    await desk.start();
    await desk.caughtUp();
    await truncate(log);
    await desk.caughtUp();
    await appendFile(log, csvOf([{ tradeId: 't3' }, { tradeId: 't4' }]));
    await desk.caughtUp();
    expect(await ids(desk)).toEqual(['t1', 't2', 't3', 't4']);
  });

  it('that is cut off behind a copy of it is read to the copy’s end first', async () => {
    const desk = await followDesk();
    const log = join(desk.logs, 'fills.csv');
    await writeFile(log, csvOf([{ tradeId: 't1' }]));
    await desk.watch(desk.logs);
    await desk.start();
    await desk.caughtUp();
    await appendFile(log, `${csvRow({ tradeId: 't2' })}\n${csvRow({ tradeId: 't3' }).slice(0, 30)}`);
    await copyFile(log, `${log}.1`);
    await truncate(log);
    await appendFile(log, `${csvRow({ tradeId: 't3' }).slice(30)}\n${csvRow({ tradeId: 't4' })}\n`);
    await desk.caughtUp();
    expect(await ids(desk)).toEqual(['t1', 't2', 't3', 't4']);
  });

  /** The time stands first, so that the rest of a row is told from a row of its own. */
  const timeFirst = 'executedAt,symbol,side,price,quantity,fee,feeCurrency,tradeId,orderId\n';
  const equalRow = '2026-01-05T10:00:00Z,BTC/USDT,buy,1,1,0.1,USDT,,\n';

  it('goes on from its own last file, not from an older one that was numbered anew meanwhile', async () => {
    const desk = await followDesk();
    const log = join(desk.logs, 'bot.log');
    await writeFile(log, `${timeFirst}${equalRow}`);
    await desk.watch(desk.logs);
    await desk.start();
    await desk.caughtUp();
    await rename(log, `${log}.1`);
    await writeFile(log, equalRow);
    await desk.caughtUp();
    await desk.stop();
    await appendFile(log, equalRow.slice(0, 1));
    await rename(`${log}.1`, `${log}.2`);
    await copyFile(log, `${log}.1`);
    await truncate(log);
    await appendFile(log, equalRow.slice(1, 3));
    for (const number of [2, 1]) await rename(`${log}.${number}`, `${log}.${number + 1}`);
    await rename(log, `${log}.1`);
    await writeFile(log, equalRow.slice(3));
    await desk.start();
    await desk.caughtUp();
    expect(await storedExecutions(desk.store)).toHaveLength(3);
    expect((await desk.store.imports.quarantined(null, { offset: 0, limit: 10 })).rows).toEqual([]);
  });

  it('that is cut off behind a copy, outgrows what was read of it and moves aside is read from its beginning', async () => {
    const desk = await followDesk();
    const log = join(desk.logs, 'bot.log');
    await writeFile(log, `${timeFirst}${equalRow}`);
    await desk.watch(desk.logs);
    await desk.start();
    await desk.caughtUp();
    await desk.stop();
    await appendFile(log, equalRow.slice(0, 20));
    await copyFile(log, `${log}.1`);
    await truncate(log);
    await appendFile(log, `${equalRow.slice(20)}${equalRow.repeat(4)}`);
    await rename(`${log}.1`, `${log}.2`);
    await rename(log, `${log}.1`);
    await writeFile(log, equalRow);
    await desk.start();
    await desk.caughtUp();
    expect(await storedExecutions(desk.store)).toHaveLength(7);
    expect((await desk.store.imports.quarantined(null, { offset: 0, limit: 10 })).rows).toEqual([]);
  });

  it('whose next file begins in the middle of a row that may be two different ones is not guessed at', async () => {
    const desk = await followDesk();
    const log = join(desk.logs, 'fills.csv');
    await writeFile(log, `${csvOf([{ tradeId: 't1' }])}BTC/U`);
    await desk.watch(desk.logs);
    await desk.start();
    await desk.caughtUp();
    await rename(log, `${log}.1`);
    await writeFile(log, `${csvRow({ tradeId: 't2', symbol: 'SDT' })}\n${csvRow({ tradeId: 't3' })}\n`);
    await desk.caughtUp();
    expect(await ids(desk)).toEqual(['t1', 't3']);
    const { rows } = await desk.store.imports.quarantined(null, { offset: 0, limit: 10 });
    expect(rows.map(({ reason }) => reason)).toEqual([expect.stringContaining('in the middle of this row')]);
  });

  it('of a writer whose clock stepped back by a year is read all the same', async () => {
    let offsetUs = 0;
    const desk = await followDesk({
      ...systemClock,
      nowUs: () => Date.parse('2026-06-01T00:00:00Z') * 1_000 + offsetUs,
    });
    const log = join(desk.logs, 'fills.csv');
    await writeFile(log, csvOf([{ tradeId: 't1', executedAt: '2026-05-31T23:59:00Z' }]));
    await desk.watch(log);
    await desk.start();
    await desk.caughtUp();
    offsetUs = -365 * 86_400 * 1_000_000;
    await appendFile(log, `${csvRow({ tradeId: 't2', executedAt: '2026-05-31T23:59:30Z' })}\n`);
    await desk.caughtUp();
    expect(await ids(desk)).toEqual(['t1', 't2']);
  });

  it('that nothing knows is told and left alone until it changes', async () => {
    const desk = await followDesk();
    await writeFile(join(desk.logs, 'notes.txt'), 'remember the milk\n');
    await desk.watch(desk.logs);
    await desk.start();
    await desk.caughtUp();
    expect(await desk.files()).toMatchObject([
      { name: 'notes.txt', state: 'failed', reason: expect.stringContaining('No format') },
    ]);
    expect(await desk.watches()).toMatchObject([{ state: 'failed' }]);
    await writeFile(join(desk.logs, 'fills.csv'), csvOf([{ tradeId: 't1' }]));
    await desk.caughtUp();
    expect(await ids(desk)).toEqual(['t1']);
    expect(await desk.watches()).toMatchObject([{ state: 'watching', reason: expect.stringContaining('notes.txt') }]);
  });
});

describe('a watched folder', () => {
  it('takes a file that is copied under another name and then moved into place', async () => {
    const desk = await followDesk();
    await desk.watch(desk.logs);
    await desk.start();
    const unfinished = join(desk.logs, 'fills.csv.part');
    await writeFile(unfinished, csvOf([{ tradeId: 't1' }]).slice(0, 70));
    await desk.caughtUp();
    expect(await desk.files()).toEqual([]);
    await writeFile(unfinished, csvOf([{ tradeId: 't1' }]));
    await rename(unfinished, join(desk.logs, 'fills.csv'));
    await desk.caughtUp();
    expect(await ids(desk)).toEqual(['t1']);
  });

  it('that vanishes is unreachable, and goes on by itself when it is back', async () => {
    const desk = await followDesk();
    const log = join(desk.logs, 'fills.csv');
    await writeFile(log, csvOf([{ tradeId: 't1' }]));
    await desk.watch(desk.logs);
    await desk.start();
    await desk.caughtUp();
    await rename(desk.logs, `${desk.logs}-away`);
    await until(async () => (await desk.watches())[0]!.state === 'unreachable');
    expect((await desk.watches())[0]!.reason).toContain('not there');
    await appendFile(join(`${desk.logs}-away`, 'fills.csv'), `${csvRow({ tradeId: 't2' })}\n`);
    await rename(`${desk.logs}-away`, desk.logs);
    await until(async () => (await ids(desk)).length === 2);
    expect((await desk.watches())[0]).toMatchObject({ state: 'watching', reason: null });
    expect((await desk.files())[0]).toMatchObject({ state: 'following' });
  });

  it('keeps what was read of a file that is deleted', async () => {
    const desk = await followDesk();
    const log = join(desk.logs, 'fills.csv');
    await writeFile(log, csvOf([{ tradeId: 't1' }]));
    await desk.watch(desk.logs);
    await desk.start();
    await desk.caughtUp();
    await rm(log);
    await desk.caughtUp();
    expect(await ids(desk)).toEqual(['t1']);
    expect(await desk.files()).toMatchObject([{ state: 'gone' }]);
  });

  it('reads files below it, gzip as a whole, and a document only when it is complete', async () => {
    const desk = await followDesk();
    await mkdir(join(desk.logs, 'deep'));
    await writeFile(join(desk.logs, 'deep', 'fills.csv'), csvOf([{ tradeId: 't1' }]));
    const packed = gzipSync(csvOf([{ tradeId: 't2' }]));
    await writeFile(join(desk.logs, 'old.csv.gz'), packed.subarray(0, 40));
    await desk.watch(desk.logs);
    await desk.start();
    await until(async () =>
      (await desk.files()).some(({ name, state }) => name === 'old.csv.gz' && state === 'writing'),
    );
    await writeFile(join(desk.logs, 'old.csv.gz'), packed);
    await until(async () => (await ids(desk)).length === 2);
    expect(await ids(desk)).toEqual(['t1', 't2']);
  });

  it('of many new files reads them at once, and leaves to its own turn what is not simply read', async () => {
    const desk = await followDesk();
    const write = (name: string, content: string) => writeFile(join(desk.logs, name), content);
    const named = Array.from({ length: 150 }, (_, index) => `t${index}`);
    for (const tradeId of named) await write(`day-${tradeId}.csv`, csvOf([{ tradeId }]));
    // The same trade in another file, a row that is none, one that has no end yet, no trades at all, and a document.
    await write('again.csv', csvOf([{ tradeId: 't1' }]));
    await write('damaged.csv', `${csvOf([{ tradeId: 'd1' }])}nonsense\n`);
    await write('written.csv', `${csvOf([{ tradeId: 'w1' }])}${csvRow({ tradeId: 'w2' })}`);
    await write('notes.txt', 'nothing that anybody trades\n');
    await writeFile(join(desk.logs, 'old.csv.gz'), gzipSync(csvOf([{ tradeId: 'z1' }])));
    await desk.watch(desk.logs);
    await desk.start();
    await desk.caughtUp();
    const expected = [...named, 'd1', 'w1', 'z1'].sort();
    await until(async () => (await ids(desk)).length >= expected.length);
    expect((await ids(desk)).sort()).toEqual(expected);
    const files = new Map((await desk.files()).map((file) => [file.name, file]));
    expect(files.get('damaged.csv')).toMatchObject({ executions: 1, quarantined: 1, state: 'following' });
    const { rows } = await desk.store.imports.quarantined(null, { offset: 0, limit: 10 });
    expect(rows.map(({ text }) => text)).toEqual(['nonsense']);
    expect(files.get('written.csv')).toMatchObject({ executions: 1, state: 'writing' });
    expect(files.get('notes.txt')).toMatchObject({ state: 'failed' });
    // Each goes on by itself afterwards.
    await appendFile(join(desk.logs, 'written.csv'), '\n');
    await appendFile(join(desk.logs, 'day-t3.csv'), `${csvRow({ tradeId: 'more' })}\n`);
    await desk.caughtUp();
    expect((await ids(desk)).sort()).toEqual([...expected, 'w2', 'more'].sort());
    const { total } = await desk.store.imports.list({ offset: 0, limit: 1 });
    expect(total).toBe(154);
    expect(desk.told).toEqual([]);
  });

  it('is left alone while it is paused, and caught up with afterwards', async () => {
    const desk = await followDesk();
    const log = join(desk.logs, 'fills.csv');
    await writeFile(log, csvOf([{ tradeId: 't1' }]));
    const id = await desk.watch(desk.logs);
    await desk.start();
    await desk.caughtUp();
    await desk.store.watches.setPaused(id, true);
    await desk.caughtUp();
    await appendFile(log, `${csvRow({ tradeId: 't2' })}\n`);
    await desk.caughtUp();
    expect(await ids(desk)).toEqual(['t1']);
    await desk.store.watches.setPaused(id, false);
    await desk.caughtUp();
    expect(await ids(desk)).toEqual(['t1', 't2']);
  });
});

describe('several processes', () => {
  it('follow one desk one at a time, and the next takes over when the first is killed', async () => {
    const desk = await followDesk();
    const log = join(desk.logs, 'fills.csv');
    await writeFile(log, csvOf([{ tradeId: 't1' }]));
    await desk.watch(desk.logs);
    const [worker, program] = [
      await bundledScript('electron/engine/worker/entry.ts'),
      await bundledScript('test/support/follow-process.ts'),
    ];
    const child = spawn(process.execPath, [program, worker, join(desk.folder, 'desk')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    await until(async () => (await ids(desk)).length === 1);
    expect(await desk.store.watches.follower()).toBe('other');
    await desk.start();
    await appendFile(log, `${csvRow({ tradeId: 't2' })}\n`);
    await until(async () => (await ids(desk)).length === 2);
    expect(await desk.store.watches.follower()).toBe('other');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    await appendFile(log, `${csvRow({ tradeId: 't3' })}\n`);
    await until(async () => (await ids(desk)).length === 3);
    expect(await desk.store.watches.follower()).toBe('this');
    expect(await ids(desk)).toEqual(['t1', 't2', 't3']);
  });

  it('an import under way holds nothing up for good, and what both bring is stored once', async () => {
    const desk = await followDesk();
    const log = join(desk.logs, 'fills.csv');
    await writeFile(log, csvOf([{ tradeId: 't1' }]));
    await desk.watch(desk.logs);
    await desk.start();
    await desk.caughtUp();
    const session = await desk.store.imports.begin({
      fileName: 'other.csv',
      path: null,
      sizeBytes: 1,
      source: 'live',
      strategy: 'alpha',
      version: null,
      account: null,
    });
    await appendFile(log, `${csvRow({ tradeId: 't2' })}\n`);
    const caughtUp = desk.caughtUp();
    await session.abandon('cancelled', { code: 'cancelled', message: '', hint: '', detail: {} });
    await caughtUp;
    expect(await ids(desk)).toEqual(['t1', 't2']);
  });
});

describe('the database of a running bot', () => {
  it('is read while it is written, without a byte of it changing', { timeout: 30_000 }, async () => {
    const desk = await followDesk();
    const path = join(desk.logs, 'tradesv3.sqlite');
    const program = await bundledScript('test/support/bot-process.ts');
    const bot = spawn(process.execPath, [program, path], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void bot.kill('SIGKILL'));
    await once(bot.stdout, 'data');
    await desk.watch(desk.logs);
    await desk.start();
    await until(async () => (await ids(desk)).length === 2);
    const before = await readFile(path);
    const log = await stat(`${path}-wal`);
    expect(log.size).toBeGreaterThan(0);
    for (let trade = 2; trade <= 4; trade++) {
      bot.stdin.write('trade\n');
      await once(bot.stdout, 'data');
    }
    await until(async () => (await ids(desk)).length === 8);
    // The bot never had to write its log back into the file for us.
    expect((await readFile(path)).equals(before)).toBe(true);
    const [file] = await desk.files();
    expect(file).toMatchObject({ executions: 8, quarantined: 0 });
  });
});
