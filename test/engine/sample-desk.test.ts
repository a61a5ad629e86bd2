import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { UtcDay } from '../../shared/base/time';
import { sampleOutputSchema } from '../../shared/contract/output';
import { lockstep } from '../support/command-line';
import { admitted, engineForTest, standingClock } from '../support/engine';
import { temporaryFolder, unwrapped } from '../support/temporary-desk';

const lastDay = '2026-03-30' as UtcDay;
const today = '2026-03-31T09:00:00Z';

describe('the sample desk', () => {
  it('tells its three stories, stays apart from the main desk, and is made once', { timeout: 120_000 }, async () => {
    const folder = await temporaryFolder();
    const engine = engineForTest(folder, standingClock(today));
    const seen: { done: number; total: number }[] = [];
    engine.on('sample.progress', (progress) => seen.push(progress));
    unwrapped(await engine.ask('desk.openSample', {}));
    expect(seen.at(-1)?.done).toBe(seen.at(-1)?.total);
    expect(unwrapped(await engine.ask('app.info', {}))).toMatchObject({ sample: true, sampleAvailable: true });

    const overview = unwrapped(await engine.ask('desk.overview', { strategy: null, days: 30 }));
    expect(overview.strategies.map(({ strategy, firstDay, lastDay }) => [strategy, firstDay, lastDay])).toEqual([
      ['breakout-15m', '2026-03-01', '2026-03-30'],
      ['mean-reversion-1m', '2026-03-01', '2026-03-30'],
      ['momentum-5m', '2026-03-01', '2026-03-30'],
    ]);

    const statuses = async (strategy: string) => {
      const { portfolioDays } = unwrapped(await engine.ask('parity.symbols', { strategy }));
      return portfolioDays.map(({ status }) => status);
    };
    const count = (all: readonly string[], status: string) => all.filter((each) => each === status).length;

    const fine = await statuses('momentum-5m');
    expect(fine).toHaveLength(30);
    expect(count(fine, 'PASS')).toBeGreaterThanOrEqual(27);
    expect(count(fine, 'FAIL')).toBe(0);
    expect(fine.at(-1)).toBe('PASS');

    const drifting = await statuses('mean-reversion-1m');
    expect(drifting.slice(0, 10).every((status) => status === 'PASS')).toBe(true);
    expect(drifting.slice(12, 26)).toContain('WARN');
    expect(drifting.slice(-3)).toEqual(['FAIL', 'FAIL', 'FAIL']);

    const wrongFees = await statuses('breakout-15m');
    expect(count(wrongFees, 'FAIL')).toBe(30);
    const { report } = unwrapped(
      await engine.ask('parity.report', {
        strategy: 'breakout-15m',
        symbol: null,
        from: lastDay,
        to: lastDay,
      }),
    );
    expect(report.feeDifferenceBps).toBeGreaterThan(5);
    // The attribution says it too: most of what is lost is lost on fees.
    expect(report.attribution.fees).toBeLessThan(0.6 * report.attribution.gap);
    expect(Math.abs(report.attribution.residual)).toBeLessThanOrEqual(1e-9 * report.grossNotional);

    for (const { strategy } of overview.strategies) {
      const { symbols } = unwrapped(await engine.ask('parity.symbols', { strategy }));
      for (const { matched, missed, extra } of symbols) {
        expect(matched + missed + extra).toBeGreaterThanOrEqual(20);
        expect(matched + missed + extra).toBeLessThanOrEqual(160);
      }
    }

    // No real data in it, and it is made only once.
    const own = await admitted(engine, join(folder, 'sample', 'lockstep.db'));
    const said = { source: 'live' as const, strategy: null, version: null, account: null, format: null, map: null };
    expect(await engine.ask('imports.start', { files: [{ ...said, token: own.token }] })).toMatchObject({
      error: { code: 'conflict' },
    });
    const made = (await stat(join(folder, 'sample', 'lockstep.db'))).birthtimeMs;
    unwrapped(await engine.ask('desk.openMain', {}));
    expect(unwrapped(await engine.ask('app.info', {})).sample).toBe(false);
    expect(unwrapped(await engine.ask('desk.overview', { strategy: null, days: 30 })).strategies).toEqual([]);
    unwrapped(await engine.ask('desk.openSample', {}));
    expect((await stat(join(folder, 'sample', 'lockstep.db'))).birthtimeMs).toBe(made);

    // The command line finds the same desk.
    await engine.close();
    const { out, code } = await lockstep(folder, ['sample', '--json']);
    expect(code).toBe(0);
    expect(
      sampleOutputSchema.parse(JSON.parse(out)).strategies.map(({ strategy, status }) => [strategy, status]),
    ).toEqual([
      ['breakout-15m', 'FAIL'],
      ['mean-reversion-1m', 'FAIL'],
      ['momentum-5m', 'PASS'],
    ]);
  });
});
