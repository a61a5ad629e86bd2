import { quantilesOf } from './quantiles';
import { normalQuantile, studentQuantile } from './special-functions';

/**
 * Estimates that a few wild values do not move, with 95 % intervals: the median by its order statistics, and linear regression by Huber's
 * M-estimator with a covariance that allows for values of one day moving together.
 */

export interface Estimate {
  readonly value: number;
  /** 95 % interval; NaN where there is too little to tell. */
  readonly lower: number;
  readonly upper: number;
  readonly n: number;
}

const confidence = 0.95;

/** Median with the distribution-free interval of its order statistics (binomial, normal approximation); none for fewer than six values. */
export function medianEstimate(values: ArrayLike<number>): Estimate {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  const middle = (n - 1) / 2;
  const value = n === 0 ? Number.NaN : (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  if (n < 6) return { value, lower: Number.NaN, upper: Number.NaN, n };
  const reach = normalQuantile(0.5 + confidence / 2) * Math.sqrt(n / 4);
  const low = Math.max(0, Math.floor(n / 2 - reach - 0.5));
  return { value, lower: sorted[low]!, upper: sorted[n - 1 - low]!, n };
}

/** Mean with its Student interval; none for fewer than two values. */
export function meanEstimate(values: ArrayLike<number>): Estimate {
  const n = values.length;
  let sum = 0;
  for (let index = 0; index < n; index++) sum += values[index]!;
  const value = sum / n;
  let squares = 0;
  for (let index = 0; index < n; index++) squares += (values[index]! - value) ** 2;
  if (n < 2) return { value, lower: Number.NaN, upper: Number.NaN, n };
  const reach = studentQuantile(0.5 + confidence / 2, n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { value, lower: value - reach, upper: value + reach, n };
}

export interface RobustFit {
  readonly coefficients: readonly number[];
  /** Covariance of the coefficients, row-major. */
  readonly covariance: readonly (readonly number[])[];
  /** Degrees of freedom of the intervals: groups - 1. */
  readonly freedom: number;
  readonly n: number;
}

/** 95 % efficiency under the normal distribution. */
const huberBend = 1.345;

/**
 * Huber's M-estimator (Huber 1964) of y on the columns by iteratively reweighted least squares, scale by the median of the absolute residuals in
 * every step. Covariance: the sandwich summed over groups (Liang and Zeger 1986) times G / (G - 1), to be read with Student's t
 * of G - 1 degrees of freedom.
 * @param columns each as long as y; a constant is a column of ones
 * @param group of each value, from 0: its day
 * @returns null when the columns are not independent or fewer than two groups have values
 */
export function huberRegression(
  y: Float64Array,
  columns: readonly Float64Array[],
  group: Uint32Array,
): RobustFit | null {
  const n = y.length;
  const size = columns.length;
  const groups = new Set(group).size;
  if (n <= size || groups < 2) return null;
  let coefficients = solved(y, columns, new Float64Array(n).fill(1));
  if (coefficients === null) return null;
  const residuals = new Float64Array(n);
  const weights = new Float64Array(n);
  let bend = 0;
  for (let round = 0; round < 100; round++) {
    bend = huberBend * residualsOf(y, columns, coefficients, residuals);
    if (!(bend > 1e-12)) break;
    for (let row = 0; row < n; row++) weights[row] = Math.min(1, bend / Math.abs(residuals[row]!));
    const next = solved(y, columns, weights);
    if (next === null) return null;
    const moved = Math.max(...next.map((value, at) => Math.abs(value - coefficients![at]!)));
    coefficients = next;
    if (moved <= 1e-10 * bend) break;
  }
  bend = huberBend * residualsOf(y, columns, coefficients, residuals);
  const bread = matrix(size);
  const scores = Array.from({ length: Math.max(...group) + 1 }, () => new Float64Array(size));
  for (let row = 0; row < n; row++) {
    const residual = residuals[row]!;
    const inside = Math.abs(residual) <= bend;
    const score = inside ? residual : Math.sign(residual) * bend;
    for (let a = 0; a < size; a++) {
      scores[group[row]!]![a]! += score * columns[a]![row]!;
      if (inside) for (let b = 0; b < size; b++) bread[a]![b]! += columns[a]![row]! * columns[b]![row]!;
    }
  }
  const inverse = inverted(bread);
  if (inverse === null) return null;
  const meat = matrix(size);
  for (const score of scores)
    for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) meat[a]![b]! += score[a]! * score[b]!;
  const correction = groups / (groups - 1);
  const covariance = multiplied(multiplied(inverse, meat), inverse).map((row) => row.map((v) => v * correction));
  return { coefficients, covariance, freedom: groups - 1, n };
}

/** Value and interval of sum(weights * coefficients). */
export function contrastOf(fit: RobustFit, weights: readonly number[], level: number = confidence): Estimate {
  let value = 0;
  let variance = 0;
  for (const [a, weight] of weights.entries()) {
    value += weight * fit.coefficients[a]!;
    for (const [b, other] of weights.entries()) variance += weight * other * fit.covariance[a]![b]!;
  }
  const reach = studentQuantile(0.5 + level / 2, fit.freedom) * Math.sqrt(Math.max(0, variance));
  return { value, lower: value - reach, upper: value + reach, n: fit.n };
}

/** Fills in the residuals and returns their scale: median of their sizes over 0.6745, the standard deviation if they are normal. */
function residualsOf(
  y: Float64Array,
  columns: readonly Float64Array[],
  coefficients: readonly number[],
  residuals: Float64Array,
): number {
  for (let row = 0; row < y.length; row++) {
    let fitted = 0;
    for (const [at, column] of columns.entries()) fitted += coefficients[at]! * column[row]!;
    residuals[row] = y[row]! - fitted;
  }
  return quantilesOf(residuals.map(Math.abs), [0.5])[0]! / 0.6745;
}

/** Weighted least squares by the normal equations; null when the columns are not independent. */
function solved(y: Float64Array, columns: readonly Float64Array[], weights: Float64Array): number[] | null {
  const size = columns.length;
  const normal = matrix(size);
  const right = new Float64Array(size);
  for (let row = 0; row < y.length; row++) {
    for (let a = 0; a < size; a++) {
      const weighted = weights[row]! * columns[a]![row]!;
      right[a]! += weighted * y[row]!;
      for (let b = 0; b < size; b++) normal[a]![b]! += weighted * columns[b]![row]!;
    }
  }
  const inverse = inverted(normal);
  return inverse?.map((row) => row.reduce((sum, value, at) => sum + value * right[at]!, 0)) ?? null;
}

function matrix(size: number): number[][] {
  return Array.from({ length: size }, () => new Array<number>(size).fill(0));
}

function multiplied(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number[][] {
  return a.map((row) => b[0]!.map((_, column) => row.reduce((sum, value, at) => sum + value * b[at]![column]!, 0)));
}

/** Inverse of a symmetric positive matrix of a few rows (Gauss-Jordan on the matrix scaled to a unit diagonal); null when singular. */
function inverted(source: readonly (readonly number[])[]): number[][] | null {
  const size = source.length;
  const scale = source.map((row, at) => Math.sqrt(row[at]!));
  if (!scale.every((value) => value > 0)) return null;
  const work = source.map((row, a) => [
    ...row.map((value, b) => value / scale[a]! / scale[b]!),
    ...row.map((_, b) => (a === b ? 1 : 0)),
  ]);
  for (let pivot = 0; pivot < size; pivot++) {
    let best = pivot;
    for (let row = pivot + 1; row < size; row++)
      if (Math.abs(work[row]![pivot]!) > Math.abs(work[best]![pivot]!)) best = row;
    if (!(Math.abs(work[best]![pivot]!) > 1e-10)) return null;
    [work[pivot], work[best]] = [work[best]!, work[pivot]!];
    const divisor = work[pivot]![pivot]!;
    work[pivot] = work[pivot]!.map((value) => value / divisor);
    for (let row = 0; row < size; row++) {
      const factor = row === pivot ? 0 : work[row]![pivot]!;
      if (factor !== 0) work[row] = work[row]!.map((value, column) => value - factor * work[pivot]![column]!);
    }
  }
  return work.map((row, a) => row.slice(size).map((value, b) => value / scale[a]! / scale[b]!));
}
