import { annualisedSharpe, elementwise, knownOf } from './sharpe';
import { mean, pearson, quantileOfSorted, sampleDeviation, sumOf } from './statistics';

/**
 * What a series of returns earned and risked. A return is simple and per period: 0.01 = the period earned 1 % of its capital. NaN =
 * unknown: it is left out of every mean and deviation, counts as a period in annual rates and leaves the wealth where it was. Definitions
 * and degenerate cases are those of empyrical (stefan-jansen/empyrical-reloaded, `stats.py`); what the data cannot say is NaN.
 */

/** Wealth after each period, beginning with one unit: products of 1 + r. */
export function wealthOf(returns: ArrayLike<number>): Float64Array {
  const wealth = new Float64Array(returns.length);
  let held = 1;
  for (let index = 0; index < returns.length; index++) {
    const earned = returns[index]!;
    if (!Number.isNaN(earned)) held *= 1 + earned;
    wealth[index] = held;
  }
  return wealth;
}

/** Compounded return of the whole series, 0.1 = 10 %; NaN without periods. */
export function totalReturn(returns: ArrayLike<number>): number {
  return returns.length === 0 ? Number.NaN : wealthOf(returns)[returns.length - 1]! - 1;
}

/** Compound annual growth rate: (product of 1 + r)^(periods a year / n) - 1; NaN without periods. */
export function annualReturn(returns: ArrayLike<number>, periodsPerYear: number): number {
  return returns.length === 0 ? Number.NaN : (1 + totalReturn(returns)) ** (periodsPerYear / returns.length) - 1;
}

/** Standard deviation (n - 1) times the root of the periods a year; NaN for fewer than two periods. */
export function annualVolatility(returns: ArrayLike<number>, periodsPerYear: number): number {
  return sampleDeviation(knownOf(returns)) * Math.sqrt(periodsPerYear);
}

/**
 * Annualised root of the mean square shortfall below the required return, over all periods (not only the losing ones); NaN without periods.
 * @param required return required per period, one for all or one for each
 */
export function downsideRisk(
  returns: ArrayLike<number>,
  periodsPerYear: number,
  required: number | ArrayLike<number> = 0,
): number {
  const shortfalls = knownOf(elementwise(returns, required, (earned, asked) => Math.min(earned - asked, 0) ** 2));
  return Math.sqrt(mean(shortfalls)) * Math.sqrt(periodsPerYear);
}

/**
 * Mean return above the required one, annualised, over {@link downsideRisk}. NaN for fewer than two periods; Infinity when nothing
 * fell short.
 */
export function sortino(
  returns: ArrayLike<number>,
  periodsPerYear: number,
  required: number | ArrayLike<number> = 0,
): number {
  if (returns.length < 2) return Number.NaN;
  const above = mean(knownOf(elementwise(returns, required, (earned, asked) => earned - asked))) * periodsPerYear;
  return above / downsideRisk(returns, periodsPerYear, required);
}

/** Deepest fall below the highest wealth so far, the beginning included: 0 to -1, -0.1 = 10 % lost; NaN without periods. */
export function maxDrawdown(returns: ArrayLike<number>): number {
  if (returns.length === 0) return Number.NaN;
  let peak = 1;
  let deepest = 0;
  for (const held of wealthOf(returns)) {
    if (held > peak) peak = held;
    else deepest = Math.min(deepest, held / peak - 1);
  }
  return deepest;
}

/** {@link annualReturn} over the size of {@link maxDrawdown}; NaN when there was no drawdown. */
export function calmar(returns: ArrayLike<number>, periodsPerYear: number): number {
  const deepest = maxDrawdown(returns);
  const ratio = deepest < 0 ? annualReturn(returns, periodsPerYear) / -deepest : Number.NaN;
  return Number.isFinite(ratio) ? ratio : Number.NaN;
}

/**
 * Sum of the returns above a threshold over the sum of those below it; NaN when none is below.
 * @param required annual return required, turned into one per period by compounding
 */
export function omega(
  returns: ArrayLike<number>,
  periodsPerYear: number,
  { riskFree = 0, required = 0 }: { readonly riskFree?: number | ArrayLike<number>; readonly required?: number } = {},
): number {
  if (returns.length < 2 || (periodsPerYear !== 1 && required <= -1)) return Number.NaN;
  const threshold = periodsPerYear === 1 ? required : (1 + required) ** (1 / periodsPerYear) - 1;
  const above = knownOf(elementwise(returns, riskFree, (earned, free) => earned - free - threshold));
  const gains = sumOf(above.filter((value) => value > 0));
  const losses = -sumOf(above.filter((value) => value < 0));
  return losses > 0 ? gains / losses : Number.NaN;
}

/** Return that is undercut in `share` of the periods (quantile by linear interpolation): negative = a loss. */
export function valueAtRisk(returns: ArrayLike<number>, share = 0.05): number {
  return quantileOfSorted(knownOf(returns).sort(), share);
}

/** Mean of the returns not above the `share` quantile: what a bad period costs on average; negative = a loss. */
export function conditionalValueAtRisk(returns: ArrayLike<number>, share = 0.05): number {
  const sorted = knownOf(returns).sort();
  return mean(sorted.subarray(0, Math.floor((sorted.length - 1) * share) + 1));
}

/** Size of the 95 % quantile over that of the 5 % quantile: above 1, good days are larger than bad ones. */
export function tailRatio(returns: ArrayLike<number>): number {
  const sorted = knownOf(returns).sort();
  return Math.abs(quantileOfSorted(sorted, 0.95)) / Math.abs(quantileOfSorted(sorted, 0.05));
}

/** R squared of a straight line through the logarithm of wealth: 1 = grows evenly; NaN for fewer than two periods. */
export function stability(returns: ArrayLike<number>): number {
  const wealth = wealthOf(knownOf(returns)).map(Math.log);
  return (
    pearson(
      wealth.map((_, index) => index),
      wealth,
    ) ** 2
  );
}

export interface Regression {
  /** Annualised by compounding: (1 + mean of r - rf - beta (benchmark - rf))^(periods a year) - 1. */
  readonly alpha: number;
  readonly beta: number;
}

/**
 * Regression of the returns on a benchmark of the same periods. A benchmark without variance has no beta.
 * @param riskFree return per period
 */
export function alphaBeta(
  returns: ArrayLike<number>,
  benchmark: ArrayLike<number>,
  periodsPerYear: number,
  riskFree = 0,
): Regression {
  if (returns.length < 2 || benchmark.length < 2) return { alpha: Number.NaN, beta: Number.NaN };
  const excess = elementwise(returns, riskFree, (earned, free) => earned - free);
  // Where either is unknown the period says nothing about both.
  const factor = elementwise(benchmark, excess, (value, other) => value - riskFree + 0 * other);
  const centre = mean(knownOf(factor));
  const covariance = mean(knownOf(elementwise(factor, excess, (value, earned) => (value - centre) * earned)));
  const variance = mean(knownOf(factor.map((value) => (value - centre) ** 2)));
  const beta = variance < 1e-30 ? Number.NaN : covariance / variance;
  const rest = mean(knownOf(elementwise(excess, factor, (earned, value) => earned - beta * value)));
  return { alpha: (1 + rest) ** periodsPerYear - 1, beta };
}

/** {@link annualReturn} over that of the benchmark. */
export function capture(returns: ArrayLike<number>, benchmark: ArrayLike<number>, periodsPerYear: number): number {
  return annualReturn(returns, periodsPerYear) / annualReturn(benchmark, periodsPerYear);
}

/** {@link capture} over the periods in which the benchmark rose, or fell; NaN when there are none. */
export function captureWhere(
  market: 'up' | 'down',
  returns: ArrayLike<number>,
  benchmark: ArrayLike<number>,
  periodsPerYear: number,
): number {
  const chosen = Array.from(benchmark, (value, index) => (market === 'up' ? value > 0 : value < 0) && index).filter(
    (index) => index !== false,
  );
  return capture(
    chosen.map((index) => returns[index]!),
    chosen.map((index) => benchmark[index]!),
    periodsPerYear,
  );
}

/** Sharpe ratio of the difference to a benchmark, per period: the information ratio. Plus: better than the benchmark. */
export function excessSharpe(returns: ArrayLike<number>, benchmark: number | ArrayLike<number>): number {
  return annualisedSharpe(returns, 1, benchmark);
}
