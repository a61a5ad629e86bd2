import { increasingRoot } from './special-functions';

/**
 * Whether a figure has drifted from where it was. All run on standardised values z (difference over its standard deviation), one after
 * the other, in constant memory; each detector watches one direction, so watch -z as well for both.
 */

/** Page's cumulative sum (1954): max(0, S + z - k); an alarm when it exceeds the limit h. @param slack k, half the shift looked for */
export function nextCusum(sum: number, z: number, slack: number): number {
  return Math.max(0, sum + z - slack);
}

/**
 * Mean number of observations until a one-sided cumulative sum alarms (Siegmund 1985), for independent normal values of the given mean
 * shift in standard deviations. Two-sided watching halves it where nothing has changed; dependence shortens it.
 */
export function cusumRunLength(slack: number, limit: number, shift: number): number {
  const drift = shift - slack;
  const corrected = limit + 1.166;
  // The limit of the formula where the drift vanishes, which it does smoothly.
  if (Math.abs(drift) * corrected < 1e-4) return corrected * corrected;
  return (Math.expm1(-2 * drift * corrected) + 2 * drift * corrected) / (2 * drift * drift);
}

/** The limit h whose run length without change is the one wanted. */
export function cusumLimit(slack: number, runLength: number): number {
  let high = 1;
  while (cusumRunLength(slack, high, 0) < runLength) high *= 2;
  return increasingRoot((limit) => cusumRunLength(slack, limit, 0) - runLength, 0, high);
}

/** e value of one standardised value against "no shift": exp(lambda z - lambda^2 / 2), of mean at most 1 for sub-Gaussian z. */
export function shiftEvalue(z: number, lambda: number): number {
  return Math.exp(lambda * z - (lambda * lambda) / 2);
}

/**
 * E-detector of Shin, Ramdas and Rinaldo (2024). An alarm when it reaches 1 / a comes after 1 / a observations on average or later as
 * long as nothing changes, whatever the distribution.
 * @param form `sr` adds (Shiryaev-Roberts), `cusum` restarts and is more conservative
 */
export function nextEdetector(value: number, evalue: number, form: 'sr' | 'cusum'): number {
  return (form === 'sr' ? value + 1 : Math.max(value, 1)) * evalue;
}
