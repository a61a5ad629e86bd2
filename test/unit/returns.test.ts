import { describe, expect, it } from 'vitest';
import { freqtradeCagr, freqtradeDrawdown } from '../../shared/base/freqtrade-statistics';
import { leanRecoveryDays, leanStatistics, leanTrackingError } from '../../shared/base/lean-statistics';
import {
  alphaBeta,
  annualReturn,
  annualVolatility,
  calmar,
  conditionalValueAtRisk,
  downsideRisk,
  excessSharpe,
  maxDrawdown,
  sortino,
  totalReturn,
  valueAtRisk,
} from '../../shared/base/returns';
import {
  annualisedSharpe,
  minimumTrackRecord,
  probabilisticSharpe,
  sharpeSample,
  sharpeStandardError,
} from '../../shared/base/sharpe';
import { chiSquareQuantile } from '../../shared/base/special-functions';
import { meanDifference } from '../../shared/base/two-samples';

const nan = Number.NaN;
const eight = [0.01, 0.1, -0.04, 0.02, 0.03, 0.02, 0.01, -0.1];
/** A year's Sharpe ratio over so many days, normal and on a year of 252. */
const normal = (annual: number, count: number) => ({
  sharpe: annual / Math.sqrt(252),
  count,
  skewness: 0,
  kurtosis: 3,
});

describe('the same eight returns', () => {
  it('by empyrical', () => {
    expect(annualisedSharpe(eight, 252)).toBeCloseTo(1.7239, 4);
    expect(sortino(eight, 252)).toBeCloseTo(2.6055, 4);
  });

  it('by Lean', () => {
    const { sharpeRatio, sortinoRatio } = leanStatistics(eight, 252);
    expect(sharpeRatio).toBeCloseTo(4.167, 3);
    expect(sortinoRatio).toBeCloseTo(5.6528, 3);
  });
});

describe('what the data cannot say', () => {
  const half = [0.02, -0.03];
  it.each([
    ['Sharpe of nothing', annualisedSharpe([], 252), nan],
    ['Sharpe of one day', annualisedSharpe([0.1], 252), nan],
    ['Sharpe of one known day', annualisedSharpe([0.1, nan], 252), nan],
    ['Sharpe of equal gains', annualisedSharpe([0.01, 0.01, 0.01], 252), Number.POSITIVE_INFINITY],
    ['Sharpe of equal losses', annualisedSharpe([-0.01, -0.01], 252), Number.NEGATIVE_INFINITY],
    ['Sharpe of nothing earned ever', annualisedSharpe([0, 0, 0], 252), nan],
    ['Sortino of one day', sortino([0.1], 252), nan],
    ['Sortino without a loss', sortino([0.1, 0.2], 252), Number.POSITIVE_INFINITY],
    ['downside risk of nothing', downsideRisk([], 252), nan],
    ['volatility of one day', annualVolatility([0.1], 252), nan],
    ['growth of nothing', annualReturn([], 252), nan],
    ['drawdown of nothing', maxDrawdown([]), nan],
    ['drawdown of gains', maxDrawdown([0.1, 0.2]), 0],
    ['drawdown of a first loss', maxDrawdown([-0.1, 0.2]), -0.1],
    ['drawdown over an unknown day', maxDrawdown([0.1, nan, -0.5]), -0.5],
    ['Calmar without drawdown', calmar([0.1, 0.2], 252), nan],
    ['total return of nothing', totalReturn([]), nan],
    ['total return', totalReturn(half), 1.02 * 0.97 - 1],
    [
      'excess Sharpe of a constant bias',
      excessSharpe(
        [0.01, 0.1, -0.04, 0.03].map((r) => r - 0.001),
        [0.01, 0.1, -0.04, 0.03],
      ),
      Number.NEGATIVE_INFINITY,
    ],
    ['excess Sharpe of equal series', excessSharpe(half, half), nan],
    ['beta to a constant', alphaBeta(half, [0.1, 0.1], 252).beta, nan],
    ['value at risk of nothing', valueAtRisk([]), nan],
    ['conditional value at risk', conditionalValueAtRisk([0.3, -0.1, 0.2, -0.2, 0.1], 0.25), -0.15],
    ['Lean on different lengths', leanTrackingError([0.1], [0.1, 0.2], 252), nan],
    [
      'a difference to an arm without variance',
      meanDifference({ count: 9, mean: 1, variance: 0 }, { count: 9, mean: 2, variance: 1 }, 'absolute').estimate,
      nan,
    ],
  ])('%s', (_, value, expected) => {
    if (Number.isFinite(expected)) expect(value).toBeCloseTo(expected, 12);
    else expect(value).toBe(expected);
  });
});

describe('how sure a Sharpe ratio is', () => {
  it.each([
    [3, 9.17],
    [7, 6],
    [14, 4.24],
    [30, 2.9],
    [60, 2.05],
    [252, 1],
  ])('standard error after %i days', (days, expected) =>
    expect(sharpeStandardError(normal(0, days), 252)).toBeCloseTo(expected, 2),
  );

  it.each([
    [7, 0.621],
    [60, 0.832],
  ])('probability that 2.0 over %i days is above 0', (days, expected) =>
    expect(probabilisticSharpe(normal(2, days), 0)).toBeCloseTo(expected, 3),
  );

  it.each([
    [1, 684, Number.POSITIVE_INFINITY],
    [1.5, 305, 2740],
    [2, 173, 688],
    [3, 78, 174],
    [4, 45, 79],
    [5, 30, 46],
  ])('days until a Sharpe ratio of %f is shown to be above 0, above 1', (annual, aboveZero, aboveOne) => {
    const days = (threshold: number) => Math.ceil(minimumTrackRecord(normal(annual, 9), threshold / Math.sqrt(252)));
    expect(Math.abs(days(0) - aboveZero)).toBeLessThanOrEqual(1);
    if (Number.isFinite(aboveOne)) expect(Math.abs(days(1) - aboveOne)).toBeLessThanOrEqual(1);
    else expect(days(1)).toBe(aboveOne);
  });

  it('fat tails and losses on the left make it less sure', () => {
    const plain = sharpeStandardError({ ...normal(2, 100) }, 252);
    expect(sharpeStandardError({ ...normal(2, 100), skewness: -1 }, 252)).toBeGreaterThan(plain);
    expect(sharpeStandardError({ ...normal(2, 100), kurtosis: 9 }, 252)).toBeGreaterThan(plain);
  });

  it('takes skewness and kurtosis from the returns', () => {
    // Deviations -1, -1, -1, 3 of a mean of 2: second moment 3, third 6, fourth 21.
    const { skewness, kurtosis, count } = sharpeSample([1, 1, 1, 5]);
    expect(skewness).toBeCloseTo(6 / 3 ** 1.5, 12);
    expect(kurtosis).toBeCloseTo(21 / 9, 12);
    expect(count).toBe(4);
  });
});

describe('a measured deviation lies, at 95 %, between these multiples of itself', () => {
  it.each([
    [3, 0.521, 6.285],
    [5, 0.599, 2.874],
    [7, 0.644, 2.202],
    [14, 0.725, 1.611],
    [30, 0.796, 1.344],
    [60, 0.848, 1.22],
    [252, 0.92, 1.096],
  ])('%i days', (days, lower, upper) => {
    const multiple = (p: number) => Math.sqrt((days - 1) / chiSquareQuantile(p, days - 1));
    expect(multiple(0.975)).toBeCloseTo(lower, 3);
    expect(multiple(0.025)).toBeCloseTo(upper, 3);
  });
});

describe('as other engines count', () => {
  it.each([
    [[100, 90, 100, 90, 100], 2],
    [[100, 90, 80, 70], 0],
    [[100, 97, 99, 97, 100, 120, 119, 121], 4],
    [[], 0],
  ])('Lean: recovery of %j takes %i days', (equity, days) => expect(leanRecoveryDays(equity)).toBe(days));

  it('Lean: what has no deviation is 0', () => {
    expect(leanStatistics([0.01, 0.01], 252)).toMatchObject({ sharpeRatio: 0, sortinoRatio: 0 });
  });

  it('freqtrade: the largest drawdown in money and in parts of the account differ; a first loss is none', () => {
    const profits = [0, -300, 300, 5_000, -600];
    expect(freqtradeDrawdown(profits, 1_000, false)).toEqual({
      drawdownAbs: 600,
      relativeAccountDrawdown: 0.1,
      highIndex: 3,
      lowIndex: 4,
    });
    expect(freqtradeDrawdown(profits, 1_000, true)?.relativeAccountDrawdown).toBe(0.3);
    expect(freqtradeDrawdown([-5, 7], 100, false)).toBeNull();
    expect(freqtradeCagr(100, 121, 730)).toBeCloseTo(0.1, 12);
  });
});
