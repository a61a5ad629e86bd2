/**
 * Figures as freqtrade counts them (freqtrade/freqtrade, `data/metrics.py`, 2024), to be laid beside what its backtest prints. Its drawdown
 * does not know the beginning: what is lost before the first peak is not counted.
 */

/** Compound annual growth of a balance over calendar days, on a year of 365. */
export function freqtradeCagr(startingBalance: number, finalBalance: number, days: number): number {
  return (finalBalance / startingBalance) ** (365 / days) - 1;
}

export interface FreqtradeDrawdown {
  /** Money lost from the peak to the trough, positive. */
  readonly drawdownAbs: number;
  /** The same over the balance at the peak. */
  readonly relativeAccountDrawdown: number;
  /** Places of peak and trough in the list. */
  readonly highIndex: number;
  readonly lowIndex: number;
}

/**
 * Largest drawdown of cumulated profits: the largest in money, or with `relative` the largest in parts of the account; they may be
 * different ones.
 * @param profits money earned trade by trade or day by day, in time order
 * @param startingBalance 0 = unknown: parts are of the cumulated profit then
 * @returns null when nothing was lost after a peak
 */
export function freqtradeDrawdown(
  profits: ArrayLike<number>,
  startingBalance: number,
  relative: boolean,
): FreqtradeDrawdown | null {
  let total = 0;
  let high = Number.NEGATIVE_INFINITY;
  let highIndex = 0;
  let deepest = 0;
  let found: FreqtradeDrawdown | null = null;
  for (let index = 0; index < profits.length; index++) {
    total += profits[index]!;
    if (total > high) {
      high = total;
      highIndex = index;
    }
    const lost = high - total;
    const part = lost / (startingBalance + high);
    const depth = relative ? part : lost;
    if (depth > deepest) {
      deepest = depth;
      found = { drawdownAbs: lost, relativeAccountDrawdown: part, highIndex, lowIndex: index };
    }
  }
  return found;
}
