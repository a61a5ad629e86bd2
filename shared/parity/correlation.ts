import { firstComponentShare, pearson, spearman } from '../base/statistics';
import type { Report } from './document';
import { figure } from './method';

/** Whether the symbols of a portfolio leave their backtests together: one common cause, or each its own. */

/** Fewest intervals in which both symbols moved that a correlation is shown for, and the most symbols it is shown for. */
const leastCommonIntervals = 10;
const mostCorrelated = 8;

interface SymbolDifferences {
  readonly symbol: string;
  /** Change of (live - backtest) within each interval, in the portfolio's currency. */
  readonly differences: Float64Array;
}

/**
 * Correlation of the symbols' interval differences over the intervals in which both moved, for the symbols with the largest differences;
 * the share of the first component over all symbols that moved in enough intervals.
 */
export function correlationOf(symbols: readonly SymbolDifferences[]): Report['correlation'] {
  const moving = symbols
    .map(({ symbol, differences }) => {
      const moves = differences.reduce((total, value) => total + (value !== 0 && Number.isFinite(value) ? 1 : 0), 0);
      const size = differences.reduce((total, value) => total + Math.abs(value), 0);
      return { symbol, differences, moves, size };
    })
    .filter(({ moves, size }) => moves >= leastCommonIntervals && Number.isFinite(size));
  if (moving.length < 2) return null;
  const share = figure(firstComponentShare(moving.map(({ differences }) => differences)));
  const shown = moving
    .sort((a, b) => b.size - a.size || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, mostCorrelated)
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const pairs = shown.flatMap((a, index) =>
    shown.slice(index + 1).flatMap((b) => {
      const common = Array.from(a.differences.keys()).filter(
        (at) => a.differences[at] !== 0 && b.differences[at] !== 0,
      );
      if (common.length < leastCommonIntervals) return [];
      const x = common.map((at) => a.differences[at]!);
      const y = common.map((at) => b.differences[at]!);
      return {
        a: a.symbol,
        b: b.symbol,
        pearson: figure(pearson(x, y)),
        spearman: figure(spearman(x, y)),
        intervals: common.length,
      };
    }),
  );
  return { symbols: shown.map(({ symbol }) => symbol), pairs, firstComponentShare: share };
}
