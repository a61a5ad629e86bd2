import { optimalBlockLength, sumAndRootIntervals } from '../base/bootstrap';
import { Random } from '../base/random';
import { chiSquareQuantile, studentQuantile } from '../base/special-functions';
import { mean, sampleDeviation } from '../base/statistics';
import type { Interval } from './document';
import { level, resamples } from './tracking';

/** How sure a window of days is of the mean and the spread of its daily tracking differences. */

/** Days from which on the bootstrap has enough to resample; below, the exact intervals of independent normal days are the honest ones. */
const leastDaysToResample = 20;

export interface WindowIntervals {
  /** Of the mean daily difference, bps of capital per day. */
  readonly meanDifference: Interval | null;
  /** Of the standard deviation (ddof 1) of the daily differences, bps of capital per day. */
  readonly deviation: Interval | null;
}

/**
 * 95 % intervals over a window. Fewer than 20 days: Student's t for the mean and chi-square for the deviation, both for independent,
 * normally distributed days (with n = 7 the deviation's interval reaches from 0.644 to 2.202 times the figure). From 20 days on: the
 * studentised stationary bootstrap, which needs neither. Null for fewer than two days, or days that do not differ at all.
 * @param differences daily tracking differences in the order of the days, bps of capital
 * @param seed of the resamples: the same window gives the same interval
 */
export function windowIntervals(differences: Float64Array, seed: string): WindowIntervals {
  const days = differences.length;
  const deviation = sampleDeviation(differences);
  if (days < 2 || !(deviation > 0)) return { meanDifference: null, deviation: null };
  const centre = mean(differences);
  const tail = (1 - level) / 2;
  if (days < leastDaysToResample) {
    const half = (studentQuantile(1 - tail, days - 1) * deviation) / Math.sqrt(days);
    const spread = (probability: number) =>
      deviation * Math.sqrt((days - 1) / chiSquareQuantile(probability, days - 1));
    const assumed = `${days} days taken as independent and normally distributed`;
    return {
      meanDifference: { lower: centre - half, upper: centre + half, level, method: `Student's t, ${assumed}` },
      deviation: { lower: spread(1 - tail), upper: spread(tail), level, method: `chi-square, ${assumed}` },
    };
  }
  const intervalsOf = (values: Float64Array, name: string) => {
    const blockLength = optimalBlockLength(values).stationary;
    const method = `studentised stationary bootstrap over ${days} days, block length ${blockLength.toFixed(2)}, ${resamples} resamples`;
    const random = new Random(`${seed} ${name}`);
    return { ...sumAndRootIntervals(values, { blockLength, resamples, level, random }), method };
  };
  const ofMean = intervalsOf(differences, 'mean');
  const ofSpread = intervalsOf(
    differences.map((value) => value - centre),
    'deviation',
  );
  const scaled = (
    { lower, upper }: { readonly lower: number; readonly upper: number },
    by: number,
    method: string,
  ) => ({
    lower: lower / by,
    upper: upper / by,
    level,
    method,
  });
  return {
    meanDifference: scaled(ofMean.sum, days, ofMean.method),
    deviation: scaled(ofSpread.root, Math.sqrt(days - 1), ofSpread.method),
  };
}

/** Fewest days with the figure that tell how much it differs from day to day. */
const leastDaysToPool = 3;

/**
 * 95 % interval of the mean of daily figures by their weights: the days' weighted deviations from it, taken as {@link windowIntervals}
 * takes daily differences. Null for fewer than three days, or days that do not differ.
 * @param seed of the resamples: the same window gives the same interval
 */
export function pooledInterval(values: Float64Array, weights: Float64Array, seed: string): Interval | null {
  const days = values.length;
  if (days < leastDaysToPool) return null;
  const meanWeight = mean(weights);
  const pooled = mean(values.map((value, day) => value * weights[day]!)) / meanWeight;
  const moved = values.map((value, day) => ((value - pooled) * weights[day]!) / meanWeight);
  const { meanDifference } = windowIntervals(moved, seed);
  return (
    meanDifference && { ...meanDifference, lower: pooled + meanDifference.lower, upper: pooled + meanDifference.upper }
  );
}
