import {
  increasingRoot,
  logBeta,
  logGamma,
  logIncompleteBeta,
  logLowerGamma,
  logNormalCdf,
  logUpperGamma,
} from './special-functions';

/**
 * Tests and intervals that stay valid however often they are looked at. A martingale's sum S_t with accumulated variance V_t crosses
 * {@link mixtureBound} at any time with probability at most alpha (Ville's inequality); a confidence sequence of a mean is
 * mean +- bound(V_n) / n. Values may be shown after every observation; nothing has to be corrected for peeking.
 */

/** Two-sided watches both directions; one-sided only for sums that grow. */
export type Sides = 'one' | 'two';

/** A mixture martingale: what it is worth after a sum and a variance, as a logarithm. */
export interface Mixture {
  logMartingale(sum: number, variance: number): number;
  /** The largest sum there can be at a variance. */
  largestSum(variance: number): number;
}

/** Where a mixture is narrowest: at which accumulated variance, for which error. */
export interface MixtureAim {
  readonly variance: number;
  readonly alpha: number;
}

/**
 * The mixing parameter that makes the normal mixture narrowest at the aim: v / (2 ln(1/a) + ln(1 + 2 ln(1/a))), with 2a when one-sided
 * (Howard, Ramdas, McAuliffe and Sekhon 2021, proposition 3).
 */
export function normalMixtureRho(aim: MixtureAim, sides: Sides): number {
  const twice = -2 * Math.log(sides === 'two' ? aim.alpha : 2 * aim.alpha);
  return aim.variance / (twice + Math.log1p(twice));
}

/** Mixture of sub-Gaussian martingales by a normal (two-sided) or half-normal (one-sided) density; Howard et al. 2021, 3.2. */
export function normalMixture(aim: MixtureAim, sides: Sides): Mixture {
  const rho = normalMixtureRho(aim, sides);
  return {
    logMartingale(sum, variance) {
      const total = variance + rho;
      const exponent = (sum * sum) / (2 * total);
      if (sides === 'two') return 0.5 * Math.log(rho / total) + exponent;
      return 0.5 * Math.log((4 * rho) / total) + exponent + logNormalCdf(sum / Math.sqrt(total));
    },
    largestSum: () => Number.POSITIVE_INFINITY,
  };
}

/** For sums of values bounded above in the sub-exponential sense with scale c; one-sided; Howard et al. 2021, proposition 9. */
export function gammaExponentialMixture(aim: MixtureAim, scale: number): Mixture {
  const square = scale * scale;
  const shape = normalMixtureRho(aim, 'one') / square;
  const constant = shape * Math.log(shape) - logGamma(shape) - logLowerGamma(shape, shape);
  return {
    logMartingale(sum, variance) {
      const grown = variance / square + shape;
      const shifted = sum / scale + grown;
      if (!(shifted > 0)) return Number.NEGATIVE_INFINITY;
      const tail = logGamma(grown) + logLowerGamma(grown, shifted) - grown * Math.log(shifted);
      return constant + tail + sum / scale + variance / square;
    },
    largestSum: () => Number.POSITIVE_INFINITY,
  };
}

/** For counts and other sub-Poisson sums of scale c; one-sided; Howard et al. 2021, proposition 10. */
export function gammaPoissonMixture(aim: MixtureAim, scale: number): Mixture {
  const square = scale * scale;
  const shape = normalMixtureRho(aim, 'one') / square;
  const constant = shape * Math.log(shape) - logGamma(shape) - logUpperGamma(shape, shape);
  return {
    logMartingale(sum, variance) {
      const rate = variance / square + shape;
      const grown = sum / scale + rate;
      if (!(grown > 0)) return Number.NEGATIVE_INFINITY;
      const tail = logGamma(grown) + logUpperGamma(grown, rate) - grown * Math.log(rate);
      return constant + tail + variance / square;
    },
    largestSum: () => Number.POSITIVE_INFINITY,
  };
}

/**
 * For sums of values in [-g, h], such as outcomes of 0 or 1 less their probability; Howard et al. 2021, propositions 7 and 8.
 * @param lowest g > 0, how far below zero a value can be
 * @param highest h > 0, how far above
 */
export function betaBinomialMixture(aim: MixtureAim, lowest: number, highest: number, sides: Sides): Mixture {
  const range = lowest + highest;
  const product = lowest * highest;
  const rho = Math.max(normalMixtureRho(aim, sides) - product, 1e-3 * product);
  const upTo = sides === 'two' ? 1 : highest / range;
  const logPartialBeta = (a: number, b: number) => logBeta(a, b) + logIncompleteBeta(a, b, upTo);
  const constant = logPartialBeta(rho / (lowest * range), rho / (highest * range));
  return {
    logMartingale(sum, variance) {
      const down = (variance - lowest * sum) / (lowest * range);
      const up = (variance + highest * sum) / (highest * range);
      return (
        (variance / product) * Math.log(range) -
        up * Math.log(lowest) -
        down * Math.log(highest) +
        logPartialBeta(down + rho / (lowest * range), up + rho / (highest * range)) -
        constant
      );
    },
    largestSum: (variance) => variance / lowest,
  };
}

/** The sum a mixture's martingale passes at any time with probability at most alpha, at an accumulated variance. */
export function mixtureBound(mixture: Mixture, variance: number, alpha: number): number {
  const threshold = -Math.log(alpha);
  const over = (sum: number) => mixture.logMartingale(sum, variance) - threshold;
  const largest = mixture.largestSum(variance);
  if (Number.isFinite(largest)) return over(largest) < 0 ? largest : increasingRoot(over, 0, largest);
  let high = Math.sqrt(variance) + 1;
  while (over(high) < 0) high *= 2;
  return increasingRoot(over, 0, high);
}

/**
 * The normal mixture's two-sided bound in closed form: sqrt((v + r)(ln(1 + v/r) + 2 ln(1/a))).
 * @param rho of {@link normalMixtureRho}
 */
export function normalMixtureBound(variance: number, alpha: number, rho: number): number {
  return Math.sqrt((variance + rho) * (Math.log1p(variance / rho) - 2 * Math.log(alpha)));
}

export interface StitchedOptions {
  readonly alpha: number;
  /** Accumulated variance from which the bound is meant to be used; below it, it stays as it is there. */
  readonly smallestVariance: number;
  /** Scale c of the sub-gamma condition; 0 = sub-Gaussian. */
  readonly scale: number;
  /** Exponent s > 1 by which the error is spread over the epochs. */
  readonly exponent?: number;
  /** Ratio of two epochs' lengths, above 1. */
  readonly ratio?: number;
}

/** Polynomial stitched boundary, of the best possible growth sqrt(v ln ln v); Howard et al. 2021, theorem 1. */
export function stitchedBound(variance: number, options: StitchedOptions): number {
  const { alpha, smallestVariance, scale, exponent = 1.4, ratio = 2 } = options;
  const used = Math.max(variance, smallestVariance);
  const spread = Math.log(zeta(exponent) / Math.log(ratio) ** exponent);
  const level = exponent * Math.log(Math.log((ratio * used) / smallestVariance)) + spread - Math.log(alpha);
  const first = (ratio ** 0.25 + ratio ** -0.25) / Math.SQRT2;
  const second = ((Math.sqrt(ratio) + 1) / 2) * scale * level;
  return Math.sqrt(first * first * used * level + second * second) + second;
}

/** Riemann's zeta function for s > 1, by Euler-Maclaurin summation. */
function zeta(s: number): number {
  const terms = 20;
  let sum = 0;
  for (let n = 1; n < terms; n++) sum += n ** -s;
  const tail = terms ** -s;
  const second = s * tail * terms ** -1;
  const fourth = second * (s + 1) * (s + 2) * terms ** -2;
  const sixth = fourth * (s + 3) * (s + 4) * terms ** -2;
  return sum + (tail * terms) / (s - 1) + tail / 2 + second / 12 - fourth / 720 + sixth / 30_240;
}

/**
 * Confidence sequence of a probability (error rate, reject rate, fill rate): every m in [0, 1] the two-sided beta-binomial mixture does
 * not rule out. Valid at every look.
 * @param plannedTrials where it is to be narrowest
 */
export function bernoulliInterval(
  successes: number,
  trials: number,
  options: { readonly alpha: number; readonly plannedTrials: number; readonly aimAlpha?: number },
): { readonly lower: number; readonly upper: number } {
  const { alpha, plannedTrials, aimAlpha = alpha } = options;
  if (!(trials > 0)) return { lower: 0, upper: 1 };
  const observed = successes / trials;
  const threshold = -Math.log(alpha);
  const over = (mean: number): number => {
    const spread = mean * (1 - mean);
    const mixture = betaBinomialMixture({ variance: plannedTrials * spread, alpha: aimAlpha }, mean, 1 - mean, 'two');
    return mixture.logMartingale(successes - trials * mean, trials * spread) - threshold;
  };
  const edge = 1e-12;
  return {
    lower: observed <= edge || over(edge) < 0 ? 0 : increasingRoot((mean) => -over(mean), edge, observed),
    upper: observed >= 1 - edge || over(1 - edge) < 0 ? 1 : increasingRoot(over, observed, 1 - edge),
  };
}

/**
 * Mixture sequential probability ratio test (Robbins 1970; Johari, Pekelis and Walsh 2015): ln of the likelihood ratio of "the mean is
 * normal around zero with variance tau^2" to "the mean is zero". Always-valid p value: the least min(1, 1 / ratio) seen so far.
 * @param variance of one observation (of one paired difference; of two arms of equal size the sum of both)
 * @param mixingVariance tau^2
 */
export function mixtureSprtLogRatio(count: number, mean: number, variance: number, mixingVariance: number): number {
  const total = variance + count * mixingVariance;
  return 0.5 * Math.log(variance / total) + (count * count * mixingVariance * mean * mean) / (2 * variance * total);
}

/** Half width of the confidence sequence that belongs to {@link mixtureSprtLogRatio}. */
export function mixtureSprtHalfWidth(count: number, variance: number, mixingVariance: number, alpha: number): number {
  const total = variance + count * mixingVariance;
  return Math.sqrt(
    ((variance * total) / (count * count * mixingVariance)) * (Math.log(total / variance) - 2 * Math.log(alpha)),
  );
}

/**
 * Tuning of the asymptotic confidence sequence: sqrt((-2 ln a + ln(-2 ln a + 1)) / N*), with 2a when one-sided (Waudby-Smith, Arbour,
 * Sinha, Kennedy and Ramdas 2021, eq. 9 and appendix B; as GrowthBook).
 * @param plannedCount N*, the number of observations at which it is narrowest: to be fixed beforehand
 */
export function asymptoticRho(alpha: number, plannedCount: number, sides: Sides): number {
  const twice = -2 * Math.log(sides === 'two' ? alpha : 2 * alpha);
  return Math.sqrt((twice + Math.log1p(twice)) / plannedCount);
}

/**
 * Half width of the asymptotic confidence sequence of a mean, in standard deviations of one observation. Its error holds for large
 * counts only: nothing is to be decided before about 50 observations.
 */
export function asymptoticHalfWidth(count: number, alpha: number, rho: number, sides: Sides): number {
  const grown = count * rho * rho + 1;
  const level = sides === 'two' ? Math.log(Math.sqrt(grown) / alpha) : Math.log1p(Math.sqrt(grown) / (2 * alpha));
  return Math.sqrt((2 * grown * level) / (count * rho) ** 2);
}

/**
 * Always-valid p value of "the mean is zero" (two-sided) or "is at most zero" (one-sided).
 * @param ratio estimate over its standard error
 * @param rho of {@link asymptoticRho}, at the alpha that was planned with
 */
export function asymptoticPValue(ratio: number, count: number, rho: number, sides: Sides): number {
  const growth = count * rho * rho;
  const root = Math.sqrt(growth + 1);
  const exponent = (growth * ratio * ratio) / (2 * (growth + 1));
  if (sides === 'two') return Math.min(1, root * Math.exp(-exponent));
  return ratio > 0 ? Math.min(1, root / (2 * Math.expm1(exponent))) : 1;
}
