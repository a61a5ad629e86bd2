import { execFileSync, spawn } from 'node:child_process';
import { chmod, copyFile, mkdir, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { deskStores } from '../../electron/store';
import { beginning, dayOf, partOf, recordOf, us } from '../support/stored-executions';
import {
  countingIds,
  failureOf,
  openedDesk,
  steppingClock,
  storesForTest,
  temporaryFolder,
  unwrapped,
} from '../support/temporary-desk';

/** What the store does when the disk, the file or another program gets in the way: it says so, and nothing is lost or replaced. */

const isRoot = process.getuid?.() === 0;
const canMount = isRoot && mountWorks();
const needsMount = 'needs root and the right to mount a file system';

function mountWorks(): boolean {
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function deskWithOneImport(): Promise<string> {
  const folder = await temporaryFolder();
  const desk = await openedDesk(folder);
  const session = await desk.imports.begin(beginning);
  await session.addParts(
    Array.from({ length: 40 }, (_, symbol) =>
      partOf(
        Array.from({ length: 500 }, (__, row) => ({ atUs: us('2026-01-05T00:00:00Z') + row, price: row + symbol })),
        { symbol: `S${symbol}` },
      ),
    ),
  );
  await session.commit(recordOf());
  await desk.close();
  return folder;
}

const anyPart = (symbol: string, rows: number) =>
  partOf(
    Array.from({ length: rows }, (_, row) => ({ atUs: us('2026-02-01T00:00:00Z') + row, price: Math.random() })),
    { symbol },
  );

describe('a damaged file', () => {
  it('whose first page is overwritten is refused, kept, and the newest backup named', async () => {
    const folder = await deskWithOneImport();
    const stores = storesForTest();
    const desk = await openedDesk(folder, stores);
    await desk.backup(null);
    const newest = await desk.backup(null);
    await desk.close();
    const path = join(folder, 'lockstep.db');
    const file = await open(path, 'r+');
    await file.write(Buffer.alloc(32_768, 0xa5), 0, 32_768, 0);
    await file.close();
    const before = await readFile(path);
    const refused = await failureOf(stores.openDeskStore(folder, 'create'));
    expect(refused).toMatchObject({ code: 'store-corrupt', hint: expect.stringContaining(newest.split('/').at(-1)!) });
    expect((await readFile(path)).equals(before)).toBe(true);

    const restored = unwrapped(await stores.restoreDeskStore(folder, newest));
    expect((await readFile(restored.setAside!)).equals(before)).toBe(true);
    const again = await openedDesk(folder, stores, 'existing');
    expect(await again.executions.segments({})).toHaveLength(40);
  });

  it('that is cut short is refused', async () => {
    const folder = await deskWithOneImport();
    const path = join(folder, 'lockstep.db');
    await truncate(path, Math.floor((await stat(path)).size / 2));
    expect(await failureOf(storesForTest().openDeskStore(folder, 'existing'))).toMatchObject({
      code: 'store-corrupt',
      hint: expect.stringContaining('There is no backup'),
    });
  });

  it('with flipped bits in its executions fails to read that segment and says which, instead of giving other numbers', async () => {
    const folder = await deskWithOneImport();
    const path = join(folder, 'lockstep.db');
    const bytes = await readFile(path);
    // Two neighbouring prices that every one of the forty columns holds; the file may hold old copies of them besides.
    const price = Buffer.alloc(16);
    price.writeDoubleLE(238, 0);
    price.writeDoubleLE(239, 8);
    for (let at = bytes.indexOf(price); at >= 0; at = bytes.indexOf(price, at + 1)) bytes[at + 6]! ^= 0x10;
    await writeFile(path, bytes);
    const desk = await openedDesk(folder, storesForTest(), 'existing');
    const keys = (await desk.executions.segments({})).map(({ key }) => key);
    expect(keys).toHaveLength(40);
    for (const key of keys) {
      expect(await failureOf(desk.executions.readSegment(key))).toMatchObject({
        code: 'store-corrupt',
        message: expect.stringContaining(`alpha ${key.symbol} 2026-01-05 fails its check sum`),
      });
    }
  });

  it('that is another program’s database is refused and left as it is', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'lockstep.db');
    await new Promise<void>((resolve, reject) => {
      const other: sqlite3.Database = new sqlite3.Database(path);
      other.exec('CREATE TABLE trades (id INTEGER)', (error) =>
        error === null ? other.close(() => resolve()) : reject(error),
      );
    });
    expect(await failureOf(storesForTest().openDeskStore(folder, 'create'))).toMatchObject({
      code: 'store-corrupt',
      message: expect.stringContaining('not a Lockstep desk'),
    });
    await writeFile(path, 'strategy,symbol,price\n'.repeat(5_000));
    expect(await failureOf(storesForTest().openDeskStore(folder, 'create'))).toMatchObject({ code: 'store-corrupt' });
    expect(await readFile(path, 'utf8')).toBe('strategy,symbol,price\n'.repeat(5_000));
  });

  it('that became empty is not taken for a new desk while backups say otherwise', async () => {
    const folder = await deskWithOneImport();
    const desk = await openedDesk(folder);
    await desk.backup(null);
    await desk.close();
    await truncate(join(folder, 'lockstep.db'), 0);
    expect(await failureOf(storesForTest().openDeskStore(folder, 'create'))).toMatchObject({ code: 'store-corrupt' });
  });
});

describe('a file another process holds', () => {
  let holder = '';
  beforeAll(() => {
    holder = `
      const sqlite3 = require('sqlite3');
      const database = new sqlite3.Database(process.argv[1]);
      database.exec(process.argv[2], (error) => console.log(error === null ? 'held' : String(error)));
      setInterval(() => {}, 1000);
    `;
  });

  async function held(path: string, sql: string): Promise<() => Promise<void>> {
    const child = spawn(process.execPath, ['-e', holder, path, sql], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    const said = await new Promise<string>((resolve) =>
      child.stdout.once('data', (chunk: Buffer) => resolve(String(chunk))),
    );
    expect(said.trim()).toBe('held');
    return () => {
      child.kill('SIGKILL');
      return ended;
    };
  }

  it('alone is refused as locked, and opens once it is let go', async () => {
    const folder = await deskWithOneImport();
    const release = await held(join(folder, 'lockstep.db'), 'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;');
    expect(await failureOf(storesForTest().openDeskStore(folder, 'existing'))).toMatchObject({ code: 'store-locked' });
    await release();
    expect(await (await openedDesk(folder)).executions.segments({})).toHaveLength(40);
  });

  it('in the middle of a write can be read, and a write says that it waits for another program', async () => {
    const folder = await deskWithOneImport();
    const desk = await openedDesk(folder);
    const release = await held(join(folder, 'lockstep.db'), 'BEGIN IMMEDIATE; CREATE TABLE held (a)');
    expect(await desk.executions.segments({})).toHaveLength(40);
    expect(await failureOf(desk.settings.set('a', 'b'))).toMatchObject({ code: 'store-locked' });
    await release();
    await desk.settings.set('a', 'b');
    expect(await desk.settings.get('a')).toBe('b');
  });

  it('is not replaced by a restore', async () => {
    const folder = await deskWithOneImport();
    const desk = await openedDesk(folder);
    const backup = await desk.backup(null);
    expect(await failureOf(storesForTest().restoreDeskStore(folder, backup))).toMatchObject({ code: 'store-locked' });
    await desk.settings.set('still', 'here');
    await desk.close();
    expect(await (await openedDesk(folder)).settings.get('still')).toBe('here');
    expect((await readdir(folder)).sort()).toEqual(['backups', 'lockstep.db', 'lockstep.db-shm', 'lockstep.db-wal']);
  });
});

describe('a place that cannot be written', () => {
  it('as a folder inside a file is refused', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), 'x');
    expect(await failureOf(storesForTest().openDeskStore(join(folder, 'file', 'desk'), 'create'))).toMatchObject({
      code: 'store-failed',
      message: expect.stringContaining(join(folder, 'file', 'desk')),
    });
  });

  it('without a desk is said to have none, and nothing is made there', async () => {
    const folder = join(await temporaryFolder(), 'nowhere');
    expect(await failureOf(storesForTest().openDeskStore(folder, 'existing'))).toMatchObject({ code: 'not-found' });
    await expect(stat(folder)).rejects.toThrow('ENOENT');
  });

  // A mount of one's own works for root alone; anybody else is stopped by the permissions themselves.
  it('(read-only folder or disk) is refused with what to do', async ({ skip }) => {
    skip(isRoot && !canMount, needsMount);
    const folder = await deskWithOneImport();
    if (isRoot) {
      execFileSync('mount', ['--bind', folder, folder]);
      onTestFinished(() => {
        execFileSync('umount', [folder]);
      });
      execFileSync('mount', ['-o', 'remount,ro,bind', folder]);
    } else {
      await chmod(join(folder, 'lockstep.db'), 0o444);
      await chmod(folder, 0o555);
      onTestFinished(() => chmod(folder, 0o755));
    }
    for (const place of [folder, join(folder, 'new')]) {
      expect(await failureOf(storesForTest().openDeskStore(place, 'create'))).toMatchObject({
        code: 'store-read-only',
        hint: expect.stringContaining('--data-dir'),
      });
    }
  });
});

describe('a full disk', () => {
  it('ends the import, keeps what was there, and goes on when there is space again', async ({ skip }) => {
    skip(!canMount, needsMount);
    const folder = await temporaryFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder]);
    onTestFinished(() => {
      execFileSync('umount', ['--lazy', folder]);
    });
    const desk = await openedDesk(folder);
    const first = await desk.imports.begin(beginning);
    await first.addParts([anyPart('KEPT', 500)]);
    await first.commit(recordOf());
    const ballast = join(folder, 'ballast');
    await writeFile(ballast, Buffer.alloc(3_000_000));
    const second = await desk.imports.begin(beginning);
    const fill = async () => {
      for (let symbol = 0; symbol < 200; symbol++) await second.addParts([anyPart(`S${symbol}`, 2_000)]);
    };
    const refused = await failureOf(fill());
    expect(refused).toMatchObject({ code: 'store-full', hint: expect.stringContaining('Free some space') });
    expect((await desk.executions.segments({})).map(({ key }) => key.symbol)).toEqual(['KEPT']);
    await rm(ballast);
    await second.abandon('failed', refused);
    const third = await desk.imports.begin(beginning);
    await third.addParts([anyPart('AFTER', 500)]);
    await third.commit(recordOf());
    expect((await desk.executions.segments({})).map(({ key }) => key.symbol)).toEqual(['AFTER', 'KEPT']);
    expect((await desk.health()).integrity).toBe('ok');
  });

  it('refuses a backup and leaves no half of one', async ({ skip }) => {
    skip(!canMount, needsMount);
    const small = await temporaryFolder();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', small]);
    onTestFinished(() => {
      execFileSync('umount', [small]);
    });
    const desk = await openedDesk(await deskWithOneImport());
    expect(await failureOf(desk.backup(join(small, 'copy.db')))).toMatchObject({ code: 'store-full' });
    expect(await readdir(small)).toEqual([]);
  });
});

describe('two processes that open the same new desk at once', () => {
  it('both get it, with one schema', async () => {
    const folder = await temporaryFolder();
    // Each makes the schema step by step, and none of them may give up while the others do.
    const stores = deskStores({ clock: steppingClock(), ids: countingIds() });
    const desks = await Promise.all(Array.from({ length: 4 }, () => openedDesk(folder, stores)));
    await desks[0]!.settings.set('a', 'b');
    expect(await desks[3]!.settings.get('a')).toBe('b');
  });
});

describe('a write-ahead log left by a killed process', () => {
  it('is read with the file, so that nothing it held is lost', async () => {
    const folder = await deskWithOneImport();
    const desk = await openedDesk(folder);
    await desk.settings.set('only in', 'the log');
    const copy = await temporaryFolder();
    await mkdir(copy, { recursive: true });
    for (const name of ['lockstep.db', 'lockstep.db-wal']) await copyFile(join(folder, name), join(copy, name));
    expect(await (await openedDesk(copy, storesForTest(), 'existing')).settings.get('only in')).toBe('the log');
  });
});

describe('a part whose columns contradict themselves', () => {
  const good = partOf([{ atUs: us('2026-01-05T09:00:00Z') }, { atUs: us('2026-01-05T10:00:00Z') }]);
  it.each([
    ['rows out of order', { columns: { ...good.columns, executedAtUs: good.columns.executedAtUs.slice().reverse() } }],
    ['hashes out of order', { hashes: good.hashes.slice().sort().reverse() }],
    ['fewer hashes than rows', { hashes: good.hashes.slice(0, 1) }],
    ['another day', { summary: { ...good.summary, key: { ...good.summary.key, day: dayOf('2026-01-06') } } }],
    ['a price of NaN', { columns: { ...good.columns, price: Float64Array.of(1, Number.NaN) } }],
    ['an index beyond its dictionary', { columns: { ...good.columns, venue: Uint16Array.of(0, 9) } }],
    [
      'half a microsecond',
      { columns: { ...good.columns, executedAtUs: good.columns.executedAtUs.map((at) => at + 0.5) } },
    ],
  ])('(%s) is refused and nothing of it stored', async (_, wrong) => {
    const desk = await openedDesk(await temporaryFolder());
    const session = await desk.imports.begin(beginning);
    expect(await failureOf(session.addParts([good, { ...good, ...wrong }]))).toMatchObject({
      code: 'invalid-arguments',
    });
    expect(await session.existingHashes([good.summary.key])).toEqual([[]]);
  });
});
