import { optimalBlockLength } from './bootstrap';
import type { Random } from './random';
import { quantileOfSorted } from './statistics';

/**
 * Percentile interval of a statistic of two series that belong together period by period, by the stationary bootstrap of Politis and
 * Romano (1994): both are resampled at the same places, never apart, in blocks as long as the more dependent of the two asks for.
 * @param statistic of the periods at the given places; resamples it is not known of (NaN) take no part
 * @param level coverage, for example 0.95
 * @returns null when it is known of less than half of the resamples
 */
export function pairedInterval(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  statistic: (places: Uint32Array) => number,
  options: { readonly resamples: number; readonly level: number; readonly random: Random },
): { readonly lower: number; readonly upper: number } | null {
  const count = Math.min(first.length, second.length);
  const { resamples, level, random } = options;
  if (count === 0) return null;
  const restart = 1 / Math.max(optimalBlockLength(first).stationary, optimalBlockLength(second).stationary);
  const places = new Uint32Array(count);
  const values = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    let at = 0;
    for (let drawn = 0; drawn < count; drawn++) {
      at = drawn === 0 || random.uniform() < restart ? Math.floor(random.uniform() * count) : (at + 1) % count;
      places[drawn] = at;
    }
    values[resample] = statistic(places);
  }
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  if (known.length * 2 < resamples) return null;
  const tail = (1 - level) / 2;
  return { lower: quantileOfSorted(known, tail), upper: quantileOfSorted(known, 1 - tail) };
}
