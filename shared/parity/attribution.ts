import { columnBlock } from '../base/block';
import { anyKnown } from '../base/constant-columns';
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
  const numbers = columnBlock(size, arrivals ? 8 : 7);
  const execution = numbers().fill(Number.NaN);
  const columns = {
    count: size,
    kind: new Uint8Array(size),
    live: new Int32Array(size).fill(-1),
    backtest: new Int32Array(size).fill(-1),
    atUs: numbers(),
    gap: numbers(),
    price: numbers(),
    // Without any arrival price both stay unknown and share a column.
    delay: arrivals ? numbers().fill(Number.NaN) : execution,
    execution,
    quantity: numbers(),
    fees: numbers(),
    slippageBps: numbers().fill(Number.NaN),
  };
  // Both tables hold filled orders by first fill, then orders without fills by first event: a merge of four runs, each pair met once.
  const ends = [live.filledCount, live.count, backtest.filledCount, backtest.count] as const;
  let liveFilled = 0;
  let liveOther = live.filledCount;
  let backtestFilled = 0;
  let backtestOther = backtest.filledCount;
  const emittedLive = new Uint8Array(live.filledCount);
  const emittedBacktest = new Uint8Array(backtest.filledCount);
  const timeOf = (orders: OrderTable, order: number, end: number) =>
    order < end ? orders.firstUs[order]! : Number.POSITIVE_INFINITY;
  for (let row = 0; row < size; ) {
    while (liveFilled < ends[0] && emittedLive[liveFilled] === 1) liveFilled++;
    while (backtestFilled < ends[2] && emittedBacktest[backtestFilled] === 1) backtestFilled++;
    const a = timeOf(backtest, backtestFilled, ends[2]);
    const b = timeOf(live, liveFilled, ends[0]);
    const c = timeOf(backtest, backtestOther, ends[3]);
    const d = timeOf(live, liveOther, ends[1]);
    const first = Math.min(a, b, c, d);
    columns.atUs[row] = first;
    if (a === first) {
      const partner = matching.liveOf[backtestFilled]!;
      emittedBacktest[backtestFilled] = 1;
      columns.backtest[row] = backtestFilled;
      if (partner >= 0) {
        emittedLive[partner] = 1;
        columns.live[row] = partner;
      } else columns.kind[row] = pairKindCode.missed;
    } else if (b === first) {
      const partner = matching.backtestOf[liveFilled]!;
      emittedLive[liveFilled] = 1;
      columns.live[row] = liveFilled;
      if (partner >= 0) {
        emittedBacktest[partner] = 1;
        columns.backtest[row] = partner;
      } else columns.kind[row] = pairKindCode.extra;
    } else if (c === first) {
      columns.kind[row] = pairKindCode.unfilled;
      columns.backtest[row] = backtestOther++;
    } else {
      columns.kind[row] = pairKindCode.unfilled;
      columns.live[row] = liveOther++;
    }
    row++;
  }
  for (let row = 0; row < size; row++) {
    const kind = columns.kind[row];
    if (kind === pairKindCode.matched) {
      matchedMoney(columns, row, live, columns.live[row]!, backtest, columns.backtest[row]!, mark);
    } else if (kind === pairKindCode.missed) columns.gap[row] = -earnedBy(backtest, columns.backtest[row]!, mark);
    else if (kind === pairKindCode.extra) columns.gap[row] = earnedBy(live, columns.live[row]!, mark);
  }
  return columns;
}

/** s * q * (M - p) - f: what the order had earned by the end of the day. */
function earnedBy(orders: OrderTable, order: number, mark: number): number {
  return orders.side[order]! * orders.quantity[order]! * (mark - orders.price[order]!) - orders.fee[order]!;
}

function matchedMoney(
  columns: PairColumns,
  row: number,
  live: OrderTable,
  l: number,
  backtest: OrderTable,
  b: number,
  mark: number,
): void {
  const side = live.side[l]!;
  const livePrice = live.price[l]!;
  const backtestPrice = backtest.price[b]!;
  const liveQuantity = live.quantity[l]!;
  const backtestQuantity = backtest.quantity[b]!;
  const common = Math.min(liveQuantity, backtestQuantity);
  const outer = liveQuantity > backtestQuantity ? livePrice : backtestPrice;
  const price = side * common * (backtestPrice - livePrice);
  const quantity = side * (liveQuantity - backtestQuantity) * (mark - outer);
  const fees = backtest.fee[b]! - live.fee[l]!;
  columns.price[row] = price;
  columns.quantity[row] = quantity;
  columns.fees[row] = fees;
  columns.gap[row] = price + quantity + fees;
  const arrival = live.arrivalPrice[l]!;
  if (!Number.isNaN(arrival)) {
    columns.delay[row] = side * common * (backtestPrice - arrival);
    columns.execution[row] = side * common * (arrival - livePrice);
  }
  if (backtestPrice !== 0) {
    columns.slippageBps[row] = ((side * (livePrice - backtestPrice)) / Math.abs(backtestPrice)) * 1e4;
  }
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
  const traded = new CompensatedSum();
  let grossNotional = 0;
  for (let row = 0; row < (columns?.count ?? 0); row++) {
    const price = columns!.price[row]!;
    const quantity = columns!.quantity[row]!;
    traded.add(columns!.side[row]! * quantity * (closingMark - price));
    const fee = feeQuote![row]!;
    if (!Number.isNaN(fee)) traded.add(-fee);
    grossNotional += Math.abs(price * quantity);
  }
  const carried = positionAtStart === 0 ? 0 : positionAtStart * (closingMark - openingMark);
  return { traded: traded.value, carried, grossNotional };
}

/**
 * Sums the components over the rows and compares them with the gap taken from the fills: `residual` is what the split leaves unexplained
 * and stays within 1e-9 of the gross notional.
 * @param carry (position of live - position of backtest at the start) * (closing - opening mark)
 */
export function attribute(rows: PairColumns, live: SidePnl, backtest: SidePnl, carry: number): Attribution {
  const price = new CompensatedSum();
  const delay = new CompensatedSum();
  const execution = new CompensatedSum();
  const quantity = new CompensatedSum();
  const fees = new CompensatedSum();
  const missed = new CompensatedSum();
  const extra = new CompensatedSum();
  let arrivals = 0;
  for (let row = 0; row < rows.count; row++) {
    const kind = rows.kind[row];
    if (kind === pairKindCode.matched) {
      price.add(rows.price[row]!);
      quantity.add(rows.quantity[row]!);
      fees.add(rows.fees[row]!);
      if (!Number.isNaN(rows.delay[row]!)) {
        arrivals++;
        delay.add(rows.delay[row]!);
        execution.add(rows.execution[row]!);
      }
    } else if (kind === pairKindCode.missed) missed.add(rows.gap[row]!);
    else if (kind === pairKindCode.extra) extra.add(rows.gap[row]!);
  }
  const gap = sum([live.traded, -backtest.traded, carry]);
  const parts = [price.value, quantity.value, fees.value, missed.value, extra.value, carry];
  return {
    gap: gap + 0,
    price: price.value + 0,
    delay: arrivals === 0 ? null : figure(delay.value),
    execution: arrivals === 0 ? null : figure(execution.value),
    quantity: quantity.value + 0,
    fees: fees.value + 0,
    missed: missed.value + 0,
    extra: extra.value + 0,
    carry: carry + 0,
    other: 0,
    residual: sum([gap, ...parts.map((part) => -part)]) + 0,
  };
}

function sum(values: readonly number[]): number {
  const total = new CompensatedSum();
  for (const value of values) total.add(value);
  return total.value;
}
