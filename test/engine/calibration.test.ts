import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printExecution } from '../../electron/engine/imports/print';
import {
  calibrationFilesOutputSchema,
  calibrationsOutputSchema,
  errorOutputSchema,
} from '../../shared/contract/output';
import { executionAt } from '../../shared/market/columns';
import type { Source } from '../../shared/market/executions';
import { calibrationDesk, noDifference, type Truth } from '../support/calibration-days';
import { lockstep } from '../support/command-line';
import { engineForTest, standingClock } from '../support/engine';
import { temporaryFolder, unwrapped } from '../support/temporary-desk';

/** A desk of three symbols: one with other fees and slippage, one that only differs by noise, one with too few days. */
let folder = '';
let desk = '';

async function importDays(symbol: string, truth: Truth): Promise<void> {
  const made = calibrationDesk(truth, symbol);
  const lines: Record<Source, string[]> = { live: [], backtest: [] };
  for (const day of made.days) {
    const input = await made.read(day);
    for (const source of ['live', 'backtest'] as const) {
      const columns = input[source].executions;
      for (let row = 0; row < (columns?.count ?? 0); row++) {
        lines[source].push(printExecution(executionAt(columns!, row, { source, strategy: 'trend', symbol })));
      }
    }
  }
  for (const source of ['live', 'backtest'] as const) {
    const file = join(folder, `${symbol.replace('/', '-')}-${source}.jsonl`);
    await writeFile(file, `${lines[source].join('\n')}\n`);
    expect((await lockstep(desk, ['import', file, '--source', source, '--quiet'])).code).toBe(0);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lockstep-calibrate-'));
  desk = join(folder, 'desk');
  await mkdir(desk, { recursive: true });
  const truth = { ...noDifference, days: 14, tripsPerDay: 12 };
  await importDays('BTC/USDT', { ...truth, makerBps: 3, takerBps: 9, slippageBps: 5, delayMs: 70 });
  await importDays('ETH/USDT', truth);
  await importDays('SOL/USDT', { ...truth, days: 4 });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...words: string[]) => lockstep(desk, ['calibrate', '--strategy', 'trend', ...words]);

describe('calibrate', () => {
  it('says of each symbol what it found, what it did not, and what is missing', async () => {
    const ran = await run('--json');
    expect(ran.err).toBe('');
    const { calibrations } = calibrationsOutputSchema.parse(JSON.parse(ran.out));
    expect(calibrations.map(({ symbol, state }) => [symbol, state])).toEqual([
      ['BTC/USDT', 'improves'],
      ['ETH/USDT', 'no-difference'],
      ['SOL/USDT', 'not-enough-data'],
    ]);
    const [found, same, few] = calibrations;
    expect(found?.settings?.feeBps?.maker).toBeCloseTo(3, 6);
    expect(found?.settings?.feeBps?.taker).toBeCloseTo(9, 6);
    expect(found?.settings?.slippage?.buyBps).toBeGreaterThan(4);
    expect(found?.settings?.slippage?.buyBps).toBeLessThan(6);
    expect(found?.days.fit?.days).toBe(10);
    expect(found?.days.heldOut?.days).toBe(4);
    expect(found?.series).toHaveLength(14);
    expect(found?.judged?.heldOut.trackingErrorBps.after).toBeLessThan(
      found?.judged?.heldOut.trackingErrorBps.before ?? 0,
    );
    expect(same?.settings).toBeNull();
    expect(few?.missing).toEqual([
      { what: 'days with matched orders on both sides', have: 4, need: 10 },
      { what: 'matched orders on the earlier days', have: 24, need: 50 },
    ]);
  });

  it('replays the days as their reports have them: before is the report', async () => {
    const engine = engineForTest(desk, standingClock('2026-05-01T00:00:00Z'));
    const range = { from: null, to: null };
    const { calibration } = unwrapped(
      await engine.ask('parity.calibration', { strategy: 'trend', symbol: 'BTC/USDT', ...range }),
    );
    const { days } = unwrapped(await engine.ask('parity.days', { strategy: 'trend', symbol: 'BTC/USDT' }));
    const before = calibration.series.map(({ day, errorBefore, differenceBefore }) => [
      day,
      errorBefore?.toFixed(6),
      differenceBefore?.toFixed(6),
    ]);
    expect(before).toEqual(
      days.map(({ day, trackingErrorBps, trackingDifferenceBps }) => [
        day,
        trackingErrorBps?.toFixed(6),
        trackingDifferenceBps?.toFixed(6),
      ]),
    );
    await engine.close();
  });

  it('reads well on a terminal', async () => {
    const { out } = await run();
    expect(out).toMatch(/^SETTINGS FOUND {2}trend {2}BTC\/USDT\n {2}With the settings, over 4 later days/);
    expect(out).toMatch(/\* {2}Taker fee +9\.00 {2}bps +9\.00 to 9\.00 +n \d+ {2}backtest 5\.00/);
    expect(out).toMatch(/NOTHING TO SET {2}trend {2}ETH\/USDT/);
    expect(out).toMatch(/NOT ENOUGH DATA {2}trend {2}SOL\/USDT\n {2}Not enough data: 4 of 10 days/);
  });

  it('exports one symbol to the terminal, and all of them to a folder', async () => {
    const config = await run('--symbol', 'BTC/USDT', '--export', 'freqtrade');
    expect(config.code).toBe(0);
    expect(JSON.parse(config.out.replaceAll(/^\s*\/\/.*$/gm, ''))).toEqual({ fee: expect.closeTo(0.00066, 4) });
    const out = join(await temporaryFolder(), 'settings');
    const { files } = calibrationFilesOutputSchema.parse(
      JSON.parse((await run('--export', 'nautilus', '--out', out, '--json')).out),
    );
    expect(files.map(({ symbol, file }) => [symbol, file !== null])).toEqual([
      ['BTC/USDT', true],
      ['ETH/USDT', false],
      ['SOL/USDT', false],
    ]);
    expect(await readdir(out)).toEqual(['calibration_trend_BTC-USDT_nautilus.py']);
    expect(await readFile(join(out, 'calibration_trend_BTC-USDT_nautilus.py'), 'utf8')).toMatch(/BASE_LATENCY_NANOS/);
  });

  it('refuses what cannot be answered, and says the next step', async () => {
    const failures = [
      [['--symbol', 'ETH/USDT', '--export', 'lean'], 'no-data', /no settings to export for trend ETH\/USDT/],
      [['--export', 'lean'], 'usage', /one symbol/],
      [['--symbol', 'DOGE/USDT'], 'no-data', /no executions of DOGE\/USDT/],
      [['--from', '2026-03-09', '--to', '2026-03-02'], 'invalid-arguments', /begins on 2026-03-09/],
      [['--from', 'tomorrow'], 'usage', /is no day/],
    ] as const;
    for (const [words, code, message] of failures) {
      const ran = await run(...words, '--json');
      expect(ran.code).toBe(1);
      const { error } = errorOutputSchema.parse(JSON.parse(ran.err));
      expect(error.code).toBe(code);
      expect(error.message).toMatch(message);
      expect(error.hint.length).toBeGreaterThan(10);
    }
    const none = await lockstep(desk, ['calibrate', '--strategy', 'nobody', '--json']);
    expect(errorOutputSchema.parse(JSON.parse(none.err)).error.code).toBe('not-found');
  });
});
