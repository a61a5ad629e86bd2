import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Calibration, calibrationSchema, calibrationSchemaId } from '../../shared/parity/calibration-document';
import { type CalibrationFormat, calibrationFormats, exportCalibration } from '../../shared/parity/calibration-export';

const judged = {
  days: 3,
  trackingErrorBps: { before: 8.6, after: 2.7 },
  trackingDifferenceBps: { before: -32, after: 1.8 },
  errorImprovementBps: { value: 5.9, lower: 4.3, upper: 7.4 },
  differenceImprovementBps: { value: 30, lower: 20, upper: 40 },
};
const parameter = (id: Calibration['parameters'][number]['id'], value: number) => ({
  id,
  value,
  lower: value - 1,
  upper: value + 1,
  n: 500,
  backtest: null,
  used: true,
  note: null,
});
const base: Calibration = {
  schema: calibrationSchemaId,
  strategy: 'trend\nimport os #',
  symbol: 'BTC/USDT',
  currency: 'USDT',
  state: 'improves',
  message: 'With the settings, …',
  missing: [],
  days: {
    usable: 10,
    leftOut: [],
    fit: { from: '2026-03-02', to: '2026-03-08', days: 7, pairs: 400 },
    heldOut: { from: '2026-03-09', to: '2026-03-11', days: 3, pairs: 100 },
  },
  parameters: [
    parameter('slippageInDelayBps', 1.5),
    parameter('latencyP50Ms', 88.93),
    parameter('fillProbability', 0.95),
  ],
  settings: {
    feeBps: { maker: -0.5, taker: 9.6, unknown: 8.0805 },
    slippage: { buyBps: 4, sellBps: 4, impactBpsPerSqrtNotional: 0.00000031 },
    delayMs: 78.9315,
    fillRatio: 0.922,
  },
  judged: { fit: judged, heldOut: judged },
  series: [],
  notes: [],
  methodVersion: 'parity-2',
};
const nothing = { feeBps: null, slippage: null, delayMs: null, fillRatio: null };
/** Every mix of settings that are there and that are not. */
const mixes: Calibration[] = Array.from({ length: 16 }, (_, bits) => ({
  ...base,
  settings: {
    ...nothing,
    ...(bits & 1 ? { feeBps: base.settings!.feeBps } : {}),
    ...(bits & 2 ? { slippage: base.settings!.slippage } : {}),
    ...(bits & 4 ? { delayMs: base.settings!.delayMs } : {}),
    ...(bits & 8 ? { fillRatio: base.settings!.fillRatio } : {}),
  },
}));
const textOf = (calibration: Calibration, format: CalibrationFormat) => exportCalibration(calibration, format)!.text;
/** As freqtrade reads its configuration files: comments are allowed. */
const freqtradeConfig = (text: string): unknown => JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, ''));

const python = spawnSync('python3', ['--version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'lockstep-calibration-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('exported settings', () => {
  it('as JSON are the document itself, whatever the calibration found', () => {
    const refused: Calibration = { ...base, state: 'no-improvement', settings: null };
    for (const calibration of [base, refused]) {
      expect(calibrationSchema.parse(JSON.parse(textOf(calibration, 'json')))).toEqual(calibration);
    }
  });

  it('are not made up where the calibration found none', () => {
    for (const format of calibrationFormats.filter((one) => one !== 'json')) {
      expect(exportCalibration({ ...base, state: 'no-difference', settings: null }, format)).toBeNull();
    }
  });

  it('for freqtrade set the fee as a ratio and nothing else, and say what has no setting', () => {
    for (const calibration of mixes) {
      const fee = calibration.settings?.feeBps ? { fee: 0.00080805 } : {};
      expect(freqtradeConfig(textOf(calibration, 'freqtrade'))).toEqual(fee);
    }
    const text = textOf(base, 'freqtrade');
    expect(text).toMatch(/no slippage setting/);
    expect(text).toMatch(/no latency setting: live fills 78\.9 ms later/);
    expect(text).toMatch(/no setting for orders that fill in part: live fills 92\.2 %/);
    // Fee 8.0805 and slippage 4 bps.
    expect(text).toMatch(/a fee of 0\.00120805 costs the same/);
  });

  it('for LEAN hold both fees and the slippage', () => {
    const text = textOf(base, 'lean');
    expect(text).toMatch(/MAKER_BPS = -0\.5\n\s+TAKER_BPS = 9\.6\n/);
    expect(text).toMatch(/BUY_BPS = 4\.0\n\s+SELL_BPS = 4\.0\n/);
    expect(text).toMatch(/no latency setting/);
    expect(textOf({ ...base, settings: { ...nothing, delayMs: 80 } }, 'lean')).not.toMatch(/FeeModel\(/);
  });

  it('for NautilusTrader give the delay in nanoseconds, and not twice what moved during it', () => {
    const text = textOf(base, 'nautilus');
    expect(text).toMatch(/MAKER_FEE = Decimal\("-0\.00005"\)\nTAKER_FEE = Decimal\("0\.00096"\)/);
    expect(text).toMatch(/BASE_LATENCY_NANOS = 88930000 /);
    expect(text).toMatch(/SLIPPAGE_BPS = 2\.5\n/);
    expect(text).toMatch(/PROB_FILL_ON_LIMIT = 0\.95\n/);
    const still = textOf({ ...base, settings: { ...base.settings!, delayMs: null, fillRatio: null } }, 'nautilus');
    expect(still).toMatch(/SLIPPAGE_BPS = 4\.0\n/);
    expect(still).not.toMatch(/LatencyModel/);
    expect(still).toMatch(/PROB_FILL_ON_LIMIT = 1\.0\n/);
  });

  it('keep a strange name inside its comment and out of the file name', () => {
    for (const format of calibrationFormats) {
      const { name, text } = exportCalibration(base, format)!;
      expect(name).toMatch(/^calibration_trend-import-os_BTC-USDT[\w.]*$/);
      if (format !== 'json') expect(text).not.toMatch(/^import os/m);
    }
  });

  it.skipIf(!python)('are Python that compiles, whatever is in them (needs python3)', () => {
    const files = mixes.flatMap((calibration, index) =>
      (['freqtrade-strategy', 'lean', 'nautilus'] as const).map((format) => {
        const file = join(folder, `${format}-${index}.py`);
        writeFileSync(file, textOf(calibration, format));
        return file;
      }),
    );
    const compiled = spawnSync('python3', ['-m', 'py_compile', ...files], { encoding: 'utf8' });
    expect(compiled.stderr).toBe('');
    expect(compiled.status).toBe(0);
  });

  it.skipIf(!python)('move prices as they say: the freqtrade part, run (needs python3)', () => {
    const file = join(folder, 'calibrated_part.py');
    const settings = { ...nothing, slippage: { buyBps: 4, sellBps: 6, impactBpsPerSqrtNotional: 0.03 } };
    writeFileSync(file, textOf({ ...base, settings }, 'freqtrade-strategy'));
    const program = `
import sys; sys.path.insert(0, ${JSON.stringify(folder)})
from types import SimpleNamespace as N
from calibrated_part import CalibratedPrices
one = CalibratedPrices(); one.config = {"stake_amount": 10000}
for mode in ("backtest", "live"):
    one.dp = N(runmode=N(value=mode))
    print(one.custom_entry_price("p", None, None, 100.0, None, "long"), one.custom_exit_price("p", N(is_short=False, amount=100.0), None, 100.0, 0, ""))
`;
    const ran = spawnSync('python3', ['-c', program], { encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    // 4 + 0.03 * 100 = 7 bps dearer, 6 + 3 = 9 bps cheaper; in live nothing.
    const [backtest, live] = ran.stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number));
    expect(backtest?.[0]).toBeCloseTo(100.07, 9);
    expect(backtest?.[1]).toBeCloseTo(99.91, 9);
    expect(live).toEqual([100, 100]);
  });
});
