import { chiSquareTail, studentCdf, studentQuantile } from './special-functions';

/** Two arms side by side, such as a version and the one it is to replace: difference of their means, and whether their shares are as planned. */

export interface Sample {
  readonly count: number;
  readonly mean: number;
  /** Of one observation, n - 1. */
  readonly variance: number;
}

export interface MeanDifference {
  /** Treatment minus control; relative: over the size of the control's mean. */
  readonly estimate: number;
  readonly standardError: number;
  /** Welch's degrees of freedom. */
  readonly freedom: number;
}

/**
 * Difference of the means of two independent samples; the relative one with the error of a ratio by the delta method (as GrowthBook).
 * An arm without a usable variance makes everything NaN, never "no difference".
 */
export function meanDifference(
  control: Sample,
  treatment: Sample,
  difference: 'absolute' | 'relative',
): MeanDifference {
  const ofControl = control.variance / control.count;
  const ofTreatment = treatment.variance / treatment.count;
  const usable = ofControl > 0 && ofTreatment > 0 && control.count > 1 && treatment.count > 1;
  if (!usable) return { estimate: Number.NaN, standardError: Number.NaN, freedom: Number.NaN };
  const freedom =
    (ofControl + ofTreatment) ** 2 / (ofControl ** 2 / (control.count - 1) + ofTreatment ** 2 / (treatment.count - 1));
  const estimate = treatment.mean - control.mean;
  if (difference === 'absolute') {
    return { estimate, standardError: Math.sqrt(ofControl + ofTreatment), freedom };
  }
  const square = control.mean ** 2;
  return {
    estimate: estimate / Math.abs(control.mean),
    standardError: Math.sqrt(ofTreatment / square + (ofControl * treatment.mean ** 2) / square ** 2),
    freedom,
  };
}

/** What a one-sided interval leaves open. */
export type Direction = 'two-sided' | 'greater' | 'lesser';

/** Welch's t interval and p value of "no difference": for one look at the end, not for looking again and again. */
export function welchTest(
  { estimate, standardError, freedom }: MeanDifference,
  alpha: number,
  direction: Direction,
): { readonly lower: number; readonly upper: number; readonly pValue: number } {
  const below = studentCdf(estimate / standardError, freedom);
  if (direction === 'two-sided') {
    const half = studentQuantile(1 - alpha / 2, freedom) * standardError;
    return { lower: estimate - half, upper: estimate + half, pValue: 2 * Math.min(below, 1 - below) };
  }
  const half = studentQuantile(1 - alpha, freedom) * standardError;
  return direction === 'greater'
    ? { lower: estimate - half, upper: Number.POSITIVE_INFINITY, pValue: 1 - below }
    : { lower: Number.NEGATIVE_INFINITY, upper: estimate + half, pValue: below };
}

/**
 * Sample-ratio test: p value of the chi-square test that the arms' counts follow the planned weights. Small (below 0.001) = orders go
 * where they should not, and no comparison of the arms is to be trusted. Arms of weight 0 take no part; 1 for fewer than two arms or
 * nothing counted.
 * @param weights need not add up to one
 */
export function sampleRatioPValue(observed: ArrayLike<number>, weights: ArrayLike<number>): number {
  const arms = Array.from(observed, (count, arm) => ({ count, weight: weights[arm] ?? 0 })).filter(
    ({ weight }) => weight > 0,
  );
  const counted = arms.reduce((sum, { count }) => sum + count, 0);
  const weight = arms.reduce((sum, arm) => sum + arm.weight, 0);
  if (arms.length < 2 || counted === 0) return 1;
  const chiSquare = arms.reduce((sum, arm) => {
    const expected = (counted * arm.weight) / weight;
    return sum + (arm.count - expected) ** 2 / expected;
  }, 0);
  return chiSquareTail(chiSquare, arms.length - 1);
}
