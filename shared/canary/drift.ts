import type { z } from 'zod';
import { cusumLimit, nextCusum } from '../base/change-detection';
import { normalQuantile, studentCdf } from '../base/special-functions';
import type { HourSeries } from './equity';
import type { driftResultSchema } from './evaluation';
import type { DriftProgress } from './progress';

/**
 * Whether a version in production still does what it did: a self-starting cumulative sum (Hawkins 1987) over hourly differences. Each
 * hour is compared with the mean and the deviation of all hours before it; by Student's distribution the result is a standard normal
 * value, independent of the others, however few hours there were, so that no baseline has to be known or guessed.
 */

export type DriftResult = z.infer<typeof driftResultSchema>;

/** Half the shift looked for, in standard deviations of an hour. */
const slack = 0.25;

/** Hours between two false alarms on average, both directions together: one in 90 days. */
export const falseAlarmEveryHours = 2_160;

/** Two sums watch, so each alarms half as often. */
const limit = cusumLimit(slack, 2 * falseAlarmEveryHours);

/** Hours that only make the baseline. */
const baselineHours = 24;

/** A single hour, however wild, weighs no more than this. */
const widest = 4;

/**
 * Takes in the hours that are new. An hour counts once: what is learned later of an hour that was taken in does not change it.
 * @param sinceUs hours before only make the baseline
 */
export function nextDrift(before: DriftProgress | null, differences: HourSeries, sinceUs: number): DriftProgress {
  let { count, mean, squares, up, down, looks, lastHourUs } = before ?? nothingYet;
  for (let index = firstAfter(differences.startUs, lastHourUs); index < differences.startUs.length; index++) {
    const value = differences.value[index]!;
    if (Number.isNaN(value)) continue;
    lastHourUs = differences.startUs[index]!;
    if (count >= baselineHours && lastHourUs >= sinceUs && squares > 0) {
      const deviation = Math.sqrt(squares / (count - 1));
      const z = standardised((value - mean) / deviation, count);
      up = nextCusum(up, z, slack);
      down = nextCusum(down, -z, slack);
      looks++;
    }
    count++;
    const away = value - mean;
    mean += away / count;
    squares += away * (value - mean);
  }
  return { count, mean, squares, up, down, looks, lastHourUs };
}

const nothingYet: DriftProgress = { count: 0, mean: 0, squares: 0, up: 0, down: 0, looks: 0, lastHourUs: -1 };

function firstAfter(startUs: ArrayLike<number>, atUs: number): number {
  let index = startUs.length;
  while (index > 0 && startUs[index - 1]! > atUs) index--;
  return index;
}

/** A value's distance from the mean of `count` before it, in their deviations, as the standard normal value of the same probability. */
function standardised(distance: number, count: number): number {
  const student = distance * Math.sqrt(count / (count + 1));
  // From the side where the probability is small, which keeps its digits.
  const size = -normalQuantile(Math.max(studentCdf(-Math.abs(student), count - 1), Number.MIN_VALUE));
  return Math.sign(student) * Math.min(widest, size);
}

export function driftResult({ up, down, looks }: DriftProgress): DriftResult {
  const statistic = Math.max(up, down);
  return { statistic, limit, falseAlarmEvery: falseAlarmEveryHours, looks, alarm: statistic > limit };
}
