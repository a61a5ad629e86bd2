import { elementwise } from './sharpe';
import { normalCdf } from './special-functions';
import { mean, sampleDeviation } from './statistics';

/**
 * Figures as the Lean engine counts them (QuantConnect/Lean, `Common/Statistics`), to be laid beside what its backtest report says. They
 * differ from ours on purpose: the year is compounded from the mean day, Sortino looks at losing days only, what has no deviation is 0.
 */

/** (1 + mean)^A - 1: a year of mean days. Not the compound rate of the series. */
export function leanAnnualPerformance(returns: ArrayLike<number>, tradingDaysPerYear: number): number {
  return (1 + mean(returns)) ** tradingDaysPerYear - 1;
}

/** (mean - rf) / deviation (n - 1), per day; 0 without deviation. */
export function leanObservedSharpe(returns: ArrayLike<number>, riskFree = 0): number {
  return overOrZero(mean(returns) - riskFree, sampleDeviation(returns));
}

/** Deviation (n - 1) of the daily differences, annualised. Lean gives 0 where the lengths differ; that is NaN here. */
export function leanTrackingError(
  returns: ArrayLike<number>,
  benchmark: ArrayLike<number>,
  tradingDaysPerYear: number,
): number {
  if (returns.length !== benchmark.length) return Number.NaN;
  const differences = elementwise(returns, benchmark, (algorithm, other) => algorithm - other);
  return sampleDeviation(differences) * Math.sqrt(tradingDaysPerYear);
}

/**
 * As the textbook's {@link probabilisticSharpe} but with unbiased skewness and unbiased *excess* kurtosis in its place.
 * @param threshold Sharpe ratio per day to be exceeded
 */
export function leanProbabilisticSharpe(returns: ArrayLike<number>, threshold: number): number {
  const observed = leanObservedSharpe(returns);
  const { skewness, excessKurtosis } = unbiasedShape(returns);
  const spread = 1 - skewness * observed + ((excessKurtosis - 1) / 4) * observed * observed;
  return normalCdf((observed - threshold) / Math.sqrt(spread / (returns.length - 1)));
}

export interface LeanStatistics {
  readonly annualVariance: number;
  readonly annualStandardDeviation: number;
  readonly sharpeRatio: number;
  readonly sortinoRatio: number;
  /** Probability of an annual Sharpe ratio above 1. */
  readonly probabilisticSharpeRatio: number;
}

/** @param riskFree annual rate */
export function leanStatistics(returns: ArrayLike<number>, tradingDaysPerYear: number, riskFree = 0): LeanStatistics {
  const annualVariance = sampleDeviation(returns) ** 2 * tradingDaysPerYear;
  const annualStandardDeviation = Math.sqrt(annualVariance);
  const above = leanAnnualPerformance(returns, tradingDaysPerYear) - riskFree;
  const losses = Array.from(returns).filter((value) => value < 0);
  return {
    annualVariance,
    annualStandardDeviation,
    sharpeRatio: overOrZero(above, annualStandardDeviation),
    sortinoRatio: overOrZero(above, sampleDeviation(losses) * Math.sqrt(tradingDaysPerYear)),
    probabilisticSharpeRatio: leanProbabilisticSharpe(returns, 1 / Math.sqrt(tradingDaysPerYear)),
  };
}

/**
 * Days from a peak until it was regained, of the longest such recovery; 0 when nothing was lost or nothing lost was regained.
 * @param equity at the end of each day
 */
export function leanRecoveryDays(equity: ArrayLike<number>): number {
  let peak = Number.NEGATIVE_INFINITY;
  let peakDay = 0;
  let longest = 0;
  for (let day = 0; day < equity.length; day++) {
    const value = equity[day]!;
    if (value < peak) continue;
    // A day after the peak is no recovery: nothing was lost between.
    if (day - peakDay > 1) longest = Math.max(longest, day - peakDay);
    peak = value;
    peakDay = day;
  }
  return longest;
}

function overOrZero(above: number, deviation: number): number {
  return deviation > 0 ? above / deviation : 0;
}

/** G1 and G2 of Joanes and Gill (1998), as MathNet's Skewness and Kurtosis. */
function unbiasedShape(values: ArrayLike<number>): { readonly skewness: number; readonly excessKurtosis: number } {
  const n = values.length;
  const centre = mean(values);
  const moment = (power: number) => mean(Array.from(values, (value) => (value - centre) ** power));
  const variance = moment(2);
  const skewness = moment(3) / variance ** 1.5;
  const kurtosis = moment(4) / variance ** 2 - 3;
  return {
    skewness: (Math.sqrt(n * (n - 1)) / (n - 2)) * skewness,
    excessKurtosis: ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * kurtosis + 6),
  };
}
