import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Connection, statement } from '../../electron/store/connection';
import { latestSchemaVersion } from '../../electron/store/migrations';
import { WriteQueue } from '../../electron/store/write-queue';
import { dayPointOf } from '../../shared/parity/day-point';
import type { Report } from '../../shared/parity/document';
import { methodVersion as presentMethod } from '../../shared/parity/method';
import { defaultParitySettings } from '../../shared/parity/settings';
import { paritySettingsKey } from '../../shared/parity/settings-key';
import { beginning, dayOf, partOf, recordOf, us } from '../support/stored-executions';
import {
  failureOf,
  openedDesk,
  steppingClock,
  storesForTest,
  temporaryFolder,
  unwrapped,
} from '../support/temporary-desk';

/** Statements, reports, settings, news of changes, backups and restore of one desk. */

async function connectionForTest(): Promise<Connection> {
  const connection = await Connection.open(join(await temporaryFolder(), 'file.db'), 'create', 100);
  onTestFinished(() => connection.close().catch(() => undefined));
  await connection.script('make table', 'CREATE TABLE t (i INTEGER, r REAL, b BLOB) STRICT');
  return connection;
}

describe('a value that sqlite3 would store as something else', () => {
  const insert = statement('add a row', 'INSERT INTO t (i, r) VALUES (?, ?)');
  it.each<readonly [string, unknown, RegExp]>([
    ['bigint', 1n, /value 1 of 2 is of type bigint/],
    ['undefined', undefined, /of type undefined/],
    ['boolean', true, /of type boolean/],
    ['date', new Date(0), /of type object/],
    ['NaN', Number.NaN, /is NaN/],
    ['Infinity', Number.POSITIVE_INFINITY, /is Infinity/],
    ['-Infinity', Number.NEGATIVE_INFINITY, /is -Infinity/],
    ['2^53', 2 ** 53, /an integer beyond 2\^53/],
    ['NaN as a quantity', { real: Number.NaN }, /is NaN, which cannot be stored/],
  ])('(%s) is refused with the name of the statement and its place', async (_, value, message) => {
    const connection = await connectionForTest();
    const wrong = await failureOf(connection.run(insert, [value as number, 1])); // the type forbids it; JavaScript does not
    expect(wrong).toMatchObject({ code: 'store-failed', message: expect.stringMatching(message) });
    expect(wrong.message).toContain('"add a row"');
    expect(await connection.all(statement('look', 'SELECT * FROM t'))).toEqual([]);
  });

  it('is told from what can be stored: every safe integer, any finite quantity, bytes, text, null', async () => {
    const connection = await connectionForTest();
    await connection.run(insert, [Number.MAX_SAFE_INTEGER, { real: 1e300 }]);
    await connection.run(insert, [null, { real: 2 ** 60 }]);
    await connection.run(statement('add bytes', 'INSERT INTO t (b) VALUES (?)'), [Uint8Array.of(1, 2)]);
    expect(await connection.all(statement('look', 'SELECT * FROM t'))).toEqual([
      { i: Number.MAX_SAFE_INTEGER, r: 1e300, b: null },
      { i: null, r: 2 ** 60, b: null },
      { i: null, r: null, b: Buffer.of(1, 2) },
    ]);
  });

  it('a failing statement is named', async () => {
    const connection = await connectionForTest();
    expect(await failureOf(connection.run(statement('break it', 'INSERT INTO nowhere VALUES (1)')))).toMatchObject({
      code: 'store-failed',
      message: expect.stringContaining('"break it"'),
      detail: { sqlite: 'SQLITE_ERROR' },
    });
  });
});

describe('the write queue', () => {
  it('runs transactions one after the other; one that throws leaves nothing, the next is not touched', async () => {
    const connection = await connectionForTest();
    const queue = new WriteQueue(connection);
    const add = statement('add', 'INSERT INTO t (i) VALUES (?)');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) =>
        queue.transaction(index % 2 === 0 ? 'decision' : 'bulk', async (transaction) => {
          await transaction.run(add, [index]);
          await new Promise((resolve) => setImmediate(resolve));
          if (index % 3 === 0) throw new Error('no');
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(14);
    const rows = await connection.all(statement('look', 'SELECT i FROM t ORDER BY rowid'));
    expect(rows.map(({ i }) => i)).toEqual(
      Array.from({ length: 40 }, (_, index) => index).filter((index) => index % 3 !== 0),
    );
    await queue.close();
    expect(await failureOf(queue.transaction('bulk', async () => 1))).toMatchObject({ code: 'unavailable' });
  });
});

describe('reports', () => {
  const day = dayOf('2026-01-05');
  // The store looks at the schema, the key and the day's figures of a report and at nothing else; a whole report belongs to the parity tests.
  const reportOf = (symbol: string | null, on: string, status: string) =>
    ({
      schema: 'lockstep.report/1',
      key: { strategy: 'alpha', symbol, from: on, to: on, revision: 0 },
      status,
      attribution: { gap: -2.5 },
      matches: { matched: 3, missed: 1, extra: 0 },
      trackingErrorInterval: { lower: 0.25, upper: 0.75 },
    }) as unknown as Report;
  const stored = (symbol: string | null, on: string, status: string, inputHash: string) => ({
    report: reportOf(symbol, on, status),
    inputHash,
    madeAtUs: 5,
  });

  it('keep their revisions; the latest is given, alone or over a range of days', async () => {
    const desk = await openedDesk(await temporaryFolder());
    await desk.reports.save([stored(null, '2026-01-05', 'PASS', 'a'), stored('BTC/USDT', '2026-01-05', 'WARN', 'a')]);
    await desk.reports.save([stored(null, '2026-01-05', 'FAIL', 'b'), stored(null, '2026-01-07', 'PASS', 'c')]);
    const latest = await desk.reports.latest('alpha', null, day);
    expect(latest).toEqual({
      report: {
        ...reportOf(null, '2026-01-05', 'FAIL'),
        key: { ...reportOf(null, '2026-01-05', 'FAIL').key, revision: 2 },
      },
      inputHash: 'b',
      madeAtUs: 5,
    });
    expect((await desk.reports.revisions('alpha', null, day)).map(({ inputHash }) => inputHash)).toEqual(['a', 'b']);
    const range = await desk.reports.range('alpha', null, day, dayOf('2026-01-31'));
    expect(range.map(({ report, inputHash }) => [report.key.from, report.key.revision, inputHash])).toEqual([
      ['2026-01-05', 2, 'b'],
      ['2026-01-07', 1, 'c'],
    ]);
    expect((await desk.reports.latest('alpha', 'BTC/USDT', day))?.report.status).toBe('WARN');
    expect(await desk.reports.latest('beta', null, day)).toBeNull();
    const several = await desk.reports.ranges('alpha', ['BTC/USDT', null, 'ETH/USDT'], day, dayOf('2026-01-31'));
    expect(several.map(({ report: { key, status } }) => [key.symbol, key.from, key.revision, status])).toEqual([
      ['BTC/USDT', '2026-01-05', 1, 'WARN'],
      [null, '2026-01-05', 2, 'FAIL'],
      [null, '2026-01-07', 1, 'PASS'],
    ]);
    const points = await desk.reports.points('alpha', null, day, dayOf('2026-01-31'));
    expect(points).toEqual(range.map(({ report }) => JSON.parse(JSON.stringify(dayPointOf(report)))));
    expect(points).toMatchObject([
      { day: '2026-01-05', status: 'FAIL', gap: -2.5, trackingErrorLowerBps: 0.25, matched: 3 },
      { day: '2026-01-07', status: 'PASS' },
    ]);
    expect(await desk.reports.points('beta', null, day, day)).toEqual([]);
  });

  it('are unsettled when another method made them, or while their day lasts and its grace', async () => {
    const desk = await openedDesk(await temporaryFolder());
    const method = (methodVersion: string) => ({ ...reportOf(null, '2026-01-06', 'PASS'), methodVersion }) as Report;
    const made = (on: string, madeAt: string, version = presentMethod) => {
      const key = { strategy: 'alpha', symbol: null, from: on, to: on, revision: 0 };
      return { report: { ...method(version), key }, inputHash: 'a', madeAtUs: us(madeAt) };
    };
    await desk.reports.save([
      made('2026-01-05', '2026-01-06T00:00:01Z'),
      made('2026-01-06', '2026-01-07T00:00:01.001Z'),
      made('2026-01-07', '2026-01-09T00:00:00Z', 'parity-0'),
    ]);
    const found = await desk.reports.unsettled('alpha', day, dayOf('2026-01-31'), 1_000);
    expect(found.map((head) => [head.day, head.present])).toEqual([
      ['2026-01-05', true],
      ['2026-01-07', false],
    ]);
  });

  it('of a day that still lasts are one revision, and the first after its end is another', async () => {
    const desk = await openedDesk(await temporaryFolder());
    for (const [hash, madeAt] of [
      ['a', '2026-01-05T10:00:00Z'],
      ['b', '2026-01-05T10:00:01Z'],
      ['c', '2026-01-06T00:00:00Z'],
      ['d', '2026-01-06T00:00:01Z'],
    ] as const) {
      await desk.reports.save([{ ...stored(null, '2026-01-05', 'PASS', hash), madeAtUs: us(madeAt) }]);
    }
    const revisions = await desk.reports.revisions('alpha', null, day);
    expect(revisions.map(({ report: { key }, inputHash }) => [key.revision, inputHash])).toEqual([
      [1, 'b'],
      [2, 'c'],
      [3, 'd'],
    ]);
  });

  it('saved at once are revisions of their own, in the order given', async () => {
    const desk = await openedDesk(await temporaryFolder());
    await desk.reports.save([stored(null, '2026-01-05', 'PASS', 'a')]);
    await desk.reports.save([stored(null, '2026-01-05', 'WARN', 'b'), stored(null, '2026-01-05', 'FAIL', 'c')]);
    const revisions = await desk.reports.revisions('alpha', null, day);
    expect(revisions.map(({ report: { key, status } }) => [key.revision, status])).toEqual([
      [1, 'PASS'],
      [2, 'WARN'],
      [3, 'FAIL'],
    ]);
  });

  it('of several days are refused whole', async () => {
    const desk = await openedDesk(await temporaryFolder());
    const window = stored(null, '2026-01-05', 'PASS', 'a');
    const wrong = { ...window, report: { ...window.report, key: { ...window.report.key, to: '2026-01-06' } } };
    expect(await failureOf(desk.reports.save([window, wrong]))).toMatchObject({ code: 'invalid-arguments' });
    expect(await desk.reports.latest('alpha', null, day)).toBeNull();
  });
});

describe('parity settings', () => {
  it('of a symbol stand over those of the strategy, the desk and the defaults, value by value', async () => {
    const { settings } = await openedDesk(await temporaryFolder());
    expect(await settings.parity('alpha', 'BTC/USDT')).toEqual(defaultParitySettings);
    await settings.set(paritySettingsKey(null, null), JSON.stringify({ capital: 1, trackingBps: { warn: 10 } }));
    await settings.set(paritySettingsKey('alpha', null), JSON.stringify({ capital: 2, trackingBps: { limit: 30 } }));
    await settings.set(paritySettingsKey('alpha', 'BTC/USDT'), JSON.stringify({ capital: null }));
    expect(await settings.parity('alpha', 'BTC/USDT')).toEqual({
      ...defaultParitySettings,
      capital: null,
      trackingBps: { warn: 10, limit: 30, critical: 25 },
    });
    expect((await settings.parity('alpha', null)).capital).toBe(2);
    expect((await settings.parity('beta', 'BTC/USDT')).capital).toBe(1);
  });

  it.each([
    ['an unknown word', '{"trackingBp": 3}', /trackingBp/],
    ['an unknown word inside', '{"feeBps": {"wran": 3}}', /feeBps/],
    ['a wrong value', '{"intervalsPerDay": 0}', /intervalsPerDay/],
    ['no object', '[]', /not an object/],
    ['no JSON', '{', /not JSON/],
  ])('with %s are refused and not stored', async (_, value, message) => {
    const { settings } = await openedDesk(await temporaryFolder());
    const key = paritySettingsKey('alpha', null);
    expect(await failureOf(settings.set(key, value))).toMatchObject({
      code: 'settings-invalid',
      message: expect.stringMatching(message),
    });
    expect(await settings.get(key)).toBeNull();
  });
});

describe('news of changes', () => {
  it('come for own writes at once and for another process’s soon, not for rows of a running import', async () => {
    const folder = await temporaryFolder();
    const desk = await openedDesk(folder);
    const other = await openedDesk(folder);
    const listener = vi.fn();
    const stop = desk.onChange(listener);
    await desk.settings.set('own', '1');
    expect(listener).toHaveBeenCalledTimes(1);

    const session = await other.imports.begin(beginning);
    await vi.waitFor(() => expect(listener).toHaveBeenCalledTimes(2));
    await session.addParts([partOf([{ atUs: us('2026-01-05T09:00:00Z') }])]);
    // Far longer than it takes to look for changes several times.
    for (let line = 1; line <= 200; line++) {
      await session.addQuarantined([{ line, day: null, symbol: null, reason: 'x', text: '' }]);
    }
    expect(listener).toHaveBeenCalledTimes(2);
    await session.commit(recordOf());
    await vi.waitFor(() => expect(listener).toHaveBeenCalledTimes(3));
    stop();
    await desk.settings.set('own', '2');
    expect(listener).toHaveBeenCalledTimes(3);
  });
});

describe('backups', () => {
  it('are whole, without the import that runs, and come back with restore', async () => {
    const folder = await temporaryFolder();
    const stores = storesForTest();
    const desk = await openedDesk(folder, stores);
    const kept = await desk.imports.begin(beginning);
    await kept.addParts([partOf([{ atUs: us('2026-01-05T09:00:00Z') }])]);
    await kept.commit(recordOf());
    const running = await desk.imports.begin(beginning);
    await running.addParts([partOf([{ atUs: us('2026-01-06T09:00:00Z') }])]);
    const path = await desk.backup(null);
    expect(path).toMatch(/backups\/lockstep-20260301T\d{6}\.\d{6}Z\.db$/);
    await running.commit(recordOf());
    expect(await desk.health()).toMatchObject({
      integrity: 'ok',
      schemaVersion: latestSchemaVersion,
      backups: [{ path }],
    });
    await desk.close();

    const { setAside } = unwrapped(await stores.restoreDeskStore(folder, path));
    const again = await openedDesk(folder, stores, 'existing');
    expect((await again.executions.segments({})).map(({ key }) => key.day)).toEqual(['2026-01-05']);
    await (await again.imports.begin(beginning)).commit(recordOf());
    const aside = await Connection.open(setAside!, 'read', 100);
    onTestFinished(() => aside.close());
    expect(await aside.all(statement('look', 'SELECT count(*) AS parts FROM segment_parts'))).toEqual([{ parts: 2 }]);
  });

  it('beyond ten are removed oldest first; a name the user chose stays and is never overwritten', async () => {
    const folder = await temporaryFolder();
    const desk = await openedDesk(folder);
    const own = join(folder, 'backups', 'before-the-holidays.db');
    const first = await desk.backup(null);
    await desk.backup(own);
    for (let backup = 0; backup < 10; backup++) await desk.backup(null);
    const names = await readdir(join(folder, 'backups'));
    expect(names).toHaveLength(11);
    expect(names).toContain('before-the-holidays.db');
    await expect(stat(first)).rejects.toThrow('ENOENT');
    expect(await failureOf(desk.backup(own))).toMatchObject({ code: 'conflict' });
  });

  it('that cannot be a desk are refused and change nothing', async () => {
    const folder = await temporaryFolder();
    const stores = storesForTest();
    const desk = await openedDesk(folder, stores);
    await desk.settings.set('a', 'b');
    const good = await desk.backup(null);
    await desk.close();
    const path = (name: string) => join(folder, name);
    const bytes = await readFile(good);
    await writeFile(path('cut.db'), bytes.subarray(0, bytes.length / 2));
    await writeFile(path('text.db'), 'not a database at all, but long enough to look like one'.repeat(100));
    await writeFile(path('empty.db'), '');
    const newer = await Connection.open(path('other.db'), 'create', 100);
    await newer.script('another program', 'CREATE TABLE trades (id INTEGER)');
    await newer.close();
    await writeFile(path('newer.db'), bytes);
    const future = await Connection.open(path('newer.db'), 'write', 100);
    await future.script('a later program', `INSERT INTO schema_versions VALUES (999, 'later', 0)`);
    await future.close();
    for (const name of ['cut.db', 'text.db', 'empty.db', 'other.db', 'newer.db', 'lockstep.db']) {
      expect(await failureOf(stores.restoreDeskStore(folder, path(name))), name).toMatchObject({
        code: 'backup-invalid',
      });
    }
    expect(await failureOf(stores.restoreDeskStore(folder, path('absent.db')))).toMatchObject({ code: 'file-missing' });
    expect((await readdir(folder)).filter((name) => name.startsWith('lockstep'))).toEqual(['lockstep.db']);
    expect(await (await openedDesk(folder, stores)).settings.get('a')).toBe('b');
  });
});

describe('a desk of a newer program', () => {
  it('is refused and left as it is', async () => {
    const folder = await temporaryFolder();
    await (await openedDesk(folder)).close();
    const path = join(folder, 'lockstep.db');
    const future = await Connection.open(path, 'write', 100);
    await future.script('a later program', `INSERT INTO schema_versions VALUES (999, 'later', 0)`);
    await future.close();
    const before = await readFile(path);
    expect(await failureOf(storesForTest(steppingClock()).openDeskStore(folder, 'create'))).toMatchObject({
      code: 'store-newer',
      message: expect.stringContaining('schema 999'),
    });
    expect((await readFile(path)).equals(before)).toBe(true);
  });
});
