import { leastSpread, roundStep } from './scale';

/** A distribution in bins on round numbers, with what lies beyond the shown range counted at both ends. */
export interface Histogram {
  /** Edges, one more than there are bins, evenly spaced. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** Values below the first and above the last edge: shown as counts, not as bars that would squeeze the rest. */
  readonly below: number;
  readonly above: number;
  readonly known: number;
  readonly unknown: number;
  readonly mean: number | null;
  readonly p5: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
}

/** Quantile by linear interpolation between order statistics (Hyndman and Fan 1996, type 7). `sorted` ascending, not empty. */
export function quantileOf(sorted: Float64Array, probability: number): number {
  const position = (sorted.length - 1) * probability;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
}

/** Bin width by Freedman and Diaconis (1981) within the range of p0.5 to p99.5, between 8 and `mostBins` bins; zero is an edge. */
export function histogramOf(values: readonly (number | null)[], mostBins = 60): Histogram {
  const finite = Float64Array.from(values.filter((value): value is number => value !== null && Number.isFinite(value)));
  const unknown = values.length - finite.length;
  if (finite.length === 0) {
    return { edges: [], counts: [], below: 0, above: 0, known: 0, unknown, mean: null, p5: null, p50: null, p95: null };
  }
  finite.sort();
  const low = quantileOf(finite, 0.005);
  const high = quantileOf(finite, 0.995);
  const spread = high - low < leastSpread(low, high) ? 1 : high - low;
  const ideal = (2 * (quantileOf(finite, 0.75) - quantileOf(finite, 0.25))) / Math.cbrt(finite.length);
  const width = roundStep(Math.min(spread / 8, Math.max(ideal, spread / mostBins)));
  const first = Math.floor(low / width);
  const bins = Math.max(1, Math.ceil(high / width + 1e-9) - first);
  const edges = Array.from({ length: bins + 1 }, (_, index) => (first + index) * width);
  const counts = new Array<number>(bins).fill(0);
  let below = 0;
  let above = 0;
  let sum = 0;
  for (const value of finite) {
    sum += value;
    const bin = Math.floor(value / width) - first;
    if (bin < 0) below += 1;
    else if (bin < bins) counts[bin] = counts[bin]! + 1;
    else if (value === edges[bins]) counts[bins - 1] = counts[bins - 1]! + 1;
    else above += 1;
  }
  return {
    edges,
    counts,
    below,
    above,
    known: finite.length,
    unknown,
    mean: sum / finite.length,
    p5: quantileOf(finite, 0.05),
    p50: quantileOf(finite, 0.5),
    p95: quantileOf(finite, 0.95),
  };
}
