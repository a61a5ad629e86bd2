import { correctedAutocorrelation, optimalBlockLength, sumAndRootIntervals } from '../base/bootstrap';
import { Random } from '../base/random';
import { mean } from '../base/statistics';
import { CompensatedSum } from '../base/sums';
import { DAY_US, type UtcDay, utcDayStartUs } from '../base/time';
import type { FillColumns } from '../market/columns';
import type { Interval, IntervalSeries, Report } from './document';
import { figure } from './method';

/** The day cut into intervals: equity of each side at their ends, and how far the two move apart. */

/** Boundaries of the day's intervals, first and last instant of the day included. */
export function intervalBoundaries(day: UtcDay, intervals: number): Float64Array {
  const startUs = utcDayStartUs(day);
  return Float64Array.from({ length: intervals + 1 }, (_, index) => startUs + Math.round((index * DAY_US) / intervals));
}

/**
 * Equity of one side at each boundary, quote currency, zero at the first: position at the start times the change of the mark, plus
 * fills against the mark, minus known fees. A fill at a boundary belongs to the interval that begins there.
 */
export function equityAtBoundaries(
  columns: FillColumns | null,
  feeQuote: Float64Array | null,
  positionAtStart: number,
  boundariesUs: Float64Array,
  marks: Float64Array,
): Float64Array {
  const equity = new Float64Array(boundariesUs.length);
  const { count, executedAtUs, side, quantity, price } = columns ?? noFills;
  const spent = new CompensatedSum();
  const fees = new CompensatedSum();
  let net = 0;
  let row = 0;
  for (let boundary = 1; boundary < boundariesUs.length; boundary++) {
    const endUs = boundary === boundariesUs.length - 1 ? Number.POSITIVE_INFINITY : boundariesUs[boundary]!;
    while (row < count && executedAtUs[row]! < endUs) {
      const signed = side[row]! * quantity[row]!;
      net += signed;
      spent.add(signed * price[row]!);
      const fee = feeQuote === null ? Number.NaN : feeQuote[row]!;
      if (!Number.isNaN(fee)) fees.add(fee);
      row++;
    }
    const mark = marks[boundary]!;
    const carried = positionAtStart === 0 ? 0 : positionAtStart * (mark - marks[0]!);
    const traded = row === 0 ? 0 : net * mark - spent.value;
    equity[boundary] = carried + traded - fees.value;
  }
  return equity;
}

const noFills: FillColumns = {
  count: 0,
  executedAtUs: new Float64Array(0),
  side: new Int8Array(0),
  price: new Float64Array(0),
  quantity: new Float64Array(0),
};

/** Change of (live - backtest) within each interval, quote currency. */
export function intervalDifferences(live: Float64Array, backtest: Float64Array): Float64Array {
  const differences = new Float64Array(Math.max(0, live.length - 1));
  for (let index = 0; index < differences.length; index++) {
    differences[index] = live[index + 1]! - backtest[index + 1]! - (live[index]! - backtest[index]!);
  }
  return differences;
}

/** 1e4 * sqrt(sum d^2) / capital: the day's realised tracking error, uncentred, bps of capital per day. */
export function trackingErrorBps(differences: Float64Array, capital: number): number {
  let largest = 0;
  for (const value of differences) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return capital > 0 ? 0 : Number.NaN;
  let squares = 0;
  for (const value of differences) squares += (value / largest) ** 2;
  return capital > 0 ? (1e4 * largest * Math.sqrt(squares)) / capital : Number.NaN;
}

/** 1e4 * gap / capital: signed, bps of capital per day; NaN without a capital. */
export function trackingDifferenceBps(gap: number, capital: number): number {
  return capital > 0 ? (1e4 * gap) / capital : Number.NaN;
}

/** Resamples, coverage and the least number of intervals with a difference that an interval estimate may rest on. */
export const resamples = 1_000;
export const level = 0.95;
const leastMoves = 5;

export interface TrackingIntervals {
  readonly trackingErrorInterval: Report['trackingErrorInterval'];
  readonly trackingDifferenceInterval: Report['trackingDifferenceInterval'];
}

export const noTrackingIntervals: TrackingIntervals = {
  trackingErrorInterval: null,
  trackingDifferenceInterval: null,
};

/**
 * 95 % intervals of tracking error and difference by the studentised stationary bootstrap over the intervals. The generator is seeded
 * from the report's key, so the same day gives the same interval. Null when fewer than five intervals differ at all: too little to
 * resample. `caution` says where simulated coverage stays below 93 %.
 */
export function trackingIntervals(differences: Float64Array, capital: number, seed: string): TrackingIntervals {
  const moves = differences.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
  if (!(capital > 0) || moves < leastMoves || !differences.every(Number.isFinite)) {
    return noTrackingIntervals;
  }
  const scaled = differences.map((value) => (1e4 * value) / capital);
  const blockLength = optimalBlockLength(scaled).stationary;
  const { sum, root } = sumAndRootIntervals(scaled, { blockLength, resamples, level, random: new Random(seed) });
  const method = `studentised stationary bootstrap over ${differences.length} intervals, block length ${blockLength.toFixed(2)}, ${resamples} resamples`;
  const document = ({ lower, upper }: Pick<Interval, 'lower' | 'upper'>, caution: string | null): Interval => ({
    lower,
    upper,
    level,
    method,
    ...(caution === null ? {} : { caution }),
  });
  const persistent = persistenceCaution(scaled);
  return {
    trackingErrorInterval: document(root, concentrationCaution(scaled) ?? persistent),
    trackingDifferenceInterval: document(sum, persistent),
  };
}

/** Autocorrelation from which on, and number of intervals up to which, the intervals are too narrow (see the simulated coverage). */
const persistentFrom = 0.5;
const persistentUpTo = 60;

function persistenceCaution(values: Float64Array): string | null {
  const centre = mean(values);
  const rho = correctedAutocorrelation(
    values.map((value) => value - centre),
    0,
  );
  if (rho < persistentFrom || values.length > persistentUpTo) return null;
  return `One interval's difference goes on into the next (autocorrelation ${rho.toFixed(2)}): over ${values.length} intervals the true value lies outside more often than 1 time in 20, up to 1 in 10.`;
}

/** Least share of the intervals, counted by their weight in the sum of squares; a third for normal differences. */
const leastEffectiveShare = 1 / 6;

/** (sum d^2)^2 / sum d^4: the number of equally large differences that would weigh the same; n / 3 for normal ones. */
function concentrationCaution(values: Float64Array): string | null {
  let squares = 0;
  let fourths = 0;
  for (const value of values) {
    squares += value ** 2;
    fourths += value ** 4;
  }
  const effective = squares ** 2 / fourths;
  if (!(effective < leastEffectiveShare * values.length)) return null;
  return `The tracking error is made by about ${Math.max(1, Math.round(effective))} of ${values.length} intervals: such days come larger more often than the upper end says, up to 1 time in 8.`;
}

/** The series as the page and the document show it. */
export function seriesOf(
  boundariesUs: Float64Array,
  live: Float64Array,
  backtest: Float64Array,
  differences: Float64Array,
  capital: number,
): IntervalSeries {
  const finite = (value: number) => (Number.isFinite(value) ? value + 0 : 0);
  return {
    endsUs: Array.from(boundariesUs.subarray(1)),
    liveEquity: Array.from(live.subarray(1), finite),
    backtestEquity: Array.from(backtest.subarray(1), finite),
    differenceBps: Array.from(differences, (value) => (capital > 0 ? figure((1e4 * value) / capital) : null)),
  };
}
