import { correctedAutocorrelation, meanIntervals, optimalBlockLength } from '../base/bootstrap';
import { formatCountOf } from '../base/format';
import { Random } from '../base/random';
import type { Interval } from './document';
import { latencyColumns, type Measures } from './measures';
import type { PairFigures } from './pair-figures';
import { level, resamples } from './tracking';

/**
 * How sure a day is of its fee, latency and slippage differences: the pairs, in time order and many of them summed to one unit, are
 * resampled as the intervals of the tracking error are. A figure that is a ratio of sums is resampled by what each unit adds to it
 * (linearisation, Särndal, Swensson and Wretman 1992, chapter 5.5).
 */

export interface PairIntervals {
  readonly feeDifferenceInterval: Interval | null;
  readonly latencyDifferenceInterval: Interval | null;
  readonly slippageInterval: Interval | null;
}

export const noPairIntervals: PairIntervals = {
  feeDifferenceInterval: null,
  latencyDifferenceInterval: null,
  slippageInterval: null,
};

/** More pairs than this are summed, neighbours in time with each other: the work stays the same, and what hangs together in time falls into one unit. */
const mostUnits = 24;

/** Fewest units with a known figure that an interval may rest on. */
const leastUnits = 8;

/** What each unit adds to a figure, in its unit; the mean over the units is 0. */
interface Influence {
  readonly values: Float64Array;
  /** What the unit weighs in the figure. */
  readonly weights: Float64Array;
  readonly pairs: number;
  readonly value: number;
}

/**
 * 95 % intervals of the three differences over the day's pairs; null for a figure that fewer than eight units tell.
 * @param seed of the resamples: the same day gives the same interval
 */
export function pairIntervals(pairs: PairFigures, measures: Measures, seed: string): PairIntervals {
  const unitOf = unitsInTime(pairs.atUs);
  const units = Math.min(mostUnits, pairs.count);
  const influences = [
    feeInfluence(pairs, measures, unitOf, units),
    latencyInfluence(pairs, measures, unitOf, units),
    slippageInfluence(pairs, measures, unitOf, units),
  ] as const;
  if (influences.every((influence) => influence === null)) return noPairIntervals;
  const nothing = new Float64Array(units);
  const [fees, latency, slippage] = influences;
  // One length for all of them, so that they are resampled at the same places: the most dependent one decides.
  const blockLength = Math.max(
    ...influences.map((influence) => (influence === null ? 1 : optimalBlockLength(influence.values).stationary)),
  );
  const [ofFees, ofLatency, ofSlippage] = meanIntervals(
    [fees?.values ?? nothing, latency?.values ?? nothing, slippage?.values ?? nothing],
    { blockLength, resamples, level, random: new Random(`${seed} pairs`) },
  );
  const intervalOf = (influence: Influence | null, { lower, upper }: Pick<Interval, 'lower' | 'upper'>) => {
    if (influence === null) return null;
    const caution = cautionOf(influence);
    const grouped = influence.pairs > units ? `${units} groups of ` : '';
    return {
      lower: influence.value + lower,
      upper: influence.value + upper,
      level,
      method: `stationary bootstrap, ${grouped}${formatCountOf(influence.pairs, 'pair')}, block length ${blockLength.toFixed(2)}`,
      ...(caution === null ? {} : { caution }),
    };
  };
  return {
    feeDifferenceInterval: intervalOf(fees, ofFees),
    latencyDifferenceInterval: intervalOf(latency, ofLatency),
    slippageInterval: intervalOf(slippage, ofSlippage),
  };
}

/** The unit of each pair: equally many neighbours in time to each, and pairs of one instant together. */
function unitsInTime(atUs: Float64Array): Uint8Array {
  const count = atUs.length;
  const unitOf = new Uint8Array(count);
  const units = Math.min(mostUnits, count);
  const sorted = inOrder(atUs) ? atUs : atUs.slice().sort();
  const starts = Float64Array.from({ length: units }, (_, unit) => sorted[Math.floor((unit * count) / units)]!);
  for (let pair = 0; pair < count; pair++) {
    let below = 0;
    let above = units;
    while (above - below > 1) {
      const middle = (below + above) >> 1;
      if (starts[middle]! <= atUs[pair]!) below = middle;
      else above = middle;
    }
    unitOf[pair] = below;
  }
  return unitOf;
}

function inOrder(values: Float64Array): boolean {
  for (let index = 1; index < values.length; index++) if (values[index]! < values[index - 1]!) return false;
  return true;
}

function slippageInfluence(
  { slippageBps, weight, count }: PairFigures,
  { slippage }: Measures,
  unitOf: Uint8Array,
  units: number,
): Influence | null {
  const [sums, weights] = [new Float64Array(units), new Float64Array(units)];
  let known = 0;
  for (let pair = 0; pair < count; pair++) {
    const product = slippageBps[pair]! * weight[pair]!;
    if (Number.isNaN(product)) continue;
    known++;
    sums[unitOf[pair]!]! += product;
    weights[unitOf[pair]!]! += weight[pair]!;
  }
  return ratioInfluence(sums, weights, slippage.meanBps ?? Number.NaN, known);
}

function latencyInfluence(
  pairs: PairFigures,
  { latency, latencyDifferenceMs }: Measures,
  unitOf: Uint8Array,
  units: number,
): Influence | null {
  const { live, backtest } = latencyColumns(pairs, latency.basis);
  const [sums, counts] = [new Float64Array(units), new Float64Array(units)];
  let known = 0;
  for (let pair = 0; pair < live.length; pair++) {
    const difference = live[pair]! - backtest[pair]!;
    if (Number.isNaN(difference)) continue;
    known++;
    sums[unitOf[pair]!]! += difference;
    counts[unitOf[pair]!]!++;
  }
  return ratioInfluence(sums, counts, latencyDifferenceMs, known);
}

function feeInfluence(
  { fee, notional, count }: PairFigures,
  { fees }: Measures,
  unitOf: Uint8Array,
  units: number,
): Influence | null {
  const column = () => new Float64Array(units);
  const [liveFees, liveNotional, backtestFees, backtestNotional] = [column(), column(), column(), column()];
  let known = 0;
  for (let pair = 0; pair < count; pair++) {
    const unit = unitOf[pair]!;
    const [live, backtest] = [fee.live[pair]!, fee.backtest[pair]!];
    if (Number.isNaN(live + backtest)) continue;
    known++;
    liveFees[unit]! += 1e4 * live;
    backtestFees[unit]! += 1e4 * backtest;
    liveNotional[unit]! += Math.abs(notional.live[pair]!);
    backtestNotional[unit]! += Math.abs(notional.backtest[pair]!);
  }
  const ofLive = ratioInfluence(liveFees, liveNotional, fees.liveBps, known);
  const ofBacktest = ratioInfluence(backtestFees, backtestNotional, fees.backtestBps, known);
  if (ofLive === null || ofBacktest === null) return null;
  const values = ofLive.values.map((value, unit) => value - ofBacktest.values[unit]!);
  return { ...ofLive, values, value: fees.differenceBps };
}

/** (sum - ratio * weight) / mean weight: what the unit moves the ratio of the sums by, times the number of units. */
function ratioInfluence(sums: Float64Array, weights: Float64Array, ratio: number, pairs: number): Influence | null {
  let total = 0;
  let told = 0;
  for (const weight of weights) {
    total += weight;
    if (weight > 0) told++;
  }
  if (told < leastUnits) return null;
  const meanWeight = total / weights.length;
  const values = sums.map((sum, unit) => withoutRounding(sum, ratio * weights[unit]!) / meanWeight);
  return values.every(Number.isFinite) ? { values, weights, pairs, value: ratio } : null;
}

/** a - b, and 0 where the two differ by no more than the rounding of what they were added up from: equal fees are equal. */
function withoutRounding(a: number, b: number): number {
  const difference = a - b;
  return Math.abs(difference) <= 1e-11 * (Math.abs(a) + Math.abs(b)) ? 0 : difference;
}

/** Where simulated coverage falls below 93 %: autocorrelation of the units, skewness of what they add, and the least share that weighs. */
const persistentFrom = 0.4;
const lopsidedFrom = 1.5;
const leastWeightShare = 0.45;
/** So many pairs that are all alike leave less than 1 in 20 others that are not (rule of three). */
const alikeFrom = 60;

function cautionOf({ values, weights, pairs }: Influence): string | null {
  const outside = 'the truth lies outside more often than 1 in 20';
  if (values.every((value) => value === 0)) {
    return pairs >= alikeFrom
      ? null
      : `All ${formatCountOf(pairs, 'pair')} are alike: how far others would differ is open.`;
  }
  const rho = correctedAutocorrelation(values, 0);
  if (rho >= persistentFrom) return `The day hangs together (autocorrelation ${rho.toFixed(2)}): ${outside}.`;
  const effective = effectiveNumber(weights);
  if (effective < leastWeightShare * values.length) {
    return `Rests on about ${Math.max(1, Math.round(effective))} of ${values.length} parts by size: ${outside}.`;
  }
  if (Math.abs(skewnessOf(values)) > lopsidedFrom) return `A few pairs lie far to one side: ${outside}.`;
  return null;
}

/** (sum w)^2 / sum w^2: the number of equally large ones that would weigh the same. */
function effectiveNumber(weights: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return sum ** 2 / squares;
}

/** Third moment over the cube of the deviation, of values whose mean is 0. */
function skewnessOf(values: Float64Array): number {
  let squares = 0;
  let cubes = 0;
  for (const value of values) {
    squares += value ** 2;
    cubes += value ** 3;
  }
  return cubes / values.length / (squares / values.length) ** 1.5;
}
