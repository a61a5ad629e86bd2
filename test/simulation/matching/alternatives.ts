import type { OrderTable } from '../../../shared/market/orders';

/**
 * The two obvious ways to pair two logs, as they are usually written: both keep buys and sells apart, neither knows keys or clocks.
 * Both return the backtest order of each live order, -1 = none.
 */

/** The first live order with the first of the backtest, the second with the second, and so on. */
export function zipInOrder(live: OrderTable, backtest: OrderTable): Int32Array {
  const backtestOf = new Int32Array(live.filledCount).fill(-1);
  for (const side of [1, -1]) {
    const partners = ordersOf(backtest, side);
    for (const [index, order] of ordersOf(live, side).entries()) backtestOf[order] = partners[index] ?? -1;
  }
  return backtestOf;
}

/** The two orders nearest in time are a pair, then the two nearest of the rest, as long as they are inside the tolerance. */
export function nearestGreedily(live: OrderTable, backtest: OrderTable, toleranceMs: number): Int32Array {
  const backtestOf = new Int32Array(live.filledCount).fill(-1);
  const taken = new Uint8Array(backtest.filledCount);
  const toleranceUs = toleranceMs * 1_000;
  for (const side of [1, -1]) {
    const partners = ordersOf(backtest, side);
    const candidates: { readonly order: number; readonly partner: number; readonly gapUs: number }[] = [];
    let first = 0;
    for (const order of ordersOf(live, side)) {
      const atUs = live.firstUs[order]!;
      while (first < partners.length && backtest.firstUs[partners[first]!]! < atUs - toleranceUs) first++;
      for (let near = first; near < partners.length; near++) {
        const partner = partners[near]!;
        const gapUs = Math.abs(backtest.firstUs[partner]! - atUs);
        if (backtest.firstUs[partner]! > atUs + toleranceUs) break;
        candidates.push({ order, partner, gapUs });
      }
    }
    candidates.sort((a, b) => a.gapUs - b.gapUs);
    for (const { order, partner } of candidates) {
      if (backtestOf[order] !== -1 || taken[partner] === 1) continue;
      backtestOf[order] = partner;
      taken[partner] = 1;
    }
  }
  return backtestOf;
}

function ordersOf(orders: OrderTable, side: number): number[] {
  return Array.from({ length: orders.filledCount }, (_, order) => order).filter((order) => orders.side[order] === side);
}
