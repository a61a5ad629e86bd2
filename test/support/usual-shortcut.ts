import type { ExecutionColumns } from '../../shared/market/columns';

type Fills = Pick<ExecutionColumns, 'count' | 'price' | 'quantity'>;

/**
 * The tracking error of many notebooks, kept here to show where it goes wrong: the two logs' executions paired by their place in the
 * list, standard deviation (ddof 1) of the differences of their notionals, times the root of 252, times 1e4 for "bps". It divides by
 * nothing, so its unit is money and not basis points; `divided` is the same over the mean notional of a backtest execution.
 * @returns NaN with fewer than two executions on a side
 */
export function usualShortcutBps(
  live: readonly Fills[],
  backtest: readonly Fills[],
): { readonly printed: number; readonly divided: number } {
  const notionals = (parts: readonly Fills[]) =>
    parts.flatMap(({ count, price, quantity }) =>
      Array.from({ length: count }, (_, row) => price[row]! * quantity[row]!),
    );
  const ours = notionals(live);
  const theirs = notionals(backtest);
  const pairs = Math.min(ours.length, theirs.length);
  const differences = Array.from({ length: pairs }, (_, index) => ours[index]! - theirs[index]!);
  const mean = differences.reduce((sum, value) => sum + value, 0) / pairs;
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (pairs - 1);
  const printed = 1e4 * Math.sqrt(variance) * Math.sqrt(252);
  return { printed, divided: printed / (theirs.reduce((sum, value) => sum + value, 0) / theirs.length) };
}
