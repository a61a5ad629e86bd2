import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PrintedRow } from '../../electron/engine/imports/import-task';
import { createWorkerPool } from '../../electron/engine/worker/pool';
import { engineWorkerScript } from '../support/engine-worker';
import { type CsvFill, contentOf, csvHeader, csvOf, csvRow, importDesk, jobFor } from '../support/import-desk';
import { failureOf, unwrapped } from '../support/temporary-desk';
import { zipOf } from '../support/zip';

const two: readonly CsvFill[] = [
  { tradeId: 't1', executedAt: '2026-01-05T10:00:00.5Z' },
  { tradeId: 't2', executedAt: '2026-01-05T11:00:00Z', side: 'sell', symbol: 'ETH/USDT' },
];

describe('the same trades again', () => {
  test('the same file adds nothing', async () => {
    const desk = await importDesk();
    const job = await desk.file('a.csv', csvOf(two));
    expect(unwrapped(await desk.import(job)).counts).toMatchObject({ executions: 2, duplicates: 0 });
    const before = await contentOf(desk.store);
    expect(unwrapped(await desk.import(job)).counts).toMatchObject({ rowsRead: 2, executions: 0, duplicates: 2 });
    expect(await contentOf(desk.store)).toEqual({ ...Object(before), done: 2 });
  });

  test('equal rows without a trade id are real in one file and the same in another', async () => {
    const desk = await importDesk();
    const row: CsvFill = { symbol: 'AMP/USDT', quantity: 49 };
    const import_ = async (count: number, name: string) =>
      unwrapped(await desk.import(await desk.file(name, csvOf(Array<CsvFill>(count).fill(row))))).counts;
    expect(await import_(2, 'two.csv')).toMatchObject({ executions: 2, duplicates: 0 });
    expect(await import_(3, 'three.csv')).toMatchObject({ executions: 1, duplicates: 2 });
    expect(await import_(1, 'one.csv')).toMatchObject({ executions: 0, duplicates: 1 });
  });

  test('one trade id twice in one file is one trade', async () => {
    const desk = await importDesk();
    const outcome = unwrapped(await desk.import(await desk.file('a.csv', csvOf([two[0]!, two[0]!]))));
    expect(outcome.counts).toMatchObject({ rowsRead: 2, executions: 1, duplicates: 1 });
  });

  test.each<[string, CsvFill]>([
    ['price', { price: 100.5 }],
    ['quantity', { quantity: 2 }],
    ['side', { side: 'sell' }],
    ['time', { executedAt: '2026-01-05T10:00:00.000001Z' }],
    ['symbol', { symbol: 'ETH/USDT' }],
    ['order id', { orderId: 'o2' }],
    ['fee', { fee: 0.2 }],
  ])('another %s is another trade', async (_name, change) => {
    const desk = await importDesk();
    const outcome = unwrapped(await desk.import(await desk.file('a.csv', csvOf([{}, change]))));
    expect(outcome.counts).toMatchObject({ executions: 2, duplicates: 0 });
  });

  test('another source, strategy or account is another trade', async () => {
    const desk = await importDesk();
    const content = csvOf([two[0]!]);
    for (const change of [{}, { source: 'backtest' }, { strategy: 'beta' }, { account: 'second' }] as const) {
      const outcome = unwrapped(await desk.import(await desk.file('a.csv', content, change)));
      expect(outcome.counts).toMatchObject({ executions: 1, duplicates: 0 });
    }
  });

  test('overlapping parts in any order make the same desk as the whole file', async () => {
    const fill = fc.record({
      symbol: fc.constantFrom('BTC/USDT', 'ETH/USDT'),
      price: fc.integer({ min: 1, max: 3 }),
      executedAt: fc.constantFrom('2026-01-05T10:00:00Z', '2026-01-05T23:59:59.999999Z', '2026-01-06T00:00:00Z'),
      tradeId: fc.constantFrom('', 't1', 't2', 't3'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fill, { minLength: 1, maxLength: 14 }),
        fc.nat(14),
        fc.nat(14),
        fc.boolean(),
        async (fills, cut, overlap, reversed) => {
          // Parts as a venue cuts them: by row of one history, so that equal rows keep their company.
          const first = fills.slice(0, Math.min(fills.length, cut + overlap));
          const second = withCompany(fills, cut);
          const whole = await importDesk();
          unwrapped(await whole.import(await whole.file('whole.csv', csvOf(fills))));
          const parts = await importDesk();
          for (const part of reversed ? [second, first] : [first, second]) {
            unwrapped(await parts.import(await parts.file('part.csv', csvOf(part))));
          }
          unwrapped(await parts.import(await parts.file('whole.csv', csvOf(fills))));
          const { fills: expected } = (await contentOf(whole.store)) as { fills: unknown };
          expect(await contentOf(parts.store)).toMatchObject({ fills: expected });
        },
      ),
      { numRuns: 15 },
    );
  }, 120_000);

  /** The rows from `cut` on, and with each of them its equals from before. */
  function withCompany(fills: readonly CsvFill[], cut: number): readonly CsvFill[] {
    const wanted = new Set(fills.slice(cut).map(csvRow));
    return fills.filter((fill) => wanted.has(csvRow(fill)));
  }
});

describe('what can be read', () => {
  const content = csvOf(two);
  test.each<[string, Uint8Array | string]>([
    ['UTF-8 with a mark', `\ufeff${content}`],
    ['UTF-16LE', Buffer.from(`\ufeff${content}`, 'utf16le')],
    ['UTF-16BE', Buffer.from(`\ufeff${content}`, 'utf16le').swap16()],
    ['CRLF', content.replaceAll('\n', '\r\n')],
    ['semicolons', content.replaceAll(',', ';')],
    ['gzip', gzipSync(content)],
    ['zip', zipOf([{ name: 'folder/a.csv', content }])],
    ['lines before the header', `Name: x,Company: y\n\n${content}`],
    ['no line end at the end', content.trimEnd()],
  ])('%s', async (_name, bytes) => {
    const desk = await importDesk();
    const outcome = unwrapped(await desk.import(await desk.file('a.csv', bytes)));
    expect(outcome).toMatchObject({
      format: 'lockstep-csv',
      counts: { rowsRead: 2, executions: 2, quarantined: 0 },
      symbols: ['BTC/USDT', 'ETH/USDT'],
      firstUs: Date.parse('2026-01-05T10:00:00.500Z') * 1_000,
      lastUs: Date.parse('2026-01-05T11:00:00Z') * 1_000,
    });
  });

  test('a zip with several logs is one import; what no format knows in it is named', async () => {
    const desk = await importDesk();
    const archive = zipOf([
      { name: 'one.csv', content: csvOf([two[0]!]) },
      { name: 'notes.txt', content: 'nothing to see' },
      {
        name: 'two.jsonl',
        content: `${JSON.stringify({ symbol: 'BTC/USDT', side: 'buy', price: 1, quantity: 1, executedAt: '2026-01-05T12:00:00Z' })}\n{"broken\n`,
      },
    ]);
    const outcome = unwrapped(await desk.import(await desk.file('logs.zip', archive)));
    expect(outcome.format).toBe('lockstep-csv+lockstep-jsonl');
    expect(outcome.counts).toMatchObject({ rowsRead: 3, executions: 2, quarantined: 1 });
    expect(outcome.quarantined[0]).toMatchObject({
      line: 2,
      reason: expect.stringMatching(/^two\.jsonl: the line is not valid JSON/),
    });
    expect(outcome.warnings).toEqual([expect.stringMatching(/^Not read: .*notes\.txt/)]);
  });

  test('each execution keeps its line and its import', async () => {
    const desk = await importDesk();
    const outcome = unwrapped(await desk.import(await desk.file('a.csv', content)));
    const columns = await desk.store.executions.readSegment({
      source: 'live',
      strategy: 'alpha',
      symbol: 'ETH/USDT',
      day: (await desk.store.executions.segments({ symbol: 'ETH/USDT' }))[0]!.key.day,
    });
    expect(columns?.line).toEqual(Uint32Array.of(3));
    expect(columns?.dictionaries.importIds).toEqual([outcome.importId]);
  });
});

describe('looking before importing', () => {
  test('a preview tells what the file is and stores nothing', async () => {
    const desk = await importDesk();
    const job = await desk.file('a.csv', csvOf([...two, { quantity: -1 }]));
    const preview = unwrapped(await desk.imports.preview({ ...job, source: null, strategy: null, limit: 2 }));
    expect(preview).toMatchObject({
      recognised: { format: 'lockstep-csv', impliedSource: null },
      executions: [
        { tradeId: 't1', line: 2, strategy: '', symbol: 'BTC/USDT' },
        { tradeId: 't2', line: 3, side: 'sell' },
      ],
      quarantined: [{ line: 4, reason: expect.stringContaining('quantity') }],
    });
    expect(await contentOf(desk.store)).toMatchObject({ fills: [], done: 0 });
  });

  test.each([
    ['every row names one', ['alpha', 'beta'], ['alpha', 'beta']],
    ['a row leaves it to the user', ['alpha', ''], undefined],
  ])('strategies of the rows themselves: %s', async (_name, [first, second], strategies) => {
    const desk = await importDesk();
    const content = `strategy,symbol,side,price,quantity,executedAt
${first},BTC/USDT,buy,100,1,2026-01-05T10:00:00Z
${second},BTC/USDT,sell,101,1,2026-01-05T11:00:00Z
`;
    const job = await desk.file('a.csv', content);
    const preview = unwrapped(await desk.imports.preview({ ...job, source: null, strategy: null, limit: 20 }));
    expect(preview.recognised.strategies).toEqual(strategies);
  });

  test('a dry run prints every execution in file order, duplicates left out, and stores nothing', async () => {
    const desk = await importDesk();
    const many = Array.from(
      { length: 20_000 },
      (_, index): CsvFill => ({ tradeId: `t${index % 19_000}`, price: 1 + (index % 19_000) }),
    );
    const printed: PrintedRow[] = [];
    const outcome = unwrapped(
      await desk.imports.dryRun(await desk.file('a.csv', csvOf(many)), async (rows) => void printed.push(...rows)),
    );
    expect(outcome.counts).toMatchObject({ rowsRead: 20_000, executions: 19_000, duplicates: 1_000 });
    expect(printed.map((row) => (row.type === 'execution' ? row.line : -1))).toEqual(
      Array.from({ length: 19_000 }, (_, index) => index + 2),
    );
    expect(printed[0]).toMatchObject({
      type: 'execution',
      source: 'live',
      strategy: 'alpha',
      tradeId: 't0',
      venue: null,
    });
    expect(await contentOf(desk.store)).toMatchObject({ fills: [], done: 0 });
    expect((await desk.store.imports.list({ offset: 0, limit: 1 })).total).toBe(0);
  });
});

describe('the queue', () => {
  test('jobs run one after the other, tell how far they are, and end with an event', async () => {
    const desk = await importDesk();
    const seen = new Set<string>();
    const ended: string[] = [];
    desk.imports.onProgress((running) => {
      for (const { fileName, state } of running) seen.add(`${fileName} ${state}`);
    });
    desk.imports.onEnded(({ fileName, state }) => ended.push(`${fileName} ${state}`));
    const ids = [
      desk.imports.start(await desk.file('a.csv', csvOf([two[0]!]))),
      desk.imports.start(await desk.file('empty.csv', '')),
      desk.imports.start(await desk.file('b.csv', csvOf([two[1]!]))),
    ];
    expect(desk.imports.cancel(ids[2]!).ok).toBe(true);
    const results = await Promise.all(ids.map((id) => desk.imports.wait(id)));
    expect(results.map((result) => (result.ok ? 'done' : result.error.code))).toEqual([
      'done',
      'file-empty',
      'cancelled',
    ]);
    expect(ended).toEqual(expect.arrayContaining(['a.csv done', 'empty.csv failed', 'b.csv cancelled']));
    expect(seen).toContain('a.csv running');
    expect(desk.imports.running()).toEqual([]);
    expect(desk.imports.cancel(ids[0]!)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    expect(await desk.imports.wait('job-none')).toMatchObject({ ok: false, error: { code: 'not-found' } });
  });

  test('on the real thread: a large import is cancelled within a second and leaves nothing', async () => {
    const runner = createWorkerPool({ script: await engineWorkerScript(), threads: 1 });
    const desk = await importDesk(runner);
    const rows = Array.from({ length: 400_000 }, (_, index) => csvRow({ tradeId: `t${index}`, price: 1 + index }));
    const job = await desk.file('large.csv', `${csvHeader}\n${rows.join('\n')}\n`);
    const id = desk.imports.start(job);
    await new Promise<void>((resolve) => {
      desk.imports.onProgress(([running]) => {
        if (running && running.rowsRead > 150_000) resolve();
      });
    });
    const startedMs = performance.now();
    desk.imports.cancel(id);
    expect(await failureOf(desk.imports.wait(id))).toMatchObject({ code: 'cancelled' });
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(await contentOf(desk.store)).toMatchObject({ fills: [], done: 0 });
    const again = unwrapped(await desk.import(await desk.file('small.csv', csvOf(two))));
    expect(again.counts.executions).toBe(2);
    await runner.close();
  }, 60_000);

  test('on the real thread: many segments and several batches come out as they went in', async () => {
    const runner = createWorkerPool({ script: await engineWorkerScript(), threads: 1 });
    const desk = await importDesk(runner);
    const count = 220_000;
    const rows = Array.from(
      { length: count },
      (_, index): CsvFill => ({
        tradeId: index % 3 === 0 ? '' : `t${index}`,
        symbol: `C${index % 7}/USDT`,
        price: 1 + (index % 1_000),
        // Backwards in time, as several venues export.
        executedAt: new Date(Date.UTC(2026, 0, 20) - index * 5_000).toISOString(),
      }),
    );
    const job = await desk.file('wide.csv', csvOf(rows));
    expect(unwrapped(await desk.import(job)).counts).toMatchObject({ rowsRead: count, executions: count });
    const { fills } = (await contentOf(desk.store)) as { fills: readonly string[] };
    expect(fills.length).toBe(count);
    // The real thread has one that helps it; a thread alone stores the same.
    const alone = await importDesk();
    unwrapped(await alone.import(job));
    expect(await contentOf(alone.store)).toEqual(await contentOf(desk.store));
    expect(unwrapped(await desk.import(job)).counts).toMatchObject({ executions: 0, duplicates: count });
    await runner.close();
  }, 120_000);
});

describe('files on disk', () => {
  test('an upload is recorded without its path', async () => {
    const desk = await importDesk();
    const job = await desk.file('spool-1', csvOf(two));
    const outcome = unwrapped(
      await desk.import(
        jobFor(job.file.path, 'mine.csv', { file: { path: job.file.path, name: 'mine.csv', uploaded: true } }),
      ),
    );
    expect(await desk.store.imports.get(outcome.importId ?? '')).toMatchObject({
      fileName: 'mine.csv',
      path: null,
      state: 'done',
    });
    expect(await readFile(job.file.path, 'utf8')).toBe(csvOf(two));
  });
});
