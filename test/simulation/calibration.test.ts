import { describe, expect, it } from 'vitest';
import { calibrate } from '../../shared/parity/calibration';
import type { Calibration } from '../../shared/parity/calibration-document';
import { calibrationDesk, noDifference, type Truth } from '../support/calibration-days';

/*
 * Calibration against known truth. `CALIBRATION_RUNS=400 npx vitest run --project simulation test/simulation/calibration.test.ts` repeats it at
 * full size and prints the tables; the suite runs a few to see that nothing broke.
 */
const runs = Number(process.env['CALIBRATION_RUNS'] ?? 4);
const full = runs >= 100;

const known: Truth = {
  ...noDifference,
  makerBps: 3,
  takerBps: 8,
  slippageBps: 4,
  impactBpsPerSqrtNotional: 0.03,
  delayMs: 80,
  fillProbability: 0.95,
  partial: 0.1,
  outliers: 0.01,
};
const worlds: Readonly<Record<string, Truth>> = {
  known,
  'days move together': { ...known, dayNoiseBps: 1.5 },
  'no impact, little noise': { ...known, impactBpsPerSqrtNotional: 0, noiseBps: 1, outliers: 0 },
  'sells cost more': { ...known, sellSlippageBps: 3 },
  'no liquidity in the logs': { ...known, liquidity: false, crossed: 0.2 },
};

const calibrated = async (truth: Truth, seed: string) => {
  const desk = calibrationDesk(truth, seed);
  return calibrate({ strategy: 'trend', symbol: 'BTC/USDT' }, desk.days, desk.read);
};
const parameter = (calibration: Calibration, id: string) => calibration.parameters.find((one) => one.id === id);

/** What each parameter should come out as; the fill ratio's mean of partial trips is (0.2 + 1) / 2. */
function truthOf(truth: Truth): Record<string, number> {
  const ratio = 1 - truth.partial * 0.4;
  const slippage: Record<string, number> =
    truth.sellSlippageBps === 0
      ? { slippageBps: truth.slippageBps }
      : { slippageBuyBps: truth.slippageBps, slippageSellBps: truth.slippageBps + truth.sellSlippageBps };
  return {
    ...(truth.liquidity
      ? { feeMakerBps: truth.makerBps, feeTakerBps: truth.takerBps }
      : { feeBps: truth.takerBps - (truth.takerBps - truth.makerBps) * 0.4 * (1 - truth.crossed) }),
    ...slippage,
    ...(truth.impactBpsPerSqrtNotional === 0 ? {} : { impactBpsPerSqrtNotional: truth.impactBpsPerSqrtNotional }),
    delayMs: truth.delayMs,
    fillProbability: truth.fillProbability,
    fillRatio: ratio,
    expectedFill: truth.fillProbability * ratio,
  };
}

describe('calibration against known truth', () => {
  it.each(Object.entries(worlds))(
    'finds the settings within their intervals: %s',
    async (name, truth) => {
      const expected = truthOf(truth);
      const seen = Object.fromEntries(Object.keys(expected).map((id) => [id, { inside: 0, given: 0, sum: 0 }]));
      let improved = 0;
      let before = 0;
      let after = 0;
      for (let run = 0; run < runs; run++) {
        const calibration = await calibrated(truth, `${name} ${run}`);
        if (calibration.state === 'improves') improved++;
        before += (calibration.judged?.heldOut.trackingErrorBps.before ?? Number.NaN) / runs;
        after += (calibration.judged?.heldOut.trackingErrorBps.after ?? Number.NaN) / runs;
        for (const [id, value] of Object.entries(expected)) {
          const found = parameter(calibration, id);
          if (found === undefined || found.value === null) continue;
          const tally = seen[id]!;
          tally.given++;
          tally.sum += found.value;
          if ((found.lower ?? Number.NaN) <= value + 1e-9 && value - 1e-9 <= (found.upper ?? Number.NaN))
            tally.inside++;
        }
      }
      if (full) {
        console.log(
          `${name}: improves in ${improved} of ${runs}; held-out tracking error ${before.toFixed(2)} -> ${after.toFixed(2)}`,
        );
        for (const [id, { inside, given, sum }] of Object.entries(seen)) {
          console.log(
            `  ${id.padEnd(26)} true ${expected[id]!.toFixed(4).padStart(8)}  mean ${(sum / given).toFixed(4).padStart(8)}  coverage ${((100 * inside) / given).toFixed(1)} % of ${given}`,
          );
        }
      }
      expect(improved / runs).toBeGreaterThan(0.5);
      for (const [id, { inside, given }] of Object.entries(seen)) {
        expect(`${id} ${inside / given > (full ? 0.89 : 0.4)}`).toBe(`${id} true`);
      }
    },
    600_000,
  );

  it('recommends nothing where live is the backtest and noise', async () => {
    const states = new Map<string, number>();
    for (const [index, truth] of [
      noDifference,
      { ...noDifference, dayNoiseBps: 2, outliers: 0.02 },
      { ...noDifference, days: 60 },
    ].entries()) {
      for (let run = 0; run < runs; run++) {
        const { state, settings } = await calibrated(truth, `nothing ${index} ${run}`);
        states.set(state, (states.get(state) ?? 0) + 1);
        expect(settings === null).toBe(state !== 'improves');
      }
    }
    if (full) console.log('no difference:', Object.fromEntries(states), `of ${3 * runs}`);
    expect((states.get('improves') ?? 0) / (3 * runs)).toBeLessThanOrEqual(full ? 0.025 : 0.06);
  }, 600_000);

  it('brings the later days down to the noise that no setting can take away', async () => {
    const truth = { ...known, fillProbability: 1, partial: 0, outliers: 0, days: 30 };
    const calibration = await calibrated(truth, 'floor');
    // The same noise without the differences: what remains when every setting is exactly right.
    const floor = await calibrated(
      { ...truth, makerBps: 2, takerBps: 5, slippageBps: 0, impactBpsPerSqrtNotional: 0, delayMs: 0 },
      'floor',
    );
    expect(floor.state).toBe('no-difference');
    const { before, after } = calibration.judged!.heldOut.trackingErrorBps;
    const noise = await noiseOf(truth);
    expect(after!).toBeLessThan(1.1 * noise);
    expect(before!).toBeGreaterThan(3 * noise);
  }, 600_000);
});

/** Mean tracking error of the later days of a desk whose live differs by its noise alone, drawn with the same seed. */
async function noiseOf(truth: Truth): Promise<number> {
  const quiet = { ...truth, makerBps: 2, takerBps: 5, slippageBps: 0, impactBpsPerSqrtNotional: 0, delayMs: 0 };
  const desk = calibrationDesk(quiet, 'floor');
  const { computeSymbolDay } = await import('../../shared/parity/symbol-day');
  const later = desk.days.slice(Math.round(desk.days.length * 0.7));
  let sum = 0;
  for (const day of later) sum += computeSymbolDay(await desk.read(day)).report.trackingErrorBps ?? Number.NaN;
  return sum / later.length;
}
