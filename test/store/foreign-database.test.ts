import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ForeignDatabase } from '../../electron/engine/ports';
import { openForeignDatabase } from '../../electron/store';
import { Connection } from '../../electron/store/connection';
import { failureOf, temporaryFolder, unwrapped } from '../support/temporary-desk';

/** Somebody else's SQLite file is read from a copy, completely, and nothing is ever written beside it. */

async function databaseOf(sql: string): Promise<{ folder: string; path: string; writer: Connection }> {
  const folder = await temporaryFolder();
  const path = join(folder, 'bot.sqlite');
  const writer = await Connection.open(path, 'create', 100);
  await writer.script('make the database', sql);
  return { folder, path, writer };
}

async function opened(path: string): Promise<ForeignDatabase> {
  const database = unwrapped(await openForeignDatabase(path));
  onTestFinished(() => database.close().catch(() => undefined));
  return database;
}

const trades = `PRAGMA journal_mode = WAL; CREATE TABLE trades (id INTEGER PRIMARY KEY, pair TEXT, rate REAL);
  INSERT INTO trades VALUES (1, 'BTC/USDT', 1.5), (3, 'ETH/USDT', 2.5), (7, NULL, 3.5);`;

describe('a database of another program', () => {
  it('that is being written is read with its log, and nothing appears beside it', async () => {
    const { folder, path, writer } = await databaseOf(trades);
    onTestFinished(() => writer.close());
    const beside = await readdir(folder);
    const database = await opened(path);
    expect([...(await database.tables())]).toEqual([['trades', ['id', 'pair', 'rate']]]);
    expect(await database.rows('trades', 0, 10)).toEqual([
      { id: 1, pair: 'BTC/USDT', rate: 1.5 },
      { id: 3, pair: 'ETH/USDT', rate: 2.5 },
      { id: 7, pair: null, rate: 3.5 },
    ]);
    expect(database.warnings).toEqual([]);
    expect(await readdir(folder)).toEqual(beside);
  });

  it('on a place that cannot be written is read all the same', async () => {
    const { folder, path, writer } = await databaseOf(trades);
    await writer.close();
    await chmod(path, 0o444);
    await chmod(folder, 0o555);
    onTestFinished(() => chmod(folder, 0o755));
    expect(await (await opened(path)).rows('trades', 1, 1)).toEqual([{ id: 3, pair: 'ETH/USDT', rate: 2.5 }]);
  });

  it('without its log is told by its empty tables or missing pages', async () => {
    const { folder, path, writer } = await databaseOf(
      'PRAGMA journal_mode = WAL; CREATE TABLE trades (id INTEGER); PRAGMA wal_checkpoint(TRUNCATE); INSERT INTO trades VALUES (1);',
    );
    const copy = join(folder, 'copy.sqlite');
    await copyFile(path, copy);
    await writer.close();
    expect((await opened(copy)).warnings).toEqual([
      expect.stringMatching(/copy\.sqlite-wal is not beside it: its tables are empty/),
    ]);
    await copyFile(`${path}`, copy);
    expect((await opened(copy)).warnings).toEqual([]);
  });

  it('is paged in row order, from anywhere, with or without row numbers', async () => {
    const { path, writer } = await databaseOf(`
      CREATE TABLE plain (rowid TEXT, n INTEGER);
      INSERT INTO plain WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < 24) SELECT 'x', n FROM c;
      DELETE FROM plain WHERE n % 5 = 3;
      CREATE TABLE keyed (n INTEGER PRIMARY KEY) WITHOUT ROWID;
      INSERT INTO keyed SELECT n FROM plain;`);
    await writer.close();
    const database = await opened(path);
    const expected = Array.from({ length: 25 }, (_, n) => n).filter((n) => n % 5 !== 3);
    for (const table of ['plain', 'keyed']) {
      const found: unknown[] = [];
      for (
        let page = await database.rows(table, 0, 3);
        page.length > 0;
        page = await database.rows(table, found.length, 3)
      ) {
        found.push(...page.map((row) => new Map(Object.entries(row)).get('n')));
      }
      expect(found).toEqual(expected);
      expect((await database.rows(table, 4, 1)).map((row) => new Map(Object.entries(row)).get('n'))).toEqual([
        expected[4],
      ]);
    }
  });

  it('keeps integers that a number cannot hold as text', async () => {
    const { path, writer } = await databaseOf(
      'CREATE TABLE t ("at ""ns""" INTEGER); INSERT INTO t VALUES (1790000000123456789), (-1790000000123456789), (9007199254740991);',
    );
    await writer.close();
    const rows = await (await opened(path)).rows('t', 0, 5);
    expect(rows.map((row) => Object.entries(row))).toEqual([
      [['at "ns"', '1790000000123456789']],
      [['at "ns"', '-1790000000123456789']],
      [['at "ns"', 9007199254740991]],
    ]);
  });

  it('leaves no copy behind, whether it could be read or not', async () => {
    const { path, writer } = await databaseOf(trades);
    await writer.close();
    const temporary = await temporaryFolder();
    vi.stubEnv('TMPDIR', temporary);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const database = await opened(path);
    expect(await readdir(temporary)).toHaveLength(1);
    await database.close();
    await writeFile(path, Buffer.concat([(await readFile(path)).subarray(0, 100), Buffer.alloc(5_000, 7)]));
    expect(await failureOf(openForeignDatabase(path))).toMatchObject({ code: 'format-damaged' });
    expect(await readdir(temporary)).toEqual([]);
  });

  it('that is missing, empty, a folder or no database is refused by name', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'file');
    expect(await failureOf(openForeignDatabase(path))).toMatchObject({ code: 'file-missing' });
    await writeFile(path, '');
    expect(await failureOf(openForeignDatabase(path))).toMatchObject({ code: 'file-empty' });
    await writeFile(path, 'pair,price\n');
    expect(await failureOf(openForeignDatabase(path))).toMatchObject({ code: 'format-damaged' });
    await rm(path);
    await mkdir(path);
    expect(await failureOf(openForeignDatabase(path))).toMatchObject({ code: 'file-unreadable' });
  });

  it('cut short is told, one way or the other', async () => {
    const { path, writer } = await databaseOf(`${trades} PRAGMA wal_checkpoint(TRUNCATE);`);
    await writer.close();
    await truncate(path, (await stat(path)).size - 4_096);
    const result = await openForeignDatabase(path);
    if (result.ok) {
      onTestFinished(() => result.value.close());
      expect(result.value.warnings).not.toEqual([]);
    } else expect(result.error.code).toBe('format-damaged');
  });
});

describe('a real bot database', () => {
  const folder = '../shared/data/bots';
  const file = 'djienne__Cartea-Jaimungal_MARKET_MAKING_FREQTRADE__tradesv3_a2f6f71';
  it('copied without its log warns; with its log merged it does not', async ({ skip }) => {
    skip(!existsSync(folder), `real logs are not at ${folder}`);
    const without = await opened(join(folder, `${file}_nowal.sqlite`));
    expect(without.warnings).toHaveLength(1);
    expect(await without.rows('trades', 0, 10)).toEqual([]);
    const merged = await opened(join(folder, `${file}_walmerged.sqlite`));
    expect(merged.warnings).toEqual([]);
    expect(await merged.rows('orders', 0, 100)).toHaveLength(32);
  });
});
