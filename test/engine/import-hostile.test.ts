import { appendFileSync, unlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { noHints } from '../../electron/engine/imports/import-service';
import { createInlineRunner } from '../../electron/engine/worker/inline';
import { tasks } from '../../electron/engine/worker/task-functions';
import type { TaskRunner } from '../../electron/engine/worker/tasks';
import { contentOf, csvHeader, csvOf, csvRow, type ImportDesk, importDesk, jobFor } from '../support/import-desk';
import { failureOf, unwrapped } from '../support/temporary-desk';
import { zipOf } from '../support/zip';

/** What reaches a desk's import folder on a bad day. Each has one clear answer, and the desk holds what it held before. */

let desk: ImportDesk;
let before: unknown;
beforeEach(async () => {
  desk = await importDesk();
  unwrapped(await desk.import(await desk.file('sound.csv', csvOf([{ tradeId: 't1' }, { tradeId: 't2', price: 101 }]))));
  before = await contentOf(desk.store);
});

const sound = csvOf([{ tradeId: 'h1', executedAt: '2026-01-06T10:00:00Z' }]);

describe('files that are refused as a whole', () => {
  test.each<[string, string | Uint8Array, string, RegExp]>([
    ['empty', '', 'file-empty', /bad\.csv is empty \(0 bytes\)/],
    [
      'binary',
      Buffer.from(Array.from({ length: 4_096 }, (_, at) => (at * 7919) % 256)),
      'format-damaged',
      /is not text/,
    ],
    ['a Parquet file cut short', Buffer.from('PAR1\u0015\u0004'), 'format-damaged', /is no readable Parquet table/],
    ['a Feather file cut short', Buffer.from('ARROW1\0\0\u0015\u0004'), 'format-damaged', /is no readable Arrow table/],
    ['a Feather file of version 1', Buffer.from('FEA1\0\0\0\0'), 'format-unknown', /a Feather file of version 1/],
    ['UTF-16 without a mark', Buffer.from(sound, 'utf16le'), 'format-damaged', /UTF-16 text without a byte-order mark/],
    [
      'a missing column',
      sound.replace(csvHeader, csvHeader.replace('price,', 'cost,')),
      'format-damaged',
      /no column "price"/i,
    ],
    ['an unknown header', 'one,two,three\n1,2,3\n', 'format-unknown', /line 1 is "one,two,three"/],
    ['one line of 10 MB', 'x'.repeat(10_000_000), 'format-unknown', /first line has no end within 65536 bytes/],
    ['a bomb of quotes', '"'.repeat(10_000_001), 'format-unknown', /first line has no end/],
    [
      'a gzip cut short',
      gzipSync(sound.repeat(50)).subarray(0, 120),
      'format-damaged',
      /damaged or incomplete archive/,
    ],
    [
      'a zip cut short',
      zipOf([{ name: 'a.csv', content: sound }]).subarray(0, 90),
      'format-damaged',
      /damaged or incomplete/,
    ],
    [
      'a zip that climbs out',
      zipOf([{ name: '../../a.csv', content: sound }]),
      'archive-unsafe',
      /leads out of the archive/,
    ],
    ['a zip with an absolute path', zipOf([{ name: '/etc/a.csv', content: sound }]), 'archive-unsafe', /leads out/],
    ['a zip with a drive', zipOf([{ name: 'C:\\a.csv', content: sound }]), 'archive-unsafe', /leads out/],
    [
      'an archive in an archive in an archive',
      zipOf([
        { name: 'a.csv', content: sound },
        { name: 'b.zip', content: zipOf([{ name: 'c.csv.gz', content: gzipSync(sound) }]) },
      ]),
      'archive-unsafe',
      /holds another archive, b\.zip\/c\.csv\.gz, inside an archive/,
    ],
    ['a gzip bomb', gzipSync(csvOf([]) + 'a'.repeat(80_000_000)), 'archive-unsafe', /unpacks to more than 200 times/],
    [
      'a zip bomb',
      zipOf([{ name: 'a.csv', content: Buffer.alloc(80_000_000, 'a,b\n') }]),
      'archive-unsafe',
      /unpacks to more/,
    ],
    ['an empty zip', zipOf([]), 'file-empty', /without files/],
    [
      'a zip with a wrong checksum',
      zipOf([{ name: 'a.csv', content: sound, crc: 1 }]),
      'format-damaged',
      /checksum of a\.csv/,
    ],
  ])('%s', async (_name, content, code, message) => {
    const failed = await failureOf(desk.import(await desk.file('bad.csv', content)));
    expect(failed.code).toBe(code);
    expect(failed.message).toMatch(message);
    expect(failed.hint).not.toBe('');
    expect(await contentOf(desk.store)).toEqual(before);
  });

  test('a folder, and a file that is not there', async () => {
    await mkdir(join(desk.folder, 'folder'));
    expect(await failureOf(desk.import(jobFor(join(desk.folder, 'folder'), 'folder')))).toMatchObject({
      code: 'file-unreadable',
      message: 'folder is a folder.',
    });
    expect(await failureOf(desk.import(jobFor(join(desk.folder, 'none.csv'), 'none.csv')))).toMatchObject({
      code: 'file-missing',
    });
    expect(await contentOf(desk.store)).toEqual(before);
  });

  test.each([
    ['dates that prove day first and month first', ['25/12/2025', '12/25/2025'], 'format-damaged', /more than one way/],
    [
      'dates whose order changes far down the file',
      [...Array<string>(2_000).fill('25/12/2025'), '12/26/2025'],
      'format-damaged',
      /more than one way, for example "12\/26\/2025/,
    ],
    [
      'dates that prove neither',
      ['03/04/2025', '01/02/2025'],
      'format-ambiguous',
      /day first or month first: "03\/04\/2025/,
    ],
  ])('%s', async (_name, dates, code, message) => {
    const columns = { time: 'when', side: 'way', price: 'at', quantity: 'many', symbol: 'what' };
    const map = JSON.stringify({ id: 'own', title: 'Own log', kind: 'fills', columns });
    const rows = dates.map((date) => `${date} 10:00:00,buy,100,1,BTC/USDT`);
    const job = await desk.file('dates.csv', `when,way,at,many,what\n${rows.join('\n')}\n`, {
      hints: { ...noHints, map },
    });
    const failed = await failureOf(desk.import(job));
    expect(failed.code).toBe(code);
    expect(failed.message).toMatch(message);
    expect(await contentOf(desk.store)).toEqual(before);
  });

  test('JSON cut short', async () => {
    const content = '{"strategy": {"alpha": {"trades": [{"pair": "BTC/US';
    const failed = await failureOf(desk.import(await desk.file('bad.json', content, { source: 'backtest' })));
    expect(failed.code).toBe('format-damaged');
    expect(failed.message).toMatch(/bad\.json is not valid JSON: /);
    expect(await contentOf(desk.store)).toEqual(before);
  });

  test('a backtest result called live', async () => {
    const content = '{"strategy": {"alpha": {"trades": []}}}';
    const failed = await failureOf(desk.import(await desk.file('result.json', content)));
    expect(failed).toMatchObject({ code: 'invalid-arguments', detail: { impliedSource: 'backtest', source: 'live' } });
    expect(await contentOf(desk.store)).toEqual(before);
  });

  test("an exchange's log named as the reference is taken at the user's word, with a warning", async () => {
    const content =
      'Date(UTC),Market,Type,Price,Amount,Total,Fee,Fee Coin\n2026-01-05 10:00:00,BTCUSDT,BUY,100,1,100,0.1,USDT\n';
    const outcome = unwrapped(await desk.import(await desk.file('a.csv', content, { source: 'backtest' })));
    expect(outcome.counts.executions).toBe(1);
    expect(outcome.warnings.join(' ')).toContain('normally a live log');
  });

  test('no strategy, neither in the file nor named', async () => {
    const failed = await failureOf(desk.import(await desk.file('a.csv', sound, { strategy: null })));
    expect(failed).toMatchObject({ code: 'invalid-arguments', detail: { missing: 'strategy' } });
    expect(failed.hint).toContain('--strategy');
    expect(await contentOf(desk.store)).toEqual(before);
  });

  test('a format that does not exist', async () => {
    const hints = { format: 'no-such-format', map: null, zone: null, symbol: null };
    const failed = await failureOf(desk.import(await desk.file('a.csv', sound, { hints })));
    expect(failed).toMatchObject({ code: 'invalid-arguments', message: 'There is no format "no-such-format".' });
    expect(failed.hint).toContain('lockstep-csv');
  });

  test.each([
    ['negative quantities', csvRow({ quantity: -5 }), /quantity is "-5", but must be above zero/],
    ['zero prices', csvRow({ price: 0 }), /price is "0", but must be above zero/],
    ['NaN', csvRow({ price: 'NaN' }), /price is "NaN"/],
    ['1e400', csvRow({ quantity: '1e400' }), /quantity is "1e400"/],
    ['a time before 1990', csvRow({ executedAt: '1970-01-01T00:00:01Z' }), /executedAt is before 1990/],
    ['a time in the future', csvRow({ executedAt: '2031-01-01T00:00:00Z' }), /executedAt lies in the future/],
    ['too few cells', 'BTC/USDT,buy,100', /the row has 3 cells where the header has 9/],
    ['one line of 10 MB under a header', `"${'9'.repeat(10_000_000)}`, /longer than 1 MiB/],
    ['ten million quotes under a header', '"'.repeat(10_000_001), /longer than 1 MiB/],
  ])('nothing but %s', async (_name, row, reason) => {
    const failed = await failureOf(desk.import(await desk.file('bad.csv', `${csvHeader}\n${row}\n`)));
    expect(failed).toMatchObject({ code: 'format-damaged', detail: { line: 2, quarantined: 1 } });
    expect(failed.message).toMatch(reason);
    expect(await contentOf(desk.store)).toEqual(before);
  });
});

describe('rows that are refused while the sound ones are kept', () => {
  test.each<[string, string | Uint8Array, number, RegExp]>([
    ['truncated in the middle of a row', `${sound}BTC/USDT,sell,1`, 3, /truncated: .* after 3 of 9 cells/],
    ['truncated inside quotes', `${sound}"BTC/US`, 3, /truncated: .* inside a quoted cell/],
    ['a negative quantity', `${sound}${csvRow({ quantity: -1 })}\n`, 3, /quantity is "-1"/],
    [
      'a Latin-1 byte',
      Buffer.concat([Buffer.from(sound), Buffer.from([0xe9]), Buffer.from(`${csvRow({})}\n`)]),
      3,
      /not valid UTF-8/,
    ],
    ['a NUL byte', `${sound}\0${csvRow({})}\n`, 3, /NUL bytes/],
    ['a quote never closed', `${sound}"${csvRow({})}\n`, 3, /never closed|stray|truncated|quote/],
  ])('%s', async (_name, content, line, reason) => {
    const outcome = unwrapped(await desk.import(await desk.file('bad.csv', content)));
    expect(outcome.counts).toMatchObject({ rowsRead: 2, executions: 1, quarantined: 1 });
    expect(outcome.quarantined[0]).toMatchObject({ line, reason: expect.stringMatching(reason) });
    const stored = await desk.store.imports.quarantined(outcome.importId, { offset: 0, limit: 10 });
    expect(stored.rows).toMatchObject([{ line, reason: expect.stringMatching(reason) }]);
  });

  test('the same header again is no trade; another format behind it is refused row by row', async () => {
    const other = 'txid,ordertxid,pair,time,type,ordertype,price,cost,fee,vol,margin,misc,ledgers';
    const content = `${sound}${csvHeader}\n${csvRow({ tradeId: 'h2' })}\n${other}\nT1,O1,XXBTZEUR,2026-01-06 10:00:00.1,buy,limit,1,1,0,1,0,,L1\n`;
    const outcome = unwrapped(await desk.import(await desk.file('glued.csv', content)));
    expect(outcome.otherRowNames).toEqual({ 'repeated header': 1 });
    expect(outcome.counts).toMatchObject({ rowsRead: 5, executions: 2, otherRows: 1, quarantined: 2 });
    expect(outcome.quarantined.map(({ line, reason }) => [line, reason])).toEqual([
      [5, 'a second header begins at line 5 (looks like kraken-trades-csv): two files are glued together'],
      [6, 'a second header begins at line 5 (looks like kraken-trades-csv): two files are glued together'],
    ]);
  });
});

describe('files that change under the reader', () => {
  /** Runs `act` once the first rows have been read. */
  function interrupting(act: () => void): TaskRunner {
    const inline = createInlineRunner(tasks);
    return {
      run: (name, args, options) => inline.run(name, args, { ...options, onProgress: act }),
      close: inline.close,
    };
  }

  test('vanishes', async () => {
    const path = join(desk.folder, 'gone.csv');
    const other = await importDesk(interrupting(() => unlinkSync(path)));
    await desk.file('gone.csv', sound);
    const failed = await failureOf(other.import(jobFor(path, 'gone.csv')));
    expect(failed).toMatchObject({ code: 'file-missing', detail: { path } });
    expect(await contentOf(other.store)).toMatchObject({ fills: [], done: 0 });
  });

  test('grows', async () => {
    const path = join(desk.folder, 'growing.csv');
    const other = await importDesk(interrupting(() => appendFileSync(path, `${csvRow({ tradeId: 'late' })}\n`)));
    await desk.file('growing.csv', sound);
    const failed = await failureOf(other.import(jobFor(path, 'growing.csv')));
    expect(failed).toMatchObject({ code: 'file-changed', detail: { sizeBytesBefore: sound.length } });
    expect(await contentOf(other.store)).toMatchObject({ fills: [], done: 0 });
  });
});
