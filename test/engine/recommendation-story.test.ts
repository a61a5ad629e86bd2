import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { simulateMarket } from '../../electron/engine/sample/market';
import { backtestCsv, liveJsonLines } from '../../electron/engine/sample/sample-files';
import { sampleStrategies, simulateStrategy } from '../../electron/engine/sample/strategies';
import type { UtcDay } from '../../shared/base/time';
import type { Execution } from '../../shared/market/executions';
import { type Report, reportSchema } from '../../shared/parity/document';
import { lockstep } from '../support/command-line';
import { temporaryFolder } from '../support/temporary-desk';

/*
 * The first day of the sample desk's strategy with the wrong fee model, imported as any log is. What its report recommends for the backtest is
 * done to the backtest's file, the file is imported anew, and the report must say what was claimed.
 */
it('a day of the sample desk comes out as its recommendations said', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  const day = '2026-03-02' as UtcDay;
  const strategy = sampleStrategies.find(({ name }) => name === 'breakout-15m')!;
  const trades = simulateStrategy('story', strategy, simulateMarket('story', day, 1));
  let desks = 0;
  const reportOf = async (changed: (execution: Execution) => Execution): Promise<Report> => {
    const desk = join(folder, `desk-${++desks}`);
    const backtest = { ...trades.backtest, executions: trades.backtest.executions.map(changed) };
    const [live, tested] = [join(folder, 'live.jsonl'), join(folder, 'backtest.csv')];
    await writeFile(live, liveJsonLines(trades));
    await writeFile(tested, backtestCsv({ ...trades, backtest }));
    for (const words of [
      ['import', live, '--source', 'live', '--quiet'],
      ['import', tested, '--source', 'backtest', '--quiet'],
      ['settings', '--strategy', strategy.name, '--symbol', 'BTC/USDT', `capital=${strategy.capitalPerSymbol}`],
    ]) {
      expect((await lockstep(desk, words)).code).toBe(0);
    }
    const ran = await lockstep(desk, ['report', '--strategy', strategy.name, '--symbol', 'BTC/USDT', '--json']);
    return reportSchema.parse(JSON.parse(ran.out));
  };

  const before = await reportOf((execution) => execution);
  const [largest] = before.recommendations;
  expect(largest?.topic).toBe('fees');
  expect(largest?.why).toMatch(/live paid \d\.\d bps \(taker share \d+ %\), the backtest assumed 2\.0 bps/);

  const rate = (before.fees.liveBps ?? Number.NaN) / 1e4;
  const after = await reportOf((execution) => ({ ...execution, fee: rate * execution.price * execution.quantity }));
  const claimed = Number(/would have been ([+-][\d.]+) instead of ([+-][\d.]+) bps/.exec(largest?.what ?? '')?.[1]);
  expect(after.trackingDifferenceBps).toBeCloseTo(claimed, 0);
  expect((after.trackingDifferenceBps ?? 0) - (before.trackingDifferenceBps ?? 0)).toBeCloseTo(
    largest?.expectedEffectBps ?? Number.NaN,
    6,
  );
  // Nobody recommends the same again.
  expect(after.recommendations.map(({ topic }) => topic)).not.toContain('fees');
});
