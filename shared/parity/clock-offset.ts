import { quantilesOf } from '../base/quantiles';
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from '../base/time';
import type { OrderTable } from '../market/orders';

/**
 * How far the live log's clock stands from the backtest's on one symbol's day, and whether matching by time takes it out.
 *
 * Each order has an anchor: its decision where both logs tell decisions, else its submission likewise, else its first fill. The offset is the
 * median difference of the anchors, live minus backtest: of the pairs by key where there are some, else of the orders that coincide once
 * the logs are shifted against each other by the shift at which most of them do. Decisions are one event read on two clocks; fills have a
 * delay between them as well, which one figure cannot tell from a clock: small differences are therefore never corrected.
 */

/** What the anchors are. */
export type ClockBasis = 'decision' | 'submission' | 'fill';

export type ClockVerdict =
  /** The interval holds zero. */
  | 'agree'
  | 'corrected'
  /** Too small to tell a clock from a delay or from the grid the times are on. */
  | 'offset-or-delay'
  | 'beyond-limit'
  /** A whole number of quarter hours, of half an hour at least. */
  | 'time-zone'
  /** Measured, but too widely spread to be used. */
  | 'spread'
  /** No shift of the logs stands out. */
  | 'unknown';

export interface ClockOffset {
  readonly verdict: ClockVerdict;
  readonly basis: ClockBasis;
  /** How the anchors were paired; null when they could not be. */
  readonly pairedBy: 'key' | 'time' | null;
  /** Live minus backtest and its 95 % interval, µs; NaN when not known. */
  readonly offsetUs: number;
  readonly lowerUs: number;
  readonly upperUs: number;
  /** Pairs of anchors the figure rests on. */
  readonly pairs: number;
  /** What the live clock gains on the backtest's in a day, µs; NaN unless it is told apart from zero. */
  readonly driftUsPerDay: number;
  /** Coarsest grid that most anchors of a side are on, µs; 0 = none. */
  readonly gridUs: number;
  /** What matching by time takes from the live times. */
  readonly appliedUs: number;
}

/** Fewest pairs of anchors: below six not even the extremes bound the median at 95 %. */
const fewestPairs = 6;
/** Below this a delay is as likely as a clock: live decides a feed's delay later than a backtest, and sends and fills later still. */
const floorsUs: Readonly<Record<ClockBasis, number>> = {
  decision: SECOND_US / 4,
  submission: SECOND_US,
  fill: SECOND_US,
};
/** An offset known no better than this is of no use to matching. */
const widestIntervalUs = 15 * SECOND_US;
const mostKeyPairs = 1_000;
/** Anchors this near to the one before are the same burst and say nothing new. */
const burstUs = 100_000;
/** Differences that are looked at near and far; beyond, fewer live orders are sampled. */
const mostNear = 60_000;
const mostFar = 100_000;
/** Farthest shift that is looked for: every time zone there is. */
const farthestUs = 14.5 * HOUR_US;
/** Share of the sampled orders that must coincide, beyond chance, and the share of that which no other shift may reach. */
const leastShare = 0.35;
const rivalShare = 0.6;
/** Probability, over all shifts, of as many coincidences by chance. */
const chanceLevel = 1e-4;
const mostGridAnchors = 200;
const grids = [1_000, SECOND_US, MINUTE_US, 5 * MINUTE_US, 15 * MINUTE_US, HOUR_US, 4 * HOUR_US, DAY_US];

/**
 * @param partnerOf backtest order of each filled live order that is paired by key, -1 = none
 * @param limitUs largest offset that is corrected
 */
export function estimateClockOffset(
  live: OrderTable,
  backtest: OrderTable,
  partnerOf: Int32Array,
  limitUs: number,
): ClockOffset {
  const basis = basisOf(live, backtest);
  const liveUs = anchorsOf(live, basis);
  const backtestUs = anchorsOf(backtest, basis);
  const gridUs = Math.max(gridOf(liveUs), gridOf(backtestUs));
  const keyed = keyedDifferences(liveUs, backtestUs, partnerOf);
  const found =
    keyed.count >= fewestPairs
      ? { ...measured(keyed), pairedBy: 'key' as const }
      : coincidences(live, backtest, liveUs, backtestUs, limitUs);
  if (found === null) {
    return {
      verdict: 'unknown',
      basis,
      pairedBy: null,
      offsetUs: Number.NaN,
      lowerUs: Number.NaN,
      upperUs: Number.NaN,
      pairs: 0,
      driftUsPerDay: Number.NaN,
      gridUs,
      appliedUs: 0,
    };
  }
  const verdict = verdictOf(found, basis, gridUs, limitUs);
  return { ...found, verdict, basis, gridUs, appliedUs: verdict === 'corrected' ? Math.round(found.offsetUs) : 0 };
}

function verdictOf(found: Found, basis: ClockBasis, gridUs: number, limitUs: number): ClockVerdict {
  const { offsetUs, lowerUs, upperUs } = found;
  const size = Math.abs(offsetUs);
  if (lowerUs <= 0 && upperUs >= 0) return 'agree';
  const floorUs = Math.max(floorsUs[basis], 2 * gridUs);
  if (Math.min(Math.abs(lowerUs), Math.abs(upperUs)) < floorUs) return 'offset-or-delay';
  if ((upperUs - lowerUs) / 2 > widestIntervalUs) return 'spread';
  const quarter = 15 * MINUTE_US;
  const offQuarter = Math.abs(size - Math.round(size / quarter) * quarter);
  if (size >= 2 * quarter - MINUTE_US && offQuarter <= MINUTE_US) return 'time-zone';
  return size > limitUs ? 'beyond-limit' : 'corrected';
}

/** The best event that at least half of the filled orders of both sides tell. */
function basisOf(live: OrderTable, backtest: OrderTable): ClockBasis {
  const known = ({ filledCount }: OrderTable, column: Float64Array) => {
    let count = 0;
    for (let order = 0; order < filledCount; order++) if (!Number.isNaN(column[order]!)) count++;
    return filledCount > 0 && 2 * count >= filledCount;
  };
  if (known(live, live.decidedAtUs) && known(backtest, backtest.decidedAtUs)) return 'decision';
  if (known(live, live.submittedAtUs) && known(backtest, backtest.submittedAtUs)) return 'submission';
  return 'fill';
}

function anchorsOf(orders: OrderTable, basis: ClockBasis): Float64Array {
  if (basis === 'decision') return orders.decidedAtUs.subarray(0, orders.filledCount);
  if (basis === 'submission') return orders.submittedAtUs.subarray(0, orders.filledCount);
  return orders.firstUs.subarray(0, orders.filledCount);
}

/** Coarsest grid of {@link grids} that at least half of the anchors are on: a backtest that stamps its bars may leave inside one. */
function gridOf(anchorsUs: Float64Array): number {
  const step = Math.ceil(anchorsUs.length / mostGridAnchors);
  let coarsest = 0;
  for (const grid of grids) {
    let known = 0;
    let on = 0;
    for (let index = 0; index < anchorsUs.length; index += step) {
      const atUs = anchorsUs[index]!;
      if (Number.isNaN(atUs)) continue;
      known++;
      // Exact like the remainder, which takes ten times as long.
      if (Math.floor(atUs / grid) * grid === atUs) on++;
    }
    if (known === 0 || 2 * on < known) break;
    coarsest = grid;
  }
  return coarsest;
}

/** Differences live minus backtest with the live times they were seen at, in time order or nearly. */
interface Differences {
  readonly atUs: Float64Array;
  readonly values: Float64Array;
  readonly count: number;
}

function keyedDifferences(liveUs: Float64Array, backtestUs: Float64Array, partnerOf: Int32Array): Differences {
  let pairs = 0;
  for (let order = 0; order < partnerOf.length; order++) if (partnerOf[order]! >= 0) pairs++;
  const step = Math.max(1, Math.ceil(pairs / mostKeyPairs));
  const size = Math.ceil(pairs / step);
  const atUs = new Float64Array(size);
  const values = new Float64Array(size);
  let count = 0;
  for (let order = 0, pair = 0; order < partnerOf.length; order++) {
    const partner = partnerOf[order]!;
    if (partner < 0 || pair++ % step !== 0) continue;
    const difference = liveUs[order]! - backtestUs[partner]!;
    if (Number.isNaN(difference)) continue;
    atUs[count] = liveUs[order]!;
    values[count++] = difference;
  }
  return { atUs, values, count };
}

type Found = Pick<ClockOffset, 'offsetUs' | 'lowerUs' | 'upperUs' | 'pairs' | 'driftUsPerDay' | 'pairedBy'>;

/** Median of the differences, its interval by order statistics, and the drift. */
function measured({ atUs, values, count }: Differences): Omit<Found, 'pairedBy'> {
  const { middle, lower, upper } = medianWithInterval(values.subarray(0, count));
  return {
    offsetUs: middle,
    lowerUs: lower,
    upperUs: upper,
    pairs: count,
    driftUsPerDay: driftOf(atUs, values, count),
  };
}

/** Median and its distribution-free 95 % interval: the order statistics n/2 ∓ 0.98 sqrt(n). */
function medianWithInterval(values: Float64Array): { middle: number; lower: number; upper: number } {
  const count = values.length;
  const reach = 0.98 * Math.sqrt(count);
  const lowRank = Math.max(0, Math.floor(count / 2 - reach));
  const last = Math.max(1, count - 1);
  const [lower = Number.NaN, middle = Number.NaN, upper = Number.NaN] = quantilesOf(values, [
    lowRank / last,
    0.5,
    (count - 1 - lowRank) / last,
  ]);
  return { middle, lower, upper };
}

/**
 * Slope through the medians of the first and last third, a day; NaN when their intervals leave room for none. Robust as the median is, and
 * needs thirty differences.
 */
function driftOf(atUs: Float64Array, values: Float64Array, count: number): number {
  const third = Math.floor(count / 3);
  if (third < 10) return Number.NaN;
  const part = (from: number) => ({
    ...medianWithInterval(values.subarray(from, from + third)),
    atUs: atUs[from + (third >> 1)]!,
  });
  const first = part(0);
  const last = part(count - third);
  const rise = last.middle - first.middle;
  const doubt = Math.hypot(last.upper - last.lower, first.upper - first.lower) / 2;
  const spanUs = last.atUs - first.atUs;
  return Math.abs(rise) > doubt && spanUs > 0 ? (rise / spanUs) * DAY_US : Number.NaN;
}

interface SideAnchors {
  readonly live: Float64Array;
  readonly backtest: Float64Array;
}

/** The shift at which most orders of the same side coincide, if it stands out, measured; near first, then as far as time zones go. */
function coincidences(
  live: OrderTable,
  backtest: OrderTable,
  liveUs: Float64Array,
  backtestUs: Float64Array,
  limitUs: number,
): Found | null {
  const sides = [1, -1].map((side) => ({
    live: eventsOf(live, liveUs, side),
    backtest: eventsOf(backtest, backtestUs, side),
  }));
  const nearUs = Math.min(farthestUs, Math.max(2 * limitUs, 10 * MINUTE_US));
  const peak =
    peakOf(sides, nearUs, SECOND_US / 2, [2, 8, 32], mostNear) ??
    peakOf(sides, farthestUs, 8 * SECOND_US, [2], mostFar);
  if (peak === null) return null;
  let shiftUs = peak.shiftUs;
  const reachUs = 2 * peak.widthUs;
  let differences = nearestDifferences(sides, shiftUs, reachUs);
  for (let round = 0; round < 2; round++) {
    if (differences.count < fewestPairs) return null;
    shiftUs = medianWithInterval(differences.values.subarray(0, differences.count)).middle;
    differences = nearestDifferences(sides, shiftUs, reachUs);
  }
  if (differences.count < fewestPairs) return null;
  const found = measured(inTimeOrder(differences));
  // Neighbours by chance draw the median to the shift they are looked for around: they are worth no certainty.
  const doubt = 1 / (1 - chanceShareOf(sides, reachUs));
  return {
    ...found,
    lowerUs: found.offsetUs - doubt * (found.offsetUs - found.lowerUs),
    upperUs: found.offsetUs + doubt * (found.upperUs - found.offsetUs),
    pairedBy: 'time',
  };
}

/** Share of instants that have an anchor of the backtest within reach, on the denser side; at most 0.9. */
function chanceShareOf(sides: readonly SideAnchors[], reachUs: number): number {
  const shares = sides.map(({ backtest }) =>
    backtest.length < 2 ? 0 : 1 - Math.exp((-2 * reachUs * backtest.length) / (backtest.at(-1)! - backtest[0]!)),
  );
  return Math.min(0.9, Math.max(...shares));
}

/** Anchors of the side in time order, of a burst the first. */
function eventsOf(orders: OrderTable, anchorsUs: Float64Array, side: number): Float64Array {
  const found = new Float64Array(orders.filledCount);
  let count = 0;
  for (let order = 0; order < orders.filledCount; order++) {
    if (orders.side[order] === side && !Number.isNaN(anchorsUs[order]!)) found[count++] = anchorsUs[order]!;
  }
  const sorted = found.subarray(0, count).sort();
  let kept = 0;
  for (let index = 0; index < count; index++) {
    if (kept === 0 || sorted[index]! - sorted[kept - 1]! > burstUs) sorted[kept++] = sorted[index]!;
  }
  return sorted.subarray(0, kept);
}

/**
 * Counts the differences of all anchors within reach in windows of several widths and takes the one that chance fills least, if as many
 * coincidences are out of the question by chance (Chernoff's bound of the Poisson tail times the windows looked at), enough of the orders
 * are in it, and no window elsewhere comes near it.
 */
function peakOf(
  sides: readonly SideAnchors[],
  reachUs: number,
  binUs: number,
  widths: readonly number[],
  most: number,
): { readonly shiftUs: number; readonly widthUs: number } | null {
  const bins = Math.ceil((2 * reachUs) / binUs);
  const counts = new Uint32Array(bins);
  let sampled = 0;
  let seen = 0;
  for (const { live, backtest } of sides) {
    if (live.length === 0 || backtest.length === 0) continue;
    const spanUs = Math.max(backtest.at(-1)! - backtest[0]!, 1);
    const perOrder = Math.max(1, backtest.length * Math.min(1, (2 * reachUs) / spanUs));
    const step = Math.max(1, Math.ceil((live.length * perOrder * 2) / most));
    let from = 0;
    for (let index = 0; index < live.length; index += step) {
      const atUs = live[index]!;
      while (from < backtest.length && backtest[from]! < atUs - reachUs) from++;
      for (let other = from; other < backtest.length; other++) {
        const bin = Math.floor((atUs - backtest[other]! + reachUs) / binUs);
        if (bin < 0) break;
        if (bin >= bins) continue;
        counts[bin]!++;
        seen++;
      }
      sampled++;
    }
  }
  if (seen < fewestPairs) return null;
  let best: { shiftUs: number; widthUs: number; logTail: number } | null = null;
  for (const width of widths) {
    const found = fullestWindow(counts, width, sampled);
    if (found !== null && (best === null || found.logTail < best.logTail)) {
      best = {
        shiftUs: (found.first + width / 2) * binUs - reachUs,
        widthUs: width * binUs,
        logTail: found.logTail,
      };
    }
  }
  return best;
}

function fullestWindow(counts: Uint32Array, width: number, sampled: number): { first: number; logTail: number } | null {
  const windows = counts.length - width + 1;
  const sums = new Uint32Array(windows);
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    sum += counts[bin]!;
    if (bin >= width) sum -= counts[bin - width]!;
    if (bin >= width - 1) sums[bin - width + 1] = sum;
  }
  let first = 0;
  for (let window = 1; window < windows; window++) if (sums[window]! > sums[first]!) first = window;
  const count = sums[first]!;
  if (count < fewestPairs) return null;
  // What chance brings: the mean of the windows all over, or of those near by, whichever is more.
  const mean = (from: number, to: number) => {
    let total = 0;
    let used = 0;
    for (let window = Math.max(0, from); window < Math.min(windows, to); window++) {
      if (Math.abs(window - first) < 2 * width) continue;
      total += sums[window]!;
      used++;
    }
    return used === 0 ? 0 : total / used;
  };
  const chance = Math.max(mean(0, windows), mean(first - 12 * width, first + 12 * width), 1e-3);
  const excess = count - chance;
  if (excess < leastShare * sampled) return null;
  const logTail = count - chance - count * Math.log(count / chance);
  if (logTail + Math.log(windows) > Math.log(chanceLevel)) return null;
  for (let window = 0; window < windows; window++) {
    if (Math.abs(window - first) >= 2 * width && sums[window]! - chance > rivalShare * excess) return null;
  }
  return { first, logTail };
}

/**
 * Difference of each live anchor from the backtest anchor nearest to it after the shift, where it is within reach of it; one side after the
 * other.
 */
function nearestDifferences(sides: readonly SideAnchors[], shiftUs: number, reachUs: number): Differences {
  const size = sides.reduce((total, { live }) => total + Math.min(live.length, mostKeyPairs), 0);
  const atUs = new Float64Array(size);
  const values = new Float64Array(size);
  let count = 0;
  for (const { live, backtest } of sides) {
    if (backtest.length === 0) continue;
    const step = Math.max(1, Math.ceil(live.length / mostKeyPairs));
    let near = 0;
    for (let index = 0; index < live.length; index += step) {
      const shifted = live[index]! - shiftUs;
      while (
        near + 1 < backtest.length &&
        Math.abs(backtest[near + 1]! - shifted) <= Math.abs(backtest[near]! - shifted)
      )
        near++;
      const difference = live[index]! - backtest[near]!;
      if (Math.abs(difference - shiftUs) > reachUs) continue;
      atUs[count] = live[index]!;
      values[count++] = difference;
    }
  }
  return { atUs, values, count };
}

function inTimeOrder({ atUs, values, count }: Differences): Differences {
  const order = Uint32Array.from({ length: count }, (_, index) => index).sort((a, b) => atUs[a]! - atUs[b]!);
  return {
    atUs: Float64Array.from(order, (index) => atUs[index]!),
    values: Float64Array.from(order, (index) => values[index]!),
    count,
  };
}
