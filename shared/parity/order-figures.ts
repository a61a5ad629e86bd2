import { anyKnown } from '../base/constant-columns';
import { type OrderTable, orderStatusCode } from '../market/orders';
import { type PairColumns, pairKindCode } from './attribution';

/** Figures over all orders of a side, with a partner or without: partial fills, fill ratio, maker share, notional. */

export interface LiquidityShare {
  readonly maker: number;
  readonly known: number;
}

export interface FillShare {
  readonly filled: number;
  readonly intended: number;
}

export interface PartialCount {
  readonly judged: number;
  readonly partial: number;
}

/**
 * Which filled orders filled less than was asked for, and the sums of the fill ratio. What was asked for is the log's, else the
 * partner's quantity; a backtest order without either asked for what it filled. Orders sent before the day began are not judged.
 */
export function partialFills(
  orders: OrderTable,
  partners: Int32Array | null,
  partnerOrders: OrderTable | null,
  startUs: number,
): { readonly flags: Uint8Array; readonly count: PartialCount; readonly fill: FillShare } {
  const flags = new Uint8Array(orders.count);
  const { quantity: filledQuantities, intended: intendedQuantities, status, decidedAtUs, submittedAtUs } = orders;
  const sentKnown = anyKnown(decidedAtUs) || anyKnown(submittedAtUs);
  let judged = 0;
  let partial = 0;
  let filled = 0;
  let intended = 0;
  for (let order = 0; order < orders.count; order++) {
    const quantity = filledQuantities[order]!;
    if (sentKnown && (decidedAtUs[order]! < startUs || submittedAtUs[order]! < startUs)) continue;
    let asked = intendedQuantities[order]!;
    if (Number.isNaN(asked) && order < orders.filledCount) {
      const partner = partners === null ? -1 : partners[order]!;
      if (partnerOrders === null) asked = quantity;
      else if (partner >= 0) asked = partnerOrders.quantity[partner]!;
    }
    const known = !Number.isNaN(asked);
    if (known) {
      filled += quantity;
      intended += asked;
    }
    if (order >= orders.filledCount) continue;
    const endedEarly = status[order] === orderStatusCode.partial;
    if (!known && !endedEarly) continue;
    judged++;
    if (endedEarly || quantity < asked * (1 - 1e-9)) {
      flags[order] = 1;
      partial++;
    }
  }
  return { flags, count: { judged, partial }, fill: { filled, intended } };
}

export function rateOf({ judged, partial }: PartialCount): number {
  return judged === 0 ? Number.NaN : partial / judged;
}

/** Quantities to money at the mark; zero where there is no mark. */
export function valueFill(fill: FillShare, mark: number): FillShare {
  return Number.isNaN(mark)
    ? { filled: 0, intended: 0 }
    : { filled: fill.filled * mark, intended: fill.intended * mark };
}

/** Notional of the pairs (mean of their sides) and of the orders without a partner. */
export function notionals(
  live: OrderTable,
  backtest: OrderTable,
  rows: PairColumns,
): { readonly matched: number; readonly unmatched: number } {
  const [liveNotionals, backtestNotionals] = [live.notional, backtest.notional];
  let matched = 0;
  let unmatched = 0;
  for (let row = 0; row < rows.count; row++) {
    const l = rows.live[row]!;
    const b = rows.backtest[row]!;
    const liveNotional = l < 0 ? 0 : Math.abs(liveNotionals[l]!);
    const backtestNotional = b < 0 ? 0 : Math.abs(backtestNotionals[b]!);
    if (rows.kind[row] === pairKindCode.matched) matched += (liveNotional + backtestNotional) / 2;
    else unmatched += liveNotional + backtestNotional;
  }
  return { matched, unmatched };
}

export function liquidityOf(orders: OrderTable): LiquidityShare {
  const { makerNotional, takerNotional, filledCount } = orders;
  let maker = 0;
  let taker = 0;
  for (let order = 0; order < filledCount; order++) {
    maker += makerNotional[order]!;
    taker += takerNotional[order]!;
  }
  return { maker, known: maker + taker };
}

export function statusCount(orders: OrderTable, status: number): number {
  const { status: statuses, count } = orders;
  let found = 0;
  for (let order = 0; order < count; order++) if (statuses[order] === status) found++;
  return found;
}
