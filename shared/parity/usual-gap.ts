import { quantilesOf } from '../base/quantiles';

/**
 * What a time gap costs when two logs are matched by time. Up to the gap that is usual between the two fills of one order the cost rises
 * steeply, beyond it slowly: one order that came late is cheaper than a chain of orders that each take their neighbour's partner. The usual
 * gap is worked out before anything is paired.
 */

const fewestOrders = 20;
const mostSampled = 1_000;
/** The usual gap reaches this many times the median: nearly four standard deviations of a normal one. */
const usualMedians = 6;
/** A median of at least this share of what orders without any relation have says nothing. */
const chanceShare = 0.5;
/** Share of the tolerance that a gap of the usual size costs, nearly. */
const usualCostShare = 0.75;

export interface GapCost {
  readonly usualUs: number;
  /** Cost of a gap: `steep * gap` below the usual one, else `flat + gentle * gap`; the tolerance costs itself. */
  readonly steep: number;
  readonly flat: number;
  readonly gentle: number;
}

/**
 * From the gaps between each live time and the backtest time nearest to it. Every gap costs itself where there are too few orders to
 * know, where the usual gap is as wide as the tolerance, and where the gaps are no smaller than chance makes them.
 * @param liveUs ascending
 * @param backtestUs ascending
 */
export function gapCostOf(liveUs: Float64Array, backtestUs: Float64Array, toleranceUs: number): GapCost {
  const usualUs = Math.min(toleranceUs, usualGapUs(liveUs, backtestUs));
  const flat = usualCostShare * toleranceUs;
  const gentle = 1 - usualCostShare;
  return { usualUs, steep: flat / usualUs + gentle, flat, gentle };
}

function usualGapUs(liveUs: Float64Array, backtestUs: Float64Array): number {
  const columns = backtestUs.length;
  if (liveUs.length < fewestOrders || columns < fewestOrders) return Number.POSITIVE_INFINITY;
  const step = Math.ceil(liveUs.length / mostSampled);
  const gaps = new Float64Array(Math.ceil(liveUs.length / step));
  let near = 0;
  for (let sample = 0; sample < gaps.length; sample++) {
    const atUs = liveUs[sample * step]!;
    while (near + 1 < columns && Math.abs(backtestUs[near + 1]! - atUs) <= Math.abs(backtestUs[near]! - atUs)) near++;
    gaps[sample] = Math.abs(backtestUs[near]! - atUs);
  }
  const [median = Number.NaN] = quantilesOf(gaps, [0.5]);
  // Median distance to the nearest of points that come independently: ln 2 / 2 of their mean spacing.
  const chance = (Math.LN2 / 2) * ((backtestUs[columns - 1]! - backtestUs[0]!) / (columns - 1));
  return median > chanceShare * chance ? Number.POSITIVE_INFINITY : Math.max(1_000, usualMedians * median);
}
