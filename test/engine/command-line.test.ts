import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { UtcDay } from '../../shared/base/time';
import {
  backupOutputSchema,
  checkOutputSchema,
  doctorOutputSchema,
  errorOutputSchema,
  formatsOutputSchema,
  importOutputSchema,
  reportFilesOutputSchema,
  reportWithPairsSchema,
  restoreOutputSchema,
  settingsOutputSchema,
} from '../../shared/contract/output';
import { reportSchema } from '../../shared/parity/document';
import { lockstep, testTerminal } from '../support/command-line';
import { temporaryFolder } from '../support/temporary-desk';
import { type TradeLogOptions, tradeLogs } from '../support/trade-logs';

const day = '2026-03-02' as UtcDay;
let folder = '';
let desk = '';

beforeEach(async () => {
  folder = await temporaryFolder();
  desk = join(folder, 'desk');
});

async function files(options: TradeLogOptions = {}): Promise<{ readonly backtest: string; readonly live: string }> {
  const logs = tradeLogs(day, options);
  const paths = { backtest: join(folder, 'backtest.csv'), live: join(folder, 'live.csv') };
  await writeFile(paths.backtest, logs.backtest);
  await writeFile(paths.live, logs.live);
  return paths;
}

async function imported(options: TradeLogOptions = {}): Promise<void> {
  const { backtest, live } = await files(options);
  expect((await lockstep(desk, ['import', backtest, '--source', 'backtest', '--quiet'])).code).toBe(0);
  expect((await lockstep(desk, ['import', live, '--source', 'live', '--quiet'])).code).toBe(0);
}

describe('import', () => {
  it('prints one document whose rows add up, and nothing else', async () => {
    const { live } = await files();
    const first = await lockstep(desk, ['import', live, '--source', 'live', '--json']);
    expect(first.code).toBe(0);
    expect(first.err).toBe('');
    const {
      files: [file],
    } = importOutputSchema.parse(JSON.parse(first.out));
    expect(file).toMatchObject({
      path: live,
      format: 'lockstep-csv',
      rowsRead: 40,
      executions: 40,
      fills: 40,
      duplicates: 0,
      quarantined: [],
      symbols: ['BTC/USDT'],
      strategies: ['pairs'],
      failure: null,
    });
    const again = importOutputSchema.parse(
      JSON.parse((await lockstep(desk, ['import', live, '--source', 'live', '--json'])).out),
    );
    expect(again.files[0]).toMatchObject({ rowsRead: 40, executions: 0, duplicates: 40 });
  });

  it('tells of a file that fails, goes on with the others, and exits 1', async () => {
    const { live } = await files();
    const missing = join(folder, 'missing.csv');
    const ran = await lockstep(desk, ['import', missing, live, '--source', 'live', '--json']);
    expect(ran.code).toBe(1);
    const document = importOutputSchema.parse(JSON.parse(ran.out));
    expect(document.files.map((file) => file.failure?.code ?? 'stored')).toEqual(['file-missing', 'stored']);
  });

  it('lists quarantined rows with line, reason and text', async () => {
    const { live } = await files();
    await writeFile(live, (await readFile(live, 'utf8')).replace(',buy,', ',sideways,'));
    const ran = await lockstep(desk, ['import', live, '--source', 'live', '--json']);
    const [file] = importOutputSchema.parse(JSON.parse(ran.out)).files;
    expect(file).toMatchObject({ rowsRead: 40, executions: 39, quarantinedRows: 1 });
    expect(file?.quarantined).toEqual([
      { line: 2, reason: expect.stringContaining('sideways'), text: expect.stringContaining('sideways') },
    ]);
  });

  it('--dry-run stores nothing, and with --print writes what it would store as JSON Lines that it reads back', async () => {
    const { live } = await files();
    const ran = await lockstep(desk, ['import', live, '--source', 'live', '--dry-run', '--print']);
    expect(ran.code).toBe(0);
    const rows = ran.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(40);
    expect(Object.keys(rows[0]).slice(0, 22)).toEqual([
      ...[
        'type',
        'source',
        'venue',
        'strategy',
        'version',
        'symbol',
        'side',
        'price',
        'quantity',
        'fee',
        'feeCurrency',
      ],
      ...['liquidity', 'executedAtUs', 'executedAt', 'tradeId', 'orderId', 'clientOrderId', 'decidedAtUs'],
      ...['submittedAtUs', 'arrivalPrice', 'intendedQuantity', 'line'],
    ]);
    await expect(stat(desk)).rejects.toThrow();

    const printed = join(folder, 'printed.jsonl');
    await writeFile(printed, ran.out);
    const back = await lockstep(desk, ['import', printed, '--source', 'live', '--dry-run', '--print']);
    // Only the line differs: the printed log has no header.
    const withoutLine = (text: string) => text.replaceAll(/,"line":\d+/g, '');
    expect(withoutLine(back.out) === withoutLine(ran.out)).toBe(true);
  });

  it('asks for the source where the content does not tell it', async () => {
    const { live } = await files();
    const ran = await lockstep(desk, ['import', live, '--json']);
    expect(ran.code).toBe(1);
    expect(importOutputSchema.parse(JSON.parse(ran.out)).files[0]?.failure).toMatchObject({ code: 'usage' });
  });

  it('cancels on an interrupt and leaves nothing', async () => {
    const { live } = await files({ days: 200 });
    const terminal = testTerminal();
    const running = lockstep(desk, ['import', live, '--source', 'live', '--json'], terminal);
    const cancel = setInterval(() => terminal.interrupt(), 1);
    const ran = await running;
    clearInterval(cancel);
    expect(ran.code).toBe(130);
    expect(
      JSON.parse(ran.out).files.every(
        (file: { failure: { code: string } | null }) => file.failure?.code === 'cancelled',
      ),
    ).toBe(true);
    const report = await lockstep(desk, ['report', '--strategy', 'pairs', '--json']);
    expect(errorOutputSchema.parse(JSON.parse(report.err)).error.code).toBe('not-found');
  });
});

describe('import of a folder', () => {
  async function logFolder(): Promise<string> {
    const { live } = await files();
    const logs = join(folder, 'logs');
    await mkdir(join(logs, 'b', '.git'), { recursive: true });
    const text = await readFile(live, 'utf8');
    const [header = '', ...rows] = text.split('\n');
    await writeFile(join(logs, 'b', 'live.csv'), [header, ...rows.slice(0, 20), ''].join('\n'));
    await writeFile(join(logs, 'a.csv'), text);
    await writeFile(join(logs, 'notes.txt'), 'call the exchange about fees\n');
    await writeFile(join(logs, 'empty.csv'), '');
    await writeFile(join(logs, 'c.csv.part'), text);
    await writeFile(join(logs, 'bot.sqlite-wal'), 'x');
    await writeFile(join(logs, '.DS_Store'), 'x');
    await writeFile(join(logs, 'b', '.git', 'config.csv'), text);
    return logs;
  }

  it('reads what lies in it in the order of the names, and names what it does not read', async () => {
    const logs = await logFolder();
    const ran = await lockstep(desk, ['import', logs, '--source', 'live', '--json']);
    expect(ran.code).toBe(0);
    const output = importOutputSchema.parse(JSON.parse(ran.out));
    expect(output.files.map(({ path, executions, duplicates }) => [path, executions, duplicates])).toEqual([
      [join(logs, 'a.csv'), 40, 0],
      [join(logs, 'b', 'live.csv'), 0, 20],
    ]);
    expect(Object.fromEntries(output.notRead.map(({ path, reason }) => [path.slice(logs.length + 1), reason]))).toEqual(
      {
        '.DS_Store': 'hidden',
        'b/.git': 'hidden',
        'bot.sqlite-wal': 'kept by a database beside itself',
        'c.csv.part': 'temporary or still being written',
        'empty.csv': expect.stringMatching(/is empty/),
        'notes.txt': expect.stringMatching(/^No format knows the content of notes\.txt/),
      },
    );
    expect(output.total).toMatchObject({ files: 2, failed: 0, rowsRead: 60, executions: 40, duplicates: 20 });
  });

  it('sums up in words, and fails where a log does or where there is none', async () => {
    const logs = await logFolder();
    const words = await lockstep(desk, ['import', logs, '--source', 'live']);
    expect(words.out).toMatch(/not read: .*notes\.txt: No format knows/);
    expect(words.out).toMatch(
      /In all 2 files, 6 not read; 60 rows: 40 fills, 0 order events, 0 other rows, 20 duplicates/,
    );
    await writeFile(
      join(logs, 'd.csv'),
      'timestamp,open,high,low,close\n1735689600000,1,1,1,1\n1735689660000,1,1,1,1\n',
    );
    const failed = await lockstep(desk, ['import', logs, '--source', 'live']);
    expect(failed.code).toBe(1);
    expect(failed.out).toMatch(/In all 3 files, 1 of them failed/);
    await mkdir(join(folder, 'nothing'));
    expect((await lockstep(desk, ['import', join(folder, 'nothing'), '--source', 'live'])).code).toBe(1);
  });
});

describe('report and check', () => {
  it('prints the document of the latest day, and the same bytes again', async () => {
    await imported({ days: 2 });
    const ran = await lockstep(desk, ['report', '--strategy', 'pairs', '--symbol', 'BTC/USDT', '--json']);
    expect(ran).toMatchObject({ code: 0, err: '' });
    const report = reportSchema.parse(JSON.parse(ran.out));
    expect(report.key).toEqual({
      strategy: 'pairs',
      symbol: 'BTC/USDT',
      from: '2026-03-03',
      to: '2026-03-03',
      revision: 1,
    });
    expect(report.matches).toMatchObject({ matched: 40, byKey: 40, missed: 0, extra: 0 });
    // Forty orders, each one unit filled 0.001 worse, at fees of 5 bps on the live price.
    expect(report.attribution.price).toBeCloseTo(-0.04, 9);
    expect(Math.abs(report.attribution.residual)).toBeLessThanOrEqual(1e-9 * report.grossNotional);
    expect((await lockstep(desk, ['report', '--strategy', 'pairs', '--symbol', 'BTC/USDT', '--json'])).out).toBe(
      ran.out,
    );
  });

  it('reports the portfolio, a window, and the orders of a day', async () => {
    await imported({ days: 3, missed: [2] });
    const portfolio = reportSchema.parse(
      JSON.parse((await lockstep(desk, ['report', '--strategy', 'pairs', '--json'])).out),
    );
    expect(portfolio.key.symbol).toBeNull();
    expect(portfolio.symbols.map(({ symbol }) => symbol)).toEqual(['BTC/USDT']);
    const range = ['--from', '2026-03-02', '--to', '2026-03-04'];
    const window = reportSchema.parse(
      JSON.parse((await lockstep(desk, ['report', '--strategy', 'pairs', ...range, '--json'])).out),
    );
    expect(window.window?.days).toBe(3);
    expect(window.matches).toMatchObject({ matched: 114, missed: 6 });
    const orders = await lockstep(desk, ['report', '--strategy', 'pairs', '--day', day, '--orders', '--json']);
    const { pairs, attribution } = reportWithPairsSchema.parse(JSON.parse(orders.out));
    expect(pairs.filter((pair) => pair.kind === 'missed')).toHaveLength(2);
    const missed = pairs.filter((pair) => pair.kind === 'missed').reduce((sum, pair) => sum + pair.gap, 0);
    expect(missed).toBeCloseTo(attribution.missed, 9);
  });

  it('writes one file per day for the symbol, and for the portfolio with its symbols', async () => {
    await imported({ days: 2 });
    const out = join(folder, 'reports');
    const ran = await lockstep(desk, [
      'report',
      '--strategy',
      'pairs',
      '--from',
      '2026-03-01',
      '--to',
      '2026-03-31',
      '--out',
      out,
      '--json',
    ]);
    const { files: written } = reportFilesOutputSchema.parse(JSON.parse(ran.out));
    expect(written.map(({ symbol, day: of }) => [symbol, of])).toEqual([
      [null, '2026-03-02'],
      [null, '2026-03-03'],
      ['BTC/USDT', '2026-03-02'],
      ['BTC/USDT', '2026-03-03'],
    ]);
    expect(await readdir(out)).toHaveLength(4);
    for (const { file } of written) {
      const text = await readFile(file, 'utf8');
      reportSchema.parse(JSON.parse(text));
      expect(text.length).toBeLessThanOrEqual(5_120);
    }
  });

  it.each([
    ['PASS', {}, 0],
    ['FAIL', { liveFeeBps: 12 }, 2],
    ['UNKNOWN', { missed: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15] }, 3],
  ])('check exits by the status: %s', async (status, options, code) => {
    await imported(options);
    const ran = await lockstep(desk, ['check', 'BTC/USDT', '--strategy', 'pairs', '--json']);
    expect(ran.code).toBe(code);
    expect(checkOutputSchema.parse(JSON.parse(ran.out))).toMatchObject({ status, exitCode: code, day });
    const plain = await lockstep(desk, ['check', '--strategy', 'pairs']);
    expect(plain.out).toMatch(new RegExp(`^${status}  pairs  portfolio  2026-03-02`));
  });

  it('prints a report for people with every part of the gap', async () => {
    await imported();
    const { out } = await lockstep(desk, ['report', '--strategy', 'pairs']);
    for (const word of [
      'PASS',
      'tracking error',
      'price',
      'quantity',
      'fees',
      'missed',
      'extra',
      'carry',
      'gap',
      'residual',
    ]) {
      expect(out).toContain(word);
    }
  });
});

describe('mistakes', () => {
  it.each([
    ['no such command', ['frobnicate']],
    ['no such option', ['report', '--strategy', 's', '--frobnicate']],
    ['a missing option', ['report']],
    ['a day that is none', ['report', '--strategy', 's', '--day', '2026-02-30']],
    ['a word too many', ['doctor', 'now']],
    ['a source that is none', ['import', 'x.csv', '--source', 'paper']],
    ['--print without --dry-run', ['import', 'x.csv', '--source', 'live', '--print']],
    ['an unknown format', ['formats', 'nothing']],
  ])('%s: exit 1, usage on standard error, nothing on standard output', async (_what, words) => {
    await imported();
    const plain = await lockstep(desk, words);
    expect(plain).toMatchObject({ code: 1, out: '' });
    expect(plain.err).toMatch(/^lockstep: .+\n {2}.+\n$/);
    const json = await lockstep(desk, [...words, '--json']);
    expect(json).toMatchObject({ code: 1, out: '' });
    expect(errorOutputSchema.parse(JSON.parse(json.err)).error.code).toBe('usage');
  });

  it('names the strategies there are, and the days', async () => {
    await imported();
    const strategy = await lockstep(desk, ['report', '--strategy', 'other', '--json']);
    expect(JSON.parse(strategy.err).error).toMatchObject({ code: 'not-found', hint: expect.stringContaining('pairs') });
    const none = await lockstep(desk, ['report', '--strategy', 'pairs', '--day', '2026-04-01', '--json']);
    expect(JSON.parse(none.err).error).toMatchObject({ code: 'no-data', hint: expect.stringContaining(day) });
  });

  it('makes no desk where there is none', async () => {
    for (const words of [['report', '--strategy', 's'], ['check', '--strategy', 's'], ['backup']]) {
      const ran = await lockstep(desk, [...words, '--json']);
      expect(errorOutputSchema.parse(JSON.parse(ran.err)).error.code).toBe('not-found');
    }
    await expect(stat(desk)).rejects.toThrow();
  });
});

describe('the rest', () => {
  it('changes settings by layer, judges anew by them, and refuses what is none', async () => {
    await imported({ slippage: 0.004 });
    const check = async () => (await lockstep(desk, ['check', 'BTC/USDT', '--strategy', 'pairs'])).code;
    expect(await check()).toBe(0);
    const changed = await lockstep(desk, [
      'settings',
      '--strategy',
      'pairs',
      'trackingBps.limit=16',
      'trackingBps.warn=12',
      '--json',
    ]);
    expect(settingsOutputSchema.parse(JSON.parse(changed.out)).settings.trackingBps).toEqual({
      warn: 12,
      limit: 16,
      critical: 25,
    });
    expect(await check()).toBe(0);
    await lockstep(desk, ['settings', '--strategy', 'pairs', '--symbol', 'BTC/USDT', 'trackingBps.limit=13']);
    expect(await check()).toBe(2);
    await lockstep(desk, ['settings', '--strategy', 'pairs', '--symbol', 'BTC/USDT', 'trackingBps.limit=']);
    expect(await check()).toBe(0);
    for (const wrong of ['trackingBps=3', 'nothing=3', 'capital', 'capital=much', 'capital=-5', 'intervalsPerDay=0']) {
      const ran = await lockstep(desk, ['settings', wrong, '--json']);
      expect(['usage', 'settings-invalid']).toContain(errorOutputSchema.parse(JSON.parse(ran.err)).error.code);
    }
    expect((await lockstep(desk, ['settings'])).out).toContain('matchToleranceMs');
  });

  it('lists formats, and tells of one', async () => {
    const all = formatsOutputSchema.parse(JSON.parse((await lockstep(desk, ['formats', '--json'])).out));
    expect(all.formats.map(({ id }) => id)).toContain('lockstep-csv');
    expect(all.maps.length).toBeGreaterThan(0);
    const one = await lockstep(desk, ['formats', 'lockstep-csv']);
    expect(one.out).toMatch(/^lockstep-csv: [\s\S]*\nRead:\n/);
    const page = formatsOutputSchema.parse(
      JSON.parse((await lockstep(desk, ['formats', 'kraken-trades-csv', '--json'])).out),
    ).page;
    expect(page?.columns).toContainEqual({ name: 'vol', use: 'required', feeds: ['quantity'] });
  });

  it('doctor finds a healthy desk, and says so of one that is not there', async () => {
    const before = doctorOutputSchema.parse(JSON.parse((await lockstep(desk, ['doctor', '--json'])).out));
    expect(before.checks.find(({ name }) => name === 'store')?.state).toBe('warning');
    await imported();
    const ran = await lockstep(desk, ['doctor', '--json']);
    expect(ran.code).toBe(0);
    expect(doctorOutputSchema.parse(JSON.parse(ran.out))).toMatchObject({ healthy: true });
  });

  it('restores a backup and keeps the desk that was there', async () => {
    await imported();
    const { path } = backupOutputSchema.parse(JSON.parse((await lockstep(desk, ['backup', '--json'])).out));
    const before = await lockstep(desk, ['report', '--strategy', 'pairs', '--json']);
    const more = join(folder, 'more.csv');
    await writeFile(more, tradeLogs('2026-03-05' as UtcDay).live);
    await lockstep(desk, ['import', more, '--source', 'live', '--quiet']);
    const restored = restoreOutputSchema.parse(JSON.parse((await lockstep(desk, ['restore', path, '--json'])).out));
    expect(restored.setAside).not.toBeNull();
    expect((await lockstep(desk, ['report', '--strategy', 'pairs', '--json'])).out).toBe(before.out);
  });

  it('prints help and version on standard output and exits 0', async () => {
    expect(await lockstep(desk, ['--version'])).toMatchObject({ code: 0, err: '' });
    expect((await lockstep(desk, ['--help'])).out).toContain('import');
    expect((await lockstep(desk, ['report', '--help'])).out).toContain('--orders');
  });
});
