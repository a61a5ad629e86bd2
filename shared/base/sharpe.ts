import { normalCdf, normalQuantile } from './special-functions';
import { mean, sampleDeviation } from './statistics';

/**
 * The Sharpe ratio and how sure it is. Returns are simple, per period; NaN = unknown and left out. `riskFree` is per period too. The
 * standard error, the probability and the track record take the periods for independent of each other.
 */

/** The values that are known. */
export function knownOf(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).filter((value) => !Number.isNaN(value));
}

/** Both series value by value; a single number stands for a series of it. */
export function elementwise(
  values: ArrayLike<number>,
  others: number | ArrayLike<number>,
  combine: (value: number, other: number) => number,
): Float64Array {
  return Float64Array.from({ length: values.length }, (_, index) =>
    combine(values[index]!, typeof others === 'number' ? others : (others[index] ?? Number.NaN)),
  );
}

/**
 * mean(r - rf) / standard deviation(r - rf, n - 1), times the root of the periods a year. NaN for fewer than two returns and for 0 / 0,
 * -Infinity or Infinity where all are equal but for rounding.
 */
export function annualisedSharpe(
  returns: ArrayLike<number>,
  periodsPerYear: number,
  riskFree: number | ArrayLike<number> = 0,
): number {
  const excess = knownOf(elementwise(returns, riskFree, (earned, free) => earned - free));
  if (excess.length < 2) return Number.NaN;
  const size = largest(elementwise(returns, riskFree, (earned, free) => Math.max(Math.abs(earned), Math.abs(free))));
  const deviation = sampleDeviation(excess);
  return (mean(excess) / (deviation <= rounding * size ? 0 : deviation)) * Math.sqrt(periodsPerYear);
}

/** Parts of the largest value that a deviation must exceed to be one: what remains of equal values after a few roundings does not. */
const rounding = 1e-12;

function largest(values: Float64Array): number {
  return values.reduce((most, value) => (value > most ? value : most), 0);
}

/** What a series' Sharpe ratio and its error rest on. */
export interface SharpeSample {
  /** Per period, not annualised. */
  readonly sharpe: number;
  readonly count: number;
  /** Third standardised moment, 0 for a normal distribution. */
  readonly skewness: number;
  /** Fourth standardised moment, 3 for a normal distribution. */
  readonly kurtosis: number;
}

/** @param riskFree per period */
export function sharpeSample(returns: ArrayLike<number>, riskFree: number | ArrayLike<number> = 0): SharpeSample {
  const excess = knownOf(elementwise(returns, riskFree, (earned, free) => earned - free));
  const centre = mean(excess);
  const moment = (power: number) => mean(excess.map((value) => (value - centre) ** power));
  const variance = moment(2);
  return {
    sharpe: annualisedSharpe(excess, 1),
    count: excess.length,
    skewness: moment(3) / variance ** 1.5,
    kurtosis: moment(4) / variance ** 2,
  };
}

/** 1 - g3 SR + (g4 - 1)/4 SR^2: variance of an estimated Sharpe ratio times the number of periods (Mertens 2002). */
function spread({ sharpe, skewness, kurtosis }: SharpeSample): number {
  return 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
}

/** Standard error of the annualised Sharpe ratio: sqrt(A / n) where the ratio is near zero and the returns are normal. */
export function sharpeStandardError(sample: SharpeSample, periodsPerYear: number): number {
  return sample.count < 2 ? Number.NaN : Math.sqrt((spread(sample) / sample.count) * periodsPerYear);
}

/**
 * Probability that the true Sharpe ratio exceeds a threshold (Bailey and Lopez de Prado 2012):
 * Phi((SR - SR*) sqrt(n - 1) / sqrt(1 - g3 SR + (g4 - 1)/4 SR^2)).
 * @param threshold per period
 */
export function probabilisticSharpe(sample: SharpeSample, threshold: number): number {
  if (sample.count < 2) return Number.NaN;
  return normalCdf(((sample.sharpe - threshold) * Math.sqrt(sample.count - 1)) / Math.sqrt(spread(sample)));
}

/**
 * Periods after which {@link probabilisticSharpe} reaches the confidence if the sample stays as it is (Bailey and Lopez de Prado 2012):
 * 1 + (1 - g3 SR + (g4 - 1)/4 SR^2) (z / (SR - SR*))^2. Infinity when the ratio does not exceed the threshold.
 * @param threshold per period
 */
export function minimumTrackRecord(sample: SharpeSample, threshold: number, confidence = 0.95): number {
  if (Number.isNaN(sample.sharpe)) return Number.NaN;
  if (sample.sharpe <= threshold) return Number.POSITIVE_INFINITY;
  return 1 + spread(sample) * (normalQuantile(confidence) / (sample.sharpe - threshold)) ** 2;
}
