import { columnBlock } from '../base/block';
import type { FillColumns } from '../market/columns';

/** Fills of a side with orders left out or put in: columns of their own, in time order. */

export interface PricedFills {
  readonly fills: FillColumns;
  /** Fee of each fill in quote currency, NaN = unknown. */
  readonly feeQuote: Float64Array;
}

/** The rows that are kept; `keeps` tells by row number. */
export function keptFills({ fills, feeQuote }: PricedFills, keeps: (row: number) => boolean): PricedFills {
  const kept = new Uint32Array(fills.count);
  let count = 0;
  for (let row = 0; row < fills.count; row++) if (keeps(row)) kept[count++] = row;
  const made = emptyFills(count);
  for (let at = 0; at < count; at++) copyRow(fills, feeQuote, kept[at]!, made, at);
  return made;
}

/** Two time-ordered lists of fills as one; of one instant the first list's come first. */
export function joinedFills(first: PricedFills, second: PricedFills): PricedFills {
  const [a, b] = [first.fills.executedAtUs, second.fills.executedAtUs];
  const [sizeA, sizeB] = [first.fills.count, second.fills.count];
  const made = emptyFills(sizeA + sizeB);
  for (let at = 0, inA = 0, inB = 0; at < made.fills.count; at++) {
    if (inB === sizeB || (inA < sizeA && a[inA]! <= b[inB]!)) copyRow(first.fills, first.feeQuote, inA++, made, at);
    else copyRow(second.fills, second.feeQuote, inB++, made, at);
  }
  return made;
}

function emptyFills(count: number): PricedFills {
  const column = columnBlock(count, 4);
  return {
    fills: { count, executedAtUs: column(), side: new Int8Array(count), price: column(), quantity: column() },
    feeQuote: column(),
  };
}

function copyRow(fills: FillColumns, feeQuote: Float64Array, row: number, into: PricedFills, at: number): void {
  into.fills.executedAtUs[at] = fills.executedAtUs[row]!;
  into.fills.side[at] = fills.side[row]!;
  into.fills.price[at] = fills.price[row]!;
  into.fills.quantity[at] = fills.quantity[row]!;
  into.feeQuote[at] = feeQuote[row]!;
}
