import { Scratch } from '../base/scratch';
import { MINUTE_MS } from '../base/time';
import type { OrderTable } from '../market/orders';
import type { TextColumn } from '../market/text-column';
import { type ClockOffset, estimateClockOffset } from './clock-offset';
import { matchByKey } from './key-matching';
import { gapCostOf } from './usual-gap';

/**
 * Pairs live orders with the backtest orders they reproduce, within one strategy, symbol and day.
 *
 * 1. By key: a client order id that exactly one filled order of each side carries (same buy or sell side) makes a pair.
 * 2. By time: what is left, buys and sells apart, is assigned one to one and in order of first fill, at the least total cost. A pair whose
 *    first fills are `gap` apart (at most the tolerance T, the clocks' offset taken out) costs what the gap costs (see `usual-gap.ts`: at
 *    most T, which T itself costs) + T/4 * (1 - smaller quantity / larger quantity); an order left alone costs 5/8 T, so that a pair inside
 *    the tolerance is never dearer than its two orders alone. Of orders at one instant the larger come first. Optimal by dynamic programming.
 * 3. The rest is missed or extra.
 *
 * Confidence of a pair by key is 1. By time it is 1 - cost / second, where `second` is the cheaper of the best other partner of either
 * order inside the tolerance and leaving both alone (5/4 T): 1 = nothing else comes near, 0 = another partner fits as well. A pair is
 * ambiguous when another partner costs less than twice as much.
 */

/** Largest part of the tolerance that a quantity mismatch can cost. */
export const quantityPenaltyShare = 0.25;

/** Candidates that are looked at around each order; beyond this, in a burst of orders, the farthest ones are left out. */
const widestWindow = 512;

export interface Matching {
  /** Partner of each live order, -1 = none; only filled orders have partners. */
  readonly backtestOf: Int32Array;
  readonly liveOf: Int32Array;
  /** Per live order: 1 matched by key, 2 by time, 0 not matched. */
  readonly matchedBy: Uint8Array;
  readonly confidence: Float64Array;
  readonly ambiguous: Uint8Array;
  readonly byKey: number;
  readonly byTime: number;
  readonly ambiguousCount: number;
  /** Filled orders of both sides whose client order id is shared within their side and could not serve as a key. */
  readonly sharedKeys: number;
  /** Live orders whose window was narrowed to {@link widestWindow} candidates. */
  readonly narrowed: number;
  /** How the two logs' clocks stand to each other, and what of it was taken out before matching by time. */
  readonly clock: ClockOffset;
}

export function matchOrders(
  live: OrderTable,
  backtest: OrderTable,
  liveKeys: TextColumn | null,
  backtestKeys: TextColumn | null,
  toleranceMs: number = MINUTE_MS,
  clockOffsetLimitMs: number = 5 * MINUTE_MS,
): Matching {
  const matching: Pairs = {
    backtestOf: new Int32Array(live.filledCount).fill(-1),
    liveOf: new Int32Array(backtest.filledCount).fill(-1),
    matchedBy: new Uint8Array(live.filledCount),
    confidence: new Float64Array(live.filledCount).fill(Number.NaN),
    ambiguous: new Uint8Array(live.filledCount),
    byKey: 0,
    byTime: 0,
    ambiguousCount: 0,
    sharedKeys: 0,
    narrowed: 0,
  };
  if (liveKeys !== null && backtestKeys !== null) {
    matching.sharedKeys = matchByKey(live, backtest, liveKeys, backtestKeys, (liveOrder, backtestOrder) => {
      matching.backtestOf[liveOrder] = backtestOrder;
      matching.liveOf[backtestOrder] = liveOrder;
      matching.matchedBy[liveOrder] = 1;
      matching.confidence[liveOrder] = 1;
      matching.byKey++;
    });
  }
  const clock = estimateClockOffset(live, backtest, matching.backtestOf, clockOffsetLimitMs * 1_000);
  for (const side of [1, -1]) {
    const candidates = {
      live: unmatchedOf(live, side, matching.backtestOf),
      backtest: unmatchedOf(backtest, side, matching.liveOf),
    };
    if (candidates.live.length > 0 && candidates.backtest.length > 0) {
      matchByTime(live, backtest, candidates, { toleranceUs: toleranceMs * 1_000, aheadUs: clock.appliedUs }, matching);
    }
  }
  return { ...matching, clock };
}

/** Mean confidence of the pairs by time; NaN without any. */
export function meanTimeConfidence({ matchedBy, confidence, byTime }: Matching): number {
  let total = 0;
  for (let order = 0; order < matchedBy.length; order++) if (matchedBy[order] === 2) total += confidence[order]!;
  return total / byTime;
}

type Draft = { -readonly [Key in keyof Matching]: Matching[Key] };
type Pairs = Omit<Draft, 'clock'>;

const foundScratch = new Scratch((length) => new Uint32Array(length));

/** Filled orders of the side without a partner, by first fill; of orders at one instant the larger first, then in table order. */
function unmatchedOf(orders: OrderTable, side: number, partners: Int32Array): Uint32Array {
  const found = foundScratch.lend(orders.filledCount);
  let count = 0;
  for (let order = 0; order < orders.filledCount; order++) {
    // Nearly all have a partner, which a processor learns; their sides it cannot guess.
    if (partners[order] === -1 && orders.side[order] === side) found[count++] = order;
  }
  const list = found.slice(0, count);
  for (let start = 0; start < count; ) {
    let end = start + 1;
    while (end < count && orders.firstUs[list[end]!] === orders.firstUs[list[start]!]) end++;
    if (end - start > 1) {
      list.subarray(start, end).sort((a, b) => orders.quantity[b]! - orders.quantity[a]! || a - b);
    }
    start = end;
  }
  return list;
}

const skipLive = 0;
const skipBacktest = 1;
const pair = 2;

/**
 * Order-preserving assignment of the most saving, where a pair saves what its two orders would cost alone. One rolling row holds the best
 * saving with the first `j` backtest orders; only candidates inside each live order's window are visited, so the work is the number of
 * pairs inside the tolerance.
 */
function matchByTime(
  live: OrderTable,
  backtest: OrderTable,
  candidates: { readonly live: Uint32Array; readonly backtest: Uint32Array },
  { toleranceUs, aheadUs }: { readonly toleranceUs: number; readonly aheadUs: number },
  matching: Pairs,
): void {
  const rows = candidates.live.length;
  const columns = candidates.backtest.length;
  const liveUs = picked(live.firstUs, candidates.live);
  for (let row = 0; row < rows; row++) liveUs[row]! -= aheadUs;
  const backtestUs = picked(backtest.firstUs, candidates.backtest);
  const liveQuantity = picked(live.quantity, candidates.live);
  const backtestQuantity = picked(backtest.quantity, candidates.backtest);
  const penalty = quantityPenaltyShare * toleranceUs;
  const alone = toleranceUs + penalty;
  const { usualUs, steep, flat, gentle } = gapCostOf(liveUs, backtestUs, toleranceUs);
  const costOfGap = (gap: number): number => (gap < usualUs ? steep * gap : flat + gentle * gap);
  const costOf = (row: number, column: number): number => {
    const a = liveQuantity[row]!;
    const b = backtestQuantity[column]!;
    return costOfGap(Math.abs(liveUs[row]! - backtestUs[column]!)) + penalty * (a < b ? 1 - a / b : 1 - b / a);
  };

  const { low, high, narrowed } = windows(liveUs, backtestUs, toleranceUs);
  matching.narrowed += narrowed;
  const offset = new Float64Array(rows + 1);
  for (let row = 0; row < rows; row++) offset[row + 1] = offset[row]! + (high[row]! - low[row]!);
  const moves = new Uint8Array(offset[rows]!);
  const best = new Float64Array(columns + 1);
  let filled = 0;
  for (let row = 0; row < rows; row++) {
    const from = low[row]!;
    const to = high[row]!;
    while (filled < to) best[++filled] = best[filled - 1]!;
    let diagonal = best[from]!;
    const base = offset[row]! - from;
    const at = liveUs[row]!;
    const quantity = liveQuantity[row]!;
    for (let column = from; column < to; column++) {
      const above = best[column + 1]!;
      const left = best[column]!;
      const signed = at - backtestUs[column]!;
      const gap = signed < 0 ? -signed : signed;
      const other = backtestQuantity[column]!;
      const cost =
        (gap < usualUs ? steep * gap : flat + gentle * gap) +
        penalty * (quantity < other ? 1 - quantity / other : 1 - other / quantity);
      const saved = diagonal + alone - cost;
      // Of equal savings the one with the earlier orders: a pair only where it is strictly better.
      let move = skipLive;
      let value = above;
      if (left > value) {
        move = skipBacktest;
        value = left;
      }
      if (saved > value) {
        move = pair;
        value = saved;
      }
      moves[base + column] = move;
      best[column + 1] = value;
      diagonal = above;
    }
  }

  let column = columns;
  for (let row = rows - 1; row >= 0; row--) {
    if (column > high[row]!) column = high[row]!;
    while (column > low[row]!) {
      const move = moves[offset[row]! + column - 1 - low[row]!]!;
      if (move === skipBacktest) {
        column--;
        continue;
      }
      if (move === pair) {
        column--;
        settle(row, column);
      }
      break;
    }
  }

  function settle(row: number, column: number): void {
    const own = costOf(row, column);
    // Gaps grow away from the orders, so the search for a cheaper partner ends where the gap alone is dearer.
    let other = Number.POSITIVE_INFINITY;
    for (const step of [-1, 1]) {
      for (let near = column + step; near >= 0 && near < columns; near += step) {
        const gap = Math.abs(liveUs[row]! - backtestUs[near]!);
        const least = costOfGap(gap);
        if (gap > toleranceUs || (least >= other && least >= own)) break;
        other = Math.min(other, costOf(row, near));
        if (other === 0) break;
      }
      for (let near = row + step; near >= 0 && near < rows; near += step) {
        const gap = Math.abs(liveUs[near]! - backtestUs[column]!);
        const least = costOfGap(gap);
        if (gap > toleranceUs || (least >= other && least >= own)) break;
        other = Math.min(other, costOf(near, column));
        if (other === 0) break;
      }
    }
    const second = Math.min(other, alone);
    const liveOrder = candidates.live[row]!;
    const backtestOrder = candidates.backtest[column]!;
    matching.backtestOf[liveOrder] = backtestOrder;
    matching.liveOf[backtestOrder] = liveOrder;
    matching.matchedBy[liveOrder] = 2;
    matching.confidence[liveOrder] = second > 0 ? Math.max(0, 1 - own / second) : 0;
    matching.byTime++;
    if (other < 2 * own || other === 0) {
      matching.ambiguous[liveOrder] = 1;
      matching.ambiguousCount++;
    }
  }
}

function picked(values: Float64Array, rows: Uint32Array): Float64Array {
  const chosen = new Float64Array(rows.length);
  for (let at = 0; at < chosen.length; at++) chosen[at] = values[rows[at]!]!;
  return chosen;
}

/** Candidates [low, high) of each live order: backtest orders inside the tolerance, at most {@link widestWindow}, ends never going back. */
function windows(liveUs: Float64Array, backtestUs: Float64Array, toleranceUs: number) {
  const rows = liveUs.length;
  const columns = backtestUs.length;
  const low = new Uint32Array(rows);
  const high = new Uint32Array(rows);
  let narrowed = 0;
  let from = 0;
  let to = 0;
  let before = 0;
  let sameInstant = 0;
  for (let row = 0; row < rows; row++) {
    const at = liveUs[row]!;
    while (from < columns && backtestUs[from]! < at - toleranceUs) from++;
    if (to < from) to = from;
    while (to < columns && backtestUs[to]! <= at + toleranceUs) to++;
    low[row] = from;
    high[row] = to;
    sameInstant = row > 0 && liveUs[row - 1] === at ? sameInstant + 1 : 0;
    if (to - from <= widestWindow) continue;
    narrowed++;
    // The k-th live order of an instant looks round the k-th backtest order from that instant on.
    while (before < columns && backtestUs[before]! < at) before++;
    const centre = Math.min(before + sameInstant, to);
    low[row] = Math.max(from, centre - widestWindow / 2);
    high[row] = Math.min(to, low[row]! + widestWindow);
  }
  for (let row = 1; row < rows; row++) {
    low[row] = Math.max(low[row]!, low[row - 1]!);
    high[row] = Math.max(high[row]!, high[row - 1]!, low[row]!);
  }
  return { low, high, narrowed };
}
