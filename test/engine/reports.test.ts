import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUtcDays, type UtcDay } from '../../shared/base/time';
import { comparisonOutputSchema, reportFilesOutputSchema } from '../../shared/contract/output';
import { type Report, reportSchema } from '../../shared/parity/document';
import { lockstep } from '../support/command-line';
import { engineForTest, importedInto, standingClock } from '../support/engine';
import { temporaryFolder, unwrapped } from '../support/temporary-desk';

/** Reports as files: of the sample desk, which has good, bad and drifting strategies, and of a day that came late. */

let home: string;
let desk: string;
let lastDay: UtcDay;
const strategies = ['breakout-15m', 'mean-reversion-1m', 'momentum-5m'];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'lockstep-test-'));
  await lockstep(home, ['sample']);
  desk = join(home, 'sample');
  const latest = await lockstep(desk, ['report', '--strategy', 'momentum-5m', '--json']);
  lastDay = reportSchema.parse(JSON.parse(latest.out)).key.from as UtcDay; // a daily report's key is its day
}, 120_000);

afterAll(() => rm(home, { recursive: true, force: true }));

function keysOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(keysOf);
  if (typeof value !== 'object' || value === null) return null;
  return Object.entries(value).map(([name, part]) => [name, keysOf(part)]);
}

describe('the report documents of the sample desk', () => {
  it('are what the published schema says, in 2 to 5 KB, with their keys in its order', {
    timeout: 120_000,
  }, async () => {
    const schema = JSON.parse(await readFile('resources/schemas/report-1.json', 'utf8'));
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
    const folder = await temporaryFolder();
    let seen = 0;
    for (const strategy of strategies) {
      const archive = join(folder, `${strategy}.zip`);
      await lockstep(desk, [
        'report',
        '--strategy',
        strategy,
        '--from',
        '2000-01-01',
        '--to',
        lastDay,
        '--format',
        'json',
        '--output',
        archive,
      ]);
      for (const [name, content] of Object.entries(unzipSync(await readFile(archive)))) {
        const report: Report = JSON.parse(Buffer.from(content).toString('utf8'));
        expect(validate(report), `${name}: ${JSON.stringify(validate.errors)}`).toBe(true);
        expect(content.length, name).toBeGreaterThanOrEqual(2_000);
        expect(content.length, name).toBeLessThanOrEqual(5_001); // with its line end
        expect(keysOf(report), name).toEqual(keysOf(reportSchema.parse(report)));
        const { gap, price, quantity, fees, missed, extra, carry, other } = report.attribution;
        const residual = Math.abs(gap - (price + quantity + fees + missed + extra + carry + other));
        expect(residual, name).toBeLessThanOrEqual(1e-9 * report.grossNotional);
        seen++;
      }
    }
    expect(seen).toBe(30 * (4 + 3 + 5) + 3 * 30);
  });
});

describe('lockstep report --format', () => {
  const one = () => ['report', '--strategy', 'breakout-15m', '--symbol', 'LINK/USDT', '--day', lastDay];

  it('writes the document, the page, the PDF and the table into the file of that name', async () => {
    const folder = await temporaryFolder();
    for (const format of ['json', 'html', 'pdf', 'csv']) {
      const ran = await lockstep(desk, [...one(), '--output', join(folder, `report.${format}`), '--json']);
      expect(ran, format).toMatchObject({ code: 0, err: '' });
      const { files } = reportFilesOutputSchema.parse(JSON.parse(ran.out));
      expect(files).toEqual([
        {
          file: join(folder, `report.${format}`),
          strategy: 'breakout-15m',
          symbol: 'LINK/USDT',
          day: lastDay,
          status: 'FAIL',
        },
      ]);
    }
    const text = async (name: string) => readFile(join(folder, name), 'latin1');
    expect(await text('report.json')).toBe((await lockstep(desk, [...one(), '--json'])).out);
    expect(await text('report.pdf')).toMatch(/^%PDF-1\.7/);
    expect(await text('report.pdf')).toMatch(/\/Count 1\b/);
    expect(await readFile(join(folder, 'report.html'), 'utf8')).toBe(
      (await lockstep(desk, [...one(), '--format', 'html'])).out,
    );
    expect(await readFile(join(folder, 'report.csv'), 'utf8')).toBe(
      (await lockstep(desk, [...one(), '--format', 'csv'])).out,
    );
  });

  it('tells every order of the day with its money, times and source lines', async () => {
    const report = reportSchema.parse(JSON.parse((await lockstep(desk, [...one(), '--json'])).out));
    const { out } = await lockstep(desk, [...one(), '--format', 'csv']);
    const [header = '', ...lines] = out.trimEnd().split('\r\n');
    const names = header.split(',');
    // No cell of the sample needs quotes, so that a comma is always a separator.
    const rows = lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index], cell])));
    const count = (kind: string) => rows.filter((row) => row['kind'] === kind).length;
    expect([count('matched'), count('missed'), count('extra')]).toEqual([
      report.matches.matched,
      report.matches.missed,
      report.matches.extra,
    ]);
    const total = (name: string) => rows.reduce((sum, row) => sum + Number(row[name]), 0);
    expect(total('gap_price')).toBeCloseTo(report.attribution.price, 6);
    expect(total('gap')).toBeCloseTo(report.attribution.gap - report.attribution.carry, 6);
    const [first] = rows;
    expect(first?.['live_first_fill_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(first?.['live_source']).toMatch(/^breakout-15m-live\.jsonl:\d+/);
  });

  it('writes one file per day and symbol into a folder or an archive', { timeout: 60_000 }, async () => {
    const folder = await temporaryFolder();
    const range = ['report', '--strategy', 'mean-reversion-1m', '--from', lastDay, '--to', lastDay];
    for (const format of ['html', 'csv', 'pdf']) {
      await lockstep(desk, [...range, '--format', format, '--output', join(folder, format)]);
      await lockstep(desk, [...range, '--format', format, '--output', join(folder, `${format}.zip`)]);
      const loose = (await readdir(join(folder, format))).sort();
      const packed = unzipSync(await readFile(join(folder, `${format}.zip`)));
      expect(Object.keys(packed).sort()).toEqual(loose);
      expect(loose).toHaveLength(format === 'csv' ? 3 : 4);
      for (const name of loose) {
        expect(Buffer.from(packed[name] ?? []).equals(await readFile(join(folder, format, name))), name).toBe(true);
      }
    }
  });

  it.each([
    ['a PDF on a terminal', ['--format', 'pdf'], '--output'],
    ['orders and a format', ['--orders', '--format', 'csv'], '--format csv'],
    ['two places', ['--out', 'a', '--output', 'b'], 'Leave one'],
    ['a revision that is none', ['--revision', '0'], 'whole number'],
    ['a revision that is not kept', ['--revision', '9'], 'Choose one of: 1'],
  ])('refuses %s and says what to do', async (_name, words, hint) => {
    const ran = await lockstep(desk, [...one(), ...words]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(hint);
  });
});

describe('lockstep report compare', () => {
  it('puts two days and two strategies beside each other, for people and for scripts', async () => {
    const firstDay = addUtcDays(lastDay, -25);
    const words = ['report', 'compare', '--strategy', 'mean-reversion-1m', '--day', firstDay, '--with-day', lastDay];
    const comparison = comparisonOutputSchema.parse(JSON.parse((await lockstep(desk, [...words, '--json'])).out));
    expect([comparison.a.from, comparison.b.from]).toEqual([firstDay, lastDay]);
    expect(comparison.b.status).toBe('FAIL');
    const difference = comparison.figures.find(({ figure }) => figure === 'trackingDifferenceBps');
    expect(difference?.difference).toBeCloseTo((difference?.b ?? 0) - (difference?.a ?? 0), 9);
    const gap = comparison.attribution.find(({ component }) => component === 'gap');
    const sums = [comparison.causes?.map(({ a }) => a), comparison.causes?.map(({ b }) => b)].map((parts = []) =>
      parts.reduce((sum, money) => sum + money, 0),
    );
    expect(sums[0]).toBeCloseTo(gap?.a ?? 0, 6);
    expect(sums[1]).toBeCloseTo(gap?.b ?? 0, 6);
    const { out } = await lockstep(desk, words);
    expect(out).toContain('B − A');
    expect(out).toMatch(/Why they differ from their backtests\n.*\n +\S.* %/);
    expect(out).toContain(comparison.rule);
    const other = ['report', 'compare', '--strategy', 'breakout-15m', '--with-strategy', 'momentum-5m', '--json'];
    const strategiesBeside = comparisonOutputSchema.parse(JSON.parse((await lockstep(desk, other)).out));
    expect(strategiesBeside.figures.find(({ figure }) => figure === 'trackingDifferenceBps')?.beyond).toBe(true);
  });
});

describe('versions and revisions', () => {
  const day = '2026-03-02' as UtcDay; // it is written as one
  const header = 'strategy,version,symbol,side,price,quantity,fee,feeCurrency,executedAt,orderId,clientOrderId';
  const rows = (versionOf: (index: number) => string, price: (index: number) => number, from = 0, to = 40) =>
    Array.from({ length: to - from }, (_, at) => {
      const index = from + at;
      const time = `${day}T${String(Math.floor(index / 3)).padStart(2, '0')}:${String((index % 3) * 20).padStart(2, '0')}:00Z`;
      return `duo,${versionOf(index)},BTC/USDT,${index % 2 === 0 ? 'buy' : 'sell'},${price(index)},1,0.1,USDT,${time},o${index},c${index}`;
    });
  const write = async (folder: string, name: string, lines: readonly string[]) => {
    const path = join(folder, name);
    await writeFile(path, `${[header, ...lines].join('\n')}\n`);
    return path;
  };

  it('looks at one version’s fills alone, and keeps the report that late fills replaced', {
    timeout: 60_000,
  }, async () => {
    const folder = await temporaryFolder();
    const engine = engineForTest(join(folder, 'desk'), standingClock('2026-03-10T09:00:00Z'));
    const version = (index: number) => (index < 20 ? '1' : '2');
    await importedInto(
      engine,
      await write(
        folder,
        'backtest.csv',
        rows(version, () => 100),
      ),
      'backtest',
    );
    // Version 2 pays half a dollar more for what it buys.
    const live = rows(version, (index) => (index >= 20 && index % 2 === 0 ? 100.5 : 100), 0, 38);
    await importedInto(engine, await write(folder, 'live.csv', live), 'live');
    const selection = { strategy: 'duo', symbol: 'BTC/USDT', from: day, to: day, revision: null };
    const compared = unwrapped(
      await engine.ask('reports.compare', { a: { ...selection, version: '1' }, b: { ...selection, version: '2' } }),
    ).comparison;
    const figure = (name: string) => compared.figures.find((one) => one.figure === name);
    expect(figure('matched')).toMatchObject({ a: 20, b: 18 });
    expect(figure('slippageBps')?.a).toBeCloseTo(0, 9);
    expect(figure('slippageBps')?.b).toBeCloseTo(25, 6);
    expect(compared).toMatchObject({
      causes: null,
      cautions: [expect.stringMatching(/^Causes .* not for one alone\.$/)],
    });
    expect(compared.attribution.find(({ component }) => component === 'price')).toMatchObject({ a: 0, b: -4.5 });
    const none = await engine.ask('reports.compare', {
      a: { ...selection, version: '3' },
      b: { ...selection, version: null },
    });
    expect(none).toMatchObject({ ok: false, error: { code: 'no-data', hint: 'Choose one of: 1, 2.' } });

    await importedInto(
      engine,
      await write(
        folder,
        'late.csv',
        rows(version, () => 100, 38, 40),
      ),
      'live',
    );
    const { revisions } = unwrapped(
      await engine.ask('reports.revisions', { strategy: 'duo', symbol: 'BTC/USDT', day }),
    );
    expect(revisions.at(-1)).toMatchObject({ matched: 40, missed: 0 });
    const before = revisions.at(-2);
    expect(before).toMatchObject({ matched: 38, missed: 2 });
    const older = { ...selection, revision: before?.revision ?? 0 };
    const page = unwrapped(await engine.ask('reports.export', { ...older, format: 'html', paper: 'A4' }));
    expect(page.name).toBe(`duo_BTC-USDT_${day}_revision-${older.revision}.html`);
    expect(page.content).toContain(`revision ${older.revision} of ${revisions.length}`);
    expect(await engine.ask('reports.export', { ...older, format: 'csv', paper: 'A4' })).toMatchObject({
      error: { code: 'not-found' },
    });
    const grown = unwrapped(
      await engine.ask('reports.compare', { a: { ...older, version: null }, b: { ...selection, version: null } }),
    ).comparison;
    expect(grown.figures.find((one) => one.figure === 'matched')?.difference).toBe(2);

    const calendar = unwrapped(await engine.ask('reports.calendar', { strategy: 'duo', month: '2026-03' }));
    expect(calendar.reports.map(({ symbol, day: on, revision }) => [symbol, on, revision])).toEqual([
      [null, day, revisions.length],
      ['BTC/USDT', day, revisions.length],
    ]);
    expect(unwrapped(await engine.ask('reports.calendar', { strategy: 'duo', month: '2026-02' })).reports).toEqual([]);
  });
});
