import type { Random } from './random';
import { mean, quantileOfSorted } from './statistics';

/** Confidence intervals of dependent series: the stationary bootstrap and the choice of its block length. */

/**
 * Block lengths of Politis and White (2004) with the correction of Patton, Politis and White (2009), computed as the package `arch`
 * does: at least 1, at most ceil(min(3 sqrt n, n / 3)). A series without variance has block length 1.
 */
export function optimalBlockLength(values: ArrayLike<number>): {
  readonly stationary: number;
  readonly circular: number;
} {
  const count = values.length;
  if (count < 3) return { stationary: 1, circular: 1 };
  const largest = Math.ceil(Math.min(3 * Math.sqrt(count), count / 3));
  const run = Math.max(5, Math.floor(Math.log10(count)));
  const mostLags = Math.ceil(Math.sqrt(count)) + run;
  const critical = 2 * Math.sqrt(Math.log10(count) / count);
  const centre = mean(values);
  const deviations = Float64Array.from({ length: count }, (_, index) => values[index]! - centre);
  const covariance = new Float64Array(mostLags + 1);
  const significant = new Uint8Array(mostLags + 1);
  for (let lag = 0; lag <= mostLags && lag < count; lag++) {
    let product = 0;
    let leading = 0;
    let trailing = 0;
    for (let index = lag; index < count; index++) {
      product += deviations[index]! * deviations[index - lag]!;
      // arch drops one value more at each end than the lag asks for; the reference figures rest on it
      if (index > lag) leading += deviations[index]! ** 2;
      if (index - lag < count - lag - 1) trailing += deviations[index - lag]! ** 2;
    }
    covariance[lag] = product / count;
    const scale = Math.sqrt(leading * trailing);
    significant[lag] = scale > 0 && Math.abs(product) / scale >= critical ? 1 : 0;
  }
  if (!(covariance[0]! > 0)) return { stationary: 1, circular: 1 };
  let lags = mostLags;
  for (let lag = 1, quiet = 0; lag <= mostLags; lag++) {
    quiet = significant[lag] ? 0 : quiet + 1;
    if (quiet === run) {
      lags = Math.min(2 * Math.max(lag - run + 1, 1), mostLags);
      break;
    }
  }
  let weighted = 0;
  let longRun = covariance[0]!;
  for (let lag = 1; lag <= lags; lag++) {
    const taper = lag / lags <= 0.5 ? 1 : 2 * (1 - lag / lags);
    weighted += 2 * taper * lag * covariance[lag]!;
    longRun += 2 * taper * covariance[lag]!;
  }
  const length = (divisor: number) => {
    const block = ((2 * weighted * weighted) / (divisor * longRun * longRun)) ** (1 / 3) * count ** (1 / 3);
    return Number.isFinite(block) ? Math.max(1, Math.min(block, largest)) : 1;
  };
  return { stationary: length(2), circular: length(4 / 3) };
}

export interface BootstrapInterval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Percentile intervals of two statistics of one series, the sum and the root of the sum of squares, by the stationary bootstrap of
 * Politis and Romano (1994): blocks start anywhere, go on with probability 1 - 1/length, and wrap round the end.
 * @param level coverage, for example 0.95
 */
export function bootstrapSumAndRoot(
  values: ArrayLike<number>,
  options: {
    readonly blockLength: number;
    readonly resamples: number;
    readonly level: number;
    readonly random: Random;
  },
): { readonly sum: BootstrapInterval; readonly root: BootstrapInterval } {
  const count = values.length;
  const sums = new Float64Array(options.resamples);
  const roots = new Float64Array(options.resamples);
  const restart = 1 / options.blockLength;
  for (let resample = 0; resample < options.resamples; resample++) {
    let sum = 0;
    let squares = 0;
    let at = Math.floor(options.random.uniform() * count);
    for (let drawn = 0; drawn < count; drawn++) {
      if (drawn > 0) {
        if (options.random.uniform() < restart) at = Math.floor(options.random.uniform() * count);
        else if (++at === count) at = 0;
      }
      const value = values[at]!;
      sum += value;
      squares += value * value;
    }
    sums[resample] = sum;
    roots[resample] = Math.sqrt(squares);
  }
  sums.sort();
  roots.sort();
  const tail = (1 - options.level) / 2;
  return {
    sum: { lower: quantileOfSorted(sums, tail), upper: quantileOfSorted(sums, 1 - tail) },
    root: { lower: quantileOfSorted(roots, tail), upper: quantileOfSorted(roots, 1 - tail) },
  };
}
