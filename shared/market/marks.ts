import { HOUR_US } from '../base/time';

/**
 * Mark prices: the one price that values both sides' positions at an instant. An imported price at most an hour old comes first; else the
 * later of the last imported price and the last fill of either source.
 */

/** Prices in time order. */
export interface PriceSeries {
  readonly atUs: Float64Array;
  readonly price: Float64Array;
}

/** The fills that may serve as marks, in time order. */
export interface FillPrices {
  readonly count: number;
  readonly executedAtUs: Float64Array;
  readonly price: Float64Array;
}

export interface BoundaryMarks {
  /** Mark at each boundary. Before the first known price it is that first price; NaN everywhere when there is no price at all. */
  readonly price: Float64Array;
  /** Age of each mark in microseconds; negative for a first price borrowed from later in the day. */
  readonly ageUs: Float64Array;
  /** Whether a price was known at the first boundary. */
  readonly knownAtStart: boolean;
}

/** An imported price at most this old is preferred over a later fill; an older mark is a stale one. */
export const freshMarkUs = HOUR_US;

/** Index of the last entry at or before the instant; -1 when there is none. */
export function lastAtOrBefore(atUs: Float64Array, instantUs: number): number {
  let low = 0;
  let high = atUs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (atUs[middle]! <= instantUs) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Marks at ascending boundaries. An imported price counts from its instant on; a fill belongs to the interval that begins at its instant,
 * so it marks later boundaries only. Of fills at one instant the live one counts.
 * @param freshUs age up to which an imported price is taken before a later fill
 */
export function marksAtBoundaries(
  boundariesUs: Float64Array,
  prices: PriceSeries,
  live: FillPrices | null,
  backtest: FillPrices | null,
  lastFillBefore: { readonly price: number; readonly atUs: number } | null,
  freshUs: number,
): BoundaryMarks {
  const size = boundariesUs.length;
  const price = new Float64Array(size).fill(Number.NaN);
  const ageUs = new Float64Array(size).fill(Number.NaN);
  let fillPrice = lastFillBefore?.price ?? Number.NaN;
  let fillAtUs = lastFillBefore?.atUs ?? Number.NEGATIVE_INFINITY;
  let liveAt = 0;
  let backtestAt = 0;
  let importedAt = 0;
  for (let index = 0; index < size; index++) {
    const boundary = boundariesUs[index]!;
    if (backtest !== null) {
      backtestAt = firstFrom(backtest, boundary, backtestAt);
      if (backtestAt > 0 && backtest.executedAtUs[backtestAt - 1]! >= fillAtUs) {
        fillPrice = backtest.price[backtestAt - 1]!;
        fillAtUs = backtest.executedAtUs[backtestAt - 1]!;
      }
    }
    if (live !== null) {
      liveAt = firstFrom(live, boundary, liveAt);
      if (liveAt > 0 && live.executedAtUs[liveAt - 1]! >= fillAtUs) {
        fillPrice = live.price[liveAt - 1]!;
        fillAtUs = live.executedAtUs[liveAt - 1]!;
      }
    }
    while (importedAt < prices.atUs.length && prices.atUs[importedAt]! <= boundary) importedAt++;
    const importedUs = importedAt > 0 ? prices.atUs[importedAt - 1]! : Number.NEGATIVE_INFINITY;
    const imported = importedAt > 0 && (boundary - importedUs <= freshUs || importedUs >= fillAtUs);
    if (imported) {
      price[index] = prices.price[importedAt - 1]!;
      ageUs[index] = boundary - importedUs;
    } else if (fillAtUs > Number.NEGATIVE_INFINITY) {
      price[index] = fillPrice;
      ageUs[index] = boundary - fillAtUs;
    }
  }
  const knownAtStart = size > 0 && !Number.isNaN(price[0]!);
  if (!knownAtStart) borrowFirstPrice(boundariesUs, price, ageUs, prices, live, backtest);
  return { price, ageUs, knownAtStart };
}

/** First fill at or after the instant, not before the fill `low`; the count where there is none. */
function firstFrom({ count, executedAtUs }: FillPrices, instantUs: number, low: number): number {
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (executedAtUs[middle]! < instantUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Boundaries before the first known price take it: without positions it has no weight, with positions the caller must say so. */
function borrowFirstPrice(
  boundariesUs: Float64Array,
  price: Float64Array,
  ageUs: Float64Array,
  prices: PriceSeries,
  live: FillPrices | null,
  backtest: FillPrices | null,
): void {
  let firstUs = Number.POSITIVE_INFINITY;
  let first = Number.NaN;
  const consider = (atUs: number | undefined, value: number | undefined) => {
    if (atUs === undefined || value === undefined || !(atUs < firstUs)) return;
    firstUs = atUs;
    first = value;
  };
  consider(prices.atUs[0], prices.price[0]);
  if (live !== null && live.count > 0) consider(live.executedAtUs[0], live.price[0]);
  if (backtest !== null && backtest.count > 0) consider(backtest.executedAtUs[0], backtest.price[0]);
  for (let index = 0; index < price.length && Number.isNaN(price[index]!); index++) {
    price[index] = first;
    ageUs[index] = boundariesUs[index]! - firstUs;
  }
}
