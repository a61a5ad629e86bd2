import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importOutputSchema, reportFilesOutputSchema } from '../../shared/contract/output';
import { type Report, reportSchema } from '../../shared/parity/document';
import { lockstep } from '../support/command-line';
import { temporaryFolder } from '../support/temporary-desk';

/**
 * Real backtest and live logs through import, match and report, as a desk would do it on the command line. The figures were worked
 * out by hand or checked against the files when this was written.
 */

const pairs = resolve(import.meta.dirname, '../../../shared/data/pairs');
const here = existsSync(pairs);
const file = (part: string) => join(pairs, readdirSync(pairs).find((name) => name.includes(part)) ?? part);

interface Pair {
  readonly strategy: string;
  readonly symbol: string;
  /** Files with what is said about them, in the order they are imported; rows they must have. */
  readonly imports: readonly {
    readonly part: string;
    readonly words: readonly string[];
    readonly rows: number;
    readonly fills: number;
  }[];
  readonly settings?: readonly string[];
  readonly expected: Readonly<Record<'days' | 'live' | 'backtest' | 'matched' | 'missed' | 'extra', number>>;
  readonly gap: number;
}

const ist = ['--zone', 'Asia/Kolkata'];
const table: readonly Pair[] = [
  {
    // The backtest stamps its trades with the bar of fifteen minutes, live trades inside it.
    strategy: 'A',
    symbol: 'ETH/USDT',
    imports: [
      { part: '_A_backtest_trades', words: ['--source', 'backtest', ...ist], rows: 17, fills: 17 },
      { part: '_A_live_trades', words: ['--source', 'live', ...ist], rows: 15, fills: 15 },
      { part: '_A_eth_1m', words: [...ist], rows: 331, fills: 0 },
    ],
    settings: ['matchToleranceMs=900000'],
    expected: { days: 1, live: 15, backtest: 17, matched: 9, missed: 8, extra: 6 },
    gap: 2.3779366,
  },
  {
    // The periods do not meet: nothing can be matched.
    strategy: 'D',
    symbol: 'BTC/USDT',
    imports: [
      { part: '_D_backtest_trades', words: ['--source', 'backtest'], rows: 32, fills: 64 },
      { part: '_D_live_trades', words: ['--source', 'live'], rows: 20, fills: 20 },
    ],
    expected: { days: 9, live: 20, backtest: 64, matched: 0, missed: 64, extra: 20 },
    gap: -334.51193,
  },
  {
    strategy: 'E',
    symbol: 'BTC/USDT',
    imports: [{ part: '_E_live_trades', words: ['--source', 'live', '--symbol', 'BTC/USDT'], rows: 7, fills: 14 }],
    expected: { days: 1, live: 14, backtest: 0, matched: 0, missed: 0, extra: 14 },
    gap: -0.8092231,
  },
  ...(['G', 'H'] as const).map((strategy) => ({
    strategy,
    symbol: 'ETH/USDT',
    imports: [
      {
        part: `__${strategy}_`,
        words: ['--source', 'backtest', '--symbol', 'ETH/USDT', '--zone', '+08:00'],
        rows: 732,
        fills: 732,
        suffix: 'tv_trades',
      },
      {
        part: `__${strategy}_`,
        words: ['--source', 'live', '--symbol', 'ETH/USDT'],
        rows: 732,
        fills: 732,
        suffix: 'engine_trades',
      },
    ].map(({ part, suffix, ...rest }) => ({ ...rest, part: here ? nameOf(part, suffix) : part })),
    expected: { days: 366, live: 732, backtest: 732, matched: 732, missed: 0, extra: 0 },
    // Two engines on the same candles: H agrees to the cent, G sizes its orders a hundredth of a percent differently.
    gap: strategy === 'G' ? 31.108464 : 0,
  })),
];

function nameOf(part: string, suffix: string): string {
  return readdirSync(pairs).find((name) => name.includes(part) && name.includes(suffix)) ?? part;
}

describe.skipIf(!here)(`real pairs${here ? '' : ' (skipped: ../shared/data/pairs is not there)'}`, () => {
  it.each(table)('$strategy: counts, matches and an attribution that adds up', { timeout: 120_000 }, async (pair) => {
    const folder = await temporaryFolder();
    const desk = join(folder, 'desk');
    for (const { part, words, rows, fills } of pair.imports) {
      const ran = await lockstep(desk, ['import', file(part), '--strategy', pair.strategy, ...words, '--json']);
      const [imported] = importOutputSchema.parse(JSON.parse(ran.out)).files;
      expect(imported).toMatchObject({ rowsRead: rows, fills, duplicates: 0, quarantined: [], failure: null });
    }
    if (pair.settings)
      expect((await lockstep(desk, ['settings', '--strategy', pair.strategy, ...pair.settings])).code).toBe(0);
    const reports = await dailyReports(desk, pair, join(folder, 'reports'));
    const sum = (value: (report: Report) => number) => reports.reduce((total, report) => total + value(report), 0);
    expect({
      days: reports.length,
      live: sum(({ orders }) => orders.live),
      backtest: sum(({ orders }) => orders.backtest),
      matched: sum(({ matches }) => matches.matched),
      missed: sum(({ matches }) => matches.missed),
      extra: sum(({ matches }) => matches.extra),
    }).toEqual(pair.expected);
    expect(sum(({ attribution }) => attribution.gap)).toBeCloseTo(pair.gap, 4);
    for (const { attribution, grossNotional, status, key } of reports) {
      const { gap, price, quantity, fees, missed, extra, carry, other, residual } = attribution;
      expect(Math.abs(residual)).toBeLessThanOrEqual(1e-9 * grossNotional);
      expect(Math.abs(price + quantity + fees + missed + extra + carry + other - gap)).toBeLessThanOrEqual(
        1e-9 * grossNotional,
      );
      // A handful of orders a day, or one side alone, is never enough for a verdict.
      expect([key.from, status]).toEqual([key.from, 'UNKNOWN']);
    }
    expect((await lockstep(desk, ['check', pair.symbol, '--strategy', pair.strategy])).code).toBe(3);
  });
});

async function dailyReports(desk: string, { strategy, symbol }: Pair, out: string): Promise<readonly Report[]> {
  const words = [
    '--strategy',
    strategy,
    '--symbol',
    symbol,
    '--from',
    '2025-01-01',
    '--to',
    '2026-12-31',
    '--out',
    out,
    '--json',
  ];
  const ran = await lockstep(desk, ['report', ...words]);
  const { files } = reportFilesOutputSchema.parse(JSON.parse(ran.out));
  return Promise.all(files.map(async ({ file: path }) => reportSchema.parse(JSON.parse(await readFile(path, 'utf8')))));
}
