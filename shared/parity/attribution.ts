import { columnBlock } from '../base/block';
import { anyKnown, unknownColumn } from '../base/constant-columns';
import { sumOf } from '../base/statistics';
import { CompensatedSum } from '../base/sums';
import type { FillColumns } from '../market/columns';
import type { OrderTable } from '../market/orders';
import type { Attribution } from './document';
import type { Matching } from './matching';
import { figure } from './method';

/**
 * The day's orders side by side with their money, and the exact split of the P&L gap. All money in quote currency, signed live minus
 * backtest: negative = live did worse.
 */

export const pairKindCode = { matched: 0, missed: 1, extra: 2, unfilled: 3 } as const;

/** Row `i` of every column is one line of the comparison, in time order. NaN = does not apply or unknown. */
export interface PairColumns {
  readonly count: number;
  readonly kind: Uint8Array;
  /** Order of each side, -1 = none. */
  readonly live: Int32Array;
  readonly backtest: Int32Array;
  /** First fill of either side; first event of an order without fills. */
  readonly atUs: Float64Array;
  readonly gap: Float64Array;
  readonly price: Float64Array;
  readonly delay: Float64Array;
  readonly execution: Float64Array;
  readonly quantity: Float64Array;
  readonly fees: Float64Array;
  readonly slippageBps: Float64Array;
}

/**
 * @param mark price at the end of the day that values every order
 */
export function pairColumns(live: OrderTable, backtest: OrderTable, matching: Matching, mark: number): PairColumns {
  const size = live.count + backtest.count - matching.byKey - matching.byTime;
  const arrivals = anyKnown(live.arrivalPrice);
  const numbers = columnBlock(size, arrivals ? 8 : 6);
  const columns = {
    count: size,
    kind: new Uint8Array(size),
    live: new Int32Array(size).fill(-1),
    backtest: new Int32Array(size).fill(-1),
    atUs: numbers(),
    gap: numbers(),
    price: numbers(),
    delay: arrivals ? numbers().fill(Number.NaN) : unknownColumn(size),
    execution: arrivals ? numbers().fill(Number.NaN) : unknownColumn(size),
    quantity: numbers(),
    fees: numbers(),
    slippageBps: numbers().fill(Number.NaN),
  };
  layInTimeOrder(columns, live, backtest, matching);
  addMoney(columns, live, backtest, mark);
  return columns;
}

/**
 * Fills in kind, orders and instant of each row. Both tables hold filled orders by first fill, then orders without fills by first event: a
 * merge of four runs. A pair stands where its earlier order does; the later one is passed over, which is the one whose partner the other
 * run has left behind.
 */
function layInTimeOrder(rows: PairColumns, live: OrderTable, backtest: OrderTable, matching: Matching): void {
  const { kind, atUs } = rows;
  const { backtestOf, liveOf } = matching;
  const [liveUs, backtestUs] = [live.firstUs, backtest.firstUs];
  const never = Number.POSITIVE_INFINITY;
  let inLive = 0;
  let inBacktest = 0;
  let liveOther = live.filledCount;
  let backtestOther = backtest.filledCount;
  for (let row = 0; row < rows.count; row++) {
    while (inLive < live.filledCount && backtestOf[inLive]! >= 0 && backtestOf[inLive]! < inBacktest) inLive++;
    while (inBacktest < backtest.filledCount && liveOf[inBacktest]! >= 0 && liveOf[inBacktest]! < inLive) inBacktest++;
    const backtestAt = inBacktest < backtest.filledCount ? backtestUs[inBacktest]! : never;
    const liveAt = inLive < live.filledCount ? liveUs[inLive]! : never;
    const backtestOtherAt = backtestOther < backtest.count ? backtestUs[backtestOther]! : never;
    const liveOtherAt = liveOther < live.count ? liveUs[liveOther]! : never;
    const first = Math.min(backtestAt, liveAt, backtestOtherAt, liveOtherAt);
    atUs[row] = first;
    if (backtestAt === first) {
      const partner = liveOf[inBacktest]!;
      rows.live[row] = partner;
      rows.backtest[row] = inBacktest++;
      kind[row] = partner >= 0 ? pairKindCode.matched : pairKindCode.missed;
    } else if (liveAt === first) {
      const partner = backtestOf[inLive]!;
      rows.backtest[row] = partner;
      rows.live[row] = inLive++;
      kind[row] = partner >= 0 ? pairKindCode.matched : pairKindCode.extra;
    } else if (backtestOtherAt === first) {
      kind[row] = pairKindCode.unfilled;
      rows.backtest[row] = backtestOther++;
    } else {
      kind[row] = pairKindCode.unfilled;
      rows.live[row] = liveOther++;
    }
  }
}

/** Fills in the money of each row: the parts of a pair's gap, or what an order alone had earned by the end of the day. */
function addMoney(rows: PairColumns, live: OrderTable, backtest: OrderTable, mark: number): void {
  const { kind, gap, price, quantity, fees, slippageBps, delay, execution } = rows;
  const [livePrices, backtestPrices] = [live.price, backtest.price];
  const [liveQuantities, backtestQuantities] = [live.quantity, backtest.quantity];
  const [liveFees, backtestFees] = [live.fee, backtest.fee];
  const [sides, arrivals] = [live.side, live.arrivalPrice];
  const arrivalsKnown = anyKnown(arrivals);
  for (let row = 0; row < rows.count; row++) {
    const l = rows.live[row]!;
    const b = rows.backtest[row]!;
    if (kind[row] !== pairKindCode.matched) {
      if (kind[row] === pairKindCode.missed) gap[row] = -earnedBy(backtest, b, mark);
      else if (kind[row] === pairKindCode.extra) gap[row] = earnedBy(live, l, mark);
      continue;
    }
    const side = sides[l]!;
    const livePrice = livePrices[l]!;
    const backtestPrice = backtestPrices[b]!;
    const liveQuantity = liveQuantities[l]!;
    const backtestQuantity = backtestQuantities[b]!;
    const common = Math.min(liveQuantity, backtestQuantity);
    const outer = liveQuantity > backtestQuantity ? livePrice : backtestPrice;
    const pricePart = side * common * (backtestPrice - livePrice);
    const quantityPart = side * (liveQuantity - backtestQuantity) * (mark - outer);
    const feePart = backtestFees[b]! - liveFees[l]!;
    price[row] = pricePart;
    quantity[row] = quantityPart;
    fees[row] = feePart;
    gap[row] = pricePart + quantityPart + feePart;
    if (backtestPrice !== 0) slippageBps[row] = ((side * (livePrice - backtestPrice)) / Math.abs(backtestPrice)) * 1e4;
    if (!arrivalsKnown) continue;
    const arrival = arrivals[l]!;
    if (Number.isNaN(arrival)) continue;
    delay[row] = side * common * (backtestPrice - arrival);
    execution[row] = side * common * (arrival - livePrice);
  }
}

/** s * q * (M - p) - f: what the order had earned by the end of the day. */
function earnedBy(orders: OrderTable, order: number, mark: number): number {
  return orders.side[order]! * orders.quantity[order]! * (mark - orders.price[order]!) - orders.fee[order]!;
}

/** P&L of one side over the day: carried position, fills against the closing mark, known fees. */
export interface SidePnl {
  /** Sum over fills of s * q * (M - p) minus known fees. */
  readonly traded: number;
  readonly carried: number;
  readonly grossNotional: number;
}

export function pnlOf(
  columns: FillColumns | null,
  feeQuote: Float64Array | null,
  positionAtStart: number,
  openingMark: number,
  closingMark: number,
): SidePnl {
  const carried = positionAtStart === 0 ? 0 : positionAtStart * (closingMark - openingMark);
  if (columns === null || feeQuote === null) return { traded: 0, carried, grossNotional: 0 };
  const { count, side, price, quantity } = columns;
  const traded = new CompensatedSum();
  let grossNotional = 0;
  for (let row = 0; row < count; row++) {
    const paid = price[row]!;
    const filled = quantity[row]!;
    traded.add(side[row]! * filled * (closingMark - paid));
    const fee = feeQuote[row]!;
    if (!Number.isNaN(fee)) traded.add(-fee);
    grossNotional += Math.abs(paid * filled);
  }
  return { traded: traded.value, carried, grossNotional };
}

/**
 * Sums the components over the rows and compares them with the gap taken from the fills: `residual` is what the split leaves unexplained
 * and stays within 1e-9 of the gross notional.
 * @param carry (position of live - position of backtest at the start) * (closing - opening mark)
 */
export function attribute(rows: PairColumns, live: SidePnl, backtest: SidePnl, carry: number): Attribution {
  // What a row has nothing of is zero there, which no sum notices.
  const price = sumOf(rows.price);
  const quantity = sumOf(rows.quantity);
  const fees = sumOf(rows.fees);
  const [delay, execution] = anyKnown(rows.delay) ? [sumOfKnown(rows.delay), sumOfKnown(rows.execution)] : [null, null];
  const missed = new CompensatedSum();
  const extra = new CompensatedSum();
  const { kind } = rows;
  for (let row = 0; row < rows.count; row++) {
    if (kind[row] === pairKindCode.missed) missed.add(rows.gap[row]!);
    else if (kind[row] === pairKindCode.extra) extra.add(rows.gap[row]!);
  }
  const gap = sumOf([live.traded, -backtest.traded, carry]);
  const parts = [price, quantity, fees, missed.value, extra.value, carry];
  return {
    gap: gap + 0,
    price: price + 0,
    delay: delay === null ? null : figure(delay),
    execution: execution === null ? null : figure(execution),
    quantity: quantity + 0,
    fees: fees + 0,
    missed: missed.value + 0,
    extra: extra.value + 0,
    carry: carry + 0,
    other: 0,
    residual: sumOf([gap, ...parts.map((part) => -part)]) + 0,
  };
}

function sumOfKnown(values: Float64Array): number {
  const sum = new CompensatedSum();
  for (let row = 0; row < values.length; row++) if (!Number.isNaN(values[row]!)) sum.add(values[row]!);
  return sum.value;
}
