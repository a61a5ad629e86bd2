/**
 * Statistics over plain number arrays. What is not defined for the data (too few values, no variance) is NaN, never zero; the
 * report layer turns NaN into null.
 */

export function mean(values: ArrayLike<number>): number {
  return values.length === 0 ? Number.NaN : sumOf(values) / values.length;
}

/** Neumaier's compensated sum of an array; see {@link CompensatedSum} for sums that grow as they go. */
export function sumOf(values: ArrayLike<number>): number {
  let total = 0;
  let compensation = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    const next = total + value;
    const added = next - total;
    compensation += total - (next - added) + (value - added);
    total = next;
  }
  return total + compensation;
}

/** Standard deviation with n - 1 in the denominator; NaN for fewer than two values. */
export function sampleDeviation(values: ArrayLike<number>): number {
  if (values.length < 2) return Number.NaN;
  const centre = mean(values);
  let squares = 0;
  for (let index = 0; index < values.length; index++) squares += (values[index]! - centre) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

export interface WeightedMoments {
  readonly mean: number;
  /** sqrt(sum w (x - mean)^2 / (1 - sum w^2)) with weights that sum to one: the n - 1 deviation when all weights are equal. */
  readonly deviation: number;
  /** sqrt(sum w x^2), not centred. */
  readonly rms: number;
  readonly weight: number;
}

export function weightedMoments(values: ArrayLike<number>, weights: ArrayLike<number>): WeightedMoments {
  let weight = 0;
  let squaredWeight = 0;
  let product = 0;
  let square = 0;
  for (let index = 0; index < values.length; index++) {
    const w = weights[index]!;
    const x = values[index]!;
    weight += w;
    squaredWeight += w * w;
    product += w * x;
    square += w * x * x;
  }
  if (!(weight > 0)) return { mean: Number.NaN, deviation: Number.NaN, rms: Number.NaN, weight };
  const centre = product / weight;
  let spread = 0;
  for (let index = 0; index < values.length; index++) spread += weights[index]! * (values[index]! - centre) ** 2;
  const freedom = 1 - squaredWeight / (weight * weight);
  return {
    mean: centre,
    deviation: values.length >= 2 && freedom > 1e-12 ? Math.sqrt(spread / weight / freedom) : Number.NaN,
    rms: Math.sqrt(square / weight),
    weight,
  };
}

/**
 * Quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, the default of R and numpy).
 * @param sorted ascending, without NaN
 * @param share 0..1
 */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low === high ? low : low + (at - below) * (high - low);
}

/** Product-moment correlation; NaN for fewer than two pairs or a side without variance. */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const meanX = mean(x);
  const meanY = mean(y);
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let index = 0; index < x.length; index++) {
    const dx = x[index]! - meanX;
    const dy = y[index]! - meanY;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  const scale = Math.sqrt(xx) * Math.sqrt(yy);
  return x.length >= 2 && scale > 0 ? Math.max(-1, Math.min(1, xy / scale)) : Number.NaN;
}

/** Ranks from 1; equal values share the mean of their ranks. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, index) => index).sort(
    (a, b) => values[a]! - values[b]!,
  );
  const result = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let index = start; index < end; index++) result[order[index]!] = (start + end + 1) / 2;
    start = end;
  }
  return result;
}

/** Rank correlation with ties (Pearson of mean ranks). */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return pearson(ranks(x), ranks(y));
}

/** Slope of y on x by least squares with its standard error (n - 2 degrees of freedom); NaN where x does not vary or n < 3. */
export function leastSquaresSlope(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): { readonly slope: number; readonly standardError: number } {
  const count = x.length;
  const meanX = mean(x);
  const meanY = mean(y);
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let index = 0; index < count; index++) {
    const dx = x[index]! - meanX;
    const dy = y[index]! - meanY;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  // Equal x values differ from their mean by rounding only: that is not variation.
  if (count < 3 || !(xx > 1e-24 * count * meanX * meanX)) return { slope: Number.NaN, standardError: Number.NaN };
  const slope = xy / xx;
  return { slope, standardError: Math.sqrt(Math.max(0, yy - slope * xy) / (count - 2) / xx) };
}

/**
 * Eigenvalues of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5), descending.
 * @param matrix row-major, size * size; left unchanged
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  const a = matrix.slice();
  let scale = 0;
  for (const value of a) scale += value * value;
  for (let sweep = 0; sweep < 60; sweep++) {
    let offDiagonal = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) offDiagonal += a[p * size + q]! ** 2;
    if (offDiagonal <= 1e-28 * scale) break;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const apq = a[p * size + q]!;
        if (apq === 0) continue;
        const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * apq);
        const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const cosine = 1 / Math.hypot(tangent, 1);
        const sine = tangent * cosine;
        for (let k = 0; k < size; k++) {
          const akp = a[k * size + p]!;
          const akq = a[k * size + q]!;
          a[k * size + p] = cosine * akp - sine * akq;
          a[k * size + q] = sine * akp + cosine * akq;
        }
        for (let k = 0; k < size; k++) {
          const apk = a[p * size + k]!;
          const aqk = a[q * size + k]!;
          a[p * size + k] = cosine * apk - sine * aqk;
          a[q * size + k] = sine * apk + cosine * aqk;
        }
      }
    }
  }
  return Float64Array.from({ length: size }, (_, index) => a[index * size + index]!)
    .sort()
    .reverse();
}

/**
 * Share of the first principal component of the standardised series: near 1 = one common cause, near 1 / (number of series) = each its
 * own. Series without variance take no part; NaN when fewer than two remain.
 */
export function firstComponentShare(series: readonly ArrayLike<number>[]): number {
  const standardised: Float64Array[] = [];
  for (const values of series) {
    const deviation = sampleDeviation(values);
    if (!(deviation > 0)) continue;
    const centre = mean(values);
    standardised.push(
      Float64Array.from({ length: values.length }, (_, index) => (values[index]! - centre) / deviation),
    );
  }
  const size = standardised.length;
  const length = standardised[0]?.length ?? 0;
  if (size < 2) return Number.NaN;
  // The smaller of the two Gram matrices has the same non-zero eigenvalues.
  const byInterval = length < size;
  const order = byInterval ? length : size;
  const gram = new Float64Array(order * order);
  for (let row = 0; row < order; row++) {
    for (let column = row; column < order; column++) {
      let product = 0;
      if (byInterval) for (const values of standardised) product += values[row]! * values[column]!;
      else for (let k = 0; k < length; k++) product += standardised[row]![k]! * standardised[column]![k]!;
      gram[row * order + column] = product;
      gram[column * order + row] = product;
    }
  }
  return symmetricEigenvalues(gram, order)[0]! / (size * (length - 1));
}
