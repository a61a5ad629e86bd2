/** A straight line through points, and how closely they follow it. */
export interface Trend {
  readonly slope: number;
  readonly intercept: number;
  /** Pearson correlation, -1 to 1. */
  readonly correlation: number;
  readonly points: number;
}

/** Least squares over the pairs of which both values are known; null with fewer than `least` of them or no spread to fit. */
export function trendOf(xs: readonly (number | null)[], ys: readonly (number | null)[], least = 10): Trend | null {
  let points = 0;
  let meanX = 0;
  let meanY = 0;
  let squaresX = 0;
  let squaresY = 0;
  let products = 0;
  // Welford's updates: one pass, no cancellation between large sums.
  for (let index = 0; index < xs.length; index++) {
    const x = xs[index];
    const y = ys[index];
    if (x == null || y == null || !Number.isFinite(x) || !Number.isFinite(y)) continue;
    points += 1;
    const fromX = x - meanX;
    const fromY = y - meanY;
    meanX += fromX / points;
    meanY += fromY / points;
    squaresX += fromX * (x - meanX);
    squaresY += fromY * (y - meanY);
    products += fromX * (y - meanY);
  }
  if (points < least || squaresX <= 0 || squaresY <= 0) return null;
  const slope = products / squaresX;
  return { slope, intercept: meanY - slope * meanX, correlation: products / Math.sqrt(squaresX * squaresY), points };
}
