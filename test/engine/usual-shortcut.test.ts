import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine';
import type { UtcDay } from '../../shared/base/time';
import type { Source } from '../../shared/market/executions';
import { lockstep } from '../support/command-line';
import { engineForTest, standingClock } from '../support/engine';
import { temporaryFolder, unwrapped } from '../support/temporary-desk';
import { usualShortcutBps } from '../support/usual-shortcut';

/**
 * The comparison with the usual shortcut that resources/help/tracking-error.md prints, made again: its tables are those of this test,
 * line by line.
 */

const help = resolve(import.meta.dirname, '../../resources/help/tracking-error.md');

interface Row {
  readonly strategy: string;
  readonly symbol: string;
  readonly from: UtcDay;
  readonly to: UtcDay;
}

const grouped = (value: number) => (Number.isNaN(value) ? 'none' : Math.round(value).toLocaleString('en-US'));
const fixed = (value: number | null) => (value === null ? 'none' : value.toFixed(1).replace('-', '−'));

/** One line of the table: what was compared, fills, orders matched, both figures of the shortcut, and ours. */
async function line(engine: Engine, name: string, { strategy, symbol, from, to }: Row): Promise<string> {
  const { executions } = (await engine.desk()).store;
  const segments = await executions.segments({ strategy, symbol, from, to });
  const columnsOf = async (source: Source) => {
    const parts = [];
    const keys = segments.filter(({ key }) => key.source === source);
    for await (const { columns } of executions.readSegments(keys)) parts.push(columns);
    return parts;
  };
  const [live, backtest] = [await columnsOf('live'), await columnsOf('backtest')];
  const count = (parts: typeof live) => parts.reduce((sum, { count: rows }) => sum + rows, 0);
  const { report } = unwrapped(await engine.ask('parity.report', { strategy, symbol, from, to }));
  const { printed, divided } = usualShortcutBps(live, backtest);
  const cells = [
    name,
    `${grouped(count(live))} / ${grouped(count(backtest))}`,
    grouped(report.matches.matched),
    grouped(printed),
    grouped(divided),
    fixed(report.trackingErrorBps),
    fixed(report.trackingDifferenceBps),
    report.status,
  ];
  return `| ${cells.join(' | ')} |`;
}

describe('the usual shortcut beside the tracking error', () => {
  it('on four logs made by hand, as the help says', async () => {
    // 100 orders of 0.1 at 50,000; 3 bps of one are 1.50.
    const fills = (priceOf: (index: number) => number, orders = 100) => ({
      count: orders,
      price: Float64Array.from({ length: orders }, (_, index) => priceOf(index)),
      quantity: new Float64Array(orders).fill(0.1),
    });
    const backtest = fills((index) => 50_000 + 10 * index);
    const cases = [
      [
        'every fill 3 bps off, now better, now worse',
        fills((index) => 50_000 + 10 * index + (index % 2 === 0 ? 15 : -15)),
      ],
      ['every fill 3 bps worse', fills((index) => 50_000 + 10 * index + 15)],
      ['the same prices, ten times the fees', backtest],
      ['the same prices, the first order missed', fills((index) => 50_000 + 10 * (index + 1), 99)],
    ] as const;
    const lines = cases.map(([name, live]) => `| ${name} | ${grouped(usualShortcutBps([live], [backtest]).printed)} |`);
    for (const one of lines) expect(await readFile(help, 'utf8')).toContain(one);
  });

  it('on the sample desk, as the help says', { timeout: 120_000 }, async () => {
    const engine = engineForTest(await temporaryFolder(), standingClock('2026-03-31T09:00:00Z'));
    unwrapped(await engine.ask('desk.openSample', {}));
    const rows: readonly (readonly [string, string, string, string])[] = [
      ['momentum, SOL, a good day', 'momentum-5m', 'SOL/USDT', '2026-03-05'],
      ['momentum, LINK, a good day', 'momentum-5m', 'LINK/USDT', '2026-03-30'],
      ['mean reversion, BTC, before it drifts', 'mean-reversion-1m', 'BTC/USDT', '2026-03-05'],
      ['mean reversion, BTC, adrift', 'mean-reversion-1m', 'BTC/USDT', '2026-03-30'],
      ['breakout, ETH, wrong fee tier', 'breakout-15m', 'ETH/USDT', '2026-03-30'],
    ];
    const lines = [];
    for (const [name, strategy, symbol, day] of rows) {
      lines.push(await line(engine, name, { strategy, symbol, from: day as UtcDay, to: day as UtcDay }));
    }
    expect(await readFile(help, 'utf8')).toContain(lines.join('\n'));
  });

  const pairs = resolve(import.meta.dirname, '../../../shared/data/pairs');
  const here = existsSync(pairs);
  it.skipIf(!here)(
    `on real logs${here ? '' : ' (skipped: ../shared/data/pairs is not there)'}`,
    { timeout: 120_000 },
    async () => {
      const file = (...parts: readonly string[]) =>
        join(pairs, readdirSync(pairs).find((name) => parts.every((part) => name.includes(part))) ?? parts.join(' '));
      const desk = await temporaryFolder();
      const ist = ['--zone', 'Asia/Kolkata'];
      const eth = ['--symbol', 'ETH/USDT'];
      const imports: readonly (readonly [string, 'live' | 'backtest', string, readonly string[]])[] = [
        ['A', 'backtest', file('_A_backtest_trades'), ist],
        ['A', 'live', file('_A_live_trades'), ist],
        ...(['G', 'H'] as const).flatMap(
          (pair): (readonly [string, 'live' | 'backtest', string, readonly string[]])[] => [
            [pair, 'backtest', file(`__${pair}_`, 'tv_trades'), [...eth, '--zone', '+08:00']],
            [pair, 'live', file(`__${pair}_`, 'engine_trades'), eth],
          ],
        ),
      ];
      for (const [strategy, source, path, words] of imports) {
        const ran = await lockstep(desk, ['import', path, '--strategy', strategy, '--source', source, ...words]);
        expect([path, ran.code]).toEqual([path, 0]);
      }
      await lockstep(desk, ['settings', '--strategy', 'A', 'matchToleranceMs=900000']);
      const engine = engineForTest(desk, standingClock('2026-11-01T09:00:00Z'));
      const lines = [];
      for (const [name, strategy] of [
        ['a day of live trading beside its backtest', 'A'],
        ['two engines over a year, one sizes its orders a little differently', 'G'],
        ['two engines over a year, the same to the cent', 'H'],
      ] as const) {
        const { days } = unwrapped(await engine.ask('parity.days', { strategy, symbol: 'ETH/USDT' }));
        const all = days.map(({ day }) => day).sort();
        lines.push(
          await line(engine, name, { strategy, symbol: 'ETH/USDT', from: all[0] as UtcDay, to: all.at(-1) as UtcDay }),
        );
      }
      expect(await readFile(help, 'utf8')).toContain(lines.join('\n'));
    },
  );
});
